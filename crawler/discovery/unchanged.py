"""Whether an answer says the same as the last one, though a server changes something in every answer."""

from __future__ import annotations

import hashlib
import re

from crawler.discovery.signed import unsigned

_PASSING = re.compile(
    rb"<!--.*?(?:-->|\Z)|<((?:[\w.-]{1,30}:)?(?:lastBuildDate|pubDate|updated|modified|date|generator))(?:\s[^<>]*)?>"
    rb"(?:<!\[CDATA\[.{0,99}?\]\]>|[^<])*</\1\s*>",
    re.DOTALL,
)
_FIRST = {
    "feed": re.compile(rb"<(?:[\w.-]{1,30}:)?(item|entry)[\s>/]"),
    "sitemap": re.compile(rb"<(?:[\w.-]{1,30}:)?(url|sitemap)[\s>/]"),
}
# Tistory dates the front page, which is no post, in its sitemap.
_FRONT = re.compile(rb"(<loc>\s*https?://[^/<\s]+/?\s*</loc>)\s*<lastmod>[^<]*</lastmod>")
_GZIP = b"\x1f\x8b"


def fingerprint(body: bytes, kind: str) -> str:
    """Return a hash (BLAKE2b, 32 hex digits) that is equal for answers that say the same.

    What stands before the first entry and behind the last one counts without comments, dates and generator: the time
    of the request (Tistory's `pubDate`), a cache's remark. Entries count as they are, but for signed picture queries.

    Args:
        body: the bytes as answered.
        kind: `feed` or `sitemap`; of anything else only the signed queries don't count.
    """
    if body.startswith(_GZIP):
        return _hashed(body[:4], body[8:])  # between them: when it was compressed (RFC 1952, section 2.3)
    first = _FIRST.get(kind)
    if not first:
        return _hashed(unsigned(body))
    found = first.search(body)
    start = found.start() if found else len(body)
    end = max(start, body.rfind(found[1] + b">")) if found else start
    entries = unsigned(body[start:end])
    if kind == "sitemap":
        entries = _FRONT.sub(rb"\1", entries)
    return _hashed(_lasting(body[:start]), entries, _lasting(body[end:]))


def _lasting(part: bytes) -> bytes:
    return b" ".join(_PASSING.sub(b" ", part).split())


def _hashed(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
        digest.update(b"\x00")
    return digest.hexdigest()
