"""A host that says "later", or nothing at all, is left alone for the rest of the run."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from scrapy.exceptions import DownloadTimeoutError

from crawler.manners.politeness import site_of
from pipelines.store import Host

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.manners.downloader import SafeDownloader
    from crawler.spider import BlogSpider

_LATER = frozenset({429, 503})
_PATIENCE = 5
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=1)


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
            self._remember(request.url, response.headers.get("Retry-After"))
        return response

    def _remember(self, url: str, wish: bytes | None) -> None:
        """Leave the host alone in later runs too, where it says for how long (RFC 9110, section 10.2.3)."""
        spider = cast("BlogSpider", self._crawler.spider)
        if (wait := retry_after(wish, spider.now)) is not None:
            site = site_of(url)
            known = spider.hosts.get(site) or Host(site=site)
            spider.hosts[site] = replace(known, resting_until=spider.now + wait)

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


def retry_after(wish: bytes | None, now: datetime) -> timedelta | None:
    """Return how long a server wants to be left alone, a minute to a day; None where it does not say.

    Args:
        wish: value of the header `Retry-After`: seconds, or an HTTP date.
        now: when it was answered, aware.
    """
    text = (wish or b"").decode("latin-1").strip()[:64]
    if not text:
        return None
    try:
        wait = timedelta(seconds=min(int(text), _LONGEST.total_seconds())) if text.isdigit() else (
            parsedate_to_datetime(text) - now
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, _SHORTEST), _LONGEST)
