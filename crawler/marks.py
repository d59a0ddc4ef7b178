"""What is remembered of a post beside its page: by which signs a change shows, and what a list said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.discovery.found import is_passing
from crawler.listing import Listed
from pipelines.dates import parse_date
from pipelines.identity import address_alias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from crawler.discovery import Found
    from pipelines.store import Address

_LISTED = "listed"  # among the marks of a post
_LATER = timedelta(days=400)


def marked(address: Address, kind: str, post: Found) -> Address:
    """Return the record of a post with what a document just said of it.

    Args:
        address: the record.
        kind: of the document: `feed`, `sitemap`, `listing`.
        post: as the document names it.
    """
    signs = {kind: post.mark} if post.mark else {}
    if post.listed is not None:
        before = listed_of([address.marks])
        signs[_LISTED] = _with_first_date(post.listed, before, post.published or "").written()
    return replace(address, marks={**address.marks, **signs}) if signs else address


def keys_of(post: Found) -> list[str]:
    """Return the keys of a post's addresses, the one that it is read at first."""
    return [address_alias(url) for url in (post.url, *post.addresses)]


def listed_of(marks: Iterable[Mapping[str, str]]) -> Listed | None:
    """Return what a list said of a post, by the marks of one of its addresses; None where none did."""
    return next((said for each in marks if (said := Listed.read(each.get(_LISTED, "")))), None)


def settled(post: Found, zone: str, fetched: datetime) -> Found:
    """Return a post whose dates in a list mean the same on any day: "3시간 전" becomes ISO 8601.

    Args:
        post: as the list names it.
        zone: IANA time zone of dates without one.
        fetched: when the list was: aware, UTC.
    """
    if post.listed is None:
        return post
    published, updated = (_lasting(text, zone, fetched) for text in (post.listed.published, post.listed.updated))
    return replace(post, listed=replace(post.listed, published=published, updated=updated))


def _lasting(text: str | None, zone: str, fetched: datetime) -> str | None:
    dated = parse_date(text, zone, fetched)
    return text if dated is None or dated == parse_date(text, zone, fetched + _LATER) else dated.isoformat()


def _with_first_date(listed: Listed, before: Listed | None, printed: str) -> Listed:
    """The earlier a list said "3시간 전", the closer that was."""
    is_closer = before is not None and before.published and listed.published and is_passing(printed)
    return replace(listed, published=before.published) if before and is_closer else listed
