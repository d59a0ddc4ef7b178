"""The page for people: what there is to subscribe to, since browsers show feeds as source text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds import opml
from feeds.feed import Feed
from feeds.formats import Format, load_formats
from feeds.safe import safe
from pipelines.post import Post, xml_safe

suffix = ".html"
media_type = "text/html"

_NEWEST = 5
_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One format of one feed, as the page links to it."""

    text: str
    """Name of the format, for people."""
    url: str
    """Address of the document, absolute."""
    media_type: str
    """Its media type, for autodiscovery."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One feed, as the page shows it."""

    title: str
    """The feed's title, never empty."""
    feed: Feed
    """The feed itself."""
    address: str
    """The one address to copy."""
    links: tuple[Link, ...]
    """Its formats, in the feed's order."""
    posts: tuple[Post, ...]
    """Its newest posts, newest first."""


def render(title: str, feeds: Sequence[tuple[Feed, Sequence[Post]]]) -> bytes:
    """Return the page: every feed with its addresses and newest posts. UTF-8, no script, no clock.

    Args:
        title: the page's heading.
        feeds: each feed with its posts, newest first, as `feeds.selection.select` returns them.
    """
    formats = load_formats()
    rows = [_row(safe(feed), posts, formats) for feed, posts in feeds]
    return _TEMPLATES.get_template("index.html").render(title=xml_safe(title), rows=rows).encode()


def _row(feed: Feed, posts: Sequence[Post], formats: Mapping[str, Format]) -> Row:
    links = tuple(
        Link(text=_NAMES.get(name, name), url=feed.url(formats[name].suffix), media_type=formats[name].media_type)
        for name in feed.formats
    )
    title = feed.title or feed.name
    return Row(title=title, feed=feed, address=opml.address(feed, formats), links=links, posts=tuple(posts[:_NEWEST]))
