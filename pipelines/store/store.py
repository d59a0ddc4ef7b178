"""The store itself: saving what was crawled, finding what is to be published."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipelines.identity import is_platform_key
from pipelines.site import Site
from pipelines.store import tables
from pipelines.store.engine import faults, open_engine
from pipelines.store.runs import RunRecord, Skipped, SourceResult
from pipelines.store.saving import POST_COLUMNS, Saved, restore, save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Self

    from sqlalchemy import Engine, Table

    from pipelines.post import Post

_REMEMBERED = timedelta(days=92)
_AT_ONCE = 200  # posts of a long walk that are held in memory
_ALIAS_COLUMNS = (tables.aliases.c.source, tables.aliases.c.guid, tables.aliases.c.alias)


class Store:
    """Posts, sites and runs in one database; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = engine.url.render_as_string(hide_password=True)

    @classmethod
    def open(cls, store_url: str) -> Self:
        """Open the store at *store_url*, creating or migrating its tables.

        Raises:
            StoreError: it is damaged, newer than this version, not ours, or out of reach.
        """
        return cls(open_engine(store_url))

    def close(self) -> None:
        """Close every connection; `with Store.open(…) as store` does it by itself."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save(self, posts: Sequence[Post]) -> list[Saved]:
        """Insert or update *posts*, all or none; each keeps the guid it was first stored with."""
        with faults(self._where), self._writing() as connection:
            return [save(connection, post) for post in posts]

    def newest(self, sources: Sequence[str], limit: int) -> list[Post]:
        """Return the *limit* newest posts of *sources*, newest first, ties by guid."""
        query = select(*POST_COLUMNS).where(tables.posts.c.source.in_(sources))
        query = query.order_by(tables.posts.c.dated.desc(), tables.posts.c.guid.desc()).limit(limit)
        with faults(self._where), self._engine.connect() as connection:
            return [restore(row) for row in connection.execute(query).mappings()]

    def each(self, sources: Sequence[str]) -> Iterator[Post]:
        """Yield every post of *sources* with its aliases, oldest first, ties by guid and source; some at a time."""
        wanted = tables.posts.c.source.in_(sources)
        order = (tables.posts.c.dated, tables.posts.c.guid, tables.posts.c.source)
        query = select(*POST_COLUMNS).where(wanted).order_by(*order)
        with faults(self._where), self._engine.connect() as connection:
            streamed = connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings()
            for rows in streamed.partitions():
                known = _aliases(connection, rows)
                yield from (replace(restore(row), aliases=known[row["source"], row["guid"]]) for row in rows)

    def find(self, guid: str) -> Post | None:
        """Return the post with that guid; None where there is none."""
        query = select(*POST_COLUMNS).where(tables.posts.c.guid == guid).order_by(tables.posts.c.source)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return restore(row) if row else None

    def known(self, source: str) -> frozenset[str]:
        """Return every alias of the posts stored for *source*."""
        query = select(tables.aliases.c.alias).where(tables.aliases.c.source == source)
        with faults(self._where), self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def counts(self) -> dict[str, int]:
        """Return how many posts each source has."""
        query = select(tables.posts.c.source, func.count()).group_by(tables.posts.c.source)
        with faults(self._where), self._engine.connect() as connection:
            return dict(iter(connection.execute(query).tuples()))

    def save_site(self, site: Site) -> None:
        """Keep what a blog says about itself."""
        with faults(self._where), self._writing() as connection:
            _upsert(connection, tables.sites, asdict(site), ("source",))

    def site(self, source: str) -> Site | None:
        """Return what the blog of *source* said about itself; None before its first crawl."""
        query = select(tables.sites).where(tables.sites.c.source == source)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return Site(**row) if row else None

    def begin_run(self, started: datetime, sources: Iterable[str]) -> int:
        """Record that a run over *sources* has begun, and return its number.

        Until `end_run` each source counts as failed: so a run that is killed stays visible. Runs of more than three
        months ago are forgotten.
        """
        with faults(self._where), self._writing() as connection:
            connection.execute(delete(tables.runs).where(tables.runs.c.started < started - _REMEMBERED))
            done = connection.execute(insert(tables.runs).values(started=started, ended=started))
            number: int = (done.inserted_primary_key or (0,))[0]
            for source in sources:
                unfinished = SourceResult(source=source, failures=("the last crawl was cut off before its end",))
                connection.execute(insert(tables.run_sources).values(run=number, **asdict(unfinished)))
        return number

    def end_run(self, number: int, run: RunRecord) -> None:
        """Record what the run of that *number* did."""
        with faults(self._where), self._writing() as connection:
            connection.execute(update(tables.runs).where(tables.runs.c.id == number).values(ended=run.ended))
            for result in run.results:
                values = {"run": number} | asdict(result)
                _upsert(connection, tables.run_sources, values, ("run", "source"))

    def last_results(self) -> dict[str, SourceResult]:
        """Return what each source's latest run came to."""
        newest_run = func.max(tables.run_sources.c.run).label("run")
        latest = select(tables.run_sources.c.source, newest_run).group_by(tables.run_sources.c.source).subquery()
        both = and_(tables.run_sources.c.source == latest.c.source, tables.run_sources.c.run == latest.c.run)
        query = select(*(c for c in tables.run_sources.c if c.name != "run")).join(latest, both)
        with faults(self._where), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["source"]: _result(row) for row in rows}

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(write=True).begin()


def _aliases(connection: Connection, rows: Sequence[RowMapping]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the aliases of each post of *rows*, platform ids first, then by letter."""
    guids = tables.aliases.c.guid.in_({row["guid"] for row in rows})
    found: dict[tuple[str, str], list[str]] = {(row["source"], row["guid"]): [] for row in rows}
    for row in connection.execute(select(*_ALIAS_COLUMNS).where(guids)):
        if (row.source, row.guid) in found:
            found[row.source, row.guid].append(row.alias)
    return {key: tuple(sorted(aliases, key=lambda a: (not is_platform_key(a), a))) for key, aliases in found.items()}


def _result(row: RowMapping) -> SourceResult:
    skipped = tuple(Skipped(**each) for each in row["skipped"])
    return SourceResult(**{**row, "skipped": skipped, "failures": tuple(row["failures"])})


def _upsert(connection: Connection, table: Table, values: dict[str, Any], keys: Iterable[str]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))
