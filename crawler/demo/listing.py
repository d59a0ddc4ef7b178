"""Which posts a listing of the demo blog shows: paging, categories, tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from crawler.demo.post import DemoPost

PAGE_SIZE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """One page of a listing."""

    kind: str
    """`index`, `category` or `tag`: the end of the body's id."""
    title: str
    """Heading over the list."""
    path: str
    """Path of its first page, percent-encoded."""
    posts: tuple[DemoPost, ...]
    """The posts of this page, newest first."""
    total: int
    """How many posts all its pages hold."""
    page: int
    """Number of this page, from 1."""

    @property
    def pages(self) -> range:
        """Numbers of all pages."""
        return range(1, max(1, -(-self.total // PAGE_SIZE)) + 1)


def listing(kind: str, title: str, path: str, posts: Sequence[DemoPost], page: int) -> Listing:
    """Return page number *page* of *posts*; past the last page it is empty."""
    start = (page - 1) * PAGE_SIZE
    shown = tuple(posts[start : start + PAGE_SIZE])
    return Listing(kind=kind, title=title, path=path, posts=shown, total=len(posts), page=page)


def in_category(posts: Iterable[DemoPost], category: str) -> list[DemoPost]:
    """Return the posts of *category* and of what lies below it; all for an empty name."""
    return [p for p in posts if not category or f"{p.category}/".startswith(f"{category}/")]


def categories(posts: Iterable[DemoPost]) -> list[tuple[str, str, int]]:
    """Return every category as (path, address, number of posts), parents before children."""
    counts: Counter[str] = Counter()
    for post in posts:
        levels = post.category.split("/") if post.category else []
        counts.update("/".join(levels[: depth + 1]) for depth in range(len(levels)))
    return [(name, category_path(name), counts[name]) for name in sorted(counts)]


def category_path(category: str) -> str:
    """Return the address of *category*: space is `%20`, `&` is `%26`, the `/` between levels stays."""
    return f"/category/{quote(category)}"


def tag_path(tag: str) -> str:
    """Return the address of *tag*."""
    return f"/tag/{quote(tag, safe='')}"


def neighbours(posts: Sequence[DemoPost], post: DemoPost) -> tuple[DemoPost | None, DemoPost | None]:
    """Return the posts published before and after *post* in *posts* (newest first)."""
    place = posts.index(post)
    older = posts[place + 1] if place + 1 < len(posts) else None
    return older, posts[place - 1] if place else None
