"""The page that lists what there is to subscribe to, since browsers show feeds as source text."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.dates import day
from feeds.feed import Feed
from feeds.formats import load_formats
from feeds.record import Listed
from feeds.site.look import page
from feeds.site.row import row
from pipelines.post import xml_safe


def index(title: str, feeds: Sequence[tuple[Feed, Sequence[Listed]]]) -> bytes:
    """Return the page: every feed with its addresses and newest posts. UTF-8, no script, no clock.

    Args:
        title: the page's heading.
        feeds: each feed with its newest posts, newest first.
    """
    formats = load_formats()
    rows = [row(feed, posts, formats) for feed, posts in feeds]
    return page("index.html", title=xml_safe(title), rows=rows, day=day)
