"""`moafeed update`: crawl, then build: what cron runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Every day", 31


def command(
    context: typer.Context,
    now: Annotated[bool, typer.Option("--now", help="Ask every blog, due or not.")] = False,
    most: Annotated[str | None, typer.Option("--max", metavar="TIME", help="End after this long, such as 5m.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Folder of recorded sites that answer instead.")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read the blogs that are due, then write the feeds that changed: what cron runs.

    Silent in cron unless something is wrong. Exit codes: 0 all well, 1 a blog failed, 2 a file you wrote is wrong,
    65 the store can't be used, 73 the output folder can't be written, 74 the disk is full, 75 another run is at work.
    """
    from crawler.catalogue import check_output, publish
    from crawler.lock import writing
    from crawler.run import crawl, log_to_stderr
    from crawler.spider import now as clock
    from crawler.tasks.choosing import all_sources
    from crawler.tasks.due import due_sources, time_limit
    from crawler.tasks.trial import replay_settings
    from crawler.terminal.console import is_terminal
    from crawler.terminal.progress import progress
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    limits = time_limit(most)
    workspace = find_workspace(context.obj)
    with writing(workspace):
        loaded = all_sources(workspace)
        check_output(workspace)
        due = loaded.sources if now or replay else due_sources(workspace, loaded.sources, clock())
        with progress(shown=is_terminal() and not verbose) as watch:
            crawled = crawl(workspace, due, watch=watch, **limits, **replay_settings(replay)) if due else None
        published = publish(workspace, loaded)
    tell(loaded, crawled, published, verbose=verbose)
    raise typer.Exit(exit_code(loaded, crawled, published))
