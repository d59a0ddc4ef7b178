"""Feeds that are no XML even when mended: feedparser reads them, with its sanitiser off and no way to the network."""

from __future__ import annotations

import io
from typing import Any

from crawler.discovery.feed_page import Entry, FeedPage, page_of
from crawler.discovery.found import Words, one_line, word

_OLDER = ("next", "prev-archive")
_MOST_TAGS = 20_000  # half a second's work; feeds that are broken and as large are cut


def loose_page(document: bytes, url: str, *, is_whole: bool) -> FeedPage:
    """Return what feedparser understands of *document*.

    Of a document that breaks off, or has more markup than feedparser can read in good time, the last entry may be
    half and is left out.

    Args:
        document: in UTF-8, without XML declaration and document type.
        url: its own address.
        is_whole: False where it breaks off.
    """
    import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415  # a tenth of a second that most runs never need

    *kept, _ = document.split(b"<", _MOST_TAGS)
    if len(kept) == _MOST_TAGS:
        document, is_whole = b"<".join(kept), False
    # A stream: bytes would be tried as the name of a file, text as an address to fetch.
    read = feedparser.parse(
        io.BytesIO(document), response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False, resolve_relative_uris=False,
    )
    head = read.feed
    entries = read.entries if is_whole else read.entries[:-1]
    older = {link.get("rel"): link.get("href") for link in head.get("links", ())}
    return page_of((_entry(entry, url) for entry in entries), url,
                   older=next((older[rel] for rel in _OLDER if older.get(rel)), None), ttl=head.get("ttl"),
                   site=head.get("link"), title=head.get("title", ""), description=head.get("subtitle", ""),
                   language=head.get("language"), is_whole=is_whole)


def _entry(entry: Any, url: str) -> Entry:
    guid = entry.get("id", "")
    alternates = [link.get("href", "") for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    contents = [part.get("value", "") for part in entry.get("content", ())]
    # `"updated" in`: feedparser gives the date of publication for one that is not there, with a warning.
    updated = entry["updated"] if "updated" in entry.keys() else ""  # noqa: SIM118
    return Entry(
        links=[entry.get("link", ""), *alternates, *([guid] if guid.startswith("http") else [])], base=url, guid=guid,
        title=entry.get("title", ""), published=entry.get("published") or None,
        signs=[updated, entry.get("summary", ""), *contents],
        words=_words(entry, next(filter(None, contents), "") or entry.get("summary", ""), updated),
    )


def _words(entry: Any, body: str, updated: str) -> Words | None:
    if not body:
        return None
    terms = (tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", ()))
    return Words(
        body=body, author=one_line(entry.get("author", "")), updated=word(updated),
        categories=tuple(text for term in terms if (text := one_line(term))),
    )
