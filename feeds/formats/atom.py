"""Atom 1.0 (RFC 4287): the least ambiguous of the formats."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from lxml import etree

from feeds.dates import utc
from feeds.feed import Feed, Origin
from feeds.generator import MEDIA, TOMBSTONES, atom_feed, written
from feeds.safe import safe
from feeds.selection import labels, last_change, select
from pipelines.post import Post

suffix = ".atom"
media_type = "application/atom+xml"

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_THUMBNAIL = f"{{{MEDIA}}}thumbnail"


def render(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Return *feed* as an Atom 1.0 document: UTF-8, dates in UTC, deleted posts as tombstones (RFC 6721)."""
    feed, chosen = safe(feed), select(feed, posts)
    root = atom_feed(feed, chosen)
    for guid, at in feed.deleted:
        etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=guid, when=utc(at).isoformat())
    for post in chosen:
        _write(etree.SubElement(root, "entry"), feed, post)
    return written(root)


def _write(entry: etree._Element, feed: Feed, post: Post) -> None:
    add, changed = partial(etree.SubElement, entry), last_change(post).isoformat()
    if post.language and post.language != feed.language:
        entry.set(_LANG, post.language)
    add("id").text = post.guid
    add("title").text = post.title
    add("updated").text = changed
    if post.author:
        etree.SubElement(add("author"), "name").text = post.author
    if post.content_html:
        add("content", type="html").text = post.content_html  # without a type readers show the tags
    if post.excerpt:
        add("summary").text = post.excerpt
    origin = feed.origins.get(post.source)
    home = (origin.home if origin else feed.home).rstrip("/")
    for text, kind in labels(post):
        add("category", term=text, scheme=f"{home}/{kind}", label=text)
    add("published").text = utc(post.dated).isoformat()
    add("link", rel="alternate", type="text/html", href=post.url)
    for each in post.enclosures:
        add("link", rel="enclosure", type=each.type, length=str(each.length), href=each.url)
    if origin:
        _write_source(add("source"), origin, changed)
    if post.image:
        add(_THUMBNAIL, url=post.image)


def _write_source(source: etree._Element, origin: Origin, changed: str) -> None:
    """Write RFC 4287's `source` (4.2.11) whole; its date is the entry's, so that an entry's bytes stay its own."""
    for name, text in (("id", origin.feed_url), ("title", origin.title), ("updated", changed)):
        etree.SubElement(source, name).text = text
    etree.SubElement(source, "link", rel="self", href=origin.feed_url)
    etree.SubElement(source, "link", rel="alternate", type="text/html", href=origin.home)


__all__ = ["media_type", "render", "suffix"]
