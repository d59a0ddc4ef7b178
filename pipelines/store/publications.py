"""What was published of each feed last: what it was made from, which files, which entries subscribers know."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from pipelines.store import labels, tables
from pipelines.store.engine import faults, where
from pipelines.store.rows import POST_COLUMNS, restore
from pipelines.store.searching import those_fitting
from pipelines.store.upserting import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from pipelines.post import Post
    from pipelines.query import Query
    from pipelines.store.labels import Label

_AT_ONCE = 500  # values in one statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """The last publication of one feed."""

    name: str
    """Name of the feed."""
    key: str
    """Fingerprint of everything that its documents were made from."""
    documents: Mapping[str, Any]
    """Its files, as `feeds.record` writes them down."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What subscribers know of it, as `feeds.record` writes it down."""
    held: Mapping[str, Any] | None = None
    """A change that waits until somebody accepts or rejects it; None where nothing waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A post's place in its source's archive."""

    guid: str
    """Its guid."""
    changed: int
    """Which of its source's changes it saw last."""
    deleted: bool
    """Whether its blog has deleted it."""


class Publications:
    """The publications of one store; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = where(engine)

    def changes(self) -> dict[str, int]:
        """Return for each source that has posts the number of its last change that a feed may show."""
        with self._reading() as connection:
            return {row.source: row.last for row in connection.execute(select(tables.changes))}

    def labels(self, sources: Sequence[str]) -> dict[str, list[Label]]:
        """Return the categories and tags of each of *sources*; only of those that changed they are counted anew."""
        changes = self.changes()
        with self._reading() as connection:
            found = {name: kept for some in _parts(sources) for name, kept in labels.known(connection, some).items()}
            stale = [name for name in sources if name in changes and found.get(name, (-1,))[0] != changes[name]]
            counted = {name: (changes[name], labels.count(connection, name)) for name in stale}
        if counted:
            with self._changing() as connection:
                labels.keep(connection, counted)
        return {name: each for name, (_, each) in (found | counted).items()}

    def all(self) -> dict[str, Publication]:
        """Return every feed's last publication by name, without what was shown."""
        feeds = tables.feeds.c
        query = select(feeds.name, feeds.key, feeds.documents, feeds.held)
        with self._reading() as connection:
            return {
                row.name: Publication(name=row.name, key=row.key, documents=row.documents, held=row.held)
                for row in connection.execute(query)
            }

    def names(self) -> frozenset[str]:
        """Return the name of every feed that was ever published."""
        with self._reading() as connection:
            return frozenset(connection.execute(select(tables.feeds.c.name)).scalars())

    def shown(self, names: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Return what subscribers know of each of these feeds, by name."""
        feeds = tables.feeds.c
        found: dict[str, Mapping[str, Any]] = {}
        with self._reading() as connection:
            for some in _parts(sorted(names)):
                query = select(feeds.name, feeds.shown).where(feeds.name.in_(some))
                found |= {row.name: row.shown for row in connection.execute(query)}
        return found

    def put(self, publications: Iterable[Publication]) -> None:
        """Keep these in place of the last publications of the same feeds."""
        rows = [
            {"name": p.name, "key": p.key, "documents": p.documents, "shown": p.shown, "held": p.held}
            for p in publications
        ]
        if rows:
            with self._changing() as connection:
                upsert(connection, tables.feeds, rows, ["name"])

    def last_number(self) -> int:
        """Return the number of the post that was stored last; 0 where there is none."""
        with self._reading() as connection:
            return connection.execute(select(func.max(tables.posts.c.id))).scalar() or 0

    def added_since(self, number: int, guids: Sequence[str]) -> frozenset[str]:
        """Return those of *guids* whose posts were stored after the one with that number."""
        posts = tables.posts.c
        with self._reading() as connection:
            query = select(posts.guid).where(posts.guid.in_(guids), posts.id > number)
            return frozenset(connection.execute(query).scalars())

    def places(self, source: str, newest: int | None = None) -> list[Place]:
        """Return every post of *source*, deleted ones too, oldest first, ties by guid; or so many of the newest."""
        posts = tables.posts.c
        query = select(posts.guid, posts.changed, posts.deleted.is_not(None)).where(posts.source == source)
        query = query.order_by(posts.dated.desc(), posts.guid.desc()).limit(newest)
        with self._reading() as connection:
            found = [Place(guid=guid, changed=changed, deleted=bool(deleted))
                     for guid, changed, deleted in connection.execute(query)]  # fmt: skip
        return found[::-1]

    def grown(self, source: str, number: int) -> tuple[int, frozenset[str]]:
        """Return how many posts *source* has, deleted ones too, and the guids of those stored after that number."""
        posts = tables.posts.c
        mine = posts.source == source
        with self._reading() as connection:
            count = connection.execute(select(func.count()).where(mine)).scalar_one()
            new = connection.execute(select(posts.guid).where(mine, posts.id > number)).scalars()
            return count, frozenset(new)

    def at(self, source: str, guids: Sequence[str]) -> list[Post]:
        """Return the posts of *source* with these guids, newest first, ties by guid; deleted ones are left out."""
        posts = tables.posts.c
        found: list[Post] = []
        with self._reading() as connection:
            for some in _parts(guids):
                query = select(*POST_COLUMNS).where(
                    posts.source == source, posts.guid.in_(some), posts.deleted.is_(None)
                )
                found += [restore(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda post: (post.dated, post.guid), reverse=True)

    def deleted(
        self, sources: Sequence[str], since: datetime, limit: int, query: Query | None = None
    ) -> list[tuple[str, datetime]]:
        """Return guid and day of death of the *limit* newest deleted posts dated *since* then, newest first.

        Those that *query* does not ask for are left out.
        """
        posts = tables.posts.c
        found: list[tuple[datetime, str, datetime]] = []
        with self._reading() as connection:
            for some in _parts(sources):
                rows = select(posts.dated, posts.guid, posts.deleted).where(
                    posts.source.in_(some), posts.deleted.is_not(None), posts.dated >= since
                )
                newest = rows.order_by(posts.dated.desc(), posts.guid.desc()).limit(limit)
                found += [(row.dated, row.guid, row.deleted) for row in connection.execute(newest)]
            if query is not None and found:
                asked = those_fitting(connection, [guid for _, guid, _ in found], sources, query)
                found = [each for each in found if each[1] in asked]
        return [(guid, at) for _, guid, at in sorted(found, reverse=True)[:limit]]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with faults(self._where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with faults(self._where), self._engine.execution_options(write=True).begin() as connection:
            yield connection


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
