"""What can be asked of a post, in the form in which an index finds it: facts, and its text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.excerpt import plain_text

if TYPE_CHECKING:
    from typing import Any

    from pipelines.post import Post

CATEGORY, TAG, AUTHOR, LANGUAGE, SOURCE = "category", "tag", "author", "language", "source"
"""What a fact is of."""

# It counts as white space, so no part of a text holds it, and no part can be taken for a fact.
_FACT = "\x1f"
_LONGEST = 60  # characters of a fact: a stranger's tag may be a book
_LONGEST_TEXT = 1_000_000  # characters that are searched; no blog post is longer, a hostile page may be


@dataclass(frozen=True, kw_only=True, slots=True)
class Searchable:
    """What an index knows of one post."""

    facts: tuple[str, ...]
    """Each a category, tag, author, language or source, as `fact` writes it; each once."""
    text: str
    """Title, author, categories and tags, then the body, each on lines of its own: as `fold` writes it."""


def fold(text: str) -> str:
    """Return *text* as it is compared: case, width and composition of letters and kind of white space don't count."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def searchable(post: Post | Any, body: str | None = None) -> Searchable:
    """Return what can be asked of *post*.

    Args:
        post: any post, or the columns of one that are asked for here.
        body: its body as plain text, where that is known already.
    """
    told = (post.title, post.author or "", *post.categories, *post.tags)
    lines = (*told, *(plain_text(post.content_html) if body is None else body)[:_LONGEST_TEXT].splitlines())
    facts = [fact(SOURCE, post.source), *(fact(CATEGORY, name) for name in post.categories)]
    facts += [fact(TAG, tag) for tag in post.tags]
    facts += [fact(AUTHOR, post.author)] if post.author else []
    facts += [fact(LANGUAGE, primary_language(post.language))] if post.language else []
    return Searchable(facts=tuple(dict.fromkeys(facts)), text="\n".join(filter(None, map(fold, lines))))


def fact(kind: str, value: str) -> str:
    """Return how an index knows that a post has this category, tag, author, language or source.

    Two long values may be the same fact: what an index finds is looked at again.
    """
    return f"{kind}{_FACT}{fold(value)[:_LONGEST]}"


def primary_language(tag: str) -> str:
    """Return the language of a BCP 47 tag without its region: `ko` of `ko-KR`."""
    return tag.partition("-")[0].lower()


def parts(text: str) -> set[str]:
    """Return the parts of a folded text: each of its letters, and each two that stand together in one word.

    Words of Korean mostly have two syllables and take endings, so that they are looked for within longer ones; indexes
    of three letters (FTS5's `trigram`, `pg_trgm`) can't find them.
    """
    found: set[str] = set()
    for word in set(text.split()):
        found.update(word)
        found.update(map("".join, pairwise(word)))
    return found


def needed(text: str) -> frozenset[str]:
    """Return the parts that every text has in which this folded one stands: its pairs, of a single letter that one."""
    return frozenset(part for word in text.split() for part in (parts(word) - set(word) or {word}))
