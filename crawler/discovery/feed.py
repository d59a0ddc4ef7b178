"""A blog's own feed, in whatever state it is: which posts it names."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from crawler.discovery.feed_json import json_page
from crawler.discovery.feed_loose import loose_page
from crawler.discovery.feed_page import FeedPage, page_of
from crawler.discovery.feed_tree import tree_page
from crawler.discovery.mending import from_root, mended, plain_utf8, strict

if TYPE_CHECKING:
    from crawler.discovery.found import Found

_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|channel))(?=[\s>/])", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)\s*>", re.IGNORECASE)
_CHANNEL, _CHANNEL_END = re.compile(rb"<channel[\s>]"), b"</channel>"
_PAGE = re.compile(rb"<(?:html|head|body|!doctype\s+html)\b", re.IGNORECASE)
_HEAD = 64 * 1024
_JSON = re.compile(rb"\s*\{")
_TRIES = 3
_MOST_SIGNS = 1_000_000


def is_feed(body: bytes) -> bool:
    """Tell whether a document that should be a page is a feed."""
    return not _PAGE.search(body, 0, _HEAD) and read_feed(body, "http://localhost/") is not None


def feed_posts(body: bytes, url: str) -> tuple[Found, ...]:
    """Return the entries of a feed in its order, each once; none where *body* is no feed. See `read_feed`."""
    page = read_feed(body, url)
    return page.entries if page else ()


def read_feed(body: bytes, url: str) -> FeedPage | None:
    """Return what a document of a feed says; None where it is no feed.

    RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed. A strict parser reads it; where that stumbles, over a bare `&`
    or an entity of HTML, it reads it mended; feedparser reads what is no XML at all. Of half a document the entries
    before the cut are given. Nothing outside the document is ever read, no entity is ever resolved, and no bytes make
    it raise.

    Args:
        body: the bytes as answered, no longer compressed, at most what the crawl's size limit lets through.
        url: the document's own address, which relative links start from.
    """
    text = plain_utf8(body)
    if _JSON.match(text):
        return json_page(text.decode("utf-8", "replace"), url)
    found = from_root(text, _ROOT)
    if not found:
        return None
    document, end = found[0], b"</" + found[1]
    closed = document.rfind(end)
    if closed < 0 or document.find(b">", closed) < 0 or _is_quoted(document, closed):
        return _half(document, url, end + b">")
    root = strict(document)
    if root is None:
        if _is_flood(document):
            return page_of((), url, is_whole=False)
        document = mended(document[:closed] + end + b">")
        root = strict(document)
    return loose_page(document, url, is_whole=True) if root is None else tree_page(root, url, is_whole=True)


def _is_quoted(document: bytes, position: int) -> bool:
    """Tell whether what stands at *position* is inside CDATA: the text of a post about feeds."""
    return document.rfind(b"<![CDATA[", 0, position) > document.rfind(b"]]>", 0, position)


def _half(document: bytes, url: str, end: bytes) -> FeedPage:
    """Read the entries before the cut: the last end of an entry may stand in the text of one that is cut itself."""
    if _is_flood(document):
        return page_of((), url, is_whole=False)
    document = mended(document)
    ends = deque((match.end() for match in _ENTRY_END.finditer(document)), maxlen=_TRIES)
    for position in reversed(ends):
        whole = document[:position]
        inside = _CHANNEL.search(whole) and _CHANNEL_END not in whole and not end.startswith(b"</channel")
        root = strict(whole + (_CHANNEL_END if inside else b"") + end)
        if root is not None:
            return tree_page(root, url, is_whole=False)
    return loose_page(document, url, is_whole=False)


def _is_flood(document: bytes) -> bool:
    """Tell whether there is more to mend than any feed has; a strict parser reads that much, but only that."""
    return document.count(b"<") + document.count(b"&") > _MOST_SIGNS
