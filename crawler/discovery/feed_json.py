"""JSON Feed 1.0 and 1.1: from the document to its entries."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from crawler.discovery.feed_page import Entry, FeedPage, page_of
from crawler.discovery.found import Words, one_line, word

if TYPE_CHECKING:
    from collections.abc import Iterator

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_VERSION = re.compile(r'\A\s*\{[^{}\[\]]*"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org')
_TOO_DEEP = RecursionError  # what Python's reader raises for a hundred thousand brackets
_SIGNS = ("date_modified", "content_html", "content_text", "summary")


def json_page(text: str, url: str) -> FeedPage | None:
    """Return what a JSON Feed says, None where *text* is none; of half a document the whole items before the cut.

    Args:
        text: the document, decoded.
        url: its own address.
    """
    try:
        document, is_whole = json.loads(text), True
    except (ValueError, _TOO_DEEP):
        if not _VERSION.match(text):
            return None
        document, is_whole = {"version": "https://jsonfeed.org/", "items": list(_whole_items(text))}, False
    if not isinstance(document, dict) or "jsonfeed.org" not in _string(document.get("version")):
        return None
    items = document.get("items")
    entries = (_entry(item, url) for item in items if isinstance(item, dict)) if isinstance(items, list) else ()
    return page_of(entries, url, older=_string(document.get("next_url")), site=_string(document.get("home_page_url")),
                   title=_string(document.get("title")), description=escape(_string(document.get("description"))),
                   language=_string(document.get("language")), is_whole=is_whole)


def _whole_items(text: str) -> Iterator[Any]:
    start = _ITEMS.search(text)
    decoder, position = json.JSONDecoder(), start.end() if start else len(text)
    while gap := _GAP.match(text, position):
        try:
            item, position = decoder.raw_decode(text, gap.end())
        except (ValueError, _TOO_DEEP):
            return
        yield item


def _entry(item: dict[str, Any], url: str) -> Entry:
    guid = _string(item.get("id"))
    links = [link for link in (_string(item.get("url")), guid) if link.startswith(("http", "/"))]
    return Entry(
        links=links, base=url, guid=guid, title=_string(item.get("title")),
        published=_string(item.get("date_published")) or None, signs=[_string(item.get(name)) for name in _SIGNS],
        words=_words(item),
    )


def _words(item: dict[str, Any]) -> Words | None:
    body = _string(item.get("content_html")) or escape(_string(item.get("content_text")))
    if not body:
        return None
    authors, tags = item.get("authors") or [item.get("author")], item.get("tags")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return Words(
        body=body, author=one_line(_string(first.get("name"))), updated=word(_string(item.get("date_modified"))),
        categories=tuple(t for each in tags if (t := one_line(_string(each)))) if isinstance(tags, list) else (),
        language=word(_string(item.get("language"))),
    )


def _string(value: object) -> str:
    """A string; some write numbers where JSON Feed wants strings."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() < 256 else ""  # noqa: PLR2004  # Python refuses to print a huge one
    return value if isinstance(value, str) else ""
