"""Which stored pages are let go: the store must not grow without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, delete

from pipelines.store import tables
from pipelines.store.kept_pages import latest, pages_of, parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.store.kept_pages import Kept


def prune(connection: Connection, source: str, *, most_bytes: int, older_than: datetime | None = None) -> int:
    """Delete pages of *source* until what is left is within bounds.

    Args:
        connection: in a transaction that may write.
        source: its name.
        most_bytes: what its pages may take, packed.
        older_than: pages fetched before go: aware, UTC. None: age is no bound.

    Returns:
        How many pages went.
    """
    keys = superfluous(pages_of(connection, source), most_bytes=most_bytes, older_than=older_than)
    for some in parts(keys):
        here = and_(tables.bodies.c.source == source, tables.bodies.c.key.in_(some))
        connection.execute(delete(tables.bodies).where(here))
    return len(keys)


def superfluous(pages: Sequence[Kept], *, most_bytes: int, older_than: datetime | None) -> list[str]:
    """Return the keys of the pages that go, from *pages* with the oldest post first.

    Those go first that a later page of the same post has replaced, then those that are too old, then those of the
    oldest posts, for feeds hold the newest. Pages of posts that their blog has deleted stay, whatever they take: nobody
    can ask for them again.
    """
    needed = latest(pages)
    kept = {page.key for page in needed if page.deleted}
    room = most_bytes - sum(page.packed for page in needed if page.deleted)
    for page in reversed(needed):
        if page.deleted or (older_than is not None and page.fetched < older_than):
            continue
        room -= page.packed
        if room < 0:
            break
        kept.add(page.key)
    return [page.key for page in pages if page.key not in kept]
