"""One document of a feed as read: its entries, where it goes on, and what it says of itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from crawler.discovery.found import Found, Words, mark_of, one_line, word
from pipelines.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ENTRIES = 20_000
"""So many entries of a document are read; the fullest feeds in use have some thousands."""
_LONGEST = 4_000  # characters of what a feed says of itself
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MINUTES = re.compile(r"\s*([1-9]\d{0,5})\s*", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPage:
    """One document of a feed."""

    entries: tuple[Found, ...]
    """In the document's order, each address once; entries without an address are left out."""
    next_page: str | None = None
    """Absolute address of the document with older entries (RFC 5005, `next` or `prev-archive`); None at the end."""
    ttl: int | None = None
    """Minutes for which the feed asks not to be asked again (RSS 2.0 `ttl`); None where it says nothing usable."""
    site: str | None = None
    """Absolute address of the site that the feed is of; None where it names none."""
    title: str = ""
    """What it calls itself: plain text on one line; empty where it does not."""
    description: str = ""
    """What it says of itself: likewise."""
    language: str | None = None
    """BCP 47 language of it all, as written; None where it names none."""
    is_whole: bool = True
    """False where the document breaks off: what it does not name may still be in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry's own words, before anything is made of them."""

    links: Sequence[str]
    """Addresses as written, absolute or relative to `base`, the best first."""
    base: str
    """Address that relative links start from."""
    guid: str | None = None
    """The entry's id as written."""
    title: str = ""
    """Plain text, as printed."""
    published: str | None = None
    """Date of publication, as printed."""
    signs: Sequence[str] = ()
    """Everything else by which a change shows: dates and texts, as written."""
    words: Words | None = None
    """Its text and who wrote it; None where it has no text."""


def page_of(
    entries: Iterable[Entry], url: str, *, older: str | None = None, ttl: object = None, site: str | None = None,
    title: str = "", description: str = "", language: str | None = None, is_whole: bool = True,
) -> FeedPage:
    """Make a FeedPage of what a document says, whatever its format.

    Args:
        entries: in the document's order.
        url: the document's own address.
        older: link to older entries, as written.
        ttl: minutes, as written.
        site: link to the site, as written.
        title: of the feed: plain text, as written.
        description: of the feed: plain text or HTML, as written.
        language: of the feed, as written.
        is_whole: False where the document breaks off; so it is where it has more than `MOST_ENTRIES`.
    """
    read = list(islice(entries, MOST_ENTRIES + 1))
    home, further = address(site, url), address(older, url)
    minutes = _MINUTES.fullmatch(str(ttl)) if ttl is not None else None
    return FeedPage(
        entries=_each_once([found for entry in read[:MOST_ENTRIES] if (found := _found(entry, home))]),
        next_page=None if further == url else further,
        ttl=int(minutes[1]) if minutes else None,
        site=home,
        title=one_line(title), description=one_line(unescape(_TAG.sub("", description[:_LONGEST]))),
        language=word(language),
        is_whole=is_whole and len(read) <= MOST_ENTRIES,
    )


def address(link: str | None, base: str) -> str | None:
    """Return the absolute http(s) address of a *link* as written, None where it is none."""
    made = absolute(link, base) if link else None
    return made if made and made.startswith(("http://", "https://")) else None


def _found(entry: Entry, home: str | None) -> Found | None:
    named = dict.fromkeys(made for link in entry.links if (made := address(link, entry.base)))
    if home and len(named) > 1:
        named.pop(home, None)  # some feeds link every entry to the front page, and keep the address in the guid
    if not named:
        return None
    first, *others = named
    return Found(
        url=first, addresses=tuple(others), title=one_line(entry.title), published=word(entry.published),
        guid=word(entry.guid), mark=mark_of(entry.title, entry.published or "", *entry.signs), words=entry.words,
    )


def _each_once(found: Sequence[Found]) -> tuple[Found, ...]:
    """Each address once; an id or a second address that several posts share tells nothing of any of them."""
    posts: dict[str, Found] = {}
    for post in found:
        posts.setdefault(post.url, post)
    shared = Counter(name for post in posts.values() for name in {post.guid, post.url, *post.addresses} if name)
    return tuple(
        post if not _shares(post, shared) else replace(
            post, guid=post.guid if post.guid and shared[post.guid] == 1 else None,
            addresses=tuple(name for name in post.addresses if shared[name] == 1),
        )
        for post in posts.values()
    )


def _shares(post: Found, shared: Counter[str]) -> bool:
    return any(name and shared[name] > 1 for name in (post.guid, *post.addresses))
