"""When a post counts as deleted: its page must be missing twice, a day apart, and not all of a blog's at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, update

from pipelines.identity import address_alias
from pipelines.store import tables
from pipelines.store.rows import next_change

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

GONE = frozenset({404, 410})
"""The only answers that say that a page is not there (RFC 9110, sections 15.5.5 and 15.5.11)."""
APART = timedelta(days=1)
"""How long a page must be missing."""
BELIEVED = timedelta(days=30)
"""After how long even many missing posts count as deleted."""
AT_ONCE = timedelta(hours=48)
"""What counts as one event when many posts vanish."""
_FEW, _SHARE = 5, 0.3
_THERE = {200, 304}


def alarming(gone: int, posts: int) -> bool:
    """Tell whether so many of a source's posts are gone at once that it is rather a fault: of the server, or ours."""
    return gone >= _FEW and gone > _SHARE * posts


def decided(since: datetime | None, at: datetime, gone: int, posts: int) -> str:
    """Return what a missing page comes to: `first`, `waiting`, `deleted` or `alarm`.

    Args:
        since: when it was first missing: aware, UTC. None: never before.
        at: when it is missing now: aware, UTC.
        gone: how many posts of its source are missing at once, with this one.
        posts: how many it has.
    """
    if alarming(gone, posts):
        return "alarm"
    if since is None:
        return "first"
    return "deleted" if at - since >= APART else "waiting"


def depart(connection: Connection, source: str, guid: str, at: datetime, asked: str | None) -> str:
    """Note that the page of a post is not there, and return what that comes to; see `Store.gone`."""
    posts = tables.posts.c
    mine = and_(posts.source == source, posts.guid == guid)
    state = connection.execute(select(posts.gone, posts.deleted, posts.url).where(mine)).one_or_none()
    if state is None:
        return "unknown"
    if state.deleted is not None:
        return "deleted"
    if asked is not None and _is_elsewhere(connection, source, asked, address_alias(state.url)):
        return "elsewhere"
    if state.gone is None:
        connection.execute(update(tables.posts).where(mine).values(gone=at))
    outcome = decided(state.gone, at, *count(connection, source, at))
    if outcome == "deleted":
        connection.execute(update(tables.posts).where(mine).values(deleted=at, changed=next_change(connection, source)))
    return outcome


def _is_elsewhere(connection: Connection, source: str, asked: str, own: str) -> bool:
    """Whether *asked* is an address that the post has left, and its *own* one answered when it was last asked."""
    here = and_(tables.addresses.c.source == source, tables.addresses.c.key == own)
    status = connection.execute(select(tables.addresses.c.status).where(here)).scalar()
    return asked != own and status in _THERE


def count(connection: Connection, source: str, at: datetime) -> tuple[int, int]:
    """Return how many posts of *source* are missing, or were deleted in the 48 hours before *at*, and how many it had.

    Those that are missing count for a month: then whoever was told had time enough, and it is believed.
    """
    posts = tables.posts.c
    lately = and_(posts.gone > at - BELIEVED, or_(posts.deleted.is_(None), posts.deleted > at - AT_ONCE))
    there = select(func.count()).where(posts.source == source, or_(posts.deleted.is_(None), lately))
    gone = select(func.count()).where(posts.source == source, lately)
    return connection.execute(gone).scalar_one(), connection.execute(there).scalar_one()
