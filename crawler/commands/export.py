"""`moafeed export FORMAT DIR`: the stored posts as files of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Take along", 51


def command(
    context: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="What for: jekyll.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.", show_default=False)],
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    theme: Annotated[str | None, typer.Option(help="Theme that jekyll's front matter is for: alembic.")] = None,
) -> None:
    """Write the stored posts as files of another program; only files that change are written.

    `moafeed export jekyll DIR` makes `DIR/_posts/YYYY-MM-DD-title.md` of each post, and `DIR/_data/moafeed.json`, which
    remembers whose file is whose: keep both. Files in it that moafeed did not write are left alone.
    """
    from crawler.tasks.exporting import export
    from crawler.terminal.console import complain, say
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    exported, loaded = export(find_workspace(context.obj), form, context.obj / folder, names or (), theme)
    for sentence in exported.told:
        complain(sentence)
    tell(loaded)
    say(f"{exported.written} written, {exported.unchanged} unchanged")
    raise typer.Exit(exit_code(loaded))
