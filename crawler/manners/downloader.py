"""The downloader that keeps its own limit per host, leaves a host alone that asks for it, and can stop."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.asyncio import create_looping_call

from crawler.manners.quiet import ANSWER, ASKED_AT

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response


OUT_OF_TIME = "moafeed/out_of_time"
"""Stands in the stats of a crawl that ended because its time was over."""


class StoppedError(IgnoreRequest):
    """A request that was not sent, because the crawl ends."""


class SafeDownloader(Downloader):
    """Scrapy's downloader without its burst, and quick to leave.

    Scrapy 2.14 to 2.19 count a request as under way only when its task first runs, so a loop that starts tasks sees
    free places for ever and, without a delay, sends the whole queue at once. Here it counts from the decision on.
    Asked to stop, Scrapy still waits for every queued request in turn; here only those under way are waited for.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._resting: dict[str, str] = {}
        self._end = monotonic() + crawler.settings.getfloat("MOAFEED_SECONDS")
        self._stopping: asyncio.Task[None] | None = None
        # A slot with a long delay looks at its queue rarely; a crawl that is stopped must not wait for that.
        self._watch = create_looping_call(self._leave_if_stopped)
        crawler.signals.connect(self._begin_watch, signals.engine_started)

    def rest(self, slot_name: str, why: str) -> None:
        """Ask nothing more of that slot's host in this run; what waits is refused with *why*."""
        self._resting.setdefault(slot_name, f"was not asked for: {slot_name} {why}")
        if slot := self.slots.get(slot_name):
            self._refuse(slot, IgnoreRequest(self._resting[slot_name]))

    def close(self) -> None:
        """End the watch with everything else."""
        if self._watch.running:
            self._watch.stop()
        super().close()

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:  # noqa: ARG002
        name, slot = super()._get_slot(request)
        slot.lastseen = max(slot.lastseen, request.meta.get(ASKED_AT, 0.0))  # the pause counts from there
        return name, slot

    async def _enqueue_request(self, request: Request) -> Response:
        if (answer := request.meta.pop(ANSWER, None)) is not None:
            self._get_slot(request)
            return cast("Response", answer)
        if (name := self.get_slot_key(request)) in self._resting:
            raise IgnoreRequest(self._resting[name])
        return await super()._enqueue_request(request)

    def _process_queue(self, slot: Slot) -> None:
        if self.crawler.crawling:
            super()._process_queue(slot)
        else:
            self._refuse(slot, StoppedError("the crawl was stopped first"))

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)

    def _begin_watch(self) -> None:
        self._watch.start(1.0, now=False)

    def _leave_if_stopped(self) -> None:
        if monotonic() > self._end and self._stopping is None and self.crawler.crawling:
            self.crawler.stats.set_value(OUT_OF_TIME, True)  # noqa: FBT003
            self._stopping = asyncio.create_task(self.crawler.stop_async())
        if not self.crawler.crawling:
            for slot in list(self.slots.values()):
                self._refuse(slot, StoppedError("the crawl was stopped first"))

    def _refuse(self, slot: Slot, reason: IgnoreRequest) -> None:
        slot.close()  # its timer would only find the queue empty
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(reason)
