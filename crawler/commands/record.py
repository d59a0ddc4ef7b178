"""`moafeed record NAME`: save a small set of a blog's pages."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL, ORDER = "Look closer", 47


def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source.", show_default=False)],
    posts: Annotated[int, typer.Option(min=1, help="How many of its posts.")] = 3,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show the engine's log.")] = False,
) -> None:
    """Save a few pages of a blog and what they should give, in `recorded/NAME`, for `moafeed check`."""
    from crawler.run import log_to_stderr
    from crawler.tasks.checking import record
    from crawler.terminal.console import say
    from crawler.workspace import find_workspace

    log_to_stderr(verbose=verbose)
    folder, count = record(find_workspace(context.obj), name, posts)
    say(f"recorded {count} posts in {folder}; `moafeed check {name}` reads them again without a network")
