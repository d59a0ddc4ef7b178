"""`moafeed build`: write the feeds from what is stored."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Every day", 33


def command(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")] = False,
) -> None:
    """Write the feeds from what is stored; no request leaves this machine."""
    from crawler.catalogue import publish
    from crawler.lock import writing
    from crawler.tasks.choosing import all_sources
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    with writing(workspace):
        published = publish(workspace, loaded)
    tell(loaded, published=published, verbose=verbose)
    raise typer.Exit(exit_code(loaded, published=published))
