"""What `moafeed.toml` may say of a combined feed: which posts, of which blogs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crawler import fields
from crawler.query_text import QueryError, category, question
from crawler.question import Among, Question
from pipelines.patterns import pattern
from pipelines.query import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

_MODEL = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


def _each(check: Callable[[str], object]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    def checked(texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if not text.strip():
                raise ValueError("has an empty value; take it out")
            check(text)
        return texts

    return checked


def _pattern(text: str) -> None:
    try:
        pattern(text)
    except ValueError as error:
        raise ValueError(f"holds {text[: fields.MAX_NAME_BYTES]!r}, which {error}") from None


def _category(text: str) -> None:
    if not category(text):
        raise ValueError("has a category without a name")


def _query(text: str) -> str:
    try:
        question(text)
    except QueryError as error:
        raise ValueError(f"can't be understood: {error}") from None
    return text


Texts = Annotated[tuple[str, ...], Field(strict=False, max_length=200), AfterValidator(_each(str))]
Categories = Annotated[tuple[str, ...], Field(strict=False, max_length=200), AfterValidator(_each(_category))]
Languages = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_each(fields.language))]
Platforms = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_each(fields.platform))]
Patterns = Annotated[tuple[str, ...], Field(strict=False, max_length=50), AfterValidator(_each(_pattern))]
QueryText = Annotated[str, Field(max_length=2000), AfterValidator(_query)]


class Asked(BaseModel):
    """What posts are asked for. Upper and lower case don't count, nor how wide or composed a letter is."""

    model_config = _MODEL

    platforms: Annotated[Platforms, Field(examples=[["tistory"]])] = ()
    """Platforms of their blogs."""
    categories: Annotated[Categories, Field(examples=[["여행/일본"]])] = ()
    """Categories, with all below them; parents may stand before a name, with a slash."""
    tags: Annotated[Texts, Field(examples=[["python"]])] = ()
    """Tags."""
    authors: Annotated[Texts, Field(examples=[["Kim Mina"]])] = ()
    """Authors, as their blogs name them."""
    languages: Annotated[Languages, Field(examples=[["ko"]])] = ()
    """Languages (BCP 47); `ko` is also `ko-KR`."""
    words: Annotated[Texts, Field(examples=[["김치찌개"]])] = ()
    """Words, or several in a row, anywhere in title, category, tag or text, also within longer words."""
    patterns: Annotated[Patterns, Field(examples=[["v\\\\d+\\\\.\\\\d+"]])] = ()
    """Regular expressions (RE2), in any line of the same."""

    def terms(self) -> Terms:
        """Return what is asked of a post."""
        return Terms(
            categories=tuple(map(category, self.categories)), tags=self.tags, authors=self.authors,
            languages=self.languages, words=self.words, patterns=self.patterns,
        )


class Excluded(Asked):
    """Posts that a feed leaves out: those that have one of these."""

    sources: Annotated[tuple[str, ...], Field(strict=False, examples=[["noisy-*"]])] = ()
    """Names of their sources, or patterns of names."""


class CombinedFeed(Asked):
    """A feed of several sources, or of those of their posts that are asked for: one of each list, but all words."""

    title: Annotated[fields.OneLine | None, Field(examples=["All my blogs"])] = None
    """Its title; its name where left out."""
    description: Annotated[fields.OneLine | None, Field(examples=["What my friends write"])] = None
    """One line that says what is in it."""
    sources: Annotated[tuple[str, ...], Field(strict=False, min_length=1, examples=[["*"]])] = ("*",)
    """Names of its sources, or patterns of names: `*` stands for any letters."""
    query: Annotated[QueryText | None, Field(examples=["tag:python -category:news"])] = None
    """What is asked for beside all else, as `moafeed query` takes it."""
    exclude: Annotated[Excluded, Field(examples=[{"tags": ["ad"]}])] = Excluded()
    """What it leaves out."""
    since: Annotated[date | None, Field(examples=["2024-01-01"])] = None
    """The first day of its posts."""
    order: Annotated[Literal["published", "updated"] | None, Field(examples=["updated"])] = None
    """What decides which posts are the newest: when they were "published" (the default), or "updated"."""
    copies: Annotated[Literal["once", "all"] | None, Field(examples=["all"])] = None
    """Whether a post that stands in two of its blogs is shown "once" (the default), or "all" of them are."""
    limit: Annotated[fields.Limit | None, Field(examples=[40])] = None
    """How many of the newest posts it holds; the default's number where left out."""
    formats: Annotated[fields.FormatNames | None, Field(examples=[["rss", "atom", "json"]])] = None
    """Formats it is written in; the default's where left out."""

    def question(self, zone: str) -> Question:
        """Return what it asks for; a day of `since` begins in *zone*."""
        typed = question(self.query or "", zone)
        query, own, out = typed.query, self.terms(), self.exclude
        wanted = (own, *query.wanted) if own != Terms() else query.wanted
        begins = [query.since] if query.since else []
        begins += [datetime.combine(self.since, time(), ZoneInfo(zone)).astimezone(UTC)] if self.since else []
        left_out = [Among(sources=out.sources)] if out.sources else []
        left_out += [Among(platforms=out.platforms)] if out.platforms else []
        return Question(
            among=(Among(sources=self.sources, platforms=self.platforms), *typed.among),
            without=(*left_out, *typed.without),
            query=replace(
                query, wanted=wanted, unwanted=_both(out.terms(), query.unwanted), since=max(begins, default=None),
                order=self.order or query.order, copies=self.copies or query.copies,
            ),
            limit=self.limit or typed.limit,
        )  # fmt: skip


def _both(one: Terms, other: Terms) -> Terms:
    return Terms(**{name: getattr(one, name) + getattr(other, name) for name in Terms.__slots__})
