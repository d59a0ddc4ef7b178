"""What is written down of a publication: which files, what the list of feeds shows, which entries subscribers know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from feeds.dates import utc
from feeds.feed import Feed
from feeds.selection import last_change
from pipelines.post import Post

_LISTED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry as subscribers know it."""

    guid: str
    """Its id."""
    source: str
    """Name of the source that it belongs to."""
    published: datetime
    """By which readers sort it: aware, UTC."""
    updated: datetime
    """When it last changed: aware, UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """A change that somebody rejected: as long as the post says the same, subscribers see what they know."""

    published: datetime
    """The date that subscribers know: aware, UTC."""
    updated: datetime
    """The last change that they know: aware, UTC."""
    refused: tuple[datetime, datetime]
    """Both as they would have been."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """What an archive was made from, by which to know what can't have changed since."""

    look: str
    """Digest of what its pages show of their feed."""
    changed: int
    """Number of the last change of its source."""
    posts: int
    """How many posts the source had, deleted ones too."""
    deleted: int
    """How many of them were deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What subscribers know of one feed."""

    sources: frozenset[str] = frozenset()
    """Names of the sources that it had."""
    entries: tuple[Entry, ...] = ()
    """Its entries, newest first."""
    until: int = 0
    """Number of the last post that was stored by then."""
    quiet: Mapping[str, Quiet | None] = field(default_factory=dict)
    """What was rejected, by guid; None for an entry that is not to be seen at all."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """State of each page of its archive, by number. (It stands here, since this is read only of feeds that changed.)"""
    archived: Archived | None = None
    """What the archive was made from; None where there is none."""

    @property
    def by_guid(self) -> dict[str, Entry]:
        """The entries by their ids."""
        return {entry.guid: entry for entry in self.entries}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A post as the list of feeds shows it."""

    title: str
    """Its title, never empty."""
    url: str
    """Where it is, absolute."""
    dated: datetime
    """Aware, UTC."""


def entries_of(posts: Iterable[Post]) -> tuple[Entry, ...]:
    """Return the entries that a document with *posts* shows."""
    return tuple(
        Entry(guid=p.guid, source=p.source, published=utc(p.dated), updated=last_change(p)) for p in posts
    )


def listed(posts: Sequence[Post]) -> list[Listed]:
    """Return what the list of feeds shows of the newest *posts*."""
    return [Listed(title=post.title, url=post.url, dated=utc(post.dated)) for post in posts[:_LISTED]]


def pack_entries(entries: Iterable[Entry]) -> list[list[str]]:
    """Return *entries* in the plain values that a store keeps."""
    return [[e.guid, e.source, e.published.isoformat(), e.updated.isoformat()] for e in entries]


def unpack_entries(kept: Iterable[Sequence[str]]) -> tuple[Entry, ...]:
    """Return what `pack_entries` made of them."""
    at = datetime.fromisoformat
    return tuple(
        Entry(guid=guid, source=source, published=at(published), updated=at(updated))
        for guid, source, published, updated in kept
    )


def pack_shown(shown: Shown) -> dict[str, Any]:
    """Return *shown* in the plain values that a store keeps."""
    return {
        "sources": sorted(shown.sources),
        "entries": pack_entries(shown.entries),
        "until": shown.until,
        "pages": dict(shown.pages),
        "archived": asdict(shown.archived) if shown.archived else None,
        "quiet": {
            guid: [at.isoformat() for at in (quiet.published, quiet.updated, *quiet.refused)] if quiet else None
            for guid, quiet in shown.quiet.items()
        },
    }


def unpack_shown(kept: Mapping[str, Any]) -> Shown:
    """Return what `pack_shown` made of it."""
    at = datetime.fromisoformat
    return Shown(
        sources=frozenset(kept["sources"]),
        entries=unpack_entries(kept["entries"]),
        until=kept["until"],
        pages=kept.get("pages", {}),
        archived=Archived(**kept["archived"]) if kept.get("archived") else None,
        quiet={
            guid: Quiet(published=at(d[0]), updated=at(d[1]), refused=(at(d[2]), at(d[3]))) if d else None
            for guid, d in kept["quiet"].items()
        },
    )


def pack_listed(posts: Iterable[Listed]) -> list[list[str]]:
    """Return *posts* in the plain values that a store keeps."""
    return [[post.title, post.url, post.dated.isoformat()] for post in posts]


def unpack_listed(kept: Iterable[Sequence[str]]) -> list[Listed]:
    """Return what `pack_listed` made of them."""
    return [Listed(title=title, url=url, dated=datetime.fromisoformat(dated)) for title, url, dated in kept]


def fingerprint(feed: Feed, changes: Mapping[str, int]) -> str:
    """Return what tells one state of everything that a feed's documents are made from, from every other.

    Args:
        feed: what it says of itself.
        changes: number of the last change of each source.
    """
    numbers = [changes.get(source, 0) for source in feed.sources]
    origins = sorted(feed.origins.items())
    return digest(replace(feed, origins={}), origins, numbers, _program())


def digest(*values: object) -> str:
    """Return a short name of *values*, by what they print as: nothing in them may print in an order of chance."""
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def _program() -> str:
    """Which program writes the documents: another version may write other bytes, and a changed file surely may."""
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.suffix in {".py", ".html", ".css"})
    found = [(str(path.relative_to(here)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return digest(version("moafeed"), found)
