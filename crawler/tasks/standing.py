"""How the sources stand: what is stored of each, and what its last crawl came to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feeds.moving import is_lacking
from pipelines.store import Poll, RunRecord, Skipped, SourceResult, Store

if TYPE_CHECKING:
    from crawler.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How all sources stand."""

    counts: dict[str, int] = field(default_factory=dict)
    """Stored posts by source."""
    results: dict[str, SourceResult] = field(default_factory=dict)
    """What each source's last crawl came to; what is left alone for good is told here as long as it is."""
    polls: dict[str, Poll] = field(default_factory=dict)
    """When each was asked, and is due."""
    held: dict[str, str] = field(default_factory=dict)
    """Why feeds stay as they were published last, by name of the feed."""
    lacking: frozenset[str] = frozenset()
    """Those among them of which a file is not in the output folder."""


def standing(workspace: Workspace) -> Standing:
    """Return how the sources stand; nothing before the first crawl.

    Raises:
        StoreError: there is a store, and it can't be read.
    """
    if workspace.store_file is not None and not workspace.store_file.exists():
        return Standing()  # to look is no reason to make one
    with Store.open(workspace.store_url) as store:
        left: dict[str, list[Skipped]] = {}
        for source, reason, count, example in store.memory.skipped():
            left.setdefault(source, []).append(Skipped(reason=reason, count=count, example=example))
        results = {
            name: replace(result, skipped=_each_reason_once(left.get(name, []), result.skipped))
            for name, result in store.last_results().items()
        }
        published = store.publications.all()
        held = {name: p.held["why"] for name, p in sorted(published.items()) if p.held and "why" in p.held}
        return Standing(
            counts=store.counts(), results=results, polls=store.memory.polls(), held=held,
            lacking=frozenset(name for name in held if is_lacking(published[name], workspace.output)),
        )  # fmt: skip


def past_runs(workspace: Workspace, names: frozenset[str], limit: int) -> list[tuple[int, RunRecord]]:
    """Return the *limit* newest runs with their numbers, of the sources of these *names* where any are given.

    Raises:
        StoreError: there is a store, and it can't be read.
    """
    if workspace.store_file is not None and not workspace.store_file.exists():
        return []
    with Store.open(workspace.store_url) as store:
        runs = store.runs(limit)
    if not names:
        return runs
    own = [(number, replace(run, results=tuple(r for r in run.results if r.source in names))) for number, run in runs]
    return [(number, run) for number, run in own if run.results]


def _each_reason_once(remembered: list[Skipped], of_last_crawl: tuple[Skipped, ...]) -> tuple[Skipped, ...]:
    known = {skipped.reason for skipped in remembered}
    return (*remembered, *(skipped for skipped in of_last_crawl if skipped.reason not in known))
