"""`moafeed import FORMAT PATH`: what another program keeps into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.imports import IMPORTS
from feeds.registry import listed

PANEL, ORDER = "Take along", 52
HELP = f"""Take in what another program keeps; to do it again changes nothing.

{listed(IMPORTS.summaries())}

What an export has written comes back with all that it knew. Exit code 65: some of it can't be taken; that is told part
by part, and the others are stored.
"""
_FORMATS = ", ".join(IMPORTS.names())


def command(
    context: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"Of what: {_FORMATS}.", show_default=False)],
    place: Annotated[Path, typer.Argument(metavar="PATH", help="The file or folder.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Name of the source that the posts become.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the site, where nothing else says it.")] = None,
) -> None:
    """Take in what another program keeps; see `HELP`."""
    from crawler.tasks.importing import BAD_FILES, import_from
    from crawler.terminal.console import complain, say
    from crawler.workspace import find_workspace

    imported = import_from(find_workspace(context.obj), form, context.obj / place, source=source, url=url)
    for failure in imported.failures:
        complain(failure)
    for sentence in imported.told:
        say(sentence)
    for name, counts in imported.counts.items():
        say(f"{name}: {counts['new']} new, {counts['edited']} edited, {counts['unchanged']} unchanged")
    for name in imported.without_file:
        say(f"feeds of {name} appear when sources/{name}.toml exists")
    raise typer.Exit(BAD_FILES if imported.failures else 0)
