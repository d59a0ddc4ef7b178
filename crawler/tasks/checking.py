"""Recording a source's pages, and reading them again offline to see whether they still give the same posts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.recording import Difference, RecordingError, compare, read_expected, write_expected
from crawler.run import crawl
from crawler.spider import now
from crawler.tasks.choosing import all_sources, one
from crawler.tasks.trial import replay_settings, try_out

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What reading a recording again came to."""

    posts: int
    """How many posts it gave."""
    differences: list[Difference]
    """What is not as expected."""


def record(workspace: Workspace, name: str, posts: int) -> tuple[Path, int]:
    """Crawl at most *posts* posts of a source, save every answer, and write down the posts they gave.

    Returns:
        The recording's folder, and how many posts it holds.

    Raises:
        NoBlogError: nothing could be read.
    """
    source = one(all_sources(workspace), name)
    folder = workspace.recorded_folder / name
    shutil.rmtree(folder, ignore_errors=True)  # a recording is of one moment
    small = source.model_copy(update={"pages": 1})
    # One moment for all pages, which the recording keeps: "3시간 전" must mean the same when it is read again.
    crawled = try_out(workspace, small, posts=posts, MOAFEED_RECORD=str(folder), MOAFEED_CLOCK=now().isoformat())
    write_expected(folder, [post.to_record() for post in crawled.posts])
    return folder, len(crawled.posts)


def check(workspace: Workspace, name: str, *, accept: bool = False) -> Checked:
    """Read the recording of a source again and compare; where *accept*, what is found is expected from now on.

    Raises:
        RecordingError: there is none, or it can't be used.
    """
    source = one(all_sources(workspace), name)
    folder = workspace.recorded_folder / name
    if not folder.is_dir():
        raise RecordingError(f"{name} was never recorded; run `moafeed record {name}`", 66)
    # A listing names more posts than were recorded; those fail with 404, which is no difference.
    crawled = crawl(workspace, [source], store=False, **replay_settings(folder))
    found = [post.to_record() for post in crawled.posts]
    if accept:
        write_expected(folder, found)
    return Checked(posts=len(found), differences=compare(read_expected(folder), found))
