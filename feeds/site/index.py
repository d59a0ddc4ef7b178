"""The page that lists what there is to subscribe to, since browsers show feeds as source text."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.dates import day
from feeds.feed import Feed
from feeds.formats import load_formats
from feeds.site.look import page
from feeds.site.row import row
from pipelines.post import Post, xml_safe

_NEWEST = 5


def index(title: str, feeds: Sequence[tuple[Feed, Sequence[Post]]]) -> bytes:
    """Return the page: every feed with its addresses and newest posts. UTF-8, no script, no clock.

    Args:
        title: the page's heading.
        feeds: each feed with its posts, newest first, as `feeds.selection.select` returns them.
    """
    formats = load_formats()
    rows = [row(feed, posts[:_NEWEST], formats) for feed, posts in feeds]
    return page("index.html", title=xml_safe(title), rows=rows, day=day)
