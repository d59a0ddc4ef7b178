"""`moafeed update`: crawl, then build: what cron runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Every day", 31


def command(
    context: typer.Context,
    replay: Annotated[Path | None, typer.Option(help="Folder of recorded sites that answer instead.")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read all blogs, then write the feeds that changed: what cron runs.

    Silent in cron unless something is wrong. Exit codes: 0 all well, 1 a blog failed, 2 a file you wrote is wrong,
    65 the store can't be used, 73 the output folder can't be written, 74 the disk is full, 75 another run is at work.
    """
    from crawler.catalogue import check_output, publish
    from crawler.lock import writing
    from crawler.run import crawl, log_to_stderr
    from crawler.tasks.choosing import all_sources
    from crawler.tasks.trial import replay_settings
    from crawler.terminal.console import is_terminal
    from crawler.terminal.progress import progress
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    workspace = find_workspace(context.obj)
    with writing(workspace):
        loaded = all_sources(workspace)
        check_output(workspace)
        with progress(shown=is_terminal() and not verbose) as watch:
            crawled = crawl(workspace, loaded.sources, watch=watch, **replay_settings(replay))
        published = publish(workspace, loaded)
    tell(loaded, crawled, published, verbose=verbose)
    raise typer.Exit(exit_code(loaded, crawled))
