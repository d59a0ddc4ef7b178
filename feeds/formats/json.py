"""JSON Feed 1.1: the same posts for those who would rather not parse XML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from feeds.dates import rfc3339, utc
from feeds.feed import Feed, Origin
from feeds.safe import safe
from feeds.selection import labels, last_change, select
from pipelines.post import Post

suffix = ".json"
media_type = "application/feed+json"


def render(feed: Feed, posts: Iterable[Post]) -> bytes:
    """Return *feed* as a JSON Feed 1.1 document: UTF-8, dates in UTC, keys in a fixed order."""
    feed, chosen = safe(feed), select(feed, posts)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title or feed.name,
        "home_page_url": feed.home,
        "feed_url": feed.own_url(suffix),
        "next_url": feed.page_url(feed.archive.previous, suffix) if feed.archive.previous else None,
        "description": feed.description,
        "icon": feed.icon,
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
    }
    items = [_item(post, feed.origins.get(post.source)) for post in chosen]
    return (json.dumps(_given(document) | {"items": items}, ensure_ascii=False, indent=1) + "\n").encode()


def _item(post: Post, origin: Origin | None) -> dict[str, Any]:
    changed = last_change(post)
    item = {
        "id": post.guid,
        "url": post.url,
        "title": post.title,
        "summary": post.excerpt,
        "image": post.image,
        "date_published": rfc3339(post.dated),
        "date_modified": rfc3339(changed) if changed > utc(post.dated) else None,
        "authors": [{"name": post.author}] if post.author else None,
        "tags": [text for text, _ in labels(post)],
        "language": post.language,
        "attachments": [{"url": e.url, "mime_type": e.type, "size_in_bytes": e.length} for e in post.enclosures],
        "_source": _source(origin),
    }
    # One of the two is mandatory, and may be empty only as HTML.
    body = {"content_html": post.content_html} if post.content_html else {"content_text": post.excerpt or post.title}
    return _given(item) | body


def _source(origin: Origin | None) -> dict[str, str] | None:
    """Where an entry of a combined feed comes from: JSON Feed has no word for it, but leaves room for `_` keys."""
    return {"title": origin.title, "home_page_url": origin.home, "feed_url": origin.feed_url} if origin else None


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
