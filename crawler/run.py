"""One crawl from the outside: start the engine once, hand back what became of every source."""

from __future__ import annotations

import gc
import logging
import resource
from contextlib import suppress
from dataclasses import dataclass, field
from signal import SIGINT, default_int_handler, signal
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.manners.downloader import OUT_OF_TIME
from crawler.remembering import prune, remember
from crawler.spider import now, spider_for
from crawler.trial_spider import Lost, TrialSpider
from pipelines.errors import STOPPED, MoafeedError
from pipelines.post import Post
from pipelines.site import Site
from pipelines.store import RunRecord, SourceResult, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrapy.crawler import Crawler

    from crawler.source import Source
    from crawler.spider import BlogSpider
    from crawler.trial_spider import Wish
    from crawler.workspace import Workspace


_OPEN_FILES = 65_536
_OBJECTS_OF_A_CRAWL = 700  # Python's own: a crawl that looks for garbage rarely takes three times the memory
_OUTCOMES = ("new", "edited", "unchanged", "held", "alarm")


class CutOffError(MoafeedError):
    """Somebody stopped a look at a blog before its end."""

    exit_code = STOPPED


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    """What one crawl came to."""

    run: RunRecord
    """When, and what became of each source."""
    posts: tuple[Post, ...] = ()
    """Where nothing was stored: the posts that were read, newest first."""
    sites: dict[str, Site] = field(default_factory=dict)
    """Where nothing was stored: what each blog said about itself, by source."""
    is_stopped: bool = False
    """Whether a person, or the system, asked it to end before it was done."""

    @property
    def failed(self) -> tuple[SourceResult, ...]:
        """The sources that something went wrong with."""
        return tuple(result for result in self.run.results if result.failures)


def crawl(
    workspace: Workspace,
    sources: Sequence[Source],
    *,
    store: bool = True,
    watch: Callable[[Crawler], None] | None = None,
    **settings: Any,
) -> Crawled:
    """Crawl *sources* and, unless told otherwise, keep what was found. Once per process: a reactor starts once.

    Args:
        workspace: whose settings hold and whose store is written.
        sources: what to crawl, all in one engine.
        store: False to only look: nothing is written and nothing counts as known.
        watch: called with the crawler before it starts, to connect signals (progress bars).
        settings: Scrapy settings of this crawl, above every other.

    Raises:
        StoreError: the store can't be opened, or failed on the way.
        CutOffError: nothing was to be stored, and somebody stopped it.
    """
    if store:
        with Store.open(workspace.store_url) as opened:
            number = opened.begin_run(now(), [source.name for source in sources])
    crawler, items = _run(spider_for(workspace, tuple(sources)), store=store, watch=watch, **settings)
    if not store:
        return _looked(crawler, sources, items)
    return _booked(workspace, crawler, sources, number)


def trial(
    workspace: Workspace, wishes: Sequence[Wish], name_of: Callable[[str], str], *,
    watch: Callable[[Crawler], None] | None = None, **settings: Any,
) -> tuple[list[Source | Lost], Crawled]:
    """Find the blog behind each of *wishes* and read some of its posts; nothing is stored.

    Args:
        workspace: whose settings hold.
        wishes: what somebody wants to follow.
        name_of: gives a source's name for its address, each time another one.
        watch: called with the crawler before it starts, to connect signals.
        settings: Scrapy settings of this crawl, above every other.

    Returns:
        For each wish the source that it could become, or why it can't; and what was read.

    Raises:
        CutOffError: somebody stopped it.
    """
    names = {"workspace": workspace, "wishes": tuple(wishes), "name_of": staticmethod(name_of)}
    crawler, items = _run(type("TrialSpider", (TrialSpider,), names), store=False, watch=watch, **settings)
    tried = cast("TrialSpider", crawler.spider).tried
    found = [source for source in tried if not isinstance(source, Lost)]
    return tried, _looked(crawler, found, items)


def _run(
    spider: type[BlogSpider], *, store: bool, watch: Callable[[Crawler], None] | None = None, **settings: Any
) -> tuple[Crawler, list[Any]]:
    """Run one engine to its end; give back the items too, unless they are stored."""
    _open_many_files()
    process = AsyncCrawlerProcess(_settings(store=store, **settings))
    crawler = process.create_crawler(spider)
    items: list[Any] = []
    if not store:  # what is stored need not stay in memory
        crawler.signals.connect(lambda item: items.append(item), signals.item_scraped, weak=False)  # noqa: PLW0108
    if watch:
        watch(crawler)
    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(_OBJECTS_OF_A_CRAWL)
    failure: list[BaseException] = []
    process.crawl(crawler).add_done_callback(lambda done: failure.extend(filter(None, [done.exception()])))
    process.start()
    signal(SIGINT, default_int_handler)  # Scrapy's, which only ends engines, would stay
    if failure:
        raise failure[0]
    if error := crawler.stats.get_stats().get("moafeed/store_error"):
        raise error
    return crawler, items


def _looked(crawler: Crawler, sources: Sequence[Source], items: list[Any]) -> Crawled:
    """What a crawl that stores nothing came to: cut off, it is worth nothing."""
    crawled = _crawled(crawler, sources, items, stored=False)
    if crawled.is_stopped:
        raise CutOffError("stopped before anything was decided or written")
    return crawled


def _booked(workspace: Workspace, crawler: Crawler, sources: Sequence[Source], number: int) -> Crawled:
    """Close the books of the run of that *number*: what it came to, when sources are due, which pages to let go of."""
    spider = cast("BlogSpider", crawler.spider)
    with Store.open(workspace.store_url) as opened:
        crawled = _crawled(crawler, sources, [], waiting=opened.memory.waiting([s.name for s in sources]))
        opened.end_run(number, crawled.run)
        remember(opened.memory, spider, crawled.run)
        prune(opened, crawled.run, workspace.config.raw, spider.now)
    return crawled


def _open_many_files() -> None:
    """Allow as many open files as the system does: each host keeps its connection for minutes; 1,024 are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < enough:
        with suppress(ValueError, OSError):  # some systems name a limit that they don't allow
            resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))


def _settings(*, store: bool, **more: Any) -> Settings:
    settings = get_project_settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # noqa: FBT003  # see log_to_stderr
    # The sources are at hand: ours would read all their files again.
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.SpiderLoader", priority="cmdline")
    if not store:
        settings.set("ITEM_PIPELINES", {"pipelines.normalise.NormalisePipeline": 300}, priority="cmdline")
        settings.set("MOAFEED_STORE", "", priority="cmdline")
    for name, value in more.items():
        settings.set(name, value, priority="cmdline")
    return settings


def _crawled(
    crawler: Crawler, sources: Sequence[Source], items: list[Any], *, stored: bool = True,
    waiting: Mapping[str, int] | None = None,
) -> Crawled:
    stats: dict[str, Any] = crawler.stats.get_stats()
    visits = cast("BlogSpider", crawler.spider).visits
    stopped = stats.get("finish_reason") != "finished"
    asked_to = stopped and OUT_OF_TIME not in stats
    is_killed = "finish_time" not in stats  # stopped twice: it never says when it ended, nor stores what it read last
    results = tuple(
        visits[s.name].account.result(
            stopped=stopped,
            stored=stored and not is_killed,
            waiting=(waiting or {}).get(s.name, 0),
            known=not visits[s.name].is_first,
            may_be_left=asked_to or (stopped and crawler.settings.getbool("MOAFEED_IN_TURNS")),
            **{name: stats.get(f"moafeed/{s.name}/{name}", 0) for name in _OUTCOMES},
        )
        for s in sources
    )
    started = stats["start_time"]
    posts = sorted((i for i in items if isinstance(i, Post)), key=lambda p: (p.dated, p.guid), reverse=True)
    return Crawled(
        run=RunRecord(started=started, ended=stats.get("finish_time", started), results=results),
        posts=tuple(posts), sites={i.source: i for i in items if isinstance(i, Site)}, is_stopped=asked_to,
    )


def log_to_stderr(*, verbose: bool) -> None:
    """Show the engine's log: all of it from INFO on where *verbose*, else only what must not stay unseen."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO if verbose else logging.CRITICAL)
    logging.getLogger().addHandler(handler)
