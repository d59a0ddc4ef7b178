"""Obeying robots.txt as RFC 9309 says, for every request that waits for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK, Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import SchemeError, is_of_scheme, plain
from crawler.manners.politeness import slot_of
from pipelines.post import xml_safe
from pipelines.store import Host

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.spider import BlogSpider

_PARSED = 500 * 1024  # bytes; RFC 9309 section 2.5: a parser reads at least this much
_GOOD_FOR = timedelta(days=1)
_LONGEST_DELAY = 60.0  # seconds; a Crawl-delay of a day is a mistake, not a wish
_CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 400, 429, 500


class ForbiddenError(IgnoreRequest):
    """An address that its host's robots.txt keeps for people."""


class RobotsMiddleware:
    """Asks each host for its rules once and holds every request to that host until they are known.

    Written instead of Scrapy's because that one, from 2.14 on, answers only the first of several waiting requests and
    lets the others through; because it allows everything where a server fails (RFC 9309 section 2.3.1.4 says the
    opposite); and because it does not apply Crawl-delay.
    """

    def __init__(self, crawler: Crawler, user_agent: str) -> None:
        self._crawler = crawler
        self._user_agent = user_agent
        self._rules: dict[str, asyncio.Future[Protego | IgnoreRequest | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take our product token from the settings: RFC 9309 section 2.2.1 compares that, not the whole user agent."""
        return cls(crawler, crawler.settings["BOT_NAME"])

    async def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise IgnoreRequest with the reason."""
        if request.meta.get("dont_obey_robotstxt"):
            return  # the request for robots.txt itself
        rules = await self._rules_for(request)
        if isinstance(rules, IgnoreRequest):
            raise type(rules)(*rules.args)
        if rules is not None and not rules.can_fetch(request.url, self._user_agent):
            raise ForbiddenError("its robots.txt forbids this address")

    async def _rules_for(self, request: Request) -> Protego | IgnoreRequest | None:
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._ask(site, slot_of(parts.hostname or "")))
        return await asyncio.shield(self._rules[site])

    async def _ask(self, site: str, slot: str) -> Protego | IgnoreRequest | None:
        """The rules of *site* (None: everything is allowed), or the reason why nothing may be asked there."""
        spider = cast("BlogSpider", self._crawler.spider)
        if (told := remembered_rules(spider.hosts.get(site), spider.now)) is not None:
            rules = _parsed(told)
            self._slow_down(slot, rules)
            return rules
        if self._crawler.engine is None:
            raise RuntimeError("a request is under way, so there is an engine")
        request = Request(
            f"{site}/robots.txt", callback=NO_CALLBACK, priority=1000, dont_filter=True,
            meta={"dont_obey_robotstxt": True, "download_slot": slot},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever stops it, the host can't be asked: that is the answer
            kind = SchemeError if is_of_scheme(error) else IgnoreRequest
            return kind(f"the site can't be reached: {plain(error)}")
        if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
            return IgnoreRequest(f"its robots.txt answers {response.status}, which means: don't crawl now")
        text = _text(response) if response.status < _CLIENT_ERROR else ""  # none there: everything is allowed
        self._remember(site, response.status, text)
        rules = _parsed(text)
        self._slow_down(slot, rules)
        return rules

    def _remember(self, site: str, status: int, text: str) -> None:
        spider = cast("BlogSpider", self._crawler.spider)
        known = spider.hosts.get(site) or Host(site=site)
        spider.hosts[site] = replace(known, robots_checked=spider.now, robots_status=status, robots=text)

    def _slow_down(self, name: str, rules: Protego | None) -> None:
        wished = rules.crawl_delay(self._user_agent) if rules else None
        if not wished or self._crawler.engine is None:
            return
        downloader = self._crawler.engine.downloader
        delay = min(float(wished), _LONGEST_DELAY)
        known = downloader.per_slot_settings.setdefault(name, {})
        known["delay"] = max(delay, known.get("delay", 0.0))
        if slot := downloader.slots.get(name):
            slot.delay = max(delay, slot.delay)


def remembered_rules(host: Host | None, now: datetime) -> str | None:
    """Return the text of a robots.txt that was read less than a day ago (RFC 9309, section 2.4)."""
    if host is None or host.robots_checked is None or host.robots is None:
        return None
    return host.robots if timedelta(0) <= now - host.robots_checked < _GOOD_FOR else None


def is_known_to_be_allowed(url: str, host: Host | None, now: datetime, user_agent: str) -> bool:
    """Tell whether *url* may be asked for without asking its host for its rules first."""
    text = remembered_rules(host, now)
    rules = _parsed(text) if text is not None else None
    return text is not None and (rules is None or rules.can_fetch(url, user_agent))


@lru_cache(maxsize=64)  # all blogs of a platform say the same
def _parsed(text: str) -> Protego | None:
    """The rules in a robots.txt; None where it has none, which is quicker to ask."""
    return Protego.parse(text) if text.strip() else None


def _text(response: Response) -> str:
    """What is parsed of a file, at most 500 KiB; half a line could forbid everything."""
    body = response.body
    whole = body if len(body) <= _PARSED else body[:_PARSED].rpartition(b"\n")[0]
    return xml_safe(whole.decode("utf-8-sig", errors="ignore"))
