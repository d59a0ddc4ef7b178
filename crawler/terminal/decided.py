"""A person's word on a feed that waits, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.source import Loaded
    from crawler.workspace import Workspace
    from feeds.publish import Published

Waiting: TypeAlias = Annotated[
    str, typer.Argument(metavar="FEED", help="Name of a feed that waits.", show_default=False)
]
Verbose: TypeAlias = Annotated[bool, typer.Option("-v", "--verbose", help="Say what was done.")]


def decide(
    folder: Path, feed: str, word: Callable[[Workspace, Loaded, str], Published], *, verbose: bool
) -> int:
    """Give a *word* on a feed, publish, and tell what came of it; return an exit code.

    Args:
        folder: where the command runs.
        feed: its name.
        word: `accept` or `reject` of `crawler.tasks.deciding`.
        verbose: whether to say what was done.

    Raises:
        MoafeedError: what stands in the way; see there.
    """
    from crawler.lock import writing  # noqa: PLC0415  # so that `--help` answers at once
    from crawler.tasks.choosing import all_sources  # noqa: PLC0415
    from crawler.terminal.report import exit_code, tell  # noqa: PLC0415
    from crawler.workspace import find_workspace  # noqa: PLC0415

    workspace = find_workspace(folder)
    loaded = all_sources(workspace)
    with writing(workspace):
        published = word(workspace, loaded, feed)
    tell(loaded, published=published, verbose=verbose)
    return exit_code(loaded, published=published)
