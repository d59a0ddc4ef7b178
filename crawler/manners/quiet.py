"""Asking blogs that are likely to have nothing new: one light request each, beside the engine.

Most polls end with "as before". The engine's way to that answer (scheduler, slots, two chains of middlewares, Twisted's
HTTP) takes four times the CPU of the request itself, so a request that nothing else waits for is sent without it. Only
what says "as before" ends here: every other answer is handed to the engine, which goes on as if it had asked itself,
and what came to nothing, or was refused, is asked again by it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from crawler.manners.conditional import validators

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import Self

    from aiohttp import ClientSession
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Refusals of who asks, which the engine may not meet: its TLS, and the order of its headers, are not aiohttp's.
_WHO_ASKS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_ACCEPTABLE})
ANSWER, ASKED_AT = "answer", "asked_at"
"""Keys of a request's meta: the response that it has already, and when it was asked (`time.monotonic`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a light request came to."""

    request: Request
    """As the engine would have sent it."""
    response: Response | None
    """As the engine would have got it, still compressed; None where nothing came."""
    asked_at: float
    """When it was sent, of `time.monotonic`."""

    def handed_over(self) -> Request:
        """Return the request for the engine: with its answer, or to be asked again as after a first try."""
        self.request.meta[ASKED_AT] = self.asked_at
        if self.response is None or self.response.status in _WHO_ASKS:
            self.request.meta["retry_times"] = 1
        else:
            self.request.meta[ANSWER] = self.response
        return self.request


class QuietRound:
    """Sends light requests, as many at once as the engine does; each must be the only one to its host."""

    def __init__(self, *, most_at_once: int, headers: dict[str, str], seconds: float, longest: int) -> None:
        """Make a round.

        Args:
            most_at_once: requests under way.
            headers: of every request.
            seconds: for how long one is waited for.
            longest: bytes of a body, as sent; the engine refuses what is longer.
        """
        self._most_at_once, self._headers, self._seconds, self._longest = most_at_once, headers, seconds, longest

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take from the settings what the engine takes from them."""
        settings = crawler.settings
        return cls(
            most_at_once=settings.getint("CONCURRENT_REQUESTS"), seconds=settings.getfloat("DOWNLOAD_TIMEOUT"),
            headers=settings.getdict("DEFAULT_REQUEST_HEADERS") | {"User-Agent": settings["USER_AGENT"]},
            longest=settings.getint("DOWNLOAD_MAXSIZE"),
        )

    async def answers(self, requests: Sequence[Request]) -> AsyncIterator[list[Answered]]:
        """Send *requests*; yield what they came to as it comes, all at once what comes at once."""
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector  # noqa: PLC0415  # dear to load

        waiting, arrived = iter(requests), asyncio.Queue[Answered](self._most_at_once)
        connector = TCPConnector(limit=self._most_at_once, force_close=True)  # no host is asked twice
        session = ClientSession(
            connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False, headers=self._headers,
            timeout=ClientTimeout(total=self._seconds),
        )  # fmt: skip

        async def work() -> None:
            for request in waiting:
                await arrived.put(await self._asked(session, request))

        workers = [asyncio.create_task(work()) for _ in range(min(self._most_at_once, len(requests)))]
        try:
            left = len(requests)
            while left:
                some = [await arrived.get()]
                while not arrived.empty():
                    some.append(arrived.get_nowait())
                left -= len(some)
                yield some
        finally:
            for worker in workers:
                worker.cancel()
            await session.close()

    async def _asked(self, session: ClientSession, request: Request) -> Answered:
        asked_at = monotonic()
        try:
            response = await self._response(session, request)
        except Exception:  # the engine asks again, and tells whatever it is in its own words
            response = None
        return Answered(request=request, response=response, asked_at=asked_at)

    async def _response(self, session: ClientSession, request: Request) -> Response | None:
        from yarl import URL  # noqa: PLC0415  # comes with aiohttp

        url = URL(request.url, encoded=True)  # verbatim
        async with session.get(url, headers=validators(request), allow_redirects=False) as answer:
            received = bytearray()
            async for piece in answer.content.iter_any():
                received += piece
                if len(received) > self._longest:
                    return None
            headers = Headers()
            for name, value in answer.raw_headers:
                headers.appendlist(name, value)
        body = bytes(received)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(url=request.url, status=answer.status, headers=headers, body=body, request=request)
