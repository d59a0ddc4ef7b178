"""`moafeed crawl`: read the blogs and store what is new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Every day", 32


def command(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Go back to the first post.")] = False,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="With --all: back to that day, 2024-01-31.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Posts of each blog, at most.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Folder of recorded sites that answer instead.")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read the blogs, due or not, and store what is new; the feeds stay as they are.

    With --all, a walk that is cut off or ends at a limit goes on where it was with the next --all.
    """
    from crawler.lock import writing
    from crawler.run import crawl, log_to_stderr
    from crawler.tasks.backfill import backfill
    from crawler.tasks.choosing import all_sources, chosen
    from crawler.tasks.trial import replay_settings
    from crawler.terminal.console import is_terminal
    from crawler.terminal.progress import counting, progress
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    sources = chosen(loaded, names or ())
    depth = backfill(everything=everything, since=since, limit=limit)
    with writing(workspace), progress(shown=is_terminal() and not verbose) as watch:
        crawled = crawl(workspace, sources, watch=counting(watch), **depth, **replay_settings(replay))
    tell(loaded, crawled, verbose=verbose)
    raise typer.Exit(exit_code(loaded, crawled))
