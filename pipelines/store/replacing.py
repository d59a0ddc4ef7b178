"""What a page says by today's rules, in place of what it said by yesterday's: no edit of its author's."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, insert, select, update

from pipelines.excerpt import plain_text
from pipelines.pictures import still_known
from pipelines.post import Post
from pipelines.simhash import simhash
from pipelines.store import tables, word_index
from pipelines.store.copies import put_mark
from pipelines.store.rows import POST_COLUMNS, next_change, restore, row_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Who a post is, and what only the store knows of it: no rule has a say in it.
_KEPT = {"source", "guid", "first_seen", "aliases"}
_CONTENT = tuple(field.name for field in fields(Post) if field.name not in _KEPT)


def reread(stored: Post, read: Post) -> Post:
    """Return *stored* with what *read*, its page by today's rules, says; who it is stays, and when it was first seen.

    What only the stored one knows stays too: a date that the page no longer shows, lasting addresses of pictures.
    `updated` is the author's: it is corrected where the page states it (the time zone was wrong), but a post that was
    not edited before is not edited now.
    """
    return replace(
        read,
        source=stored.source,
        guid=stored.guid,
        first_seen=stored.first_seen,
        published=read.published or stored.published,
        updated=(read.updated or stored.updated) if stored.updated else None,
        pictures=still_known(read.pictures, stored.pictures),
    )


def differing(stored: Post, post: Post) -> tuple[str, ...]:
    """Return the names of the fields, other than identity, in which two versions of a post differ."""
    return tuple(name for name in _CONTENT if getattr(stored, name) != getattr(post, name))


def posts_at(connection: Connection, source: str, guids: Collection[str]) -> dict[str, Post]:
    """Return the stored posts of *source* with one of *guids*, by guid, without their aliases."""
    here = and_(tables.posts.c.source == source, tables.posts.c.guid.in_(guids))
    rows = connection.execute(select(*POST_COLUMNS).where(here)).mappings()
    return {row["guid"]: restore(row) for row in rows}


def put(connection: Connection, posts: Iterable[Post]) -> None:
    """Write *posts* over the stored ones with their guids, and learn the aliases that no other post has."""
    for post in posts:
        here = and_(tables.posts.c.source == post.source, tables.posts.c.guid == post.guid)
        number, before = connection.execute(select(tables.posts.c.id, tables.posts.c.simhash).where(here)).one()
        row = row_of(post) | {"changed": next_change(connection, post.source)}
        connection.execute(update(tables.posts).where(here).values(**row))
        text = plain_text(post.content_html)
        word_index.put(connection, number, post, text)
        put_mark(connection, number, before, simhash(text))
        learn_aliases(connection, post)


def learn_aliases(connection: Connection, post: Post) -> None:
    """Note the aliases of a stored post that no other post of its source has."""
    aliases = tables.aliases.c
    here = and_(aliases.source == post.source, aliases.alias.in_(post.aliases))
    owned = set(connection.execute(select(aliases.alias).where(here)).scalars())
    new = [{"source": post.source, "alias": a, "guid": post.guid} for a in post.aliases if a not in owned]
    if new:
        connection.execute(insert(tables.aliases), new)
