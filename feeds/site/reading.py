"""The reading page of one feed: its posts whole, for people without a feed reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from feeds.dates import day, rfc3339
from feeds.feed import Feed, Origin
from feeds.formats import load_formats
from feeds.selection import labels
from feeds.site.look import page
from feeds.site.row import row
from pipelines.post import Post, xml_safe

_ANCHOR_LENGTH = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One post, as its feed's page shows it."""

    post: Post
    """The post itself."""
    anchor: str
    """Its place on the page; the same as long as the post is there."""
    date: str
    """The day it is dated, in the feed's zone: `2026-03-01`."""
    instant: str
    """The whole date, RFC 3339."""
    origin: Origin | None
    """The blog it came from; None where the whole feed is of one blog."""
    labels: tuple[str, ...]
    """Its categories, then tags, each once."""
    body: Markup
    """Its body, already sanitised; empty where only the excerpt is published."""


def reading(title: str, feed: Feed, posts: Sequence[Post]) -> bytes:
    """Return the page with every post of *feed*, newest first. UTF-8, no script, no clock.

    Args:
        title: the workspace's title, which leads back to the list of feeds.
        feed: whose posts they are.
        posts: newest first, as `feeds.selection.select` returns them: their bodies are taken as sanitised.
    """
    shown = row(feed, posts, load_formats())
    entries = [_entry(shown.feed, post) for post in posts]
    return page("reading.html", site=xml_safe(title), title=shown.title, row=shown, rows=[shown], entries=entries)


def _entry(feed: Feed, post: Post) -> Entry:
    return Entry(
        post=post,
        anchor="post-" + sha256(post.guid.encode()).hexdigest()[:_ANCHOR_LENGTH],
        date=day(post.dated, feed.zone),
        instant=rfc3339(post.dated),
        origin=feed.origins.get(post.source),
        labels=tuple(text for text, _ in labels(post)),
        body=Markup(post.content_html),  # noqa: S704 -- nothing is stored that `pipelines.body` did not sanitise
    )
