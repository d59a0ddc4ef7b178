"""The one module that knows feedgen, and repairs what feedgen 1.0.0 gets wrong.

feedgen writes what a document says of itself: titles, links, dates, icons. The entries are ours (`feeds/formats/`):
feedgen writes them wrongly, keeps each of them in memory three times, and takes twice as long. Each repair has a test
named after it in `tests/test_feeds_generator.py`, which also tells when a newer feedgen no longer needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import feedgen.feed
from lxml import etree

from feeds.dates import rfc822
from feeds.feed import Feed
from feeds.selection import updated
from pipelines.post import Post

# feedgen's own writer of dates sets the locale of the whole process three times a date, under the feet of other
# threads. It is a module-level name without a hook, so it is replaced here, once, by a pure function.
feedgen.feed.formatRFC2822 = rfc822

GENERATOR = "moafeed"
"""Names the program without its version: a release must not change the bytes of every feed."""
STYLESHEET = "feed.css"
"""File beside the documents that makes one readable where a browser shows it as text."""

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_SY = "http://purl.org/rss/1.0/modules/syndication/"


def rss_channel(feed: Feed, posts: Sequence[Post]) -> etree._Element:
    """Return an RSS 2.0 document without its items, which belong at the end of its first child."""
    document = _document(feed, ".rss", posts)
    document.ttl(60)
    if feed.icon:
        document.image(url=feed.icon, title=feed.title or feed.name, link=feed.home)
    root: etree._Element = document._create_rss()[0]  # noqa: SLF001 -- rss_str() would write it out
    return root


def atom_feed(feed: Feed, posts: Sequence[Post]) -> etree._Element:
    """Return an Atom 1.0 document (RFC 4287) without its entries, which belong at its end.

    Its elements are in no namespace until they are written: nothing may look names up in the tree before.
    """
    document = _document(feed, ".atom", posts)
    document.id(feed.own_url(".atom"))
    document.author(name=feed.title or feed.name, uri=feed.home)
    document.icon(feed.icon)
    root: etree._Element = document._create_atom()[0]  # noqa: SLF001
    return root


def written(root: etree._Element) -> bytes:
    """Return the bytes of a document."""
    style = etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{STYLESHEET}"')
    root.addprevious(style)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _document(feed: Feed, suffix: str, posts: Sequence[Post]) -> Any:
    """What RSS and Atom share. Dates are always set, for feedgen's defaults read the clock."""
    document = feedgen.feed.FeedGenerator()
    document.register_extension("house", _HouseExt)
    document.title(feed.title or feed.name)
    document.description(feed.description or feed.title or feed.name)
    document.language(feed.language)
    document.generator(GENERATOR)
    document.updated(updated(posts))
    document.house.fill(feed, suffix)
    document.link(href=feed.own_url(suffix), rel="self", type=f"application/{suffix[1:]}+xml")
    if suffix == ".atom":
        for link in document.house.links:
            document.link(link)
    document.link(href=feed.home, rel="alternate", type="text/html")  # last: the last one becomes RSS's <link>
    return document


class _HouseExt:
    """What a whole document needs beyond feedgen (whose base class has no types to inherit from)."""

    def fill(self, feed: Feed, suffix: str) -> None:
        self._feed, self._suffix = feed, suffix
        archive = feed.archive
        pages = {"prev-archive": archive.previous, "next-archive": archive.following}
        linked = {rel: feed.page_url(page, suffix) for rel, page in pages.items() if page is not None}
        if archive.page is not None:
            linked["current"] = feed.url(suffix)
        self.links = [{"href": feed.hub, "rel": "hub"}] if feed.hub else []
        self.links += [{"href": url, "rel": rel} for rel, url in linked.items()]

    def extend_ns(self) -> dict[str, str]:
        told = {"media": MEDIA}
        if self._suffix == ".rss":
            told = {"dc": DC, "media": MEDIA, "sy": _SY, "content": CONTENT}
        if self._feed.archive.page is not None or self._feed.archive.complete:
            told["fh"] = HISTORY
        return told | ({"at": TOMBSTONES} if self._feed.deleted else {})

    def extend_rss(self, root: etree._Element) -> None:
        channel = root[0]
        for link in self.links:  # feedgen writes only rel=self in RSS
            etree.SubElement(channel, f"{{{ATOM}}}link", link)
        # feedgen's syndication extension misspells both.
        for name, text in (("updatePeriod", "hourly"), ("updateFrequency", "1")):
            etree.SubElement(channel, f"{{{_SY}}}{name}").text = text
        self._history(channel)

    def extend_atom(self, root: etree._Element) -> None:
        self._history(root)

    def _history(self, parent: etree._Element) -> None:
        """Say what the document is in its feed's archive (RFC 5005, sections 2 and 4)."""
        if self._feed.archive.page is not None:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")
        elif self._feed.archive.complete:
            etree.SubElement(parent, f"{{{HISTORY}}}complete")
