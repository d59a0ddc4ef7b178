"""Which post is this? The keys it is found again by, and the guid minted once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.post import RawPost

_KEY = "id:"
_ADDRESS = "at:"
_LONGEST = 1000  # bytes; PostgreSQL refuses index entries of more than 2,700
_HALF_ESCAPE = re.compile(r"%[0-9A-Fa-f]?$")


def aliases(raw: RawPost, url: str) -> tuple[str, ...]:
    """Return every key *raw* is known under, the strongest first.

    The platform's own id comes first, since owners change slugs, hosts and permalink styles but not that;
    then *url* (canonical) and every other address, each without scheme, `www.` and trailing slash.
    """
    keys = [_KEY + raw.key] if raw.key else []
    addresses = dict.fromkeys(address for address in (url, raw.page_url, *raw.addresses) if address)
    return tuple(dict.fromkeys((*keys, *map(address_alias, addresses))))


def address_alias(url: str) -> str:
    """Return the alias under which a post at *url* is known."""
    return _bounded(_ADDRESS + same_page_key(url))


def is_platform_key(alias: str) -> bool:
    """Tell a platform's permanent id, which no two posts share, from an address, which may be used again."""
    return alias.startswith(_KEY)


def mint(raw: RawPost, url: str, dated: datetime) -> str:
    """Return a new guid: an RFC 4151 `tag:` URI of the post's host, year and platform id (else its path).

    It is a name, not an address: it stays when the post moves. A port that is not the scheme's own tells blogs of one
    host apart; it stands behind the year, since a tag's authority has none (RFC 4151, section 2.1).

    Args:
        raw: the post as it was found.
        url: its address, canonical.
        dated: its date.
    """
    parts = urlsplit(url)
    port = parts.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    post = raw.key or path
    return _bounded(f"tag:{parts.hostname},{dated.year}:{f'{port}:{post}' if port else post}")


def _bounded(key: str) -> str:
    """A key that no database refuses: the end of an overlong one gives way to its digest."""
    whole = key.encode()
    if len(whole) <= _LONGEST:
        return key
    start = _HALF_ESCAPE.sub("", whole[:200].decode(errors="ignore"))
    return f"{start}:{sha256(whole).hexdigest()}"
