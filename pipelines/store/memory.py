"""What the crawler remembers of a source: its addresses, what each answered last, and which wait to be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, case, exists, func, or_, select

from pipelines.store import tables
from pipelines.store.addresses import HELD, Address, Body, Host, Noted, Poll, RawPage, Read
from pipelines.store.departures import GONE, depart
from pipelines.store.engine import faults, where
from pipelines.store.raw_pages import packed
from pipelines.store.upserting import row_of, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Engine

    from pipelines.store.saving import Saved

__all__ = ["Address", "Body", "Host", "Memory", "Noted", "Poll", "RawPage", "Read"]

_FRONTIER = ("url", "kind", "marks", "wanted", "tries")
_AT_ONCE = 500  # values of one IN list: SQLite takes 32,766 variables in all, older ones 999


class Memory:
    """What the crawler asks the store before it asks a blog; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = where(engine)

    def recognised(self, source: str, aliases: Collection[str]) -> dict[str, str]:
        """Return the guids of the stored posts that are known under one of *aliases*, by alias."""
        with faults(self._where), self._engine.connect() as connection:
            return recognised(connection, source, aliases)

    def addresses(self, source: str, keys: Collection[str]) -> dict[str, Address]:
        """Return what is known of the addresses with one of *keys*, by key."""
        with faults(self._where), self._engine.connect() as connection:
            return addresses_at(connection, source, keys)

    def documents(self, sources: Collection[str]) -> dict[str, dict[str, Address]]:
        """Return the front pages, feeds and sitemaps of *sources*, by source and key."""
        with faults(self._where), self._engine.connect() as connection:
            return documents_of(connection, sources)

    def wanted(self, source: str, limit: int) -> list[Address]:
        """Return the listing pages and posts of *source* that wait to be read, those that failed least first."""
        with faults(self._where), self._engine.connect() as connection:
            return wanted_of(connection, source, limit)

    def waiting(self, sources: Collection[str]) -> dict[str, int]:
        """Return how many posts of each of *sources* wait to be read; sources where nothing does are left out."""
        with faults(self._where), self._engine.connect() as connection:
            return waiting(connection, sources)

    def newest(self, source: str, limit: int) -> list[tuple[Address, datetime]]:
        """Return where the *limit* newest posts of *source* were read, each with its date, newest first."""
        with faults(self._where), self._engine.connect() as connection:
            return newest_addresses(connection, source, limit)

    def unnamed(self, source: str, keys: Collection[str], limit: int) -> list[Address]:
        """Return where stored posts of *source* were read that are at none of *keys*, the longest unasked first.

        Posts that are deleted, or one of whose other addresses is among *keys*, are left out.
        """
        with faults(self._where), self._engine.connect() as connection:
            return unnamed_of(connection, source, frozenset(keys), limit)

    def dates(self, source: str, limit: int) -> list[datetime]:
        """Return the dates of the *limit* newest posts of *source*, newest first."""
        table = tables.posts
        query = select(table.c.dated).where(table.c.source == source).order_by(table.c.dated.desc()).limit(limit)
        with faults(self._where), self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def dated(self, source: str) -> dict[str, datetime]:
        """Return every alias of the stored posts of *source*, deleted ones too, with the date of its post."""
        aliases, posts = tables.aliases.c, tables.posts.c
        both = and_(posts.source == aliases.source, posts.guid == aliases.guid)
        query = select(aliases.alias, posts.dated).where(aliases.source == source, both)
        with faults(self._where), self._engine.connect() as connection:
            return {row.alias: row.dated for row in connection.execute(query)}

    def skipped(self) -> list[tuple[str, str, int, str]]:
        """Return source, reason, number and an example of the addresses that hold no post."""
        with faults(self._where), self._engine.connect() as connection:
            return list(skipped_of(connection))

    def polls(self) -> dict[str, Poll]:
        """Return when each source was last asked, by source."""
        with faults(self._where), self._engine.connect() as connection:
            return polls_of(connection)

    def hosts(self) -> dict[str, Host]:
        """Return what is known of every server, by its site."""
        with faults(self._where), self._engine.connect() as connection:
            return hosts_of(connection)

    def keep(self, *, polls: Iterable[Poll] = (), hosts: Iterable[Host] = ()) -> None:
        """Keep when sources were asked and are due, and what servers said."""
        with faults(self._where), self._engine.execution_options(write=True).begin() as connection:
            put_polls(connection, polls)
            put_hosts(connection, hosts)


def recognised(connection: Connection, source: str, aliases: Collection[str]) -> dict[str, str]:
    """Return the guids of the stored posts that are known under one of *aliases*, by alias."""
    found: dict[str, str] = {}
    for some in _parts(aliases):
        mine = and_(tables.aliases.c.source == source, tables.aliases.c.alias.in_(some))
        rows = connection.execute(select(tables.aliases.c.alias, tables.aliases.c.guid).where(mine))
        found.update((row.alias, row.guid) for row in rows)
    return found


def addresses_at(connection: Connection, source: str, keys: Collection[str]) -> dict[str, Address]:
    """Return what is known of the addresses with one of *keys*, by key."""
    found = (
        row
        for some in _parts(keys)
        for row in connection.execute(
            select(tables.addresses).where(tables.addresses.c.source == source, tables.addresses.c.key.in_(some))
        )
    )
    return {row.key: _address(row) for row in found}


def documents_of(connection: Connection, sources: Collection[str]) -> dict[str, dict[str, Address]]:
    """Return the front pages, feeds and sitemaps of *sources*, by source and key."""
    found: dict[str, dict[str, Address]] = {source: {} for source in sources}
    for some in _parts(sources):
        mine = and_(tables.addresses.c.source.in_(some), tables.addresses.c.kind.in_(("front", "feed", "sitemap")))
        for row in connection.execute(select(tables.addresses).where(mine)):
            found[row.source][row.key] = _address(row)
    return found


def wanted_of(connection: Connection, source: str, limit: int) -> list[Address]:
    """Return the listing pages and posts of *source* that wait to be read, those that failed least first."""
    mine = and_(tables.addresses.c.source == source, tables.addresses.c.wanted)
    order = (tables.addresses.c.kind, tables.addresses.c.tries, tables.addresses.c.key)
    query = select(tables.addresses).where(mine).order_by(*order).limit(limit)
    return [_address(row) for row in connection.execute(query)]


def waiting(connection: Connection, sources: Collection[str]) -> dict[str, int]:
    """Return how many posts of each of *sources* wait to be read; 0 where only other pages do.

    Those are listing pages, and further addresses of posts that are stored.
    """
    found: dict[str, int] = {}
    table, alias = tables.addresses, tables.aliases.c
    is_stored = exists().where(alias.source == table.c.source, alias.alias == table.c.key)
    is_post = and_(table.c.kind == "post", or_(table.c.guid.is_not(None), ~is_stored))
    posts = func.sum(case((is_post, 1), else_=0))
    for some in _parts(sources):
        mine = and_(table.c.source.in_(some), table.c.wanted)
        found.update(
            (source, int(count))
            for source, count in connection.execute(select(table.c.source, posts).where(mine).group_by(table.c.source))
        )
    return found


def newest_addresses(connection: Connection, source: str, limit: int) -> list[tuple[Address, datetime]]:
    """Return where the *limit* newest posts of *source* were read, each with the post's date, newest first."""
    newest = (
        select(tables.posts.c.guid, tables.posts.c.dated)
        .where(tables.posts.c.source == source, tables.posts.c.deleted.is_(None))
        .order_by(tables.posts.c.dated.desc(), tables.posts.c.guid.desc()).limit(limit).subquery()
    )  # fmt: skip
    both = and_(tables.addresses.c.source == source, tables.addresses.c.guid == newest.c.guid)
    query = select(tables.addresses, newest.c.dated).join(newest, both)
    latest: dict[str, tuple[Address, datetime]] = {}
    query = query.order_by(newest.c.dated.desc(), tables.addresses.c.checked.desc().nulls_last())
    for row in connection.execute(query):
        latest.setdefault(row.guid, (_address(row), row.dated))
    return list(latest.values())


def unnamed_of(connection: Connection, source: str, keys: frozenset[str], limit: int) -> list[Address]:
    """Return where stored posts of *source* were read that are at none of *keys*, the longest unasked first."""
    aliases, table, posts = tables.aliases.c, tables.addresses, tables.posts.c
    named = {
        row.guid for row in connection.execute(select(aliases.alias, aliases.guid).where(aliases.source == source))
        if row.alias in keys
    }  # fmt: skip
    there = select(posts.guid).where(posts.source == source, posts.deleted.is_(None))
    mine = and_(table.c.source == source, table.c.kind == "post", table.c.guid.in_(there))
    order = (table.c.checked.nulls_first(), table.c.key)
    rows = connection.execute(select(table).where(mine, ~table.c.wanted).order_by(*order))
    return list(islice((_address(row) for row in rows if row.guid not in named and row.key not in keys), limit))


def skipped_of(connection: Connection) -> Iterator[tuple[str, str, int, str]]:
    """Yield source, reason, number and an example of the addresses that hold no post."""
    table = tables.addresses
    counted = select(table.c.source, table.c.outcome, func.count(), func.min(table.c.url))
    query = counted.where(table.c.outcome.is_not(None)).group_by(table.c.source, table.c.outcome)
    query = query.order_by(table.c.source, table.c.outcome)
    yield from ((source, reason, number, example) for source, reason, number, example in connection.execute(query))


def note(connection: Connection, noted: Noted) -> None:
    """Keep what a document said: its validators and the posts that it led to, or neither."""
    put(connection, noted.document)
    upsert(connection, tables.addresses, [row_of(post) for post in noted.posts], ("source", "key"), _FRONTIER)
    if noted.backfill is not None:
        seen = noted.document.checked
        first: dict[str, Any] = {"source": noted.document.source, "polled": seen, "due": seen, "started": seen}
        more = {"failures": 0, "newest": [], "backfill": noted.backfill}
        upsert(connection, tables.polls, [first | more], ("source",), ("backfill",))


def remember(connection: Connection, read: Read, saved: Saved | None) -> str | None:
    """Keep what came of one address, and its page where it held a post: *saved* is what came of that.

    Returns:
        What came of a stored post whose page is not there (`first`, `waiting`, `deleted`, `alarm`, …); else None.
    """
    address, page = read.address, read.page
    if address.status in GONE and address.guid and address.checked:
        came = depart(connection, address.source, address.guid, address.checked, address.key)
        put(connection, replace(address, wanted=came in {"first", "waiting", "alarm"}))  # it is looked for again
        return came
    if saved is not None and saved.outcome == "held":  # the page of the better version stays
        put(connection, replace(address, guid=saved.guid, wanted=True, outcome=HELD))
        return None
    put(connection, replace(address, guid=saved.guid if saved else address.guid))
    if page is not None and saved is not None and page.body:
        put_body(connection, packed(address.source, address.key, page.url, page.fetched, page.encoding, page.body))
    return None


def put(connection: Connection, address: Address) -> None:
    """Keep all that is known of an address."""
    upsert(connection, tables.addresses, [row_of(address)], ("source", "key"))


def put_body(connection: Connection, body: Body) -> None:
    """Keep a page in place of the one before."""
    upsert(connection, tables.bodies, [row_of(body)], ("source", "key"))


def polls_of(connection: Connection) -> dict[str, Poll]:
    """Return when each source was last asked."""
    found = {}
    for row in connection.execute(select(tables.polls)).mappings():
        newest = tuple(map(datetime.fromisoformat, row["newest"]))
        found[row["source"]] = Poll(**{**row, "newest": newest})
    return found


def put_polls(connection: Connection, polls: Iterable[Poll]) -> None:
    """Keep when sources were asked and are due; how far a walk came is `note`'s to say."""
    rows = [row_of(poll) | {"newest": [date.isoformat() for date in poll.newest]} for poll in polls]
    upsert(connection, tables.polls, rows, ("source",), except_=("backfill",))


def hosts_of(connection: Connection) -> dict[str, Host]:
    """Return what is known of every server, by its site."""
    return {row.site: Host(**row._mapping) for row in connection.execute(select(tables.hosts))}  # noqa: SLF001


def put_hosts(connection: Connection, hosts: Iterable[Host]) -> None:
    """Keep what servers said."""
    upsert(connection, tables.hosts, [row_of(host) for host in hosts], ("site",))


def _address(row: Row[Any]) -> Address:
    values = {name: row._mapping[name] for name in Address.__dataclass_fields__}  # noqa: SLF001
    return Address(**(values | {"wanted": bool(values["wanted"])}))


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    all_of_them = list(values)
    for start in range(0, len(all_of_them), _AT_ONCE):
        yield all_of_them[start : start + _AT_ONCE]
