"""`moafeed accept FEED`: publish a change that waits."""

from __future__ import annotations

import typer

from crawler.terminal.decided import Verbose, Waiting, decide

PANEL, ORDER = "Every day", 35


def command(context: typer.Context, feed: Waiting, verbose: Verbose = False) -> None:
    """Publish what a feed holds back, though its subscribers will see many entries at once."""
    from crawler.tasks.deciding import accept

    raise typer.Exit(decide(context.obj, feed, accept, verbose=verbose))
