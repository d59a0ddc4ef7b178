"""Which posts a feed document holds: in what order, each once, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate

from feeds.dates import utc
from feeds.feed import Feed
from feeds.reduce import reduce
from feeds.safe import safe
from pipelines.pictures import with_lasting
from pipelines.post import Post

TARGET = 250_000
"""Bytes a document should stay below: every poll of every subscriber costs this much."""
CAP = 1_000_000
"""Bytes a document never exceeds: beyond, readers give up."""
MINIMUM = 10
"""Posts kept whatever their size, so that a reader away for a while misses nothing."""

_ENTRY_MARKUP = 1_500  # what a format writes around a post's own text, generously
_TITLE_LENGTH = 60
_LINE_LENGTH = 1_000  # characters of a title, a name or a tag: what is longer is no line, and would fill a document
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed needs a date too, and the clock may not be read


class Selection(list[Post]):
    """Posts that were selected for one document, ready to be written."""


def select(feed: Feed, posts: Iterable[Post]) -> Selection:
    """Return the posts of one document, ready to be written: newest first, each guid once, bodies reduced.

    Every format renders what this returns, so that all formats hold the same list. What it returns, given in
    again, is returned at once.

    Args:
        feed: what is published; its `limit` holds.
        posts: in any order.

    Returns:
        At most `feed.limit` posts that fit in `TARGET` bytes: the oldest are left out first, but `MINIMUM` stay.
        When those exceed `CAP`, the longest bodies are left out and readers show the excerpt. An archive document
        holds all of *posts*, within `CAP`.
    """
    if isinstance(posts, Selection):
        return posts
    newest = _newest(feed, posts)
    if feed.archive.page is not None:
        return Selection(_within_cap([ready(post) for post in newest]))
    return Selection(_within_cap(_within_target([ready(post) for post in newest[: feed.limit]])))


def last_change(post: Post) -> datetime:
    """Return when a post last changed, never before it appeared: aware, UTC, whole seconds."""
    return max(utc(post.updated or post.dated), utc(post.dated))


def updated(posts: Sequence[Post]) -> datetime:
    """Return the date of a whole document: its last change, or 1970 while it is empty. Never the clock."""
    return max(map(last_change, posts), default=_NEVER)


def labels(post: Post) -> list[tuple[str, str]]:
    """Return a post's categories, then tags, each text once, as (text, `category` or `tag`)."""
    kinds = [(text, "category") for text in post.categories] + [(text, "tag") for text in post.tags]
    first: dict[str, str] = {}
    for text, kind in kinds:
        first.setdefault(text, kind)
    return [(text, kind) for text, kind in first.items() if text]


def line(text: str) -> str:
    """Return *text* as long as a title, a name or a tag may be."""
    return text if len(text) <= _LINE_LENGTH else text[:_LINE_LENGTH].rstrip() + "…"


def placed(feed: Feed, post: Post) -> datetime:
    """Return the date by which *feed* is sorted: aware, UTC."""
    by_update = feed.query is not None and feed.query.order == "updated"
    return last_change(post) if by_update else utc(post.dated)


def _newest(feed: Feed, posts: Iterable[Post]) -> list[Post]:
    by_source = sorted(posts, key=lambda post: post.source)
    newest_first = sorted(by_source, key=lambda post: (placed(feed, post), post.guid), reverse=True)
    once: dict[str, Post] = {}
    for post in newest_first:
        once.setdefault(post.guid, post)
    return list(once.values())


def ready(post: Post) -> Post:
    """Return a post as a document may hold it: no sign that XML forbids, lasting pictures, lines cut, body reduced."""
    clean = safe(with_lasting(post))
    # RSS 2.0 asks for all three values of an enclosure, and a reader that misses one drops the entry or the file.
    whole = tuple(media for media in clean.enclosures if media.url and media.type and media.length > 0)
    return replace(
        clean, title=line(clean.title) or _stand_in(clean), author=clean.author and line(clean.author),
        categories=tuple(map(line, clean.categories)), tags=tuple(map(line, clean.tags)),
        excerpt=line(clean.excerpt), content_html=reduce(clean.content_html), enclosures=whole,
    )  # fmt: skip


def _stand_in(post: Post) -> str:
    """A title for a post without one: RSS and Atom readers show an empty line otherwise."""
    text = " ".join(post.excerpt.split())
    if len(text) > _TITLE_LENGTH:
        return text[:_TITLE_LENGTH].rstrip() + "…"
    return text or post.url


def _size(post: Post) -> int:
    """Bytes of a post in the longest of the formats: XML with its escapes."""
    texts = (post.content_html, post.title, post.excerpt, post.url, post.guid, *post.categories, *post.tags)
    escapes = sum(3 * (text.count("<") + text.count(">")) + 4 * text.count("&") for text in texts)
    return _ENTRY_MARKUP + escapes + sum(len(text.encode()) for text in texts)


def _within_target(posts: list[Post]) -> list[Post]:
    totals = accumulate(map(_size, posts))
    return [post for n, (post, total) in enumerate(zip(posts, totals, strict=True)) if n < MINIMUM or total <= TARGET]


def _within_cap(posts: list[Post]) -> list[Post]:
    kept, total = list(posts), sum(map(_size, posts))
    if total <= CAP:
        return kept
    for index in sorted(range(len(posts)), key=lambda n: -_size(posts[n])):
        if total <= CAP:
            break
        kept[index] = replace(posts[index], content_html="")
        total -= _size(posts[index]) - _size(kept[index])
    return kept
