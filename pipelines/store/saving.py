"""Saving one post: under the guid of the stored one it is, an edit told from a repetition, nothing lost by it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, insert, select, update

from pipelines.excerpt import plain_text
from pipelines.pictures import still_known
from pipelines.post import Post
from pipelines.simhash import simhash
from pipelines.store import tables, word_index
from pipelines.store.copies import link, put_mark
from pipelines.store.history import keep
from pipelines.store.matching import Others, by_alias, by_content, owners_of
from pipelines.store.rows import POST_COLUMNS, held_value, next_change, restore, row_of
from pipelines.store.second_look import must_wait, poorer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.store.rows import Held, Stored

__all__ = ["POST_COLUMNS", "Others", "Saved", "restore", "save"]

# Two fetches of an unchanged post differ in the others alone.
_CONTENT = tuple(field.name for field in fields(Post) if field.name not in {"first_seen", "guid", "aliases"})
_OVERWRITE = update(tables.posts).where(tables.posts.c.id == bindparam("number"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What saving one post came to."""

    source: str
    """Name of the source."""
    guid: str
    """The guid it is stored under; an old one when the post was known."""
    outcome: str
    """`new`, `edited` (a reader would notice), `unchanged`, or `held`: poorer than the stored one, which stays until
    the same is read again."""


def save(connection: Connection, post: Post, others: Others, *, hold: bool = True) -> Saved:
    """Insert *post*, or update the stored post that it is.

    Args:
        connection: in a transaction that may write.
        post: what was read; `first_seen` is when.
        others: what was read at the same time.
        hold: whether a poorer version waits for a second look.
    """
    owners = owners_of(connection, post)
    stored, text, mark = by_alias(connection, post, owners), "", None
    if stored is None:
        text = plain_text(post.content_html)
        mark = simhash(text)
        stored = by_content(connection, post, mark, others)
    saved = _update(connection, stored, post, hold=hold) if stored else _insert(connection, post, text, mark)
    # A poorer version may have got its address from a broken page.
    new = [alias for alias in post.aliases if alias not in owners] if saved.outcome != "held" else []
    if new:
        rows = [{"source": saved.source, "alias": alias, "guid": saved.guid} for alias in new]
        connection.execute(insert(tables.aliases), rows)
    others.take(saved.source, saved.guid)
    return saved


def _insert(connection: Connection, post: Post, text: str, mark: int | None) -> Saved:
    post = replace(post, guid=_free_guid(connection, post))
    add(connection, post, text, mark)
    return Saved(source=post.source, guid=post.guid, outcome="new")


def add(connection: Connection, post: Post, text: str, mark: int | None, **state: Any) -> None:
    """Insert a row for *post*, by which it is found and its copies are; its guid is no other post's of its source.

    Args:
        connection: in a transaction that may write.
        post: what it says.
        text: its body as plain text.
        mark: the simhash of that.
        state: other columns of the row; one that is `deleted` is linked with no copy.
    """
    row = row_of(post) | {"changed": next_change(connection, post.source)} | state
    done = connection.execute(insert(tables.posts), row)
    number: int = (done.inserted_primary_key or (0,))[0]
    word_index.put(connection, number, post, text)
    if mark is None:
        return
    put_mark(connection, number, None, mark)
    if state.get("deleted") is None:
        link(connection, number, post, mark)


def _update(connection: Connection, stored: Stored, post: Post, *, hold: bool) -> Saved:
    text = plain_text(post.content_html) if _is_edit(stored, post) or stored.simhash is None else None
    if hold and (held := _held(stored, post, text)):
        if held != stored.held:
            _put_state(connection, stored, held=held)
        return Saved(source=post.source, guid=stored.post.guid, outcome="held")
    merged = _merged(stored.post, post)
    if _is_edit(stored, post):
        keep(connection, stored.post, post.first_seen)
    if any(getattr(stored.post, name) != getattr(merged, name) for name in _CONTENT):
        # Values beside the statement, not in it: half the time, for twenty columns.
        connection.execute(_OVERWRITE, row_of(merged) | {
            "number": stored.id, "changed": next_change(connection, post.source),
        })  # fmt: skip
        word_index.put(connection, stored.id, merged, text)
    if stored.gone or stored.deleted or stored.held:  # it is back, or what waited was a passing fault
        _put_state(connection, stored)
    if text is not None:
        _mark(connection, stored, merged, text)
    return Saved(source=post.source, guid=merged.guid, outcome="edited" if _is_edit(stored, post) else "unchanged")


def _is_edit(stored: Stored, post: Post) -> bool:
    return stored.post.digest != post.digest


def _held(stored: Stored, post: Post, text: str | None) -> Held | None:
    """What is to wait; None where *post* is to be taken."""
    if text is None or not _is_edit(stored, post):
        return None
    why = poorer(stored.post, post, plain_text(stored.post.content_html), text)
    return must_wait(stored.held, post.digest, post.first_seen, why) if why else None


def _put_state(connection: Connection, stored: Stored, held: Held | None = None) -> None:
    state: dict[str, Any] = {"held": held_value(held)} | ({} if held else {"gone": None, "deleted": None})
    if stored.deleted and not held:
        state["changed"] = next_change(connection, stored.post.source)
    connection.execute(update(tables.posts).where(tables.posts.c.id == stored.id).values(**state))


def _mark(connection: Connection, stored: Stored, post: Post, text: str) -> None:
    mark = simhash(text)
    if mark == stored.simhash:
        return
    put_mark(connection, stored.id, stored.simhash, mark)
    if mark is not None:
        link(connection, stored.id, post, mark)


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
    return replace(
        post,
        guid=stored.guid,
        first_seen=min(stored.first_seen, post.first_seen),
        published=_published(stored, post),
        # A page that was only saved again claims a new date too; without one, an edit is dated when we noticed.
        updated=stored.updated if stored.digest == post.digest else post.updated or post.first_seen,
        pictures=still_known(post.pictures, stored.pictures),
    )


def _published(stored: Post, post: Post) -> datetime | None:
    """When a post counts as published, after it was read again.

    A date that changes alone is not believed: a theme that prints "3 days ago", a new time zone, a blog that moved its
    posts or an author who lifts an old one to the top would each put old posts before subscribers as news, or let new
    ones sink unread. An author who corrects a date wants the archive right, not that; `reprocess` puts it right.
    One who writes the text anew and dates it today publishes it again, and means it to be read: there the date goes
    along.
    """
    if stored.published is None or post.published is None or stored.digest == post.digest:
        return stored.published or post.published
    return post.published
