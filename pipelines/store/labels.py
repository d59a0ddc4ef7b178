"""Which categories and tags a source has, and how many posts of each: counted again when its posts changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from pipelines.searchable import CATEGORY, TAG, fold
from pipelines.store import tables
from pipelines.store.upserting import upsert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A category or a tag of one source."""

    kind: str
    """`category` or `tag`."""
    path: tuple[str, ...]
    """A tag, or a category after its parents; as most of its posts write it."""
    posts: int
    """How many posts have it, or a category below it; deleted ones don't count."""


def known(connection: Connection, sources: Sequence[str]) -> dict[str, tuple[int, list[Label]]]:
    """Return of each of *sources* that was counted the number of its change then, and what was counted."""
    rows = connection.execute(select(tables.labels).where(tables.labels.c.source.in_(sources)))
    return {
        row.source: (row.changed, [Label(kind=kind, path=tuple(path), posts=n) for kind, path, n in row.counts])
        for row in rows
    }


def count(connection: Connection, source: str) -> list[Label]:
    """Return the categories, then the tags of *source*, in the order of their letters."""
    posts = tables.posts.c
    rows = select(posts.categories, posts.tags).where(posts.source == source, posts.deleted.is_(None))
    written: defaultdict[_Key, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for row in connection.execute(rows.execution_options(yield_per=1000)):
        paths = {tuple(row.categories[:length]) for length in range(1, len(row.categories) + 1)}
        labels = {(CATEGORY, path) for path in paths} | {(TAG, (tag,)) for tag in row.tags}
        once = {(kind, tuple(map(fold, path))): path for kind, path in sorted(labels, reverse=True)}
        for key, path in once.items():
            written[key][path] += 1
    return [
        Label(kind=kind, path=min(spelt, key=lambda path: (-spelt[path], path)), posts=spelt.total())
        for (kind, _), spelt in sorted(written.items())
    ]


def keep(connection: Connection, found: Mapping[str, tuple[int, Sequence[Label]]]) -> None:
    """Keep what was counted of each source, with the number of its last change."""
    rows = [
        {"source": source, "changed": changed, "counts": [[e.kind, list(e.path), e.posts] for e in labels]}
        for source, (changed, labels) in found.items()
    ]
    upsert(connection, tables.labels, rows, ["source"])
