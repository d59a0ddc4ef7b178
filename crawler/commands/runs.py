"""`moafeed runs`: what the last crawls came to."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 42


def command(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many, newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show the last crawls: what was asked, stored, as before, left alone, waiting and failed."""
    from crawler.tasks.standing import past_runs
    from crawler.terminal.runs import show
    from crawler.workspace import find_workspace

    show(past_runs(find_workspace(context.obj), frozenset(names or ()), limit), as_json=as_json)
