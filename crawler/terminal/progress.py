"""Progress bars of a crawl, where somebody is watching."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals

from crawler.asking import counted, numbered, polled
from crawler.terminal.console import complain
from crawler.trial_spider import settled
from pipelines.post import Post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.status import Status
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.source import Source


@contextmanager
def progress(*, shown: bool) -> Iterator[Callable[[Crawler], None] | None]:
    """Yield what `crawl` takes as *watch*: a bar of pages asked for and come; None where nothing is to be shown."""
    if not shown:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("pages"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Watch(bars).connect


@contextmanager
def looking(blogs: int, *, shown: bool) -> Iterator[Callable[[Crawler], None] | None]:
    """Yield what `look` takes as *watch*: a line on how many of the *blogs* were found and how many posts read."""
    if not shown:
        yield None
        return
    with Console(stderr=True).status("") as status:
        yield _Look(status, blogs).connect


def counting(watch: Callable[[Crawler], None] | None) -> Callable[[Crawler], None]:
    """Return a *watch* that also says how much a walk to the first post has before it, once that is known."""

    def connect(crawler: Crawler) -> None:
        crawler.signals.connect(_count, counted)
        crawler.signals.connect(_count_numbers, numbered)
        if watch:
            watch(crawler)

    return connect


def _count(source: Source, posts: int, seconds: float) -> None:
    complain(f"{source.name}: {posts} posts to read, {posts} requests in about {_minutes(seconds)} minutes; what is "
             "stored stays when you stop it, and the next --all goes on from there")


def _count_numbers(source: Source, numbers: int, seconds: float) -> None:
    complain(f"{source.name}: no sitemap and no list names its older posts, so their numbers are tried: {numbers} "
             f"requests at most, in about {_minutes(seconds)} minutes; what was tried stays so when you stop it")


def _minutes(seconds: float) -> int:
    return max(round(seconds / 60), 1)


class _Watch:
    """Moves one bar as requests are scheduled and come to an end."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._bar = bars.add_task("crawling", total=0)
        self._asked = 0

    def connect(self, crawler: Crawler) -> None:
        crawler.signals.connect(self._scheduled, signals.request_scheduled)
        crawler.signals.connect(self._received, signals.response_received)
        crawler.signals.connect(self._polled, polled)

    def _scheduled(self, **_: Any) -> None:
        self._asked += 1
        self._bars.update(self._bar, total=self._asked)

    def _polled(self, url: str) -> None:
        self._scheduled()
        self._came(url)

    def _received(self, response: Response, **_: Any) -> None:
        if not response.url.endswith("/robots.txt"):  # nobody scheduled that
            self._came(response.url)

    def _came(self, url: str) -> None:
        host = url.split("/")[2] if url.count("/") > 1 else url
        self._bars.update(self._bar, advance=1, description=host)


class _Look:
    """Says how far a look at blogs has come."""

    def __init__(self, status: Status, blogs: int) -> None:
        self._status, self._blogs = status, blogs
        self._settled = self._posts = 0

    def connect(self, crawler: Crawler) -> None:
        crawler.signals.connect(self._one_more, settled)
        crawler.signals.connect(self._read, signals.item_scraped)
        self._say()

    def _one_more(self, **_: Any) -> None:
        self._settled += 1
        self._say()

    def _read(self, item: Any, **_: Any) -> None:
        self._posts += isinstance(item, Post)
        self._say()

    def _say(self) -> None:
        self._status.update(f"looked at {self._settled} of {self._blogs} addresses, {self._posts} posts read")
