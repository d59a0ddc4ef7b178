"""`moafeed status`: what the last crawl of each source came to."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 40


def command(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show what the last crawl of each source came to, when it is due, and which pages were left alone and why."""
    from crawler.tasks.choosing import all_sources, chosen
    from crawler.tasks.standing import standing
    from crawler.terminal.report import exit_code, tell
    from crawler.terminal.status import show
    from crawler.workspace import find_workspace

    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    sources = chosen(loaded, names or ())
    show(sources, standing(workspace), as_json=as_json)
    tell(loaded)
    raise typer.Exit(exit_code(loaded))
