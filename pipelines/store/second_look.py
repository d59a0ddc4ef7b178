"""A version of a post that is poorer than the stored one waits until a second look shows it again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.store.rows import Held

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.post import Post

PATIENCE = timedelta(hours=1)
"""How long after the first look a second one counts: a page that a server cut short, or a theme that is being changed
while we read, is whole again by then."""


def poorer(stored: Post, post: Post, before: str, after: str) -> str | None:
    """Return what is poorer in *post*, to end a sentence that begins with "it"; None where nothing is.

    Args:
        stored: the version that is kept.
        post: the one that was read.
        before: the plain text of the stored one.
        after: the plain text of the one that was read.
    """
    if stored.digest == post.digest:
        return None  # nothing that a reader would notice; a date that is missing is kept
    if stored.title and not post.title:
        return "lost its title"
    if before and not after:
        return "lost all its text"
    if stored.published and not post.published:
        return "lost its date"
    if len(after) * 2 < len(before):
        return f"shrank from {len(before):,} to {len(after):,} characters"
    return None


def must_wait(held: Held | None, digest: str, seen: datetime, why: str) -> Held | None:
    """Return what is to be held after a poorer version was read; None where it was waited for long enough.

    Args:
        held: what was held until now.
        digest: of the version that was read.
        seen: when: aware, UTC.
        why: what is poorer.
    """
    if held is None or held.digest != digest:
        return Held(digest=digest, seen=seen, why=why)
    return held if seen - held.seen < PATIENCE else None
