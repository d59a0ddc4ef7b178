"""A feed's archive: every post of a blog on pages of 50, oldest first, so that one page stays as it is for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.store.publications import Place

PAGE = 50
"""Posts on one page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One archive document."""

    number: int
    """From 1 for the oldest posts."""
    guids: tuple[str, ...]
    """Its posts, oldest first."""
    state: tuple[tuple[str, int, bool], ...]
    """What tells its content from every other: guid, number of the last change, whether it is deleted."""
    following: int | None
    """Number of the next page, where there is one."""


def pages(places: Sequence[Place], shown: Collection[str], *, after: int = 0) -> list[Page]:
    """Return the pages of a blog's archive, oldest posts first.

    Only full pages are documents, and the one that fills up is none while the document that people subscribe to shows
    all posts of it: so a new post rewrites that one alone. A deleted post keeps its place, or all pages after it would
    change.

    Args:
        places: all posts of the blog, deleted ones too, oldest first.
        shown: guids of the posts that people see without an archive.
        after: number of pages that are there in any case; *places* are those that follow.
    """
    if not after and all(place.deleted or place.guid in shown for place in places):
        return []
    chunks = [places[start : start + PAGE] for start in range(0, len(places), PAGE)]
    if chunks and len(chunks[-1]) < PAGE and all(place.deleted or place.guid in shown for place in chunks[-1]):
        del chunks[-1]
    return list(_numbered(chunks, after + 1))


def _numbered(chunks: Sequence[Sequence[Place]], first: int) -> Iterator[Page]:
    for number, chunk in enumerate(chunks, first):
        yield Page(
            number=number,
            guids=tuple(place.guid for place in chunk),
            state=tuple((place.guid, place.changed, place.deleted) for place in chunk),
            following=number + 1 if number - first + 1 < len(chunks) else None,
        )
