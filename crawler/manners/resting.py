"""A host that says "later", or nothing at all, is left alone for the rest of the run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from scrapy.exceptions import DownloadTimeoutError

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.manners.downloader import SafeDownloader

_LATER = frozenset({429, 503})
_PATIENCE = 5


class RestMiddleware:
    """After 429 or 503 nothing more is asked of that host: not what waits already, nor what comes.

    Nor after several requests in a row that were not answered in time: each of a thousand would cost its time-out.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._silent: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the crawler, whose downloader holds what waits."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass *response* on; a robots.txt with such an answer is RobotsMiddleware's to judge."""
        name: str = request.meta["download_slot"]
        del self._silent[name]
        if response.status in _LATER and not request.meta.get("dont_obey_robotstxt"):
            self._rest(name, "had said to come back later")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count time-outs in a row; other failures are quick and cost nothing to try again."""
        if isinstance(exception, DownloadTimeoutError):
            name: str = request.meta["download_slot"]
            self._silent[name] += 1
            if self._silent[name] >= _PATIENCE:
                self._rest(name, "had not answered several times in a row")

    def _rest(self, name: str, why: str) -> None:
        if self._crawler.engine is None:
            raise RuntimeError("requests are under way, so there is an engine")
        cast("SafeDownloader", self._crawler.engine.downloader).rest(name, why)
