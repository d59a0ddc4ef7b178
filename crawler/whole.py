"""An answer that was cut short is no answer."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_PLAIN = frozenset({b"", b"identity"})
_GZIP = frozenset({b"gzip", b"x-gzip"})
_ERROR = 300  # statuses from here on carry no post
_LONGEST = 8 * 2**20  # bytes; what is longer is refused by DOWNLOAD_MAXSIZE anyway


class WholeMiddleware:
    """Refuses a gzip body without its end, and every coding that was not asked for and can't be checked like it.

    A proxy that breaks off can still send the right Content-Length of what it sends; Scrapy then gives the first part
    of the page as if it were all, and half a post would replace a whole one.
    """

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002  # Scrapy's signature
        """Pass *response* on, unpacked, or raise IgnoreRequest; what is no gzip, or too long, Scrapy refuses."""
        body = whole_body(response)
        return response if body is None or body is response.body else _unpacked(response, body)


def whole_body(response: Response) -> bytes | None:
    """Return the body of *response*, unpacked; None where that is left to Scrapy, which refuses it.

    Raises:
        IgnoreRequest: it was cut short, or is in a coding that was not asked for.
    """
    coding = (response.headers.get("Content-Encoding") or b"").strip().lower()
    if not response.body or coding in _PLAIN or response.status >= _ERROR:
        return response.body  # an error's status is the news, whatever its empty body is called
    if coding not in _GZIP:
        raise IgnoreRequest(f"answers in a coding that was not asked for: {coding[:40].decode('latin-1')}")
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = reader.decompress(response.body, _LONGEST)
    except zlib.error:
        return None
    if not reader.eof and not reader.unconsumed_tail:
        raise IgnoreRequest("the answer was cut short")
    return None if reader.unused_data or reader.unconsumed_tail else body


def _unpacked(response: Response, body: bytes) -> Response:
    """*response* as it would be after Scrapy's own decompression, which unpacks it once more otherwise."""
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    encoding = {"encoding": None} if issubclass(kind, TextResponse) else {}
    return response.replace(headers=headers, body=body, cls=kind, **encoding)
