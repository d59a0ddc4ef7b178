"""Which posts a combined feed or a search asks for: of which sources, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pipelines.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Among:
    """A choice of sources."""

    sources: tuple[str, ...] = ()
    """Names, or patterns of names; a source fits one of them. Empty: all fit."""
    platforms: tuple[str, ...] = ()
    """Names of platforms; a source is read as one of them. Empty: all fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a combined feed or a search asks for."""

    among: tuple[Among, ...] = ()
    """Sources whose posts are asked for: those that fit all of these."""
    without: tuple[Among, ...] = ()
    """Sources that are left out: those that fit one of these."""
    query: Query = field(default_factory=Query)
    """What is asked of their posts."""
    limit: int | None = None
    """How many posts at most; None: as many as usual."""


def members(question: Question, platforms: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the names of the sources that *question* is about, sorted.

    Args:
        question: the question.
        platforms: of every source there is the platform it is read as; None where that is not known yet.
    """
    return tuple(
        name for name in sorted(platforms)
        if all(_fits(each, name, platforms[name]) for each in question.among)
        and not any(_fits(each, name, platforms[name]) for each in question.without)
    )


def unknown(patterns: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return those of *patterns* that are plain names, and no source's."""
    known = list(names)
    return [p for p in patterns if not set(p) & set("*?[") and not any(fnmatchcase(name, p) for name in known)]


def _fits(among: Among, name: str, platform: str | None) -> bool:
    return (not among.sources or any(fnmatchcase(name, pattern) for pattern in among.sources)) and (
        not among.platforms or platform in among.platforms
    )
