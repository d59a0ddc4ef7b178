"""What the demo blog answers, with the headers Tistory sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HTML, XML, TEXT, PNG = "text/html;charset=UTF-8", "text/xml;charset=UTF-8", "text/plain;charset=UTF-8", "image/png"
# No ETag, no Last-Modified: Tistory never answers a conditional request with 304.
_HEADERS = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache", "Expires": "0"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP response, whole."""

    status: int = 200
    """HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers by name; the length of the body is left to the server."""
    body: bytes
    """The body, UTF-8 where it is text."""


def text_answer(body: str, content_type: str = HTML, status: int = 200) -> Answer:
    """Return *body* as Tistory would send it."""
    return Answer(status=status, headers={"Content-Type": content_type} | _HEADERS, body=body.encode())


def file_answer(body: bytes, content_type: str) -> Answer:
    """Return a picture or an attached file, which may be cached."""
    return Answer(headers={"Content-Type": content_type, "Cache-Control": "max-age=31536000"}, body=body)
