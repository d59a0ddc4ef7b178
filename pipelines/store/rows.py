"""A post as a row of `posts` and back, and what the store knows of it beside what it says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipelines.identity import is_platform_key
from pipelines.post import Enclosure, Picture, Post
from pipelines.store import tables
from pipelines.store.upserting import count_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping

# What the store knows of a post beside the post itself.
_STATE = ("id", "gone", "deleted", "simhash", "copy_of", "held")
_ALIAS_COLUMNS = (tables.aliases.c.source, tables.aliases.c.guid, tables.aliases.c.alias)
POST_COLUMNS = tuple(c for c in tables.posts.c if c.name not in {*_STATE, "dated", "changed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A version of a post that is poorer than the stored one and waits for a second look."""

    digest: str
    """Its digest: the same one read again is believed."""
    seen: datetime
    """When it was first read: aware, UTC."""
    why: str
    """What is poorer, to end a sentence that begins with "it": `lost its title`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A stored post with what only the store knows."""

    id: int
    """Number of its row."""
    post: Post
    """What it says, without its aliases."""
    gone: datetime | None
    """When its page first answered that it is not there: aware, UTC. None while it is."""
    deleted: datetime | None
    """When that was certain: aware, UTC. None while it is not."""
    simhash: int | None
    """Of its text; None where that is short, or nobody has looked yet."""
    copy_of: str | None
    """Guid of the post of another source that this one repeats."""
    held: Held | None
    """A poorer version that waits."""


def stored_where(connection: Connection, *conditions: ColumnElement[bool]) -> list[Stored]:
    """Return the stored posts that fit all *conditions*, in the order of their rows."""
    query = select(tables.posts).where(*conditions).order_by(tables.posts.c.id)
    return [_stored(row) for row in connection.execute(query).mappings()]


def _stored(row: RowMapping) -> Stored:
    post = restore({column.name: row[column.name] for column in POST_COLUMNS})
    held = row["held"] and Held(**(row["held"] | {"seen": datetime.fromisoformat(row["held"]["seen"])}))
    return Stored(post=post, **{name: row[name] for name in _STATE if name != "held"}, held=held or None)


def held_value(held: Held | None) -> dict[str, str] | None:
    """Return what the column `held` keeps."""
    return None if held is None else asdict(held) | {"seen": held.seen.isoformat()}


def next_change(connection: Connection, source: str) -> int:
    """Count one more change of *source* that a feed may show, and return its number, for the post that changes."""
    first = {"source": source, "last": 1}
    return count_up(connection, tables.changes, first, ["source"], tables.changes.c.last)


def row_of(post: Post) -> dict[str, Any]:
    """Return the columns that a post's own words fill."""
    values = {column.name: getattr(post, column.name) for column in POST_COLUMNS}
    return values | {
        "dated": post.dated, "enclosures": [asdict(e) for e in post.enclosures],
        "pictures": [asdict(p) | {"expires": p.expires and p.expires.isoformat()} for p in post.pictures],
    }


def restore(row: Mapping[Any, Any]) -> Post:
    """Return the Post that a row of `posts` holds."""
    values: dict[str, Any] = dict(row)
    for name in ("categories", "tags"):
        values[name] = tuple(values[name])
    values["enclosures"] = tuple(Enclosure(**e) for e in values["enclosures"])
    values["pictures"] = tuple(_picture(**p) for p in values["pictures"])
    return Post(**values)


def aliases_of(connection: Connection, rows: Sequence[RowMapping]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the aliases of each post of *rows*, platform ids first, then by letter."""
    guids = tables.aliases.c.guid.in_({row["guid"] for row in rows})
    found: dict[tuple[str, str], list[str]] = {(row["source"], row["guid"]): [] for row in rows}
    for row in connection.execute(select(*_ALIAS_COLUMNS).where(guids)):
        if (row.source, row.guid) in found:
            found[row.source, row.guid].append(row.alias)
    return {key: tuple(sorted(aliases, key=lambda a: (not is_platform_key(a), a))) for key, aliases in found.items()}


def _picture(*, expires: str | None, **rest: Any) -> Picture:
    return Picture(expires=datetime.fromisoformat(expires) if expires else None, **rest)
