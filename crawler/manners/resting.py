"""A host that says "later" is left alone for the rest of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.manners.downloader import SafeDownloader

_LATER = frozenset({429, 503})


class RestMiddleware:
    """After 429 or 503 nothing more is asked of that host: not what waits already, nor what comes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the crawler, whose downloader holds what waits."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass *response* on; a robots.txt with such an answer is RobotsMiddleware's to judge."""
        if response.status in _LATER and not request.meta.get("dont_obey_robotstxt"):
            if self._crawler.engine is None:
                raise RuntimeError("a response came, so there is an engine")
            downloader = cast("SafeDownloader", self._crawler.engine.downloader)
            downloader.rest(request.meta["download_slot"])
        return response
