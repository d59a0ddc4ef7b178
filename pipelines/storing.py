"""The item pipeline that writes posts to the store: in batches, one writer, off the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pipelines.post import Post
from pipelines.site import Site
from pipelines.store import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector


class StorePipeline:
    """Collects posts and writes a batch per transaction: a commit for each would cost an fsync for each.

    What a crash takes is at most one batch of posts that the next crawl fetches again. A store that fails ends the
    crawl; the error stands in the stats under `moafeed/store_error`.
    """

    BATCH = 50

    def __init__(self, store_url: str, stats: StatsCollector, stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._url = store_url
        self._stats = stats
        self._stop = stop
        self._stopping: asyncio.Task[None] | None = None
        self._closing = False
        self._posts: list[Post] = []
        self._writing = asyncio.Lock()
        self._store: Store | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the store's address from the setting `MOAFEED_STORE`."""
        if crawler.stats is None:
            raise RuntimeError("a crawler has stats once its pipelines are made")
        return cls(crawler.settings["MOAFEED_STORE"], crawler.stats, crawler.stop_async)

    def open_spider(self) -> None:
        """Open the store before the first request: a store that can't be opened must not cost one."""
        self._store = Store.open(self._url)

    async def process_item(self, item: Any) -> Any:
        """Keep a Post for the next batch and a Site at once; every other item passes through."""
        if isinstance(item, Site) and self._store:
            await self._write(self._store.save_site, item)
        if isinstance(item, Post):
            self._posts.append(item)
            if len(self._posts) >= self.BATCH:
                await self._flush()
        return item

    async def close_spider(self) -> None:
        """Write what is left."""
        self._closing = True
        await self._flush()
        if self._store:
            self._store.close()

    async def _flush(self) -> None:
        async with self._writing:
            batch, self._posts = self._posts, []
            if not batch or self._store is None:
                return
            for saved in await self._write(self._store.save, batch) or ():
                self._stats.inc_value(f"moafeed/{saved.source}/{saved.outcome}")

    async def _write(self, write: Any, what: Any) -> Any:
        try:
            return await asyncio.to_thread(write, what)
        except StoreError as error:
            self._stats.set_value("moafeed/store_error", error)
            if self._stopping is None and not self._closing:  # what can't be kept need not be asked for
                self._stopping = asyncio.create_task(self._stop())
            return None
