"""The documents of one feed: the ones that people subscribe to, the archive, the page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds import paging, publish, site
from feeds.feed import Archive, Feed
from feeds.formats import load_formats
from feeds.gate import Verdict, judge
from feeds.head import presentable
from feeds.record import Shown, entries_of, listed, pack_entries, pack_listed, pack_shown
from feeds.selection import Selection, select
from feeds.validity import first_problem
from pipelines.post import Post
from pipelines.store.publications import Publication

if TYPE_CHECKING:
    from pipelines.store import Store

_TOMBSTONES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What all feeds of one build share."""

    store: Store
    """Where the posts are."""
    folder: Path
    """The output folder."""
    title: str
    """The workspace's title."""
    most: int
    """How many entries of one source may surprise subscribers at once."""
    changes: Mapping[str, int]
    """Number of the last change of each source."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What became of one feed."""

    publication: Publication
    """What is to be kept of it: its files as they are now, and what waits."""
    written: tuple[str, ...] = ()
    """Names of the files that are new or changed."""


def make(work: Work, feed: Feed, key: str, last: Publication | None, before: Shown | None) -> Made:
    """Publish the documents of *feed*, or hold them back.

    Args:
        work: what all feeds of the build share.
        feed: what is published.
        key: fingerprint of what its documents are made from.
        last: its last publication; None where there is none.
        before: what its subscribers know; None where it was never published.

    Raises:
        PublishError: the disk refuses; each file is old or new, none is half of both.
    """
    posts = _newest(work, feed, before)
    shelf, guids = work.store.publications, [post.guid for post in posts]
    until, added = shelf.last_number(), shelf.added_since(before.until, guids) if before else ()
    chosen = select(feed, presentable(feed, posts, before, added, work.most))
    accepted = (last.held or {}).get("accepted", ()) if last else ()
    entries = entries_of(chosen)
    verdict = judge(before, entries, most=work.most, accepted=accepted)
    if verdict.why:
        return _held(work, feed, key, (last, before), verdict)
    paged = paging.paging(work, feed, _guids(chosen), before)
    head = replace(
        feed, deleted=_tombstones(work, feed, chosen),
        archive=Archive(previous=paged.last, complete=paging.has_archive(feed) and not paged.last),
    )  # fmt: skip
    documents = {feed.name + form.suffix: form.render(head, chosen) for form in _formats(feed)}
    written, states, broken = list[str](), dict[str, str](), first_problem(documents)
    if not broken:
        written, states, broken = paging.write(work, feed, paged, before)
    if broken:
        held = _held(work, feed, key, (last, before), Verdict(why=f"a broken document ({broken})"))
        return replace(held, written=tuple(written))
    documents[site.page_name(feed)] = site.reading(work.title, feed, chosen)
    written += publish.replace(work.folder, documents).written
    kept = {"files": publish.stamps(work.folder, documents), "listed": pack_listed(listed(chosen))}
    shown = Shown(
        sources=frozenset(feed.sources), entries=entries, until=until,
        quiet=before.quiet if before else {}, pages=states,
        archived=paged.archived,
    )  # fmt: skip
    return Made(
        publication=Publication(name=feed.name, key=key, documents=kept, shown=pack_shown(shown)),
        written=tuple(written),
    )


def _newest(work: Work, feed: Feed, before: Shown | None) -> list[Post]:
    hidden = sum(dates is None for dates in before.quiet.values()) if before else 0
    if feed.query is None:
        return work.store.newest(feed.sources, feed.limit + hidden)
    return work.store.answers(feed.sources, feed.query, feed.limit + hidden)


def _held(
    work: Work, feed: Feed, key: str, was: tuple[Publication | None, Shown | None], verdict: Verdict
) -> Made:
    """Leave everything as it *was*, and write down why."""
    last, before = was
    held = {
        "key": key, "most": work.most, "why": verdict.why, "entries": pack_entries(verdict.entries),
        "hide": verdict.hide,
    }  # fmt: skip
    if last is None:
        last = Publication(name=feed.name, key="", documents={"files": {}, "listed": []})
    return Made(publication=replace(last, shown=pack_shown(before) if before else {}, held=held))


def _formats(feed: Feed) -> list[Any]:
    known = load_formats()
    return [known[name] for name in feed.formats]


def _tombstones(work: Work, feed: Feed, chosen: Selection) -> tuple[tuple[str, Any], ...]:
    """The deleted posts that would be among these; one that another source still has is among them."""
    if "atom" not in feed.formats or not chosen:
        return ()
    oldest = min(post.dated for post in chosen)
    deleted = work.store.publications.deleted(feed.sources, oldest, _TOMBSTONES, feed.query)
    alive = _guids(chosen)
    return tuple((guid, at) for guid, at in deleted if guid not in alive)


def _guids(posts: Iterable[Post]) -> frozenset[str]:
    return frozenset(post.guid for post in posts)
