"""The same text in two sources: which stored post repeats which, found through the bands of their simhashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, update

from pipelines.simhash import NEAR, SAME, bands, distance
from pipelines.store import tables
from pipelines.store.matching import close_in_time, same_title, within_half_a_day
from pipelines.store.rows import next_change

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from pipelines.post import Post

_MOST = 250  # posts that are compared: a disclaimer in a thousand posts, or an import, must not cost a look at each
_FACTS = tuple(
    tables.posts.c[name] for name in
    ("id", "source", "guid", "title", "published", "dated", "first_seen", "simhash", "copy_of")
)


def put_mark(connection: Connection, number: int, before: int | None, mark: int | None) -> None:
    """Keep the simhash of the post in row *number*, in place of the one *before*, so that it is found by."""
    table = tables.bands
    if before is not None:
        old = and_(table.c.band.in_(bands(before)), table.c.post == number)
        connection.execute(delete(table).where(old))
    if mark is not None:
        connection.execute(insert(table), [{"band": band, "post": number} for band in bands(mark)])
    connection.execute(update(tables.posts).where(tables.posts.c.id == number).values(simhash=mark))


def link(connection: Connection, number: int, post: Post, mark: int) -> None:
    """Note which post of another source the one in row *number* repeats, or which ones repeat it.

    The original is the one that was published first; where that is not known, seen first. A link stays when one of both
    is edited later: it was the same text once.
    """
    copies = [row for row in _candidates(connection, post, mark) if _is_copy(post, mark, row)]
    if not copies:
        return
    mine = connection.execute(select(*_FACTS).where(tables.posts.c.id == number)).one()
    original = min([mine, *copies], key=_age)
    if original is not mine:
        _note(connection, mine, original.guid)
        return
    _note(connection, mine, None)
    for row in copies:
        _note(connection, row, mine.guid)


def _candidates(connection: Connection, post: Post, mark: int) -> list[Row[Any]]:
    elsewhere = and_(tables.posts.c.source != post.source, tables.posts.c.deleted.is_(None))
    near = select(*_FACTS).join(tables.bands, tables.bands.c.post == tables.posts.c.id)
    near = near.where(tables.bands.c.band.in_(bands(mark)), elsewhere).limit(_MOST)
    found = {row.id: row for row in connection.execute(near)}
    if (at := post.published) is not None:
        # Bands find every text within three bits; what differs more was published on the same day, or is no copy.
        today = select(*_FACTS).where(within_half_a_day(at), elsewhere, tables.posts.c.simhash.is_not(None))
        found |= {row.id: row for row in connection.execute(today.limit(_MOST))}
    return list(found.values())


def _is_copy(post: Post, mark: int, row: Row[Any]) -> bool:
    differing = distance(mark, row.simhash)
    if differing <= SAME and same_title(post.title, row.title):
        return True
    return differing <= NEAR and close_in_time(post.published, row.published)


def _age(row: Row[Any]) -> tuple[Any, ...]:
    return row.dated, row.first_seen, row.id


def _note(connection: Connection, row: Row[Any], original: str | None) -> None:
    if row.copy_of == original:
        return
    change = next_change(connection, row.source)
    changed = update(tables.posts).where(tables.posts.c.id == row.id).values(copy_of=original, changed=change)
    connection.execute(changed)
