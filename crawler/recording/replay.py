"""Scrapy's way into a recording and out of it: a recorder in the downloader's row, a handler that replays."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.manners.staying import PART
from crawler.recording.folder import MAX_BYTES, Recorded, Recording

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.visit import Visit

logger = logging.getLogger(__name__)

EACH = "{source}"
"""Stands for the name of a source in `MOAFEED_RECORD`."""

PLACE = 585
"""Where the recorder belongs in DOWNLOADER_MIDDLEWARES: after decompression (590), before retries (550)."""


class ReplayHandler(BaseDownloadHandler):
    """Answers http and https requests from the recording in the folder `MOAFEED_REPLAY`, never from a network.

    Where that holds `{source}`, each source is answered from its own. What was not recorded is a 404 whose body says
    so. A validator that matches (`ETag`, `Last-Modified`) is answered with 304, as the site itself would.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        folder = crawler.settings.get("MOAFEED_REPLAY")
        if not folder:
            raise NotConfigured("MOAFEED_REPLAY names no folder")
        self._folder: str = folder
        self._recordings: dict[str, Recording] = {}
        if EACH not in folder:
            self._recording("")

    def _recording(self, source: str) -> Recording:
        if source not in self._recordings:
            self._recordings[source] = Recording.load(Path(self._folder.replace(EACH, source)))
        return self._recordings[source]

    async def download_request(self, request: Request) -> Response:
        """Return the recorded answer to *request*."""
        visit: Visit | None = request.cb_kwargs.get("visit")
        if visit is None and EACH in self._folder:  # a robots.txt, which no recording of one source has
            return _missing(request, Path(self._folder))
        recording = self._recording(visit.source.name if visit and EACH in self._folder else "")
        page = recording.answer(request.url)
        if page is None:
            return _missing(request, recording.folder)
        headers = Headers(dict(page.headers))
        if _unchanged(request, page):
            return Response(request.url, status=304, headers=headers)
        body = b"" if request.method == "HEAD" else page.body
        response_class = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return response_class(url=request.url, status=page.status, headers=headers, body=body)


def _unchanged(request: Request, page: Recorded) -> bool:
    for asked, told in (("If-None-Match", "Etag"), ("If-Modified-Since", "Last-Modified")):
        value = request.headers.get(asked)
        if value is not None:
            return page.status == 200 and value.decode("latin-1") == page.headers.get(told)  # noqa: PLR2004
    return False


def _missing(request: Request, folder: Path) -> Response:
    body = f"{request.url} was not recorded in {folder}.\n".encode()
    headers = Headers({"Content-Type": "text/plain; charset=utf-8"})
    return responsetypes.from_args(headers=headers)(url=request.url, status=404, headers=headers, body=body)


class RecorderMiddleware:
    """Saves every response that passes into the folder `MOAFEED_RECORD`, adding to what is there.

    Where that holds `{source}`, each source has a folder of its own, and what is asked for none is not saved. Its place
    is `PLACE`: bodies are decoded there. The redirects that led to a response are saved with it.
    """

    def __init__(self, folder: str, recorded: datetime) -> None:
        self._folder, self._recorded = folder, recorded
        self._recordings: dict[str, Recording] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the setting; without it there is nothing to do."""
        folder = crawler.settings.get("MOAFEED_RECORD")
        if not folder:
            raise NotConfigured
        # The crawl's own moment where it has one, so that "3시간 전" means the same when the pages are read again.
        clock = crawler.settings.get("MOAFEED_CLOCK")
        middleware = cls(folder, datetime.fromisoformat(clock) if clock else datetime.now(UTC))
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        if EACH not in folder:
            middleware._recording("")
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        """Save *response* and pass it on unchanged."""
        visit: Visit | None = request.cb_kwargs.get("visit")
        # An answer without its body is of no use later; nor is what a page that is saved as it is shown was made of.
        is_useless = response.status == 304 or PART in request.meta  # noqa: PLR2004
        if is_useless or (visit is None and EACH in self._folder):
            return response
        recording = self._recording(visit.source.name if visit and EACH in self._folder else "")
        _save_redirects(recording, request)
        saved = recording.add(
            response.url, body=response.body, status=response.status, headers=_as_text(response.headers)
        )
        if saved is None:
            logger.warning("%s is larger than %d bytes and was not recorded", response.url, MAX_BYTES)
        return response

    def _recording(self, source: str) -> Recording:
        if source not in self._recordings:
            self._recordings[source] = _existing_or_new(Path(self._folder.replace(EACH, source)))
            self._recordings[source].recorded = self._recorded
        return self._recordings[source]

    def spider_closed(self) -> None:
        """Write the index of each."""
        for recording in self._recordings.values():
            recording.write()


def _save_redirects(recording: Recording, request: Request) -> None:
    hops: list[str] = request.meta.get("redirect_urls", [])
    reasons: list[object] = request.meta.get("redirect_reasons", [])
    for hop, target, reason in zip(hops, [*hops[1:], request.url], reasons, strict=False):
        if isinstance(reason, int):  # else a meta refresh, whose page is not at hand any more
            recording.add(hop, body=b"", status=reason, headers={"Location": target})


def _as_text(headers: Headers) -> dict[str, str]:
    # HTTP header values are bytes; latin-1 keeps each of them, whatever the site meant.
    return {name.decode("latin-1"): b", ".join(headers.getlist(name)).decode("latin-1") for name in headers}


def _existing_or_new(folder: Path) -> Recording:
    return Recording.load(folder) if (folder / "index.json").is_file() else Recording(folder)
