"""A feed as every page shows it: its title, its formats, its own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from feeds import opml
from feeds.feed import Feed
from feeds.formats import Format
from feeds.record import Listed
from feeds.safe import safe
from pipelines.post import Post

suffix = ".html"

_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One format of one feed, as a page links to it."""

    text: str
    """Name of the format, for people."""
    url: str
    """Address of the document, absolute."""
    media_type: str
    """Its media type, for autodiscovery."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One feed, as a page shows it."""

    title: str
    """The feed's title, never empty."""
    feed: Feed
    """The feed itself."""
    address: str
    """The one address to copy."""
    page: str
    """Address of its reading page, relative to the other pages."""
    links: tuple[Link, ...]
    """Its formats, in the feed's order."""
    posts: tuple[Post | Listed, ...]
    """Posts of it, newest first."""


def page_name(feed: Feed) -> str:
    """Return the file name of a feed's reading page."""
    return feed.name + suffix


def row(feed: Feed, posts: Sequence[Post | Listed], formats: Mapping[str, Format]) -> Row:
    """Return *feed* with *posts* as a page shows it."""
    feed = safe(feed)
    links = tuple(
        Link(text=_NAMES.get(name, name), url=feed.url(formats[name].suffix), media_type=formats[name].media_type)
        for name in feed.formats
    )
    return Row(
        title=feed.title or feed.name, feed=feed, address=opml.address(feed, formats),
        page=quote(page_name(feed), safe=""), links=links, posts=tuple(posts),
    )
