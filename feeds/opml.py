"""The subscription list: all feeds in one OPML 2.0 document that any reader can import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from feeds.feed import Feed
from feeds.formats import Format, load_formats
from feeds.safe import safe
from pipelines.post import xml_safe

suffix = ".opml"
media_type = "text/x-opml"


def render(title: str, feeds: Sequence[Feed]) -> bytes:
    """Return the list of *feeds* under *title*, in their order."""
    formats = load_formats()
    return document(title, (_outline(feed, address(feed, formats)) for feed in map(safe, feeds)))


def document(title: str, outlines: Iterable[Mapping[str, str]]) -> bytes:
    """Return a subscription list: UTF-8, without a date, to change only when its outlines do.

    Args:
        title: of the list.
        outlines: the attributes of each, in their order; empty ones are left out.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = xml_safe(title)
    body = etree.SubElement(root, "body")
    for outline in outlines:
        etree.SubElement(body, "outline", {name: xml_safe(value) for name, value in outline.items() if value})
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def address(feed: Feed, formats: Mapping[str, Format]) -> str:
    """Return the one address of *feed* to show when there is room for one: RSS, else its first format."""
    name = "rss" if "rss" in feed.formats else feed.formats[0]
    return feed.url(formats[name].suffix)


def _outline(feed: Feed, url: str) -> dict[str, str]:
    title = feed.title or feed.name
    # type="rss" whatever the format: OPML 2.0 knows no other, and readers look at the document itself.
    return {
        "text": title, "title": title, "type": "rss", "xmlUrl": url, "htmlUrl": feed.home,
        "description": feed.description, "language": feed.language or "",
    }
