"""What a book is made of: posts as chapters, and what is told of them on its first page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from feeds.dates import day, rfc3339
from feeds.selection import labels, line, ready, updated
from pipelines.post import xml_safe

if TYPE_CHECKING:
    from feeds.exports import Library
    from pipelines.post import Post

_NAME_LENGTH = 16
_MOST_AUTHORS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """One post."""

    name: str
    """Its file, `post-….xhtml`: the same as long as its guid is."""
    post: Post
    """The post, ready to be written."""
    blog: str
    """What its blog is called."""
    date: str
    """The day it is dated, where its blog lives: `2026-03-01`."""
    labels: tuple[str, ...]
    """Its categories, then tags, each once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A digest of posts."""

    identifier: str
    """A URN that is the same for the same blogs, whatever their posts."""
    title: str
    """What it is called; never empty."""
    language: str
    """BCP 47; `und` where no post says its own."""
    authors: tuple[str, ...]
    """Of its posts, each once, at most twenty."""
    modified: str
    """When the last of its posts changed: RFC 3339, UTC, seconds."""
    days: tuple[str, str]
    """The days of its oldest and its newest post."""
    chapters: tuple[Chapter, ...]
    """Newest first; at least one."""


def book_of(library: Library, posts: list[Post]) -> Book:
    """Return the book of *posts*, newest first, none of them twice."""
    once = {post.guid: post for post in reversed(posts)}
    made = [ready(post) for post in reversed(once.values())]
    blogs = library.blogs
    chapters = tuple(
        Chapter(
            name=f"post-{sha256(post.guid.encode()).hexdigest()[:_NAME_LENGTH]}.xhtml", post=post,
            blog=line(xml_safe(blogs[post.source].site.title)), date=day(post.dated, blogs[post.source].zone),
            labels=tuple(text for text, _ in labels(post)),
        )
        for post in made
    )  # fmt: skip
    homes = "\n".join(sorted(blog.site.home for blog in blogs.values()))
    languages = Counter(post.language for post in made if post.language)
    return Book(
        identifier=_uuid(homes), title=line(xml_safe(library.title)) or "moafeed",
        language=max(sorted(languages), key=languages.__getitem__, default="und"), modified=rfc3339(updated(made)),
        authors=tuple(dict.fromkeys(post.author for post in made if post.author))[:_MOST_AUTHORS],
        days=(chapters[-1].date, chapters[0].date), chapters=chapters,
    )


def _uuid(text: str) -> str:
    """A UUID made of a text alone (RFC 9562, section 5.8)."""
    digits = sha256(text.encode()).hexdigest()
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
