"""The one module that knows feedgen, and repairs what feedgen 1.0.0 gets wrong.

feedgen builds the RSS and Atom elements; `_HouseExt` and `_HouseEntryExt` are feedgen extensions that write what it
cannot, or writes wrongly. Each repair has a test named after it in `tests/test_feeds_generator.py`, which also tells
when a newer feedgen no longer needs it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import feedgen.entry
import feedgen.feed
from lxml import etree

from feeds.dates import rfc822, utc
from feeds.feed import Feed, Origin
from feeds.safe import safe
from feeds.selection import labels, last_change, select, updated
from pipelines.post import Post

# feedgen's own writer of dates sets the locale of the whole process three times a date, under the feet of other
# threads. It is a module-level name without a hook, so it is replaced here, once, by a pure function.
feedgen.entry.formatRFC2822 = rfc822
feedgen.feed.formatRFC2822 = rfc822

GENERATOR = "moafeed"
"""Names the program without its version: a release must not change the bytes of every feed."""

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def rss(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Return *feed* as an RSS 2.0 document: UTF-8, dates in UTC."""
    feed, chosen = safe(feed), select(feed, posts)
    document = _document(feed, ".rss", chosen)
    document.ttl(60)
    if feed.icon:
        document.image(url=feed.icon, title=feed.title or feed.name, link=feed.home)
    for post in chosen:
        _rss_entry(document, feed, post)
    return _bytes(document._create_rss)  # noqa: SLF001 -- rss_str() cannot sit behind one serialiser with Atom


def atom(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Return *feed* as an Atom 1.0 document (RFC 4287): UTF-8, dates in UTC."""
    feed, chosen = safe(feed), select(feed, posts)
    document = _document(feed, ".atom", chosen)
    document.id(feed.url(".atom"))
    document.author(name=feed.title or feed.name, uri=feed.home)
    document.icon(feed.icon)
    for post in chosen:
        _atom_entry(document, feed, post)
    return _bytes(document._create_atom)  # noqa: SLF001


def _bytes(create: Callable[[], tuple[etree._Element, Any]]) -> bytes:
    # feedgen's Atom root is in no namespace until it is written: nothing may look names up in the tree before.
    root, _ = create()
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _document(feed: Feed, suffix: str, posts: Sequence[Post]) -> Any:
    """What RSS and Atom share. Dates are always set, for feedgen's defaults read the clock."""
    document = feedgen.feed.FeedGenerator()
    document.register_extension("house", _HouseExt, _HouseEntryExt)
    document.title(feed.title or feed.name)
    document.description(feed.description or feed.title or feed.name)
    document.language(feed.language)
    document.generator(GENERATOR)
    document.updated(updated(posts))
    document.link(href=feed.url(suffix), rel="self", type=f"application/{suffix[1:]}+xml")
    if feed.hub:
        document.link(href=feed.hub, rel="hub")
        document.house.links.append({"href": feed.hub, "rel": "hub"})
    document.link(href=feed.home, rel="alternate", type="text/html")  # last: the last one becomes RSS's <link>
    return document


def _entry(document: Any, feed: Feed, post: Post) -> Any:
    entry = document.add_entry(order="append")  # feedgen prepends otherwise, turning the order round
    entry.guid(post.guid, permalink=False)
    entry.title(post.title)
    entry.link(href=post.url)
    entry.published(utc(post.dated))
    entry.updated(last_change(post))
    if post.content_html:
        entry.content(post.content_html, type="html")  # without a type Atom readers show the tags
    entry.house.fill(feed, post)
    return entry


def _rss_entry(document: Any, feed: Feed, post: Post) -> None:
    entry = _entry(document, feed, post)
    if post.excerpt:
        entry.description(html.escape(post.excerpt, quote=False), isSummary=True)  # HTML by RSS 2.0, so escaped
    for text, _ in labels(post):
        entry.category(term=text)  # no scheme: its `domain` makes some readers see objects instead of names
    for enclosure in post.enclosures[:1]:  # RSS readers expect one at most
        entry.enclosure(url=enclosure.url, length=enclosure.length, type=enclosure.type)
    origin = feed.origins.get(post.source)
    if origin:
        entry.source(url=origin.feed_url, title=origin.title)


def _atom_entry(document: Any, feed: Feed, post: Post) -> None:
    entry = _entry(document, feed, post)
    if post.excerpt:
        entry.summary(post.excerpt)
    if post.author:
        entry.author(name=post.author)
    origin = feed.origins.get(post.source)
    home = (origin.home if origin else feed.home).rstrip("/")
    for text, kind in labels(post):
        entry.category(term=text, label=text, scheme=f"{home}/{kind}")


class _HouseExt:
    """What a whole document needs beyond feedgen (whose base class has no types to inherit from)."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "media": _MEDIA, "sy": _SY}

    def extend_rss(self, root: etree._Element) -> None:
        channel = root[0]
        for link in self.links:  # feedgen writes only rel=self in RSS
            etree.SubElement(channel, f"{{{_ATOM}}}link", link)
        # feedgen's syndication extension misspells both.
        _text(channel, f"{{{_SY}}}updatePeriod", "hourly")
        _text(channel, f"{{{_SY}}}updateFrequency", "1")

    def extend_atom(self, root: etree._Element) -> None:
        """Atom has all it needs."""


class _HouseEntryExt:
    """What an entry needs beyond feedgen."""

    def fill(self, feed: Feed, post: Post) -> None:
        self._post = post
        self._origin = feed.origins.get(post.source)
        self._language = post.language if post.language != feed.language else None

    def extend_rss(self, item: etree._Element) -> None:
        if self._post.author:  # RSS's own <author> wants an e-mail address
            _text(item, f"{{{_DC}}}creator", self._post.author)
        self._thumbnail(item)

    def extend_atom(self, entry: etree._Element) -> None:
        if self._language:
            entry.set(_LANG, self._language)
        self._links(entry)
        if self._origin:
            _source(entry, self._origin, self._post)
        self._thumbnail(entry)

    def _links(self, entry: etree._Element) -> None:
        """Write the links again: feedgen 1.0.0 keeps only their `href`."""
        for link in entry.findall("link"):
            entry.remove(link)
        etree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": self._post.url})
        for enclosure in self._post.enclosures:
            media = {"type": enclosure.type, "length": str(enclosure.length), "href": enclosure.url}
            etree.SubElement(entry, "link", {"rel": "enclosure"} | media)

    def _thumbnail(self, element: etree._Element) -> None:
        if self._post.image:  # feedgen's media extension wraps it in a group that readers don't open
            etree.SubElement(element, f"{{{_MEDIA}}}thumbnail", {"url": self._post.image})


def _source(entry: etree._Element, origin: Origin, post: Post) -> None:
    """Write RFC 4287's `source` (4.2.11) whole; its date is the entry's, so that an entry's bytes stay its own."""
    source = etree.SubElement(entry, "source")
    _text(source, "id", origin.feed_url)
    _text(source, "title", origin.title)
    _text(source, "updated", last_change(post).isoformat())
    etree.SubElement(source, "link", {"rel": "self", "href": origin.feed_url})
    etree.SubElement(source, "link", {"rel": "alternate", "type": "text/html", "href": origin.home})


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
