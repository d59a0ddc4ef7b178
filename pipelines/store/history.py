"""What a post said before its edits: kept when it is overwritten, read back with what became of it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from pipelines.errors import MoafeedError
from pipelines.post import Enclosure, Picture, Post
from pipelines.store import tables
from pipelines.store.rows import stored_where

if TYPE_CHECKING:

    from sqlalchemy import Connection

    from pipelines.store.rows import Held, Stored

MOST = 20
"""Revisions of one post that are kept: the first, which is what was once published, and the newest."""
_LARGEST = 32 * 2**20  # bytes of a record; a body of ours is a quarter of that at most
_DATES = ("published", "updated", "first_seen")


class DamagedRevisionError(MoafeedError):
    """A kept revision is not what was kept."""

    exit_code = 65


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One edit: what a post said before and after."""

    number: int
    """Of the revision that was replaced, from 1."""
    at: datetime
    """When we read the new version: aware, UTC."""
    before: Post
    """What was replaced."""
    after: Post
    """What came in its place; where revisions between were let go, what is left of what came later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A post and all that happened to it."""

    post: Post
    """As it is stored now."""
    edits: tuple[Edit, ...]
    """Newest first."""
    gone: datetime | None
    """When its page first answered that it is not there: aware, UTC. None while it is."""
    deleted: datetime | None
    """When that was certain: aware, UTC. None while it is not."""
    copy_of: str | None
    """Guid of the post of another source that this one repeats."""
    held: Held | None
    """A poorer version that waits for a second look."""


def keep(connection: Connection, post: Post, replaced: datetime) -> None:
    """Keep what *post* said, before it is overwritten by what was read at *replaced*."""
    table = tables.revisions
    mine = and_(table.c.source == post.source, table.c.guid == post.guid)
    newest = connection.execute(select(func.max(table.c.number)).where(mine)).scalar() or 0
    values = {"source": post.source, "guid": post.guid, "number": newest + 1, "replaced": replaced}
    connection.execute(insert(table), values | {"record": _packed(post)})
    if newest >= MOST:
        middle = and_(table.c.number > 1, table.c.number <= newest + 2 - MOST)
        connection.execute(delete(table).where(mine, middle))


def history(connection: Connection, source: str, guid: str) -> History | None:
    """Return a post and what happened to it; None where there is none."""
    found = stored_where(connection, tables.posts.c.source == source, tables.posts.c.guid == guid)
    return _history(connection, found[0]) if found else None


def last_edited(connection: Connection, source: str, limit: int) -> list[History]:
    """Return the posts of the *limit* last edits of *source*, each with those of them that are its own."""
    table = tables.revisions
    query = select(table.c.guid, table.c.number).where(table.c.source == source)
    query = query.order_by(table.c.replaced.desc(), table.c.guid, table.c.number.desc()).limit(limit)
    wanted: dict[str, set[int]] = {}
    for guid, number in connection.execute(query):
        wanted.setdefault(guid, set()).add(number)
    return [
        _history(connection, stored, wanted[guid]) for guid in wanted
        for stored in stored_where(connection, tables.posts.c.source == source, tables.posts.c.guid == guid)
    ]


def _history(connection: Connection, stored: Stored, numbers: set[int] | None = None) -> History:
    edits = _edits(connection, stored.post)
    return History(
        post=stored.post,
        edits=tuple(edit for edit in edits if numbers is None or edit.number in numbers),
        gone=stored.gone, deleted=stored.deleted, copy_of=stored.copy_of, held=stored.held,
    )


def _edits(connection: Connection, post: Post) -> list[Edit]:
    table = tables.revisions
    mine = and_(table.c.source == post.source, table.c.guid == post.guid)
    query = select(table.c.number, table.c.replaced, table.c.record).where(mine).order_by(table.c.number.desc())
    edits: list[Edit] = []
    after = post
    for number, at, record in connection.execute(query):
        before = _unpacked(record)
        edits.append(Edit(number=number, at=at, before=before, after=after))
        after = before
    return edits


def _packed(post: Post) -> bytes:
    record = json.dumps(post.to_record(), ensure_ascii=False, separators=(",", ":"))
    small: bytes = ZstdCompressor(level=6, write_checksum=True).compress(record.encode())
    return small


def _unpacked(blob: bytes) -> Post:
    try:
        # As a stream: `decompress` would reserve whatever size the blob claims.
        with ZstdDecompressor(max_window_size=_LARGEST).stream_reader(io.BytesIO(blob)) as stream:
            text: bytes = stream.read(_LARGEST)
        return _restored(json.loads(text))
    except (ZstdError, ValueError, TypeError) as error:
        raise DamagedRevisionError("a kept revision is damaged") from error


def _restored(record: dict[str, Any]) -> Post:
    """The post that `Post.to_record` told of; fields that were added since have their defaults."""
    known = {field.name for field in fields(Post)}
    values: dict[str, Any] = {name: _tupled(value) for name, value in record.items() if name in known}
    values |= {name: _instant(values.get(name)) for name in _DATES}
    values["enclosures"] = tuple(Enclosure(**each) for each in values.get("enclosures", ()))
    values["pictures"] = tuple(
        Picture(**(each | {"expires": _instant(each.get("expires"))})) for each in values.get("pictures", ())
    )
    return Post(**values)


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
