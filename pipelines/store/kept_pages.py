"""The pages that are kept of a source, in the order of their posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, and_, func, or_, select

from pipelines.store import tables
from pipelines.store.addresses import Body
from pipelines.store.replacing import posts_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pipelines.post import Post

_T = TypeVar("_T")
_AT_ONCE = 20  # pages held in memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One stored page, without its bytes."""

    key: str
    """Key of the address that was asked for."""
    guid: str | None
    """The post that it holds; None where that is not stored."""
    packed: int
    """Bytes that it takes."""
    fetched: datetime
    """When: aware, UTC."""
    deleted: bool
    """Whether its blog has the post no more."""
    waiting: bool
    """Whether a poorer version of the post waits for a second look: the page may be that one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPage:
    """A stored page and the post that was read from it."""

    body: Body
    """The page, packed."""
    post: Post | None
    """The post as it is stored, without its aliases; None where it is not."""
    waiting: bool
    """Whether a poorer version of the post waits for a second look: the page may be that one."""
    marks: tuple[Mapping[str, str], ...] = ()
    """What documents said of the post, by each address that it is known under: that of the page first."""


def pages_of(connection: Connection, source: str) -> list[Kept]:
    """Return what is kept of *source*, oldest post first; pages whose post is not stored come last."""
    bodies, posts = tables.bodies.c, tables.posts.c
    address = and_(tables.addresses.c.source == bodies.source, tables.addresses.c.key == bodies.key)
    alias = and_(tables.aliases.c.source == bodies.source, tables.aliases.c.alias == bodies.key)
    guid = func.coalesce(tables.addresses.c.guid, tables.aliases.c.guid)
    joined = tables.bodies.outerjoin(tables.addresses, address).outerjoin(tables.aliases, alias)
    joined = joined.outerjoin(tables.posts, and_(posts.source == bodies.source, posts.guid == guid))
    size, deleted, waiting = func.length(bodies.body), posts.deleted.is_not(None), posts.held.is_not(None)
    query = select(bodies.key, posts.guid, size, bodies.fetched, deleted, waiting).select_from(joined)
    query = query.where(bodies.source == source).order_by(
        posts.guid.is_(None), posts.dated, posts.guid, bodies.fetched, bodies.key
    )
    return [
        Kept(key=key, guid=guid, packed=size, fetched=fetched, deleted=bool(deleted), waiting=bool(waiting))
        for key, guid, size, fetched, deleted, waiting in connection.execute(query)
    ]


def stored_pages(connection: Connection, source: str, some: Sequence[Kept]) -> list[StoredPage]:
    """Return the pages of *some* with their bytes and posts, in that order."""
    here = and_(tables.bodies.c.source == source, tables.bodies.c.key.in_([page.key for page in some]))
    rows = connection.execute(select(tables.bodies).where(here)).mappings()
    bodies = {row["key"]: Body(**row) for row in rows}
    posts = posts_at(connection, source, [page.guid for page in some if page.guid])
    marks = _marks_of(connection, source, some)
    return [
        StoredPage(
            body=bodies[page.key], post=posts.get(page.guid or ""), waiting=page.waiting,
            marks=(*marks.get(page.key, ()), *marks.get(page.guid or "", ())),
        )
        for page in some if page.key in bodies
    ]  # fmt: skip


def _marks_of(connection: Connection, source: str, some: Sequence[Kept]) -> dict[str, list[Mapping[str, str]]]:
    """The marks of the addresses of some pages and their posts, by key and by guid."""
    table = tables.addresses.c
    guids, keys = [page.guid for page in some if page.guid], [page.key for page in some]
    here = and_(table.source == source, table.kind == "post", or_(table.guid.in_(guids), table.key.in_(keys)))
    found: dict[str, list[Mapping[str, str]]] = {}
    for key, guid, marks in connection.execute(select(table.key, table.guid, table.marks).where(here)):
        for name in filter(None, (key, guid)):
            found.setdefault(name, []).append(marks)
    return found


def parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Yield *values*, as many at a time as pages may be held in memory."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def latest(pages: Sequence[Kept]) -> list[Kept]:
    """Return of each post the page that was fetched last, in the order of *pages*; a post may have several addresses.

    A page whose post is not known stands for itself.
    """
    newest: dict[str, Kept] = {}
    for page in pages:
        name = page.guid or page.key
        if name not in newest or page.fetched >= newest[name].fetched:
            newest[name] = page
    chosen = {page.key for page in newest.values()}
    return [page for page in pages if page.key in chosen]
