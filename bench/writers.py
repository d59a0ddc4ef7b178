"""Other ways to write the same feed: by hand with lxml's `xmlfile`, raw feedgen, PyPI's feedgenerator."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING, Any

import feedgenerator
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.dates import rfc822, utc
from feeds.selection import labels, last_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from feeds.feed import Feed
    from pipelines.post import Post

    Writer = Callable[[Feed, Iterable[Post]], bytes]

_CONTENT, _DC = "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_ATOM = "http://www.w3.org/2005/Atom"


def rss_by_hand(feed: Feed, posts: Iterable[Post]) -> bytes:
    """RSS 2.0 with all that ours says of an item, an item at a time."""
    out = io.BytesIO()
    spaces = {"content": _CONTENT, "dc": _DC, "media": _MEDIA}
    with (
        etree.xmlfile(out, encoding="UTF-8") as file, file.element("rss", version="2.0", nsmap=spaces),
        file.element("channel"),
    ):
        for name, text in (("title", feed.title), ("link", feed.home), ("description", feed.description or feed.title)):
            file.write(_leaf(name, text))
        for post in posts:
            item = etree.Element("item")
            for name, text in (("title", post.title), ("link", post.url),
                               ("description", html.escape(post.excerpt, quote=False)),
                               (f"{{{_CONTENT}}}encoded", post.content_html), ("pubDate", rfc822(post.dated)),
                               (f"{{{_DC}}}creator", post.author)):  # fmt: skip
                if text:
                    item.append(_leaf(name, text))
            etree.SubElement(item, "guid", isPermaLink="false").text = post.guid
            for text, _ in labels(post):
                item.append(_leaf("category", text))
            if post.image:
                etree.SubElement(item, f"{{{_MEDIA}}}thumbnail", url=post.image)
            file.write(item, pretty_print=True)
    return out.getvalue()


def atom_by_hand(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Atom 1.0 in the same way."""
    out = io.BytesIO()
    spaces = {None: _ATOM, "media": _MEDIA}
    with etree.xmlfile(out, encoding="UTF-8") as file, file.element(f"{{{_ATOM}}}feed", nsmap=spaces):
        for name, text in (("id", feed.url(".atom")), ("title", feed.title), ("updated", "2026-03-01T00:00:00+00:00")):
            file.write(_leaf(f"{{{_ATOM}}}{name}", text))
        for post in posts:
            entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=spaces)
            for name, text in (("id", post.guid), ("title", post.title), ("updated", last_change(post).isoformat()),
                               ("published", utc(post.dated).isoformat()), ("summary", post.excerpt)):  # fmt: skip
                if text:
                    entry.append(_leaf(f"{{{_ATOM}}}{name}", text))
            content = etree.SubElement(entry, f"{{{_ATOM}}}content", type="html")
            content.text = post.content_html
            if post.author:
                etree.SubElement(etree.SubElement(entry, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name").text = post.author
            etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=post.url)
            for text, kind in labels(post):
                etree.SubElement(entry, f"{{{_ATOM}}}category", term=text, label=text, scheme=f"{feed.home}{kind}")
            if post.image:
                etree.SubElement(entry, f"{{{_MEDIA}}}thumbnail", url=post.image)
            file.write(entry, pretty_print=True)
    return out.getvalue()


def rss_by_feedgen(feed: Feed, posts: Iterable[Post]) -> bytes:
    """RSS 2.0 by feedgen as its documentation has it."""
    return bytes(_by_feedgen(feed, posts).rss_str(pretty=True))


def atom_by_feedgen(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Atom 1.0 by feedgen."""
    return bytes(_by_feedgen(feed, posts).atom_str(pretty=True))


def rss_by_feedgenerator(feed: Feed, posts: Iterable[Post]) -> bytes:
    """RSS 2.0 by PyPI's feedgenerator (Django's, as Pelican keeps it); it has no content:encoded."""
    return _by_feedgenerator(feedgenerator.Rss201rev2Feed, feed, posts)


def atom_by_feedgenerator(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Atom 1.0 by PyPI's feedgenerator."""
    return _by_feedgenerator(feedgenerator.Atom1Feed, feed, posts)


def _leaf(name: str, text: str | None) -> etree._Element:
    element = etree.Element(name)
    element.text = text
    return element


def _by_feedgen(feed: Feed, posts: Iterable[Post]) -> Any:
    document = FeedGenerator()
    document.id(feed.home)
    document.title(feed.title)
    document.link(href=feed.home)
    document.description(feed.description or feed.title)
    for post in posts:
        entry = document.add_entry(order="append")
        entry.guid(post.guid)
        entry.title(post.title)
        entry.link(href=post.url)
        entry.published(post.dated)
        entry.updated(last_change(post))
        entry.description(post.excerpt, isSummary=True)
        entry.content(post.content_html, type="html")
        entry.author(name=post.author or "")
        for text, _ in labels(post):
            entry.category(term=text)
    return document


def _by_feedgenerator(kind: Any, feed: Feed, posts: Iterable[Post]) -> bytes:
    document = kind(title=feed.title, link=feed.home, description=feed.description or feed.title)
    for post in posts:
        document.add_item(
            title=post.title, link=post.url, description=post.excerpt, content=post.content_html, pubdate=post.dated,
            updateddate=last_change(post), unique_id=post.guid, author_name=post.author,
            categories=[text for text, _ in labels(post)],
        )
    return bytes(document.writeString("utf-8"), "utf-8")
