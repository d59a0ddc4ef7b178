"""Pages as a browser shows them, for sources that want it; all that is asked for goes the way of every request."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from crawler.failures import meaning_of, plain
from crawler.manners.downloader import StoppedError
from crawler.manners.politeness import is_own_server, slot_of
from crawler.manners.robots import ForbiddenError
from crawler.manners.staying import PART, AwayError

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.manners.shown import Shower
    from crawler.source import Source
    from crawler.visit import Visit
    from pipelines.store import Address

LEFT_OUT = "hosts_left_out"
"""Key of a page's meta: the set of hosts whose scripts and data it wanted in the browser, and did not get."""
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_AT_ONCE = 2  # pages that are shown side by side
_KEPT = 32 * 2**20  # bytes of scripts and data that are not asked for twice in a crawl
_HOW = "pip install 'moafeed[browser]', then playwright install chromium"


class BrowserMiddleware:
    """Hands pages to a browser and gives back what it shows.

    The browser itself reaches no network. A page came as every page does, and what its scripts ask for is asked by the
    engine: after robots.txt, in its host's turn, with the source's headers, no larger than anything else. That leaves
    out all but GET, and all but the source's own server and the hosts that its file names; those get none of its
    headers and cookies. What was answered serves all its pages of this crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._shower: Shower | None = None
        self._answers: dict[tuple[str, str], asyncio.Future[Response]] = {}
        self._room = _KEPT
        self._places = asyncio.Semaphore(_AT_ONCE)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Also listen for the end."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    async def lacking(self, source: Source) -> str | None:
        """Return why *source* can't be asked: it needs a browser that is not there; None where nothing is missing."""
        if not source.request.browser:
            return None
        if find_spec("playwright") is None:
            return f"its pages are to be read as a browser shows them, and the browser is not installed: {_HOW}"
        from crawler.manners.shown import NoBrowserError  # noqa: PLC0415  # dear to load, and rarely there

        try:
            await self._with_shower().start()
        except NoBrowserError as error:
            return f"its pages are to be read as a browser shows them, and the browser does not start ({error}): {_HOW}"
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Pass *response* on; a page of such a source as the browser shows it.

        Raises:
            IgnoreRequest: it could not be shown, or not whole.
        """
        visit: Visit | None = request.cb_kwargs.get("visit")
        address: Address | None = request.cb_kwargs.get("address")
        if visit is None or address is None or request.meta.get(PART) or not visit.is_shown(address):
            return response
        if response.status != _OK or not isinstance(response, HtmlResponse) or self._crawler.settings["MOAFEED_REPLAY"]:
            return response
        missing: list[Exception] = []

        async def ask(url: str) -> Response | None:
            try:
                return await self._part(url, request, visit)
            except Exception as error:  # whatever stops it: the page is not whole
                missing.append(error)
                return None

        agent = (request.headers.get("User-Agent") or b"").decode("latin-1")
        html = ""
        async with self._places:
            try:
                html = await self._with_shower().show(response, agent, ask) if self._crawler.crawling else ""
            except IgnoreRequest as error:
                missing.append(error)
        if not self._crawler.crawling and (missing or not html):  # Ctrl-C ends the browser too
            raise StoppedError("the crawl was stopped first")
        if missing:
            raise missing[0]
        return _as_shown(response, html, self._crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    async def spider_closed(self) -> None:
        """End the browser with the crawl."""
        if self._shower is not None:
            await self._shower.close()

    def _with_shower(self) -> Shower:
        if self._shower is None:
            from crawler.manners.shown import Shower  # noqa: PLC0415  # see above

            settings = self._crawler.settings
            self._shower = Shower(settings["MOAFEED_BROWSER"], settings.getfloat("DOWNLOAD_TIMEOUT") / 2)
        return self._shower

    async def _part(self, url: str, page: Request, visit: Visit) -> Response | None:
        """What is at *url*, asked for once a crawl; None where it is no business of the page."""
        if not (is_own_server(url, visit.source.url) or _is_named(url, visit.source)):
            host = urlsplit(url).hostname
            if host and host not in {visit.source.host, *visit.source.request.browser_hosts}:
                page.meta.setdefault(LEFT_OUT, set()).add(host)
            return None
        key = (visit.source.name, url)
        if key not in self._answers:
            self._answers[key] = asyncio.ensure_future(self._asked(key, page))
        try:
            answer = await asyncio.shield(self._answers[key])
        except (ForbiddenError, AwayError):
            return None
        except Exception as error:
            self._answers.pop(key, None)
            why = str(error) if isinstance(error, IgnoreRequest) else plain(error)
            raise IgnoreRequest(f"is not whole, for its script asks for {url}: {why}") from error
        return answer

    async def _asked(self, key: tuple[str, str], page: Request) -> Response:
        if self._crawler.engine is None:
            raise RuntimeError("a request is under way, so there is an engine")
        url = key[1]
        request = Request(
            url, callback=NO_CALLBACK, dont_filter=True, headers={"Accept": "*/*"},
            meta={PART: True, "download_slot": slot_of(urlsplit(url).hostname or "")},
            cb_kwargs={name: page.cb_kwargs[name] for name in ("visit", "address")},
        )  # fmt: skip
        response = await self._crawler.engine.download_async(request)
        if response.status == _TOO_MANY or response.status >= _SERVER_ERROR:
            raise IgnoreRequest(meaning_of(response.status))
        self._room -= len(response.body)
        if self._room < 0:
            self._answers.pop(key, None)
        return response


def _is_named(url: str, source: Source) -> bool:
    """Whether the source's file lets the browser have what is at *url*, which nobody may change on its way."""
    asked = urlsplit(url)
    is_kept = asked.scheme == "https" or urlsplit(source.url).scheme == "http"
    return is_kept and asked.hostname in source.request.browser_hosts


def _as_shown(response: HtmlResponse, html: str, most: int) -> HtmlResponse:
    """*response* with the page as it is shown; what it told to be asked by is true of the bare one alone."""
    body = html.encode("utf-8", "replace")
    if len(body) > most:
        raise IgnoreRequest(f"is larger than {most} bytes in the browser")
    headers = response.headers.copy()
    for name in ("ETag", "Last-Modified"):
        headers.pop(name, None)
    headers["Content-Type"] = "text/html; charset=utf-8"
    return response.replace(body=body, headers=headers, encoding="utf-8")
