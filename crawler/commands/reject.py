"""`moafeed reject FEED`: keep a change that waits from showing as new."""

from __future__ import annotations

import typer

from crawler.terminal.decided import Verbose, Waiting, decide

PANEL, ORDER = "Every day", 36


def command(context: typer.Context, feed: Waiting, verbose: Verbose = False) -> None:
    """Publish a feed that waits without its surprise: no reader shows the entries as new.

    New entries stay out of the feed (its archive has them); changed ones keep the dates that subscribers know.
    """
    from crawler.tasks.deciding import reject

    raise typer.Exit(decide(context.obj, feed, reject, verbose=verbose))
