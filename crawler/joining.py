"""How a post in parts is read: page after page, and kept when all of them are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.document import PageError
from crawler.manners.politeness import slot_of
from crawler.naming import NamingSpider
from crawler.parts import MOST, joined
from crawler.reading import platform_of
from crawler.selected import post_page
from pipelines.store import Read
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from crawler.parts import Whole
    from crawler.visit import Visit
    from pipelines.store import Address


class JoiningSpider(NamingSpider):
    """Reads the further pages of posts that have some."""

    def _kept(self, whole: Whole, response: Response, visit: Visit, address: Address) -> Iterator[Any]:
        raise NotImplementedError

    def _ask_part(self, url: str, visit: Visit, address: Address, pages: tuple[Response, ...]) -> Request:
        """Ask for a further page, without conditions: what was told of the first page is not true of it."""
        visit.account.asked += 1
        meta = {"optional": False, "download_slot": slot_of(visit.source.host)}
        return Request(url, callback=self.parse_part, errback=self.failed, dont_filter=True, priority=5, meta=meta,
                       cb_kwargs={"visit": visit, "address": address, "pages": pages})  # fmt: skip

    def parse_part(
        self, response: Response, visit: Visit, address: Address, pages: tuple[Response, ...]
    ) -> Iterator[Any]:
        """A further page of one post; a part that fails puts the whole post off."""
        visit.account.ended += 1
        yield from self._part(response, visit, address, pages)
        yield from self._next_number(visit)

    def _part(
        self, response: Response, visit: Visit, address: Address, pages: tuple[Response, ...]
    ) -> Iterator[Any]:
        document = self._arrived(response, visit, address)
        if document is None:
            yield Read(address=visit.put_off(address, response.status))
            return
        first, (_, platform) = pages[0], platform_of(document, visit.source)
        further = None
        if same_page_key(response.url) not in {same_page_key(page.url) for page in pages}:  # else led back to another
            pages = (*pages, response)
            further = post_page(document, platform, visit.source).part(len(pages) + 1, first.url)
        if further is not None and len(pages) < MOST:
            yield self._ask_part(further, visit, address, pages)
            return
        try:
            whole = joined(pages, visit.source, visit.listed(address))
        except PageError as error:
            visit.account.skip(first.url, str(error), unreadable=not address.tries)
            yield Read(address=visit.put_off(address, first.status))
            return
        yield from self._kept(whole, first, visit, address)
