"""The archive of one feed: which of its pages may have changed, and those written again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feeds import archive, publish
from feeds.feed import Archive, Feed, page_name
from feeds.formats import load_formats
from feeds.record import Archived, Shown, digest
from feeds.selection import select
from feeds.validity import first_problem

if TYPE_CHECKING:
    from feeds.documents import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """The pages of an archive."""

    same: int = 0
    """How many of them, from the first on, are surely as they were written."""
    pages: Sequence[archive.Page] = ()
    """Those that follow."""
    archived: Archived | None = None
    """What they are made from; None where the feed has no archive."""

    @property
    def last(self) -> int | None:
        """Number of the page with the newest posts; None where there is none."""
        return self.same + len(self.pages) or None


def has_archive(feed: Feed) -> bool:
    """Whether people can read back to the first post: of one blog, whole."""
    return len(feed.sources) == 1 and not feed.origins and feed.query is None


def paging(work: Work, feed: Feed, shown: Collection[str], before: Shown | None) -> Paging:
    """Find the pages of a feed's archive, at a cost that hardly depends on how long it is where only news came.

    Args:
        work: what all feeds of the build share.
        feed: whose archive it is.
        shown: guids of the posts that people see without an archive.
        before: what its subscribers know; None where it was never published.
    """
    if not has_archive(feed):
        return Paging()
    if before and (found := _grown(work, feed, shown, before)):
        return found
    places = work.store.publications.places(feed.sources[0])
    made_from = Archived(look=digest(_look(feed)), changed=work.changes.get(feed.sources[0], 0), posts=len(places),
                         deleted=sum(place.deleted for place in places))  # fmt: skip
    return Paging(pages=archive.pages(places, shown), archived=made_from)


def _grown(work: Work, feed: Feed, shown: Collection[str], before: Shown) -> Paging | None:
    """The pages where nothing happened but that posts came which are newer than all others; None where more happened.

    Each change of a post takes a number of its source. Where new posts have taken them all, no other was changed,
    deleted or dated anew; and where they are the newest, each of the others has the place that it had.
    """
    (source,), known, same = feed.sources, before.archived, len(before.pages) - 1  # the last may get a following one
    if known is None or same < 1 or known.look != digest(_look(feed)):
        return None
    shelf, changed = work.store.publications, work.changes.get(source, 0)
    posts, new = shelf.grown(source, before.until)
    if (known.posts, known.changed) != (posts - len(new), changed - len(new)):
        return None
    places = shelf.places(source, posts - same * archive.PAGE)
    if {place.guid for place in places[len(places) - len(new) :]} != new or posts - known.deleted <= len(shown):
        return None
    pages = archive.pages(places, shown, after=same)
    if not pages or not all(_is_there(work, feed, number) for number in range(1, same + 1)):
        return None
    return Paging(same=same, pages=pages, archived=replace(known, changed=changed, posts=posts))


def write(
    work: Work, feed: Feed, paged: Paging, before: Shown | None
) -> tuple[list[str], dict[str, str], str]:
    """Write those pages that changed, one at a time, since together they may be large; return names and states.

    The third is what is wrong with the first page that may not be published; those after it are left as they are.
    """
    known: Mapping[str, str] = before.pages if before else {}
    written: list[str] = []
    states = {str(number): known[str(number)] for number in range(1, paged.same + 1)}
    look = _look(feed)
    for page in paged.pages:
        state = states[str(page.number)] = digest(look, page)
        if known.get(str(page.number)) == state and _is_there(work, feed, page.number):
            continue
        posts = work.store.publications.at(feed.sources[0], page.guids)
        own = Archive(page=page.number, previous=page.number - 1 or None, following=page.following)
        head = replace(feed, archive=own, hub=None)  # it changes so seldom that nobody need be told
        selected, formats = select(head, posts), load_formats()
        names = zip(_names(feed, page.number), feed.formats, strict=True)
        made = {name: formats[form].render(head, selected) for name, form in names}
        if broken := first_problem(made):
            return written, states, broken
        written += publish.replace(work.folder, made).written
    return written, states, ""


def _look(feed: Feed) -> Feed:
    """What a page shows of its feed."""
    return replace(feed, limit=0, hub=None)


def _names(feed: Feed, number: int) -> list[str]:
    formats = load_formats()
    return [page_name(feed.name, number, formats[name].suffix) for name in feed.formats]


def _is_there(work: Work, feed: Feed, number: int) -> bool:
    return len(publish.stamps(work.folder, _names(feed, number))) == len(feed.formats)
