"""How sure we are of what was read of a blog: for each field, which rule gave it, and whether others say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crawler.document import Document, PageError
from crawler.reading import platform_of
from crawler.rules import answers, says_something
from crawler.selected import post_page
from pipelines.dates import parse_date
from pipelines.searchable import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crawler.page import PostPage
    from crawler.recording import Recording
    from crawler.source import Source
    from pipelines.post import Post

FIELDS = ("title", "published", "author", "categories", "tags", "image", "body")
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidence:
    """How sure we are of one field."""

    field: str
    """Its name in the post schema; `body` for the text."""
    posts: int
    """In how many of the posts there is one."""
    rule: str
    """What gave it, in most of them; empty where no post has one."""
    level: str
    """`sure`: several places of a page say the same, or its platform is known; `alone`: only one does; `doubtful`:
    others say something else; `missing`: no post has one."""


def confidence(source: Source, posts: Sequence[Post], recording: Recording, *, known: bool) -> list[Confidence]:
    """Return how sure we are of each field of *posts*.

    Args:
        source: how they were read.
        posts: what was read.
        recording: the pages that they were read from, as far as there are such.
        known: whether its platform is known by name, so that each rule is made for it.
    """
    pages = [page for post in posts if (page := _page(source, post, recording)) is not None]
    return [_of(name, posts, pages, known=known) for name in FIELDS]


def _page(source: Source, post: Post, recording: Recording) -> tuple[Post, PostPage] | None:
    answer = recording.answer(post.url)
    if answer is None:
        return None
    try:
        document = Document.parse(answer.body, post.url, None)
    except PageError:
        return None
    _, platform = platform_of(document, source)
    return post, post_page(document, platform, source)


def _of(name: str, posts: Sequence[Post], pages: Sequence[tuple[Post, PostPage]], *, known: bool) -> Confidence:
    has = sum(says_something(_value(post, name)) for post in posts)
    found = [_believed(page, name, post.first_seen) for post, page in pages if says_something(_value(post, name))]
    if not has:
        return Confidence(field=name, posts=0, rule="", level="missing")
    if not found:  # the entries of a feed
        return Confidence(field=name, posts=has, rule="its feed", level="alone")
    rule = Counter(rule for rule, _ in found).most_common(1)[0][0]
    levels = [level for _, level in found]
    worst = next((level for level in ("doubtful", "alone") if level in levels), "sure")
    return Confidence(field=name, posts=has, rule=rule, level="sure" if known and worst == "alone" else worst)


def _value(post: Post, name: str) -> object:
    return post.content_html if name == "body" else getattr(post, name)


def _believed(page: PostPage, name: str, fetched: datetime) -> tuple[str, str]:
    """The rule that was believed on one page, and what the others make of it."""
    said = [(rule, value) for rule, value in answers(page, name) if says_something(value)]
    if not said:
        return "what stands in for it", "alone"
    (rule, first), others = said[0], [value for _, value in said[1:]]
    if name in {"body", "image"} or not others:  # other places of a page show other pictures, or more than the text
        return rule, "sure" if name == "image" and _same(first, others, fetched) else "alone"
    if _same(first, others, fetched):
        return rule, "sure"
    return rule, "doubtful" if name in {"title", "published"} else "alone"


def _same(first: Any, others: Iterable[Any], fetched: datetime) -> bool:
    return any(_is_same(first, other, fetched) for other in others)


def _is_same(one: Any, other: Any, fetched: datetime) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(map(fold, one)) == set(map(fold, other))
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if fold(one) in fold(other) or fold(other) in fold(one):
        return True
    dates = [parse_date(text, "UTC", fetched) for text in (one, other)]
    return None not in dates and abs(dates[0] - dates[1]) <= _DAY  # type: ignore[operator]  # neither is None
