"""`moafeed init`: a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Start here", 11


def command(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; here if left out.")] = None,
) -> None:
    """Make a workspace: a folder with `moafeed.toml` and `sources/`."""
    from crawler.tasks.scaffold import make_workspace
    from crawler.terminal.console import program, say

    place = context.obj / (folder or Path())
    made = make_workspace(place)
    for file in made:
        say(f"wrote {file}")
    say(f"next: {f'cd {place} && ' if folder else ''}{program()} add https://NAME.tistory.com")
