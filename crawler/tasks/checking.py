"""Recording blogs' pages, and reading them again, offline or from the site, to see whether they still give the same."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crawler.recording import (
    EACH,
    Difference,
    Recording,
    RecordingError,
    compare,
    read_expected,
    write_expected,
)
from crawler.run import crawl
from crawler.spider import now
from crawler.tasks.choosing import all_sources, chosen, one
from crawler.tasks.trial import replay_settings, try_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from crawler.run import Crawled
    from crawler.source import Loaded, Source
    from crawler.workspace import Workspace

_MORE = 3  # posts that may be newer than what was recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What reading one blog again came to."""

    source: str
    """Name of the source."""
    posts: int
    """How many posts it gave that are expected."""
    new: int
    """How many that nobody has recorded: of a live blog, since then."""
    differences: tuple[Difference, ...]
    """What is not as expected."""
    problem: str = ""
    """Why nothing could be compared, as one sentence; empty where it was."""

    @property
    def is_good(self) -> bool:
        """Whether everything is as expected."""
        return not self.differences and not self.problem


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


def check(
    workspace: Workspace, names: Sequence[str], *, live: bool = False, accept: bool = False
) -> tuple[list[Checked], Loaded]:
    """Read recorded blogs again and compare; where *accept*, what is found is expected from now on.

    Args:
        workspace: whose sources and recordings these are.
        names: of sources; all that were recorded if none is named.
        live: whether the blogs themselves are read, and not what was recorded.
        accept: whether to take what was found.

    Returns:
        What came of each, by name, and the source files.

    Raises:
        UnknownSourceError: a name is no source's.
        RecordingError: none was recorded, or a recording can't be used.
    """
    loaded = all_sources(workspace)
    wanted = [source for source in chosen(loaded, names) if (workspace.recorded_folder / source.name).is_dir()]
    missing = sorted({*names} - {source.name for source in wanted})
    if missing or not wanted:
        name = missing[0] if missing else "NAME"
        raise RecordingError(f"{missing[0] if missing else 'no source'} was never recorded;"
                             f" run `moafeed record {name}`", 66)
    expected = {source.name: read_expected(workspace.recorded_folder / source.name) for source in wanted}
    with TemporaryDirectory(prefix="moafeed-") as folder:
        again = str(workspace.recorded_folder / EACH) if not live else f"{folder}/{EACH}"
        settings = _live(expected, again) if live else _offline(workspace, wanted, again)
        crawled = crawl(workspace, wanted, store=False, **settings)
        checked = [_compared(source.name, expected[source.name], crawled, live=live) for source in wanted]
        if accept:
            for each in checked:
                _accept(workspace, each, crawled, again.replace(EACH, each.source) if live else None)
    return checked, loaded


def _offline(workspace: Workspace, sources: Sequence[Source], recorded: str) -> dict[str, Any]:
    recordings = {source.name: Recording.load(workspace.recorded_folder / source.name) for source in sources}
    pages = max(len(recording.pages) for recording in recordings.values())
    clocks = {name: each.recorded.isoformat() for name, each in recordings.items() if each.recorded}
    return {
        # A listing names more posts than were recorded; those answer 404, which is no difference.
        **replay_settings(next(iter(recordings.values())).folder), "MOAFEED_REPLAY": recorded, "MOAFEED_CLOCK": "",
        "MOAFEED_CLOCKS": clocks, "MOAFEED_POSTS": pages,
    }  # fmt: skip


def _live(expected: Mapping[str, Sequence[object]], folder: str) -> dict[str, Any]:
    posts = max(map(len, expected.values())) + _MORE
    return {"MOAFEED_RECORD": folder, "MOAFEED_CLOCK": now().isoformat(), "MOAFEED_POSTS": posts}


def _compared(name: str, expected: Sequence[dict[str, Any]], crawled: Crawled, *, live: bool) -> Checked:
    found = [post.to_record() for post in crawled.posts if post.source == name]
    known = {str(record["url"]) for record in expected}
    same = [record for record in found if record["url"] in known]
    differences = compare(expected, same if live else found)
    if live:  # older posts are not asked for again
        differences = [each for each in differences if each.field is not None]
    problem = ""
    if not found:
        result = next(result for result in crawled.run.results if result.source == name)
        problem = result.failures[0] if result.failures else "it gives no post any more"
    return Checked(
        source=name, posts=len(same), new=len(found) - len(same), differences=tuple(differences), problem=problem
    )


def _accept(workspace: Workspace, checked: Checked, crawled: Crawled, recorded: str | None) -> None:
    """Take what was found, and where it was *recorded* anew that too."""
    folder = workspace.recorded_folder / checked.source
    if checked.problem:
        return
    if recorded is not None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(recorded, folder)
    write_expected(folder, [post.to_record() for post in crawled.posts if post.source == checked.source])
