"""How the spider asks: each address once, by what it answered last, and every answer accounted for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider

from crawler.discovery import fingerprint
from crawler.document import PageError
from crawler.documents import FRESH
from crawler.manners.conditional import NOT_MODIFIED
from crawler.manners.freshness import fresh_seconds, says_freshness
from crawler.manners.politeness import slot_of
from crawler.reading import document_of
from pipelines.identity import address_alias
from pipelines.pictures import lasting_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.document import Document
    from crawler.visit import Visit
    from pipelines.store import Address, Noted

counted = object()
"""Signal: the posts of a source on the way to the first one are known; sends `source`, `posts`
(their number) and `seconds` (the least time to read them)."""
numbered = object()
"""Signal: a source's older posts are asked for by their numbers, since nothing names them; sends `source`, `numbers`
(how many at most) and `seconds` (the least time to ask for all)."""
polled = object()
"""Signal: a feed was asked for beside the engine, and says what it said; sends its `url`."""
_LONGEST_VALIDATOR = 500  # characters; no honest one is longer


class AskingSpider(Spider):
    """Makes requests; what is done with their answers is its subclasses' business."""

    def parse_listing(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """A further listing page."""
        raise NotImplementedError

    def parse_post(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """One post's page."""
        raise NotImplementedError

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Whatever kept a request from its callback."""
        raise NotImplementedError

    def _read_later(self, visit: Visit, addresses: Iterable[Address]) -> Iterator[Request]:
        """Ask for posts; on the way to the first post only when all of them are known, and counted for the reader."""
        if visit.limits.everything:
            visit.backlog += addresses
        else:
            yield from (self._ask_post(visit, address) for address in addresses)

    def _released(self, visit: Visit) -> Iterator[Request]:
        if visit.documents_open or not visit.backlog:
            return
        if not visit.is_counted:
            visit.is_counted = True
            posts, pause = len(visit.backlog), self._pause(visit)
            self.crawler.signals.send_catch_log(counted, source=visit.source, posts=posts, seconds=posts * pause)
        backlog, visit.backlog = visit.backlog, []
        yield from (self._ask_post(visit, address) for address in backlog)

    def _pause(self, visit: Visit) -> float:
        """Return the seconds between two requests to a source."""
        slots: dict[str, dict[str, float]] = self.crawler.settings["DOWNLOAD_SLOTS"]
        return slots.get(slot_of(visit.source.host), {}).get("delay", 1.0)

    def _ask_document(
        self, visit: Visit, address: Address, callback: Callable[..., Any], *, optional: bool = False
    ) -> Request:
        visit.document_asked(address)
        return self._ask(visit, address, callback, optional=optional, priority=10)

    def _ask_listing(self, visit: Visit, listing: Address) -> Request:
        return self._ask_document(visit, listing, self.parse_listing)

    def _ask_post(self, visit: Visit, address: Address) -> Request:
        visit.account.posts_asked += 1
        return self._ask(visit, address, self.parse_post, optional=False, priority=-visit.account.posts_asked)

    def _ask(
        self, visit: Visit, address: Address, callback: Callable[..., Any], *, optional: bool, priority: int
    ) -> Request:
        visit.account.asked += 1
        meta = {
            "optional": optional,
            "download_slot": slot_of(urlsplit(visit.home_of(address)).hostname or ""),
            "handle_httpstatus_list": [NOT_MODIFIED],
            "depth_reset": visit.limits.everything,  # a walk has a bound of its own
        }
        if not visit.is_to_be_read_whole(address):
            meta["remembered"] = address
        # dont_filter: we ask each address once ourselves, and Scrapy's filter swallows a redirect to itself silently.
        return Request(
            address.url, callback=callback, errback=self.failed, dont_filter=True, priority=priority, meta=meta,
            cb_kwargs={"visit": visit, "address": address},
        )

    def _arrived(self, response: Response, visit: Visit, post: Address | None = None) -> Document | None:
        """The page; None, written down, where it can't be read: that of a *post* is left alone, others fail."""
        account = visit.account
        if not response.body.strip():
            account.fail(response.url, "the answer is empty")
            return None
        account.lasting |= lasting_forms(response.body)
        try:
            return document_of(response)
        except PageError as error:
            if post is not None:
                account.skip(response.url, str(error), unreadable=not post.tries)
            else:
                account.fail(response.url, str(error))
            return None


def as_before(response: Response, body: bytes, visit: Visit, address: Address) -> Noted | None:
    """The record of a feed or sitemap that says what it said; None where it says something else.

    Args:
        response: what was answered.
        body: its body, unpacked.
        visit: whose document it is.
        address: what is remembered of it.
    """
    if response.status == NOT_MODIFIED:
        return visit.unchanged(_freshened(address, response), status=response.status)
    if visit.limits.everything or address.fingerprint is None:
        return None
    is_same = fingerprint(body, address.kind) == address.fingerprint
    return visit.unchanged(answered(address, response), status=response.status) if is_same else None


def answered(address: Address, response: Response) -> Address:
    """The record of a document under the address where it was answered: the next time it is asked for there."""
    key = address.key if response.url == address.url else address_alias(response.url)
    here = address if key == address.key else replace(address, key=key, url=response.url)
    return _freshened(told(here, response), response)


def _freshened(document: Address, response: Response) -> Address:
    """The record of a feed with how long its server says that the answer is good."""
    if document.kind != "feed" or (response.status == NOT_MODIFIED and not says_freshness(response)):
        return document
    seconds = fresh_seconds(response)
    kept = {name: mark for name, mark in document.marks.items() if name != FRESH}
    return replace(document, marks=kept | ({FRESH: str(seconds)} if seconds else {}))


def told(address: Address, response: Response) -> Address:
    """The record with what the server gave to ask by the next time, verbatim (RFC 9110, section 8.8)."""
    etag, modified = (
        value.decode("latin-1")[:_LONGEST_VALIDATOR] if (value := response.headers.get(name)) else None
        for name in ("ETag", "Last-Modified")
    )
    return replace(address, etag=etag, last_modified=modified)
