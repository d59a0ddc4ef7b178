"""RSS 2.0: the format most readers and most people know."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import partial

from lxml import etree

from feeds.dates import rfc822
from feeds.feed import Feed
from feeds.generator import CONTENT, DC, MEDIA, rss_channel, written
from feeds.safe import safe
from feeds.selection import labels, select
from pipelines.post import Post

suffix = ".rss"
media_type = "application/rss+xml"

_BODY, _CREATOR, _THUMBNAIL = f"{{{CONTENT}}}encoded", f"{{{DC}}}creator", f"{{{MEDIA}}}thumbnail"


def render(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Return *feed* as an RSS 2.0 document: UTF-8, dates in UTC."""
    feed, chosen = safe(feed), select(feed, posts)
    root = rss_channel(feed, chosen)
    channel = root[0]
    for post in chosen:
        _write(etree.SubElement(channel, "item"), feed, post)
    return written(root)


def _write(item: etree._Element, feed: Feed, post: Post) -> None:
    add = partial(etree.SubElement, item)
    add("title").text = post.title
    add("link").text = post.url
    if post.excerpt:  # before the body, or some readers take it for the body; HTML by RSS 2.0, so escaped
        add("description").text = html.escape(post.excerpt, quote=False)
    if post.content_html:
        add(_BODY if post.excerpt else "description").text = post.content_html
    add("guid", isPermaLink="false").text = post.guid
    for text, _ in labels(post):  # without `domain`: with it some readers see objects instead of names
        add("category").text = text
    for enclosure in post.enclosures[:1]:  # RSS readers expect one at most
        add("enclosure", url=enclosure.url, length=str(enclosure.length), type=enclosure.type)
    add("pubDate").text = rfc822(post.dated)
    if origin := feed.origins.get(post.source):
        add("source", url=origin.feed_url).text = origin.title
    if post.author:  # RSS's own <author> wants an e-mail address
        add(_CREATOR).text = post.author
    if post.image:
        add(_THUMBNAIL, url=post.image)


__all__ = ["media_type", "render", "suffix"]
