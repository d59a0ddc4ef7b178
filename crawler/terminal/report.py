"""Telling how a run went: silence when all is well and nobody watches, and an exit code that is the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.terminal.console import complain, is_terminal, say
from pipelines.errors import STOPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.run import Crawled
    from crawler.source import Loaded
    from feeds.publish import Published

_SHOWN = 5  # failures of one source, before "and N more"


def exit_code(loaded: Loaded, crawled: Crawled | None = None, published: Published | None = None) -> int:
    """Return an exit code: the first of these that holds.

    130 where a person stopped the crawl, 2 where a source file is broken, 1 where a source failed or a feed waits, 0.
    """
    if crawled and crawled.is_stopped:
        return STOPPED
    if loaded.errors:
        return 2
    return 1 if (crawled and crawled.failed) or (published and published.held) else 0


def tell(
    loaded: Loaded, crawled: Crawled | None = None, published: Published | None = None, *, verbose: bool = False
) -> None:
    """Print what went wrong to standard error and, for a person, what was done to standard output."""
    for error in loaded.errors:
        complain(str(error))
    _warn(loaded, is_shown=verbose or is_terminal() or not (crawled or published))  # cron would mail it at every run
    for sentence in (*(_of_crawl(crawled) if crawled else ()), *(_of_feeds(published) if published else ())):
        complain(sentence)
    if not (verbose or is_terminal()):
        return
    if crawled:
        for result in crawled.run.results:
            say(f"{result.source}: {result.new} new, {result.edited} edited, {result.unchanged} unchanged")
    if published:
        say(f"{len(published.written)} files written, {published.unchanged} unchanged")


def _warn(loaded: Loaded, *, is_shown: bool) -> None:
    for source in loaded.sources if is_shown else ():
        for sentence in source.warnings:
            complain(sentence)


def _of_crawl(crawled: Crawled) -> Iterator[str]:
    for result in crawled.failed:
        for failure in result.failures[:_SHOWN]:
            yield f"{result.source}: {failure}"
        if (more := len(result.failures) - _SHOWN) > 0:
            yield f"{result.source}: and {more} more failures"
    if crawled.is_stopped:
        yield "the crawl was stopped; the next one goes on there"


def _of_feeds(published: Published) -> Iterator[str]:
    for held in published.held:
        yield f"{held.feed}: {waits(held.why, is_lacking=held.is_lacking)}"
    yield from published.untold


def waits(why: str, *, is_lacking: bool) -> str:
    """Return the sentence about a feed that stays as it was published last."""
    lacking = ", and until then files of it are missing" if is_lacking else ""
    return f"the feed stays as it was, for the new one would show {why}; moafeed accept or reject decides{lacking}"
