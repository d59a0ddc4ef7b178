"""The newest posts of some sources, at a cost that does not depend on how many are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pipelines.store import tables
from pipelines.store.rows import POST_COLUMNS, restore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from pipelines.post import Post

_FEW = 20  # sources that are asked one by one


def newest(connection: Connection, sources: Sequence[str], limit: int) -> list[Post]:
    """Return the *limit* newest posts of *sources*, newest first, ties by guid; deleted ones are left out."""
    posts = tables.posts.c
    newest_first = (posts.dated.desc(), posts.guid.desc())
    found = [
        restore(row) for each in by_index(connection, sources)
        for row in connection.execute(
            select(*POST_COLUMNS).where(each, posts.deleted.is_(None)).order_by(*newest_first).limit(limit)
        ).mappings()
    ]
    return sorted(found, key=lambda post: (post.dated, post.guid), reverse=True)[:limit]


def by_index(connection: Connection, sources: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return conditions that together mean *sources*, each of which is answered newest first by an index.

    A database that sees a list of sources reads all their posts and sorts them. So a few are asked one by one; of many,
    most of the newest posts are wanted anyway, and SQLite is told so.
    """
    posts = tables.posts.c
    if len(sources) <= _FEW:
        return [posts.source == source for source in sources]
    among = posts.source.in_(sources)
    return [func.likely(among) if connection.dialect.name == "sqlite" else among]
