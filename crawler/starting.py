"""How a crawl begins: what each source has most likely to tell is asked for first; quiet feeds beside the engine."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from crawler.asking import as_before, polled
from crawler.joining import JoiningSpider
from crawler.manners.browser import BrowserMiddleware
from crawler.manners.conditional import NOT_MODIFIED, validators
from crawler.manners.credentials import lacking
from crawler.manners.politeness import site_of, slots_of
from crawler.manners.quiet import QuietRound
from crawler.manners.robots import is_known_to_be_allowed
from crawler.whole import whole_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from datetime import datetime

    from scrapy import Request

    from crawler.manners.quiet import Answered
    from crawler.source import Source
    from crawler.visit import Visit
    from pipelines.store import Address, Host, Noted

_QUIET = frozenset({HTTPStatus.OK, NOT_MODIFIED})


class StartingSpider(JoiningSpider):
    """Sends each source's first requests."""

    sources: tuple[Source, ...]
    visits: dict[str, Visit]
    hosts: dict[str, Host]
    _left: dict[str, int]

    @property
    def now(self) -> datetime:
        """The moment this crawl is in: aware, UTC."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request | tuple[Noted, ...]]:
        """Ask for what each source has most likely to tell: what was left behind, and its cheapest list of posts."""
        alone = self._is_alone()
        lone: list[Request] = []
        for visit in self.visits.values():
            if (until := self._resting(visit.source.start)) is not None:
                visit.account.rest(until)
                continue
            if why := await self._lacking(visit.source):
                visit.account.fail(visit.source.start, why)
                continue
            requests = list(self._begin(visit))
            if len(requests) == 1 and alone(visit.source) and self._may_be_quiet(requests[0], visit):
                lone += requests
                continue
            for request in requests:
                yield request
        async for asked in self._polled(lone):
            yield asked

    async def _lacking(self, source: Source) -> str | None:
        """Return why *source* can't be asked from here; None where nothing is missing."""
        if self.settings["MOAFEED_REPLAY"]:
            return None  # nobody is asked
        browser = self.crawler.get_downloader_middleware(BrowserMiddleware)
        return lacking(source) or (await browser.lacking(source) if browser else None)

    def _begin(self, visit: Visit) -> Iterator[Request]:
        if not visit.source.has_pages:
            yield self._ask_document(visit, visit.only_feed(waiting=visit.source.name in self._left), self.parse_feed)
            return
        left = list(visit.waiting()) if visit.source.name in self._left else []
        yield from (self._ask_listing(visit, page) for page in left if page.kind == "listing")
        yield from self._read_later(visit, [post for post in left if post.kind == "post"])
        if visit.reads_front:
            yield self._ask_document(visit, visit.at("front", visit.source.url), self.parse_home)
            for url in visit.source.listing.also:
                yield self._ask_document(visit, visit.at("front", url), self.parse_listing)  # remembered as that is
        if (feed := visit.document("feed")) and self._resting(visit.home_of(feed)) is None:
            optional = visit.reads_front and visit.source.feed is None
            yield self._ask_document(visit, feed, self.parse_feed, optional=optional)
        if (sitemap := visit.next_sitemap()) is not None:
            yield self._ask_document(visit, sitemap, self.parse_sitemap, optional=True)
        for address in visit.revisits():
            yield self._ask_post(visit, address)

    def _resting(self, url: str) -> datetime | None:
        host = self.hosts.get(site_of(url))
        return host.resting_until if host and host.resting_until and self.now < host.resting_until else None

    # --- the quiet ones ----------------------------------------------------------------------------------------------

    def _is_alone(self) -> Callable[[Source], bool]:
        """Return what tells of a source whether nothing else in this crawl is asked of its hosts."""
        if self.settings["MOAFEED_REPLAY"] or self.settings["MOAFEED_RECORD"]:
            return lambda _: False  # there the engine's way is the point
        sharing = Counter(slot for source in self.sources for slot in slots_of(source))
        return lambda source: all(sharing[slot] == 1 for slot in slots_of(source))

    def _may_be_quiet(self, request: Request, visit: Visit) -> bool:
        """Tell whether the one request of a source is for a feed that answered last time, as anybody may ask for it."""
        address: Address = request.cb_kwargs["address"]
        was_there = address.kind == "feed" and address.status in _QUIET and not visit.limits.everything
        host, agent = self.hosts.get(site_of(request.url)), self.settings["BOT_NAME"]
        return (
            was_there and visit.source.request.is_plain
            and is_known_to_be_allowed(request.url, host, self.now, agent)
        )  # fmt: skip

    async def _polled(self, requests: Sequence[Request]) -> AsyncIterator[Request | tuple[Noted, ...]]:
        """Ask for feeds beside the engine; yield what to remember of the quiet ones, and the others' requests."""
        if not requests:
            return
        async for some in QuietRound.from_crawler(self.crawler).answers(requests):
            quiet: list[Noted] = []
            for answered in some:
                visit: Visit = answered.request.cb_kwargs["visit"]
                if noted := _nothing_new(answered, visit):
                    visit.document_ended()
                    self.crawler.signals.send_catch_log(polled, url=answered.request.url)
                    quiet.append(noted)
                else:
                    yield answered.handed_over()
            if quiet:
                yield tuple(quiet)


def _nothing_new(answered: Answered, visit: Visit) -> Noted | None:
    """The record of a feed that says what it said; None where the engine has to look at what came."""
    response, address = answered.response, answered.request.cb_kwargs["address"]
    if response is None or response.status not in _QUIET:
        return None
    if response.status == NOT_MODIFIED and not validators(answered.request):
        return None
    with suppress(IgnoreRequest):
        if (body := whole_body(response)) is not None:
            return as_before(response, body, visit, address)
    return None
