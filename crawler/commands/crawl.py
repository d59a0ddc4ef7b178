"""`moafeed crawl`: read the blogs and store what is new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL, ORDER = "Every day", 32


def command(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all if left out.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Folder of recorded sites that answer instead.")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Read the blogs and store what is new; the feeds stay as they are."""
    from crawler.lock import writing
    from crawler.run import crawl, log_to_stderr
    from crawler.tasks.choosing import all_sources, chosen
    from crawler.tasks.trial import replay_settings
    from crawler.terminal.console import is_terminal
    from crawler.terminal.progress import progress
    from crawler.terminal.report import exit_code, tell
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    workspace = find_workspace(context.obj)
    loaded = all_sources(workspace)
    sources = chosen(loaded, names or ())
    with writing(workspace), progress(shown=is_terminal() and not verbose) as watch:
        crawled = crawl(workspace, sources, watch=watch, **replay_settings(replay))
    tell(loaded, crawled, verbose=verbose)
    raise typer.Exit(exit_code(loaded, crawled))
