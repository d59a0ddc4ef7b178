"""TrialSpider: finds the blogs behind addresses that are no sources yet, and reads some of their posts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from w3lib.encoding import http_content_type_encoding

from crawler.account import Account
from crawler.failures import SchemeError, meaning_of, plain
from crawler.manners.politeness import download_slots, slot_of
from crawler.platforms import FEED_ONLY
from crawler.scouting import Answer, Ask, NoBlogHereError, Scouted, scout
from crawler.scripted import MADE_BY_JAVASCRIPT
from crawler.source import Source
from crawler.spider import BlogSpider
from crawler.visit import Visit
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from typing import Self

    from scrapy.crawler import Crawler

settled = object()
"""Signal: of one more wish it is known which blog it is, or that it is none."""
_OK = 200
_LOOKED_AT = 8  # addresses that are asked for to find one blog


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A blog that somebody wants to follow."""

    address: str
    """What they gave: any address of it, absolute."""
    keys: Mapping[str, Any]
    """What its source file is to say whatever is found: a `platform`, for example."""
    is_guess: bool = False
    """Whether they gave no scheme, so that `https` stands there until that leads nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """A wish that comes to no source."""

    why: str
    """One sentence, which begins with the address."""
    is_twice: bool = False
    """Whether another wish is the same blog."""


class _TwiceError(NoBlogHereError):
    """Another wish leads to the same blog."""


class _NotInThatSchemeError(NoBlogHereError):
    """No talk came about over https."""


class TrialSpider(BlogSpider):
    """Finds the blog behind each wish; reads what a crawl of it would read first. What came of it is in `tried`.

    Attributes:
        tried: for each wish, in their order: the source it could become, or why it can't be one.
    """

    wishes: tuple[Wish, ...] = ()
    name_of: Callable[[str], str]
    """Gives a source's name for its address, always a new one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tried: list[Source | Lost] = [Lost(why=f"{wish.address} was not looked at") for wish in self.wishes]
        self._scouted: dict[str, Scouted] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Also listen for the moment when nothing is left to be read."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.fall_back, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Look at all addresses at once, and begin with each blog as soon as it is found."""
        looking = [asyncio.ensure_future(self._look(number, wish)) for number, wish in enumerate(self.wishes)]
        for found in asyncio.as_completed(looking):
            visit = await found
            self.crawler.signals.send_catch_log(settled)
            if visit is not None:
                for request in self._begin(visit):
                    yield request

    async def _look(self, number: int, wish: Wish) -> Visit | None:
        left = _LOOKED_AT

        async def ask(url: str) -> Answer:
            nonlocal left
            left -= 1
            if left < 0:
                raise NoBlogHereError("too many addresses would have to be asked for")
            return await self._ask_for(url)

        try:
            found = await _find(ask, wish)
            source = self._source(found, wish)
            await self._check_means(source)
        except NoBlogHereError as error:
            self.tried[number] = Lost(why=f"{wish.address} {error}", is_twice=isinstance(error, _TwiceError))
            return None
        self.tried[number] = source
        self._scouted[source.name] = found
        return self._visit(source)

    async def _check_means(self, source: Source) -> None:
        if why := await self._lacking(source):
            raise NoBlogHereError(f"was not read: {why}")

    def _source(self, found: Scouted, wish: Wish) -> Source:
        keys: dict[str, Any] = {"url": found.url, "platform": found.platform, "feed": found.feed, **wish.keys}
        keys = {name: value for name, value in keys.items() if value is not None}
        for source in self.sources:
            if same_page_key(source.start) == same_page_key(keys["url"]):
                raise _TwiceError(f"is the same blog as {source.name}")
        name = keys.pop("name", None) or self.name_of(found.url)
        try:
            return Source(name=name, **keys)
        except ValidationError as error:
            what = error.errors()[0]
            raise NoBlogHereError(f"leads to {found.url}, which {what['msg'].removeprefix('Value error, ')}") from None

    def _visit(self, source: Source) -> Visit:
        self.sources = (*(each for each in self.sources if each.name != source.name), source)
        source = self.workspace.settle(source)
        self._take_time_for(source)
        account = Account(source=source.name, home=source.url)
        visit = self.visits[source.name] = Visit(source, account, self._limits, now=self._begun)
        return visit

    def _take_time_for(self, source: Source) -> None:
        """Ask the hosts of a source as slowly as its workspace says; a recording is asked at once."""
        if self.crawler.settings["MOAFEED_REPLAY"]:
            return
        for name, slot in download_slots([source]).items():
            self.crawler.engine.downloader.per_slot_settings.setdefault(name, slot)

    async def _ask_for(self, url: str) -> Answer:
        """Ask for one address, as politely as a crawl does."""
        host = urlsplit(url).hostname or ""
        self._take_time_for(self.workspace.settle(Source(name="look", url=url)))
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"download_slot": slot_of(host)})
        try:
            response = await self.crawler.engine.download_async(request)
        except SchemeError as error:
            raise _NotInThatSchemeError(f"was not fetched: {error}") from error
        except IgnoreRequest as error:
            raise NoBlogHereError(f"was not fetched: {error}") from error
        except Exception as error:  # whatever stops it: that is the answer
            raise NoBlogHereError(f"can't be reached: {plain(error)}") from error
        if response.status != _OK:
            there = f"leads to {response.url}, which " if response.url != url else ""
            raise NoBlogHereError(there + meaning_of(response.status))
        header = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return Answer(
            url=response.url, body=response.body, media_type=header, encoding=http_content_type_encoding(header)
        )

    def fall_back(self) -> None:
        """Read the feed alone of a blog whose pages gave no post.

        Raises:
            DontCloseSpider: there is something to read yet.
        """
        begun = [request for number in range(len(self.tried)) for request in self._feed_alone(number)]
        for request in begun:
            self.crawler.engine.crawl(request)
        if begun:
            raise DontCloseSpider

    def _feed_alone(self, number: int) -> list[Request]:
        source = self.tried[number]
        if isinstance(source, Lost) or not source.has_pages or self.visits[source.name].account.read:
            return []
        feed = self._scouted[source.name].known_feed
        is_there = source.known_feed == feed or self.visits[source.name].document("feed") is not None
        if feed is None or not is_there or "platform" in self.wishes[number].keys:
            if self._scouted[source.name].is_scripted and not source.request.browser:
                self.tried[number] = Lost(why=f"{source.url} {MADE_BY_JAVASCRIPT}")
            return []
        keys = {"url": feed, "platform": FEED_ONLY, "name": source.name}
        alone = Source(**(dict(self.wishes[number].keys) | keys))
        self.tried[number] = alone
        return list(self._begin(self._visit(alone)))


async def _find(ask: Ask, wish: Wish) -> Scouted:
    """Return how a blog can be followed: over https, and where nobody said so and it speaks no TLS, over http.

    Raises:
        NoBlogHereError: there is none that we could read.
    """
    try:
        return await _find_at(ask, wish, wish.address)
    except _NotInThatSchemeError:
        if wish.is_guess:
            with suppress(_NotInThatSchemeError):
                return await _find_at(ask, wish, wish.address.replace("https:", "http:", 1))
        raise


async def _find_at(ask: Ask, wish: Wish, address: str) -> Scouted:
    if wish.keys.get("platform") != FEED_ONLY:
        return await scout(ask, address)
    if wish.is_guess:
        await ask(address)
    return Scouted(url=address, platform=FEED_ONLY)
