"""A person's word on a feed that waits: publish what would surprise subscribers, or never let them see it as new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.catalogue import publish
from crawler.toml.error import did_you_mean
from feeds.gate import rejected
from feeds.record import pack_shown, unpack_entries, unpack_shown
from pipelines.errors import MoafeedError
from pipelines.store import Store

if TYPE_CHECKING:
    from crawler.source import Loaded
    from crawler.workspace import Workspace
    from feeds.publish import Published
    from feeds.record import Entry
    from pipelines.store.publications import Publication, Publications


class NothingWaitsError(MoafeedError):
    """There is nothing to decide about that feed."""

    exit_code = 2


def accept(workspace: Workspace, loaded: Loaded, name: str) -> Published:
    """Let the new documents of a feed through, and publish.

    Raises:
        NothingWaitsError: it is no feed, or nothing of it waits, or its documents are at fault.
        StoreError, PublishError: see `publish`.
    """
    with Store.open(workspace.store_url) as store:
        shelf = store.publications
        waiting, entries, _ = _waiting(shelf, name)
        shown = shelf.shown([name])[name]
        shelf.put([replace(waiting, shown=shown, held={"accepted": [entry.guid for entry in entries]})])
    return publish(workspace, loaded)


def reject(workspace: Workspace, loaded: Loaded, name: str) -> Published:
    """Let the new documents of a feed through without what is new in them, and publish.

    New entries stay out of it for good (the archive has them); changed ones keep the dates that subscribers know, so
    that no reader shows them as unread.

    Raises:
        NothingWaitsError: it is no feed, or nothing of it waits, or its documents are at fault.
        StoreError, PublishError: see `publish`.
    """
    with Store.open(workspace.store_url) as store:
        shelf = store.publications
        waiting, entries, hide = _waiting(shelf, name)
        before = unpack_shown(shelf.shown([name])[name])
        quiet = {**before.quiet, **rejected(before, entries, hide=hide)}
        shelf.put([replace(waiting, shown=pack_shown(replace(before, quiet=quiet)), held={"rejected": True})])
    return publish(workspace, loaded)


def _waiting(shelf: Publications, name: str) -> tuple[Publication, tuple[Entry, ...], bool]:
    """What waits of a feed, the entries that are the reason, and whether they would have to go."""
    known = {other: feed for other, feed in shelf.all().items() if other}
    if name not in known:
        raise NothingWaitsError(f'"{name}" is no published feed{did_you_mean(name, sorted(known))}')
    held = known[name].held
    if not held or "why" not in held:
        raise NothingWaitsError(f"{name} waits for nothing; its documents are as new as they can be")
    if not held["entries"]:
        raise NothingWaitsError(f"{name} can't be published as it is: {held['why']}")
    return known[name], unpack_entries(held["entries"]), held["hide"]
