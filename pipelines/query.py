"""A question to the stored posts, and whether a post is an answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pipelines.patterns import compiled
from pipelines.searchable import AUTHOR, CATEGORY, LANGUAGE, TAG, fact, fold, needed, primary_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is asked for in posts; case and width of letters don't count in any of it."""

    categories: tuple[tuple[str, ...], ...] = ()
    """Categories, each as one name or as several from a parent on to its child: it and all below it."""
    tags: tuple[str, ...] = ()
    """Tags, whole."""
    authors: tuple[str, ...] = ()
    """Names of authors, whole."""
    languages: tuple[str, ...] = ()
    """BCP 47 languages; `ko` is also `ko-KR`."""
    words: tuple[str, ...] = ()
    """Words, or several in a row: anywhere in title, author, category, tag or text, also within longer words."""
    patterns: tuple[str, ...] = ()
    """Regular expressions (`pipelines.patterns`), in any line of the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Which posts of some sources."""

    wanted: tuple[Terms, ...] = ()
    """Of each of them a post has one of the categories, one of the tags, one of the authors, one of the languages, all
    words and all patterns."""
    unwanted: Terms = Terms()
    """A post has none of these."""
    since: datetime | None = None
    """Posts are not older: aware, UTC. None: of any age."""
    order: Literal["published", "updated"] = "published"
    """The newest by this come first."""
    copies: Literal["once", "all"] = "once"
    """Whether a post that repeats one of another source is left out where that one is an answer too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a query looks at in one post."""

    categories: tuple[str, ...]
    """Its category path."""
    tags: tuple[str, ...]
    """Its tags."""
    author: str | None
    """Its author."""
    language: str | None
    """Its language."""
    text: str
    """Its text as `searchable` folds it."""


def fits(query: Query, post: Asked) -> bool:
    """Tell whether a post is an answer, dates and copies aside."""
    return all(_has(terms, post) for terms in query.wanted) and not _has_any(query.unwanted, post)


def looks_at_text(query: Query) -> bool:
    """Tell whether a query needs the text of posts."""
    return any(terms.words or terms.patterns for terms in (*query.wanted, query.unwanted))


def hints(query: Query) -> list[list[frozenset[str]]]:
    """Return what an index is asked for: of each group, every answer has all parts of one member."""
    return [group for terms in query.wanted for group in _groups(terms) if group]


def _groups(terms: Terms) -> Iterator[list[frozenset[str]]]:
    yield [frozenset(fact(CATEGORY, name) for name in path) for path in terms.categories]
    yield [frozenset({fact(TAG, tag)}) for tag in terms.tags]
    yield [frozenset({fact(AUTHOR, author)}) for author in terms.authors]
    yield [frozenset({fact(LANGUAGE, primary_language(tag))}) for tag in terms.languages]
    for word in terms.words:
        yield [parts] if (parts := needed(fold(word))) else []


def _has(terms: Terms, post: Asked) -> bool:
    return (
        (not terms.categories or _in_category(terms, post))
        and (not terms.tags or _has_tag(terms, post))
        and (not terms.authors or _is_by(terms, post))
        and (not terms.languages or _speaks(terms, post))
        and all(_folded(word) in post.text for word in terms.words)
        and all(_finds(pattern, post.text) for pattern in terms.patterns)
    )


def _has_any(terms: Terms, post: Asked) -> bool:
    return (
        _in_category(terms, post) or _has_tag(terms, post) or _is_by(terms, post) or _speaks(terms, post)
        or any(_folded(word) in post.text for word in terms.words)
        or any(_finds(pattern, post.text) for pattern in terms.patterns)
    )


def _finds(pattern: str, text: str) -> bool:
    return compiled(pattern, any_case=True).matches(text)


# Of what is asked for, the same few texts are compared with every post.
_folded = lru_cache(maxsize=1024)(fold)


def _in_category(terms: Terms, post: Asked) -> bool:
    path = [fold(name) for name in post.categories]
    return any(_stands_in([_folded(name) for name in asked], path) for asked in terms.categories)


def _stands_in(asked: Sequence[str], path: Sequence[str]) -> bool:
    length = len(asked)
    return any(path[start : start + length] == asked for start in range(len(path) - length + 1))


def _has_tag(terms: Terms, post: Asked) -> bool:
    return not {_folded(tag) for tag in terms.tags}.isdisjoint(map(fold, post.tags))


def _is_by(terms: Terms, post: Asked) -> bool:
    return post.author is not None and fold(post.author) in map(_folded, terms.authors)


def _speaks(terms: Terms, post: Asked) -> bool:
    spoken = (post.language or "").lower()
    return any(spoken == tag or spoken.startswith(f"{tag}-") for tag in map(str.lower, terms.languages))
