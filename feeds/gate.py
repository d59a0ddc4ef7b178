"""The gate: whether a document may replace the one that subscribers have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from feeds.record import Entry, Quiet, Shown

MOST = 20
"""Entries of one source that may surprise subscribers at once."""

_AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the gate says of one feed's new documents."""

    why: str = ""
    """Why they have to wait, as one sentence without its end; empty: they may be published."""
    entries: tuple[Entry, ...] = ()
    """The ones that are the reason, as they would be."""
    hide: bool = False
    """Whether an entry that is rejected has to go, since it can't stay as it was."""


def judge(before: Shown | None, after: Sequence[Entry], *, most: int = MOST, accepted: Iterable[str] = ()) -> Verdict:
    """Say whether entries may be published over those that subscribers know.

    What readers show as unread again counts: an entry that is dated anew, or changed, and a new one that is no natural
    news. A blog that writes 30 posts in a week while nobody looked is news; 30 posts that appear below the newest one
    that subscribers know, or that are dated within one hour, are the same posts under new names.

    Args:
        before: what they know; None where the feed was never published.
        after: what they would know.
        most: how many entries of one source may surprise at once.
        accepted: guids of entries that somebody has looked at.
    """
    if len({entry.guid for entry in after}) < len(after):
        return Verdict(why="two entries under one id")
    if before is None or not before.entries:
        return Verdict()
    known, looked_at = before.by_guid, frozenset(accepted)
    for entry in after:
        if entry.guid in known and known[entry.guid].source != entry.source and entry.guid not in looked_at:
            return Verdict(why=f"an entry of another blog under the id {entry.guid}", entries=(entry,), hide=True)
    for source, entries in sorted(_by_source(after).items()):
        if source not in before.sources:
            continue  # somebody wanted it to join
        found = _surprises([entry for entry in entries if entry.guid not in looked_at], before)
        reason = tuple(entry for each in found.values() for entry in each)
        if len(reason) > most:
            counted = [f"{len(each)} {kind}" for kind, each in found.items() if each]
            return Verdict(why=f"{' and '.join(counted)} entries at once ({source})", entries=reason)
    return Verdict()


def _by_source(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.source].append(entry)
    return found


def _surprises(entries: Sequence[Entry], before: Shown) -> dict[str, list[Entry]]:
    known = before.by_guid
    newest = max(entry.published for entry in before.entries)
    new = [entry for entry in entries if entry.guid not in known]
    late = [entry for entry in new if entry.published <= newest]
    at_once = _most_within_an_hour(entry for entry in new if entry.published > newest)
    old = [(entry, known[entry.guid]) for entry in entries if entry.guid in known]
    dated = [entry for entry, as_known in old if entry.published != as_known.published]
    edited = [e for e, as_known in old if e.published == as_known.published and e.updated != as_known.updated]
    return {"new": late + at_once, "changed": edited, "newly dated": dated}


def _most_within_an_hour(entries: Iterable[Entry]) -> list[Entry]:
    """The largest group that is dated within one hour, where it is more than one."""
    ordered = sorted(entries, key=lambda entry: (entry.published, entry.guid))
    best: list[Entry] = []
    first = 0
    for last, entry in enumerate(ordered):
        while entry.published - ordered[first].published > _AT_ONCE:
            first += 1
        if last + 1 - first > len(best):
            best = ordered[first : last + 1]
    return best if len(best) > 1 else []


def rejected(before: Shown, entries: Iterable[Entry], *, hide: bool) -> dict[str, Quiet | None]:
    """Return what `Shown.quiet` is to hold so that these entries surprise nobody.

    Args:
        before: what subscribers know.
        entries: as they would be.
        hide: whether none of them may be seen (`Verdict.hide`).
    """
    known = {} if hide else before.by_guid
    return {
        e.guid: Quiet(
            published=known[e.guid].published, updated=known[e.guid].updated, refused=(e.published, e.updated)
        ) if e.guid in known else None
        for e in entries
    }  # fmt: skip
