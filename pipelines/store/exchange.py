"""Posts out of one store and into another: whole, with what became of them; who they are does not change on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select

from pipelines.excerpt import plain_text
from pipelines.pictures import still_known
from pipelines.simhash import simhash
from pipelines.store import tables
from pipelines.store.copies import link, put_mark
from pipelines.store.engine import faults, where
from pipelines.store.matching import Others, by_alias, owners_of
from pipelines.store.replacing import learn_aliases, put
from pipelines.store.rows import POST_COLUMNS, aliases_of, next_change, restore, row_of
from pipelines.store.saving import Saved, save

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from pipelines.post import Post
    from pipelines.store.rows import Stored

_AT_ONCE = 50  # posts of a long walk that are held in memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A post, and what the store knows of its page."""

    post: Post
    """What it says, aliases included."""
    gone: datetime | None = None
    """When its page first answered that it is not there: aware, UTC. None while it is."""
    deleted: datetime | None = None
    """When that was certain: aware, UTC. None while it is not."""


class Exchange:
    """The posts of one store as another takes them in; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = where(engine)

    def kept(self, source: str) -> Iterator[Kept]:
        """Yield every post of *source*, deleted ones too, oldest first, ties by guid; some at a time."""
        posts = tables.posts.c
        query = select(*POST_COLUMNS, posts.gone, posts.deleted).where(posts.source == source)
        with faults(self._where), self._engine.connect() as connection:
            streamed = connection.execution_options(yield_per=_AT_ONCE).execute(query.order_by(posts.dated, posts.guid))
            for rows in streamed.mappings().partitions():
                known = aliases_of(connection, rows)
                for row in rows:
                    post = restore({column.name: row[column.name] for column in POST_COLUMNS})
                    post = replace(post, aliases=known[post.source, post.guid])
                    yield Kept(post=post, gone=row["gone"], deleted=row["deleted"])

    def take_in(self, batch: Sequence[Kept], at: datetime, taken: set[tuple[str, str]]) -> list[Saved]:
        """Store posts of another store, all or none; what this one knows of a post already is never set back.

        Args:
            batch: the posts.
            at: when they are taken in: aware, UTC. Dates an edit that does not say when it was made.
            taken: source and guid of each post that was taken before in this import; those of *batch* are added.

        Returns:
            What came of each: `new`, `edited`, `unchanged`; `older`: the stored version was edited later, and stays;
            `twice`: it was taken before in this import; `another`: its guid is another post's, so it was not stored.
        """
        with faults(self._where), self._engine.execution_options(write=True).begin() as connection:
            return [_take_in(connection, kept, at, taken) for kept in batch]


def _take_in(connection: Connection, kept: Kept, at: datetime, taken: set[tuple[str, str]]) -> Saved:
    post = kept.post
    stored = by_alias(connection, post, owners_of(connection, post))
    if stored is None and _is_anothers(connection, post):
        return Saved(source=post.source, guid=post.guid, outcome="another")
    key = (post.source, stored.post.guid if stored else post.guid)
    if key in taken:
        return Saved(source=post.source, guid=key[1], outcome="twice")
    taken.add(key)
    outcome = _update(connection, kept, stored, at) if stored else _insert(connection, kept)
    return Saved(source=post.source, guid=key[1], outcome=outcome)


def _is_anothers(connection: Connection, post: Post) -> bool:
    """Whether the guid of a post that no alias leads to belongs to another one: of its source, or of any.

    Two sources may hold one post under one guid (a blog, and one category of it); then they know an address of it too.
    """
    others = set(connection.execute(select(tables.posts.c.source).where(tables.posts.c.guid == post.guid)).scalars())
    if not others:
        return False
    shared = and_(tables.aliases.c.guid == post.guid, tables.aliases.c.alias.in_(post.aliases))
    sharing = set(connection.execute(select(tables.aliases.c.source).where(shared)).scalars())
    return post.source in others or bool(others - sharing)


def _insert(connection: Connection, kept: Kept) -> str:
    post = kept.post
    state = {"gone": kept.gone, "deleted": kept.deleted, "changed": next_change(connection, post.source)}
    done = connection.execute(insert(tables.posts), row_of(post) | state)
    number: int = (done.inserted_primary_key or (0,))[0]
    mark = simhash(plain_text(post.content_html))
    if mark is not None:
        put_mark(connection, number, None, mark)
        if kept.deleted is None:
            link(connection, number, post, mark)
    learn_aliases(connection, post)
    return "new"


def _update(connection: Connection, kept: Kept, stored: Stored, at: datetime) -> str:
    """Take over an edit; of a post that says the same, only addresses that this store does not know."""
    post, own = kept.post, stored.post
    if post.digest == own.digest or kept.deleted or stored.deleted:
        known = replace(own, pictures=still_known(own.pictures, post.pictures), aliases=post.aliases)
        if known.pictures != own.pictures:
            put(connection, [known])
        else:
            learn_aliases(connection, known)
        return "unchanged"
    if own.updated and (post.updated is None or post.updated < own.updated):
        return "older"
    is_news = post.updated is not None and post.updated > (own.updated or own.dated)
    edit = replace(post, guid=own.guid, first_seen=at, updated=post.updated if is_news else None)
    return save(connection, edit, Others([edit]), hold=False).outcome
