"""The last resort of a walk to the first post: asking for posts by their numbers, one after another."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from crawler.asking import AskingSpider, numbered
from crawler.discovery import Found
from crawler.failures import reason_of, status_of
from crawler.manners.downloader import StoppedError
from crawler.manners.staying import AwayError
from crawler.numbers import Came, numbers_of
from crawler.page import PageKind
from crawler.page_kind import NEVER_POSTS
from crawler.reading import platform_of
from crawler.selected import post_page
from pipelines.identity import address_alias
from pipelines.store import Read
from pipelines.store.departures import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.document import Document
    from crawler.visit import Visit
    from pipelines.store import Address, Store

_NO_SUCH_NUMBER = "is not there; its number was tried, since no list names the older posts"
_CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class NumberingSpider(AskingSpider):
    """Asks for what no list names, once everything that lists name was read."""

    _store: Store | None = None

    def _post(self, document: Document, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        raise NotImplementedError

    def _released(self, visit: Visit) -> Iterator[Request]:
        yield from super()._released(visit)
        yield from self._next_number(visit)

    def _next_number(self, visit: Visit) -> Iterator[Request]:
        """Ask for the next number, where nothing else of that blog is under way."""
        account, walk = visit.account, visit.walk
        if not visit.limits.everything or visit.documents_open or visit.backlog or account.asked > account.ended:
            return
        if walk.numbers is None:
            walk.numbers = numbers_of(visit, self._store.memory if self._store else None)
            if count := walk.numbers.count:
                seconds = count * self._pause(visit)
                self.crawler.signals.send_catch_log(numbered, source=visit.source, numbers=count, seconds=seconds)
        if (address := walk.numbers.next()) is not None:
            account.posts_asked += 1
            request = self._ask(visit, address, self.parse_number, optional=False, priority=-account.posts_asked)
            yield request.replace(errback=self.no_number)

    def parse_number(self, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        """What is at a number: a post, something that is none, or nothing."""
        visit.account.ended += 1
        document = self._arrived(response, visit, address)
        if document is None:
            yield _failed(visit, address, response.status)
        else:
            _, platform = platform_of(document, visit.source)
            page = post_page(document, platform, visit.source)
            if page.kind is PageKind.POST:
                is_old = visit.is_too_old(Found(url=document.url, published=page.published))
                _came(visit, Came.OLD if is_old else Came.THERE)
                visit.account.posts += address_alias(document.url) not in visit.account.found
                yield from self._post(document, response, visit, address)
            elif page.kind in NEVER_POSTS:
                yield _left_alone(visit, address, response.status, page.kind.instead)
            else:
                yield _nothing(visit, address)
        yield from self._next_number(visit)

    def no_number(self, failure: Failure) -> Iterator[Any]:
        """A number that came to nothing: only a server that fails is a failure."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        visit: Visit = request.cb_kwargs["visit"]
        address: Address = request.cb_kwargs["address"]
        visit.account.ended += 1
        if isinstance(failure.value, StoppedError):
            visit.account.left += 1
            return
        status = status_of(failure)
        if status in GONE or isinstance(failure.value, AwayError):
            yield _nothing(visit, address)
        elif status in _CLOSED:
            yield _left_alone(visit, address, status, PageKind.PRIVATE.instead)
        else:
            visit.account.fail(address.url, reason_of(failure))
            yield _failed(visit, address, status)
        yield from self._next_number(visit)


def _came(visit: Visit, what: Came) -> None:
    if visit.walk.numbers:
        visit.walk.numbers.came(what)


def _nothing(visit: Visit, address: Address) -> Read:
    """The record of a number without a post, whatever words or list its server shows instead."""
    _came(visit, Came.MISSING)
    visit.account.skip(address.url, _NO_SUCH_NUMBER)
    return Read(address=visit.done(address, HTTPStatus.NOT_FOUND))


def _left_alone(visit: Visit, address: Address, status: int, why: str) -> Read:
    _came(visit, Came.THERE)
    visit.account.skip(address.url, why)
    return Read(address=visit.done(address, status, outcome=why))


def _failed(visit: Visit, address: Address, status: int) -> Read:
    """The record of a number that is asked for another time; where nothing answers, the others wait too."""
    _came(visit, Came.FAILED)
    if visit.walk.numbers and not status:
        visit.walk.numbers.stop()
    return Read(address=replace(address, tries=address.tries + 1, checked=visit.now, status=status or None))
