"""An answer that was cut short is no answer."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_GZIP = frozenset({b"gzip", b"x-gzip"})
_LONGEST = 8 * 2**20  # bytes; what is longer is refused by DOWNLOAD_MAXSIZE anyway


class WholeMiddleware:
    """Refuses a gzip body without its end.

    A proxy that breaks off can still send the right Content-Length of what it sends; Scrapy then gives the first part
    of the page as if it were all, and half a post would replace a whole one.
    """

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002  # Scrapy's signature
        """Pass *response* on, still compressed, or raise IgnoreRequest."""
        if (response.headers.get("Content-Encoding") or b"").strip().lower() not in _GZIP:
            return response
        reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            reader.decompress(response.body, _LONGEST)
        except zlib.error:
            return response  # no gzip at all: decompression says so
        if not reader.eof and not reader.unconsumed_tail:
            raise IgnoreRequest("the answer was cut short")
        return response
