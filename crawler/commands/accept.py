"""`moafeed accept FEED`: publish a change that waits."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Every day", 35


def command(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Name of a feed that waits.", show_default=False)],
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")] = False,
) -> None:
    """Publish what a feed holds back, though its subscribers will see many entries at once."""
    from crawler.lock import writing
    from crawler.tasks.choosing import all_sources
    from crawler.tasks.deciding import accept
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    with writing(workspace):
        published = accept(workspace, loaded, feed)
    tell(loaded, published=published, verbose=verbose)
    raise typer.Exit(exit_code(loaded, published=published))
