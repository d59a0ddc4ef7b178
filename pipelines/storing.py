"""The item pipeline that writes posts to the store: in batches, one writer, off the event loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import signals

from pipelines.identity import address_alias
from pipelines.post import Post, RawPost
from pipelines.site import Site
from pipelines.store import Noted, Read, Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector


class StorePipeline:
    """Writes what was read, in transactions: while one is written, what comes is collected for the next.

    So a crash takes what is on its way, and no more than the next crawl asks for again, and a fast crawl does not wait
    for an fsync for each post. A store that fails ends the crawl; the error stands in the stats under
    `moafeed/store_error`.
    """

    BATCH = 50
    """Posts that may wait in memory."""

    def __init__(self, store_url: str, stats: StatsCollector, stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._url = store_url
        self._stats = stats
        self._stop = stop
        self._stopping: asyncio.Task[None] | None = None
        self._closing = False
        self._posts: list[Post] = []
        self._said: list[Noted | Read] = []
        self._open: dict[tuple[str, str], Read] = {}
        self._met: set[tuple[str, str]] = set()  # what was read before in this crawl
        self._writing = asyncio.Lock()
        self._store: Store | None = None
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the store's address from the setting `MOAFEED_STORE`."""
        if crawler.stats is None:
            raise RuntimeError("a crawler has stats once its pipelines are made")
        pipeline = cls(crawler.settings["MOAFEED_STORE"], crawler.stats, crawler.stop_async)
        crawler.signals.connect(pipeline.dropped, signals.item_dropped)
        return pipeline

    def open_spider(self) -> None:
        """Open the store before the first request: a store that can't be opened must not cost one."""
        self._store = Store.open(self._url)

    async def process_item(self, item: Any) -> Any:
        """Keep what was read for the next batch and a Site at once; every other item passes through."""
        if isinstance(item, Site) and self._store:
            await self._write(self._store.save_site, item)
        elif isinstance(item, Read) and item.page is not None:
            self._open[item.address.source, item.place] = item  # waits for its post
        elif isinstance(item, Noted | Read):
            self._said.append(item)
        elif isinstance(item, tuple):  # what several feeds said that were asked beside the engine
            self._said += item
        elif isinstance(item, Post):
            self._posts.append(item)
            self._said += self._reads_of(item)
        is_news = isinstance(item, Post) or (isinstance(item, Noted) and item.posts)
        if (is_news or len(self._said) >= self.BATCH) and (self._writer is None or self._writer.done()):
            self._writer = asyncio.create_task(self._write_all())
        if len(self._posts) >= self.BATCH and self._writer:
            await self._writer  # pages come faster than the disk takes them
        return item

    def dropped(self, item: Any, exception: Exception) -> None:
        """A page that held nothing to keep: why not is remembered, so that it is not asked for at each crawl."""
        read = self._open.pop((item.source, address_alias(item.page_url)), None) if isinstance(item, RawPost) else None
        if read is not None:
            self._said.append(read.unreadable(str(exception)))

    async def close_spider(self) -> None:
        """Write what is left."""
        self._closing = True
        for read in self._open.values():  # its post met a fault of ours: it is tried again
            self._said.append(Read(address=replace(read.address, wanted=True, tries=read.tries + 1)))
        self._open = {}
        if self._writer:
            await self._writer
        await self._flush()
        if self._store:
            self._store.close()

    def _reads_of(self, post: Post) -> list[Read]:
        found = (self._open.pop((post.source, alias), None) for alias in post.aliases)
        return [read for read in found if read is not None]

    async def _write_all(self) -> None:
        while self._posts or self._said:
            await self._flush()

    async def _flush(self) -> None:
        async with self._writing:
            posts, self._posts, said, self._said = self._posts, [], self._said, []
            if not (posts or said) or self._store is None:
                return
            store = self._store  # what was met grows only between two writes, so it need not be copied for each
            for saved in await self._write(lambda batch: store.save(*batch, beside=self._met), (posts, said)) or ():
                self._stats.inc_value(f"moafeed/{saved.source}/{saved.outcome}")
            self._met.update((post.source, alias) for post in posts for alias in post.aliases)

    async def _write(self, write: Any, what: Any) -> Any:
        try:
            return await asyncio.to_thread(write, what)
        except StoreError as error:
            self._stats.set_value("moafeed/store_error", error)
            if self._stopping is None and not self._closing:  # what can't be kept need not be asked for
                self._stopping = asyncio.create_task(self._stop())
            return None
