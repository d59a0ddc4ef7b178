"""One post as discovery names it, with the sign by which a later look tells that it changed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.discovery.signed import unsigned

if TYPE_CHECKING:
    from crawler.listing import Link, Listed

_LONGEST_TITLE = 1000
_LONGEST_WORD = 200  # of a date or a guid, as printed: no real one is longer
# Dates that are other words an hour later though nothing happened: 4시간 전, 15:13 (a post of today), 어제.
_PASSING = re.compile(
    r"\d\s?(?:초|분|시간|일|주|주일|개월|달|년)\s?전|방금|조금\s?전|어제|그제|그저께|오늘"
    r"|\bago\b|\bjust now\b|\byesterday\b|\btoday\b"
    r"|^\W{0,3}(?:오전|오후|am|pm)?\s?\d{1,2}:\d{2}(?::\d{2})?\s?(?:am|pm)?\W{0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a feed says of a post beside its name: all of it, where the feed holds its posts whole."""

    body: str
    """HTML as written, unescaped once."""
    author: str = ""
    """As printed."""
    updated: str | None = None
    """Date of the last edit, as printed."""
    categories: tuple[str, ...] = ()
    """Plain texts in their order."""
    language: str | None = None
    """BCP 47, as written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One post as discovery names it."""

    url: str
    """Where to fetch it, absolute, http or https."""
    addresses: tuple[str, ...] = ()
    """Other addresses that the same entry names, such as Tistory's numeric guid beside a slug link."""
    mark: str | None = None
    """The sign of change: another one than last time means that the post may have changed. A hash of what a feed or a
    list says of the post, the lastmod of a sitemap as written; None where the place says nothing but the address."""
    title: str = ""
    """Plain text on one line, as printed; empty where the place gives none."""
    published: str | None = None
    """The date of publication as printed, in any format; None where the place gives none."""
    guid: str | None = None
    """The source's own id (RSS guid, Atom and JSON Feed id), which may be no address; None where there is none, or
    where several entries of the same document share it."""
    listed: Listed | None = field(default=None, compare=False)
    """What a list says of it, where a source file has that sought; None elsewhere."""
    words: Words | None = field(default=None, compare=False)
    """What a feed says of it; None elsewhere, and where the feed says nothing."""


def found_in_list(link: Link) -> Found:
    """Return a post as a list names it."""
    listed = link.listed
    title, published = (listed and listed.title) or link.title, (listed and listed.published) or link.printed_date
    more = (_lasting(listed.published), _lasting(listed.updated), *listed.words) if listed else ()
    mark = listing_mark(link.title, link.printed_date, *more)
    return Found(url=link.url, title=title, published=published, mark=mark, listed=listed)


def listing_mark(title: str, printed_date: str | None, *more: str) -> str:
    """Return the sign of change of a post in a list: its title and its date as printed.

    A date that tells how long ago or only what time today does not count: it changes by itself.

    Args:
        title: plain text.
        printed_date: as the list prints it, None where it prints none.
        more: what else a source file has sought there.
    """
    return mark_of(one_line(title), _lasting(printed_date), *more)


def is_passing(printed_date: str) -> bool:
    """Tell whether a date says how long ago, or only what time today: it is another one at another time."""
    return bool(_PASSING.search(one_line(printed_date)[:_LONGEST_WORD]))


def _lasting(printed_date: str | None) -> str:
    return "" if is_passing(printed_date or "") else one_line(printed_date or "")


def mark_of(*parts: str) -> str:
    """Return 16 hex digits that are equal for equal parts; white space and signed picture queries don't count."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(b" ".join(unsigned(part.encode("utf-8", "replace")).split()) + b"\x00")
    return digest.hexdigest()


def one_line(text: str) -> str:
    """Return *text* with white space collapsed, at most 1000 characters of it."""
    return " ".join(text[: 4 * _LONGEST_TITLE].split())[:_LONGEST_TITLE]


def word(text: str | None) -> str | None:
    """Return a date or guid as printed, white space collapsed; None where it is empty or far too long to be one."""
    printed = " ".join((text or "")[: 10 * _LONGEST_WORD].split())
    return printed if 0 < len(printed) <= 5 * _LONGEST_WORD else None
