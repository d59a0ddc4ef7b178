"""Asking "only if it changed" by what an address answered last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from pipelines.identity import address_alias

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from pipelines.store import Address

_HEADERS = ("If-None-Match", "If-Modified-Since")
NOT_MODIFIED = 304


def validators(request: Request) -> dict[str, str]:
    """Return the headers that ask *request* only if its address says something else than what is remembered of it."""
    known: Address | None = request.meta.get("remembered")
    if known is None or (known.url != request.url and known.key != address_alias(request.url)):
        return {}
    values = zip(_HEADERS, (known.etag, known.last_modified), strict=True)
    return {name: value for name, value in values if value}


class ConditionalMiddleware:
    """Sends the validators of an address, verbatim, to that address alone (RFC 9110, section 13.1).

    A redirect copies a request's headers; the validators of one page must not make another one say "as before".
    Scrapy's own cache is unfit for this: it asks nothing while a page "is fresh", never revalidates `no-cache` answers,
    and answers failures by old pages.
    """

    def process_request(self, request: Request) -> None:
        """Put the headers on, or take another address's off."""
        for name in _HEADERS:
            request.headers.pop(name, None)
        for name, value in validators(request).items():
            request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass *response* on; "as before" from a server that was asked nothing of the kind is no answer."""
        if response.status == NOT_MODIFIED and not any(name in request.headers for name in _HEADERS):
            raise IgnoreRequest("answers 304 (as before), though it was asked for the whole page")
        return response
