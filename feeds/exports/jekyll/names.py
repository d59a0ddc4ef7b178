"""Which file a post gets: its own for ever, and never one that somebody else wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .slug import hashed, same_file_key, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

POSTS = "_posts"
"""Folder of the posts' files."""
ENDINGS = (".md", ".markdown", ".html")
"""Endings under which Jekyll knows a post."""
Key = tuple[str, str]
"""Source and guid: what no two posts share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a post's file name is made of."""

    key: Key
    """Its source and guid."""
    title: str
    """Its title."""
    day: date
    """The day it is dated, in its blog's time zone."""
    first_seen: datetime
    """When it was first fetched: of two that want one name, the earlier gets it."""


def name_posts(headings: Iterable[Heading], given: Mapping[Key, str], foreign: Iterable[str]) -> dict[Key, str]:
    """Return the file name (without `.md`) of each post.

    Args:
        headings: the posts to name, in any order.
        given: names that were given before, also of posts that are not among these: they stay theirs.
        foreign: names of files that are not ours.
    """
    names = dict(given)
    taken = {same_file_key(name) for name in (*given.values(), *foreign)}
    for heading in sorted(headings, key=lambda h: (h.first_seen, h.key[1], h.key[0])):
        if heading.key not in names:
            name = next(name for name in wanted(heading) if same_file_key(name) not in taken)
            names[heading.key] = name
            taken.add(same_file_key(name))
    return names


def wanted(heading: Heading) -> Iterator[str]:
    """Yield the names a post would take, the best first."""
    source, guid = heading.key
    plain = f"{heading.day.isoformat()}-{slug(heading.title, guid)}"
    yield plain
    yield f"{plain}-{hashed(guid)}"
    number = 0
    while True:  # one post in two sources has one guid
        number += 1
        yield f"{plain}-{hashed(f'{number} {source} {guid}')}"
