"""The store itself: saving what was crawled, finding what is to be published."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from pipelines.identity import address_alias
from pipelines.site import Site
from pipelines.store import tables
from pipelines.store.books import begin_run, end_run, last_results, newest_runs
from pipelines.store.departures import GONE, count, depart
from pipelines.store.engine import close, faults, open_engine, where
from pipelines.store.exchange import Exchange
from pipelines.store.history import History, history, last_edited
from pipelines.store.kept_pages import latest, pages_of, parts, stored_pages
from pipelines.store.memory import Memory, Noted, Read, note, remember
from pipelines.store.newest import newest
from pipelines.store.pruning import prune
from pipelines.store.publications import Publications
from pipelines.store.replacing import put
from pipelines.store.rows import aliases_of
from pipelines.store.runs import RunRecord, SourceResult
from pipelines.store.saving import POST_COLUMNS, Others, Saved, restore, save
from pipelines.store.searching import answers
from pipelines.store.upserting import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Self

    from sqlalchemy import Engine

    from pipelines.post import Post
    from pipelines.query import Query
    from pipelines.store.kept_pages import StoredPage

_AT_ONCE = 200  # posts of a long walk that are held in memory


class Store:
    """Posts, sites and runs in one database; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = where(engine)

    @classmethod
    def open(cls, store_url: str) -> Self:
        """Open the store at *store_url*, creating or migrating its tables.

        Raises:
            StoreError: it is damaged, newer than this version, not ours, or out of reach.
        """
        return cls(open_engine(store_url))

    def close(self) -> None:
        """Close every connection; `with Store.open(…) as store` does it by itself."""
        close(self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def memory(self) -> Memory:
        """What the crawler asks before it asks a blog."""
        return Memory(self._engine)

    @property
    def exchange(self) -> Exchange:
        """The posts as another store takes them in."""
        return Exchange(self._engine)

    @property
    def publications(self) -> Publications:
        """What was published last, and what has changed since."""
        return Publications(self._engine)

    def save(
        self, posts: Sequence[Post], said: Sequence[Noted | Read] = (), *,
        beside: Collection[tuple[str, str]] = (), hold: bool = True,
    ) -> list[Saved]:
        """Insert or update *posts*, all or none; each keeps the guid it was first stored with.

        Args:
            posts: what was read.
            said: in the order in which it came, what the blogs' documents said, and what came of each address. It is
                kept in the same transaction: a document's validators with the posts that it led to, so that an answer
                "as before" never hides a post that nobody read.
            beside: source and alias of what was read before these in the same run: a stored post at one of them is
                still where it was, and none of *posts* is that one under a new address.
            hold: whether a version that is poorer than the stored one waits until it is read a second time.
        """
        others = Others(posts, beside)
        with faults(self._where), self._writing() as connection:
            saved = [save(connection, post, others, hold=hold) for post in posts]
            came_of = {(post.source, a): s for s, post in zip(saved, posts, strict=True) for a in post.aliases}
            for each in said:
                if isinstance(each, Noted):
                    note(connection, each)
                elif came := remember(connection, each, came_of.get((each.address.source, each.place))):
                    saved.append(Saved(source=each.address.source, guid=each.address.guid or "", outcome=came))
            return saved

    def newest(self, sources: Sequence[str], limit: int) -> list[Post]:
        """Return the *limit* newest posts of *sources*, newest first, ties by guid; those that are deleted are not."""
        with faults(self._where), self._engine.connect() as connection:
            return newest(connection, sources, limit)

    def answers(self, sources: Sequence[str], query: Query, limit: int) -> list[Post]:
        """Return the first *limit* posts of *sources* that *query* asks for, in its order; deleted ones are not.

        Raises:
            ValueError: one of its regular expressions can't be used.
        """
        with faults(self._where), self._engine.connect() as connection:
            return answers(connection, sources, query, limit)

    def each(self, sources: Sequence[str], *, deleted: bool = False) -> Iterator[Post]:
        """Yield every post of *sources* with its aliases, oldest first, ties by guid and source; some at a time.

        Args:
            sources: their names.
            deleted: whether to give also those that their blogs have deleted.
        """
        order = (tables.posts.c.dated, tables.posts.c.guid, tables.posts.c.source)
        query = select(*POST_COLUMNS).where(tables.posts.c.source.in_(sources)).order_by(*order)
        if not deleted:
            query = query.where(tables.posts.c.deleted.is_(None))
        with faults(self._where), self._engine.connect() as connection:
            streamed = connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings()
            for rows in streamed.partitions():
                known = aliases_of(connection, rows)
                yield from (replace(restore(row), aliases=known[row["source"], row["guid"]]) for row in rows)

    def pages(self, source: str) -> Iterator[StoredPage]:
        """Yield the page that each post of *source* was read from last, oldest post first; some at a time.

        Nothing is held open in between: what is yielded may be written anew before the next is asked for.
        """
        with faults(self._where), self._engine.connect() as connection:
            kept = latest(pages_of(connection, source))
        for some in parts(kept):
            with faults(self._where), self._engine.connect() as connection:
                found = stored_pages(connection, source, some)
            yield from found

    def replace(self, posts: Sequence[Post]) -> None:
        """Write *posts* over the stored ones with their guids, all or none: better rules read them, nobody edited."""
        with faults(self._where), self._writing() as connection:
            put(connection, posts)

    def prune_pages(self, source: str, *, most_bytes: int, older_than: datetime | None = None) -> int:
        """Let go of pages of *source* that were read before *older_than* or leave too little room; return how many."""
        with faults(self._where), self._writing() as connection:
            return prune(connection, source, most_bytes=most_bytes, older_than=older_than)

    def find(self, guid: str) -> Post | None:
        """Return the post with that guid; None where there is none."""
        query = select(*POST_COLUMNS).where(tables.posts.c.guid == guid).order_by(tables.posts.c.source)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return restore(row) if row else None

    def find_at(self, address: str) -> Post | None:
        """Return the post that is or was at an address; None where there is none."""
        known = tables.aliases.c.alias == address_alias(address)
        both = (tables.aliases.c.source == tables.posts.c.source) & (tables.aliases.c.guid == tables.posts.c.guid)
        query = select(*POST_COLUMNS).join(tables.aliases, both).where(known).order_by(tables.posts.c.source)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return restore(row) if row else None

    def history(self, source: str, guid: str) -> History | None:
        """Return a post and what happened to it, deleted or not; None where there is none.

        Raises:
            DamagedRevisionError: what was kept of it can't be read.
        """
        with faults(self._where), self._engine.connect() as connection:
            return history(connection, source, guid)

    def last_edited(self, source: str, limit: int) -> list[History]:
        """Return the posts of the *limit* last edits of *source*, the latest first, each with those edits alone.

        Raises:
            DamagedRevisionError: what was kept of one can't be read.
        """
        with faults(self._where), self._engine.connect() as connection:
            return last_edited(connection, source, limit)

    def gone(self, source: str, guid: str, at: datetime, status: int, *, asked: str | None = None) -> str:
        """Note that a post's page answered that it is not there.

        Args:
            source: name of its source.
            guid: the post's.
            at: when it answered: aware, UTC.
            status: 404 or 410; no other answer says that a page is not there.
            asked: key of the address that answered.

        Returns:
            `first`, or `waiting` while that was less than a day ago, or `deleted`: feeds have it no more, and a later
            `save` brings it back under its guid. `alarm` where more than 30 % of the source's posts, and at least
            five, are missing at once: then it is rather the server's fault, and nothing is deleted for a month.
            `elsewhere` where *asked* is an address that the post has left for one that still answers; `unknown`
            where there is no such post.

        Raises:
            ValueError: another *status*.
        """
        if status not in GONE:
            raise ValueError(f"HTTP {status} does not say that a post is gone")
        with faults(self._where), self._writing() as connection:
            return depart(connection, source, guid, at, asked)

    def gone_share(self, source: str, at: datetime) -> float:
        """Return which share of the posts of *source* became gone in the 48 hours before *at*, from 0 to 1."""
        with faults(self._where), self._engine.connect() as connection:
            gone, posts = count(connection, source, at)
        return gone / posts if posts else 0.0

    def known(self, source: str) -> frozenset[str]:
        """Return every alias of the posts stored for *source*."""
        query = select(tables.aliases.c.alias).where(tables.aliases.c.source == source)
        with faults(self._where), self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def counts(self) -> dict[str, int]:
        """Return how many posts each source has."""
        query = select(tables.posts.c.source, func.count()).group_by(tables.posts.c.source)
        with faults(self._where), self._engine.connect() as connection:
            return dict(iter(connection.execute(query).all()))

    def save_site(self, site: Site) -> None:
        """Keep what a blog says about itself."""
        with faults(self._where), self._writing() as connection:
            upsert(connection, tables.sites, [asdict(site)], ("source",))

    def site(self, source: str) -> Site | None:
        """Return what the blog of *source* said about itself; None before its first crawl."""
        query = select(tables.sites).where(tables.sites.c.source == source)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return Site(**row) if row else None

    def sites(self) -> dict[str, Site]:
        """Return what every blog said about itself, by source."""
        with faults(self._where), self._engine.connect() as connection:
            return {row["source"]: Site(**row) for row in connection.execute(select(tables.sites)).mappings()}

    def begin_run(self, started: datetime, sources: Iterable[str]) -> int:
        """Record that a run over *sources* has begun, and return its number.

        Until `end_run` each source counts as failed: so a run that is killed stays visible. Runs of more than three
        months ago are forgotten.
        """
        with faults(self._where), self._writing() as connection:
            return begin_run(connection, started, sources)

    def end_run(self, number: int, run: RunRecord) -> None:
        """Record what the run of that *number* did."""
        with faults(self._where), self._writing() as connection:
            end_run(connection, number, run)

    def last_results(self) -> dict[str, SourceResult]:
        """Return what each source's latest run came to."""
        with faults(self._where), self._engine.connect() as connection:
            return last_results(connection)

    def runs(self, limit: int) -> list[tuple[int, RunRecord]]:
        """Return the *limit* newest runs with their numbers, newest first."""
        with faults(self._where), self._engine.connect() as connection:
            return newest_runs(connection, limit)

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(write=True).begin()


