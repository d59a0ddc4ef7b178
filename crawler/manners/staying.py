"""A source's requests stay on its own hosts, wherever a redirect points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from crawler.manners.politeness import hosts_of

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.visit import Visit
    from pipelines.store import Address


PART = "part_of_a_page"
"""Stands in the meta of a request for what a page's scripts ask for in a browser."""


class AwayError(IgnoreRequest):
    """A request that would have left its source's site."""


class StayMiddleware:
    """Refuses a request that a source's redirects led to another site; that site was never asked to be crawled.

    Scrapy's own offsite filter lets everything through that is sent with `dont_filter`, and all of ours is.
    """

    def process_request(self, request: Request) -> None:
        """Let *request* pass, or raise AwayError with what the source's owner can do."""
        visit: Visit | None = request.cb_kwargs.get("visit")
        address: Address | None = request.cb_kwargs.get("address")
        host = urlparse_cached(request).hostname
        if visit is None or address is None or host in hosts_of(visit.home_of(address)):
            return
        if request.meta.get(PART) and host in visit.source.request.browser_hosts:
            return
        file = f"sources/{visit.source.name}.toml"
        raise AwayError(f"leads to {host}, another site; if the blog moved, put its new address into {file}")
