"""The documents of one feed: the ones that people subscribe to, the archive, the page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds import archive, publish, site
from feeds.feed import Archive, Feed, page_name
from feeds.formats import load_formats
from feeds.gate import Verdict, judge
from feeds.head import presentable
from feeds.record import Shown, digest, entries_of, listed, pack_entries, pack_listed, pack_shown
from feeds.selection import Selection, select
from feeds.validity import problem
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
    pages = _pages(work, feed, chosen)
    numbers = [page.number for page in pages]
    head = replace(
        feed, deleted=_tombstones(work, feed, chosen),
        archive=Archive(previous=max(numbers, default=None), complete=_has_archive(feed) and not numbers),
    )  # fmt: skip
    documents = {feed.name + form.suffix: form.render(head, chosen) for form in _formats(feed)}
    written, states, broken = list[str](), dict[str, str](), _first_problem(documents)
    if not broken:
        written, states, broken = _write_archive(work, feed, pages, before)
    if broken:
        held = _held(work, feed, key, (last, before), Verdict(why=f"a broken document ({broken})"))
        return replace(held, written=tuple(written))
    documents[site.page_name(feed)] = site.reading(work.title, feed, chosen)
    written += publish.replace(work.folder, documents).written
    kept = {"files": publish.stamps(work.folder, documents), "listed": pack_listed(listed(chosen))}
    shown = Shown(
        sources=frozenset(feed.sources), entries=entries, until=until,
        quiet=before.quiet if before else {}, pages=states,
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


def _has_archive(feed: Feed) -> bool:
    """Whether people can read back to the first post: of one blog, whole."""
    return len(feed.sources) == 1 and not feed.origins and feed.query is None


def _tombstones(work: Work, feed: Feed, chosen: Selection) -> tuple[tuple[str, Any], ...]:
    """The deleted posts that would be among these; one that another source still has is among them."""
    if "atom" not in feed.formats or not chosen:
        return ()
    oldest = min(post.dated for post in chosen)
    deleted = work.store.publications.deleted(feed.sources, oldest, _TOMBSTONES, feed.query)
    alive = _guids(chosen)
    return tuple((guid, at) for guid, at in deleted if guid not in alive)


def _pages(work: Work, feed: Feed, chosen: Selection) -> list[archive.Page]:
    if not _has_archive(feed):
        return []
    places = work.store.publications.places(feed.sources[0])
    return archive.pages(places, _guids(chosen))


def _guids(posts: Iterable[Post]) -> frozenset[str]:
    return frozenset(post.guid for post in posts)


def _first_problem(documents: Mapping[str, bytes]) -> str:
    return next(filter(None, (problem(name, content) for name, content in documents.items())), "")


def _write_archive(
    work: Work, feed: Feed, pages: list[archive.Page], before: Shown | None
) -> tuple[list[str], dict[str, str], str]:
    """Write those pages that changed, one at a time, since together they may be large; return names and states.

    The third is what is wrong with the first page that may not be published; those after it are left as they are.
    """
    known: Mapping[str, str] = before.pages if before else {}
    written: list[str] = []
    states: dict[str, str] = {}
    look = replace(feed, limit=0, hub=None)
    for page in pages:
        state = states[str(page.number)] = digest(look, page)
        names = [page_name(feed.name, page.number, form.suffix) for form in _formats(feed)]
        if known.get(str(page.number)) == state and len(publish.stamps(work.folder, names)) == len(names):
            continue
        posts = work.store.publications.at(feed.sources[0], page.guids)
        own = Archive(page=page.number, previous=page.number - 1 or None, following=page.following)
        paged = replace(feed, archive=own, hub=None)  # it changes so seldom that nobody need be told
        selected = select(paged, posts)
        made = {name: form.render(paged, selected) for name, form in zip(names, _formats(feed), strict=True)}
        if broken := _first_problem(made):
            return written, states, broken
        written += publish.replace(work.folder, made).written
    return written, states, ""
