"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0: from the document's tree to its entries."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from lxml import etree

from crawler.discovery.feed_page import Entry, FeedPage, address, page_of
from crawler.discovery.found import Words, one_line, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Children = dict[str, list[etree._Element]]  # noqa: SLF001  # lxml has no public name for it

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"<[^<>]{1,2000}>")
# Elements of other vocabularies that say more of an entry than RSS itself does.
_BORROWED = {
    f"{{{_ATOM}}}link": "atom:link",
    f"{{{_ATOM}}}updated": "updated",
    "{http://purl.org/rss/1.0/modules/content/}encoded": "encoded",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}date": "dc:date",
    "{http://purl.org/dc/elements/1.1/}title": "dc:title",
    "{http://purl.org/dc/terms/}modified": "updated",
    "{http://purl.org/dc/terms/}issued": "dc:date",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": "origlink",
}
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_OLDER = ("next", "prev-archive")  # RFC 5005, sections 3 and 4
_POST_TYPES = ("", "text/html", "application/xhtml+xml")


def tree_page(root: etree._Element, url: str, *, is_whole: bool) -> FeedPage:
    """Return what a feed's tree says.

    Elements count by their name within the namespace of their feed, whichever that is: RSS is met in five.

    Args:
        root: `rss`, `rdf:RDF`, `channel` or `feed`.
        url: the document's own address.
        is_whole: False where the document breaks off.
    """
    if _name(root) == "feed":
        head = _children(root)
        base = _base(root, url)
        links = head.get("link", [])
        return page_of((_atom_entry(entry, base) for entry in head.get("entry", ())), base, older=_older(links),
                       site=_alternate(links), title=_plain(head.get("title", ())),
                       description=_plain(head.get("subtitle", ())) or _plain(head.get("tagline", ())),
                       language=root.get(_LANG), is_whole=is_whole)
    channels = [root] if _name(root) == "channel" else [child for child in root if _name(child) == "channel"]
    head = _children(channels[0]) if channels else {}
    items = (item for parent in dict.fromkeys((*channels, root)) for item in parent if _name(item) == "item")
    site = _text(head, "link") or _alternate(head.get("atom:link", ()))
    return page_of((_rss_item(item, url) for item in items), url, older=_older(head.get("atom:link", ())),
                   ttl=_text(head, "ttl") or None, site=site, title=_text(head, "title"),
                   description=_text(head, "description"), language=_text(head, "language"), is_whole=is_whole)


def _rss_item(item: etree._Element, url: str) -> Entry:
    inside = _children(item)
    guid = _text(inside, "guid") or item.get(_ABOUT, "").strip()
    updated, description, encoded = (_text(inside, name) for name in ("updated", "description", "encoded"))
    links = [_text(inside, "origlink"), *map(_written, inside.get("link", ())), _alternate(inside.get("atom:link", ()))]
    return Entry(
        links=[*filter(None, links), *([guid] if guid.startswith("http") else [])], base=url, guid=guid,
        title=_text(inside, "title") or _text(inside, "dc:title"),
        published=_text(inside, "pubdate") or _text(inside, "dc:date") or None,
        signs=[updated, description, encoded],
        words=_words(
            inside, encoded or description, author=_text(inside, "author"), updated=updated,
            categories=[_written(each) for each in inside.get("category", ())],
        ),
    )


def _atom_entry(entry: etree._Element, base: str) -> Entry:
    inside = _children(entry)
    guid, updated = _text(inside, "id"), _text(inside, "updated") or _text(inside, "modified")
    links = [link for link in inside.get("link", ()) if link.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda link: link.get("type", "") not in _POST_TYPES)
    own = _base(entry, base)
    return Entry(
        links=[*(link.get("href", "") for link in links), *([guid] if guid.startswith("http") else [])],
        base=_base(links[0], own) if links else own, guid=guid,
        title=_plain(inside.get("title", ())),
        # Atom 0.3 has other names for the same.
        published=_text(inside, "published") or _text(inside, "issued") or _text(inside, "created") or None,
        signs=[updated, *map(_written, inside.get("summary", ())),
               *map(_written, inside.get("content", ()))],
        words=_words(
            inside, _markup(inside.get("content", ())) or _markup(inside.get("summary", ())),
            author=next((_text(_children(author), "name") for author in inside.get("author", ())), ""),
            updated=updated,
            categories=[each.get("label") or each.get("term") or "" for each in inside.get("category", ())],
        ),
    )


def _words(inside: Children, body: str, *, author: str, updated: str, categories: Iterable[str]) -> Words | None:
    """What an entry says of its post beside its name; None where it has no text."""
    if not body:
        return None
    language = next((each.get(_LANG) for each in inside.get("content", ()) if each.get(_LANG)), None)
    return Words(
        body=body, author=one_line(author), updated=word(updated), language=language,
        categories=tuple(text for each in categories if (text := one_line(each))),
    )


def _markup(texts: Iterable[etree._Element]) -> str:
    """An Atom text construct as HTML (RFC 4287, section 3.1.1 and 4.1.3.3)."""
    for text in texts:
        if written := _written(text):
            return escape(written) if text.get("type", "text") == "text" else written
    return ""


def _children(parent: etree._Element) -> Children:
    """The children by name in lower case, those of the parent's own vocabulary and the borrowed ones."""
    own = _space(parent)
    found: Children = {}
    for child in parent:
        if name := _BORROWED.get(str(child.tag)) if _space(child) != own else _name(child):
            found.setdefault(name, []).append(child)
    return found


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _space(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[0]


def _base(element: etree._Element, outer: str) -> str:
    """The address that links in *element* start from (XML Base)."""
    written = element.get(_BASE)
    if not written:
        return outer
    return address(written, outer) or outer


def _text(inside: Children, name: str) -> str:
    """The first text of that name that is not empty."""
    return next((text for element in inside.get(name, ()) if (text := _written(element))), "")


def _written(element: etree._Element) -> str:
    """The text inside *element*; with its markup, for some write HTML into RSS without escaping it."""
    if not len(element):
        return (element.text or "").strip()
    inner = (etree.tostring(child, encoding="unicode") for child in element)
    return f"{element.text or ''}{''.join(inner)}".strip()


def _plain(titles: Iterable[etree._Element]) -> str:
    """An Atom title as text: `html` is escaped markup, `xhtml` is markup (RFC 4287, section 3.1)."""
    for title in titles:
        kind = title.get("type", "text")
        if text := "".join(map(str, title.itertext())).strip():
            return unescape(_TAG.sub("", text)) if kind in ("html", "text/html") else text
    return ""


def _older(links: Iterable[etree._Element]) -> str | None:
    by_rel = {link.get("rel", ""): link.get("href") for link in links}
    return next((by_rel[rel] for rel in _OLDER if by_rel.get(rel)), None)


def _alternate(links: Iterable[etree._Element]) -> str | None:
    return next(_alternates(links), None)


def _alternates(links: Iterable[etree._Element]) -> Iterator[str]:
    for link in links:
        if link.get("rel", "alternate") == "alternate" and link.get("type", "") in _POST_TYPES and link.get("href"):
            yield link.get("href", "")
