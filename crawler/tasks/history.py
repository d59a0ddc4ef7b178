"""What happened to a post, or to the posts of a source: each edit as what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from crawler.tasks.choosing import all_sources, one
from crawler.tasks.previewing import NoPageError, workspace_or_default
from pipelines.excerpt import plain_text
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from crawler.workspace import Workspace
    from pipelines.post import Post
    from pipelines.store.history import Edit, History

_LAST = 10  # edits of a source
_FIELDS = ("title", "categories", "tags", "image", "published")
_ROUND = 2  # unchanged lines shown around a changed one
_LINES, _LETTERS = 2_000, 400_000  # a diff of more takes minutes; what is left out is said


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldEdit:
    """One field that an edit changed."""

    field: str
    """Its name in the post schema."""
    before: str
    """What it was, on one line; empty where it had no value."""
    after: str
    """What it became."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditTold:
    """One edit."""

    number: int
    """Of the version that was replaced, from 1."""
    at: datetime
    """When the new version was read: aware, UTC."""
    fields: tuple[FieldEdit, ...]
    """What changed beside the text."""
    diff: tuple[str, ...]
    """A unified diff of the plain text without its file names, a line each; empty where no word changed."""
    markup_only: bool
    """Whether pictures, links or structure changed, and neither a word nor one of the fields."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryTold:
    """A post and what happened to it."""

    source: str
    """Name of its source."""
    guid: str
    """Its guid."""
    url: str
    """Its address."""
    title: str
    """Its title now."""
    first_seen: datetime
    """When it was first read: aware, UTC."""
    edits: tuple[EditTold, ...]
    """Newest first."""
    gone: datetime | None
    """When its page first answered that it is not there: aware, UTC. None while it is."""
    deleted: datetime | None
    """When that was certain: aware, UTC; feeds have it no more."""
    copy_of: str | None
    """Guid of the post of another source that it repeats."""
    held: str | None
    """What is poorer in a version that waits for a second look, to end a sentence that begins with "it"."""
    held_since: datetime | None
    """When that was first read: aware, UTC."""


def told(folder: Path, target: str) -> tuple[HistoryTold, ...]:
    """Return what happened to *target*; nothing is asked of a site.

    Args:
        folder: where the command runs.
        target: a stored post's guid or an address that it has or had, or a source's name for its last ten edits.

    Returns:
        One post, or the posts of a source's last edits, the latest first, each with those edits alone.

    Raises:
        NoPageError: no such post is stored.
        UnknownSourceError: *target* is no source's name either.
        StoreError: the store can't be used.
        DamagedRevisionError: what was kept can't be read.
    """
    workspace = workspace_or_default(folder)
    if workspace.store_file is not None and not workspace.store_file.exists():
        raise NoPageError("no post is stored yet; `moafeed crawl` does that")  # to look is no reason to make a store
    with Store.open(workspace.store_url) as store:
        return tuple(map(_told, _histories(workspace, store, target)))


def _histories(workspace: Workspace, store: Store, target: str) -> list[History]:
    is_address = target.startswith(("http://", "https://"))
    post = store.find_at(target) if is_address else store.find(target)
    if post is not None:
        found = store.history(post.source, post.guid)
        return [found] if found else []
    if is_address or target.startswith("tag:"):
        raise NoPageError(f"no post with the {'address' if is_address else 'guid'} {target} is stored")
    return store.last_edited(one(all_sources(workspace), target).name, _LAST)


def _told(history: History) -> HistoryTold:
    post, held = history.post, history.held
    return HistoryTold(
        source=post.source, guid=post.guid, url=post.url, title=post.title, first_seen=post.first_seen,
        edits=tuple(map(_edit, history.edits)), gone=history.gone, deleted=history.deleted, copy_of=history.copy_of,
        held=held.why if held else None, held_since=held.seen if held else None,
    )


def _edit(edit: Edit) -> EditTold:
    fields, diff = tuple(_fields(edit.before, edit.after)), difference(edit.before, edit.after)
    return EditTold(number=edit.number, at=edit.at, fields=fields, diff=diff, markup_only=not (fields or diff))


def _fields(before: Post, after: Post) -> Iterator[FieldEdit]:
    for name in _FIELDS:
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            yield FieldEdit(field=name, before=old, after=new)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def difference(before: Post, after: Post) -> tuple[str, ...]:
    """Return a unified diff of two versions' plain text, a line each; empty where no word changed."""
    old, new = (_lines(plain_text(post.content_html)) for post in (before, after))
    changed = tuple(islice(unified_diff(old, new, lineterm="", n=_ROUND), 2, None))
    return changed if changed or old == new else ("… the texts differ",)


def _lines(text: str) -> list[str]:
    """The lines that are compared: a text of a book's length is cut, and says so."""
    lines = text[:_LETTERS].split("\n")[:_LINES] if text else []
    rest = len(text) - sum(map(len, lines)) - max(0, len(lines) - 1)
    return [*lines, f"… {rest:,} characters more"] if rest > 0 else lines
