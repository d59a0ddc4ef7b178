"""The downloader that keeps its own limit per host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy import Request
    from scrapy.core.downloader import Slot


class SafeDownloader(Downloader):
    """Scrapy's downloader without its burst, and quick to leave.

    Scrapy 2.14 to 2.19 count a request as under way only when its task first runs, so a loop that starts tasks sees
    free places for ever and, without a delay, sends the whole queue at once. Here it counts from the decision on.
    Asked to stop, Scrapy still waits for every queued request in turn; here only those under way are waited for.
    """

    def _process_queue(self, slot: Slot) -> None:
        if self.crawler.crawling:
            super()._process_queue(slot)
            return
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(IgnoreRequest("the crawl was stopped first"))

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
