"""Saving one post: finding the stored one it is, keeping its guid, telling an edit from a repetition."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, and_, insert, select, update

from pipelines.identity import is_platform_key
from pipelines.pictures import still_known
from pipelines.post import Enclosure, Picture, Post
from pipelines.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

POST_COLUMNS = tuple(c for c in tables.posts.c if c.name not in {"id", "dated"})
# Two fetches of an unchanged post differ in these alone.
_NOT_CONTENT = {"first_seen", "guid", "aliases"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What saving one post came to."""

    source: str
    """Name of the source."""
    guid: str
    """The guid it is stored under; an old one when the post was known."""
    outcome: str
    """`new`, `edited` (a reader would notice), or `unchanged`."""


def save(connection: Connection, post: Post) -> Saved:
    """Insert *post*, or update the stored post that it is."""
    stored = _find(connection, post)
    if stored is None:
        post = replace(post, guid=_free_guid(connection, post))
        connection.execute(insert(tables.posts).values(**_row(post)))
        outcome = "new"
    else:
        post = _merged(stored, post)
        outcome = "unchanged" if stored.digest == post.digest else "edited"
        if _content(stored) != _content(post):
            here = and_(tables.posts.c.source == post.source, tables.posts.c.guid == post.guid)
            connection.execute(update(tables.posts).where(here).values(**_row(post)))
    _learn_aliases(connection, post)
    return Saved(source=post.source, guid=post.guid, outcome=outcome)


def _find(connection: Connection, post: Post) -> Post | None:
    """The stored post that *post* is: by platform id, else by an address that no other id owns."""
    mine = and_(tables.aliases.c.source == post.source, tables.aliases.c.alias.in_(post.aliases))
    owners = dict(iter(connection.execute(select(tables.aliases.c.alias, tables.aliases.c.guid).where(mine)).all()))
    for alias in post.aliases:
        guid = owners.get(alias)
        if guid and (is_platform_key(alias) or not _has_other_key(connection, post, guid)):
            here = and_(tables.posts.c.source == post.source, tables.posts.c.guid == guid)
            return restore(connection.execute(select(*POST_COLUMNS).where(here)).mappings().one())
    return None


def _has_other_key(connection: Connection, post: Post, guid: str) -> bool:
    """Whether the owner of an address has a platform id and *post* has another: then the address was used again."""
    keys = {alias for alias in post.aliases if is_platform_key(alias)}
    owned = and_(tables.aliases.c.source == post.source, tables.aliases.c.guid == guid)
    theirs = set(filter(is_platform_key, connection.execute(select(tables.aliases.c.alias).where(owned)).scalars()))
    return bool(keys and theirs and keys.isdisjoint(theirs))


def _free_guid(connection: Connection, post: Post) -> str:
    """The minted guid, or that with a number where another post has it already."""
    for guid in _numbered(post.guid):
        here = and_(tables.posts.c.source == post.source, tables.posts.c.guid == guid)
        if connection.execute(select(tables.posts.c.id).where(here)).first() is None:
            return guid
    raise AssertionError("unreachable: numbers never end")


def _numbered(guid: str) -> Iterator[str]:
    yield guid
    number = 2
    while True:
        yield f"{guid};{number}"
        number += 1


def _merged(stored: Post, post: Post) -> Post:
    """*post* under its old guid; what only the stored one knows (a date that the page no longer shows) stays."""
    updated = post.updated or stored.updated
    if stored.digest != post.digest and not post.updated:
        updated = post.first_seen  # the page does not say when it was edited: when we noticed
    return replace(
        post,
        guid=stored.guid,
        first_seen=min(stored.first_seen, post.first_seen),
        published=post.published or stored.published,
        updated=updated,
        pictures=still_known(post.pictures, stored.pictures),
    )


def _content(post: Post) -> dict[str, Any]:
    return {name: value for name, value in asdict(post).items() if name not in _NOT_CONTENT}


def _learn_aliases(connection: Connection, post: Post) -> None:
    here = and_(tables.aliases.c.source == post.source, tables.aliases.c.alias.in_(post.aliases))
    known = set(connection.execute(select(tables.aliases.c.alias).where(here)).scalars())
    rows = [{"source": post.source, "alias": a, "guid": post.guid} for a in post.aliases if a not in known]
    if rows:
        connection.execute(insert(tables.aliases), rows)


def _row(post: Post) -> dict[str, Any]:
    values = {column.name: getattr(post, column.name) for column in POST_COLUMNS}
    return values | {
        "dated": post.dated, "enclosures": [asdict(e) for e in post.enclosures],
        "pictures": [asdict(p) | {"expires": p.expires and p.expires.isoformat()} for p in post.pictures],
    }


def restore(row: RowMapping) -> Post:
    """Return the Post that a row of `posts` holds."""
    values: dict[str, Any] = dict(row)
    for name in ("categories", "tags"):
        values[name] = tuple(values[name])
    values["enclosures"] = tuple(Enclosure(**e) for e in values["enclosures"])
    values["pictures"] = tuple(_picture(**p) for p in values["pictures"])
    return Post(**values)


def _picture(*, expires: str | None, **rest: Any) -> Picture:
    return Picture(expires=datetime.fromisoformat(expires) if expires else None, **rest)
