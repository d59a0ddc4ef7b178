"""Feeds that nobody names: one for each category and tag of a blog, where that is switched on."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from crawler.fields import MAX_NAME_BYTES
from feeds.exports.jekyll.slug import hashed, slug
from feeds.selection import line
from pipelines.query import Query, Terms
from pipelines.searchable import CATEGORY, TAG, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crawler.workspace_keys import Automatic
    from feeds.feed import Feed
    from pipelines.store.labels import Label

_DIGITS = 6


def wanted_of(automatic: Automatic, feeds: Sequence[Feed]) -> list[str]:
    """Return the sources among *feeds*, each one's own, that are to have feeds of their categories or tags."""
    patterns = (*automatic.categories, *automatic.tags)
    return [feed.name for feed in feeds if any(fnmatchcase(feed.name, pattern) for pattern in patterns)]


def automatic_feeds(
    automatic: Automatic, own: Feed, labels: Sequence[Label], taken: Collection[str], published: Collection[str]
) -> list[Feed]:
    """Return the feeds of the categories and tags of one source, categories first, each group by letters.

    Args:
        automatic: which are wanted.
        own: the source's own feed.
        labels: its categories and tags.
        taken: names that other feeds have, in lower case.
        published: names of feeds that are published already: they go on, however few posts they have.
    """
    chosen = {CATEGORY: automatic.categories, TAG: automatic.tags}
    found = []
    for label in labels:
        name = name_of(own.name, label)
        if not any(fnmatchcase(own.name, pattern) for pattern in chosen[label.kind]) or name.casefold() in taken:
            continue
        if label.posts >= automatic.posts or name in published:
            found.append(_feed(own, name, label))
    return found


def name_of(source: str, label: Label) -> str:
    """Return the name of a feed: always the same for one label, and never that of another.

    `dal-category-여행` where the label can stand in a file name as it is; else what of it can, and digits of its hash.
    """
    text = fold("/".join(label.path))
    plain = slug(text, text)
    begins = f"{source}-{label.kind}-"
    if plain == text and len((begins + plain).encode()) <= MAX_NAME_BYTES:
        return begins + plain
    room = MAX_NAME_BYTES - len(begins.encode()) - _DIGITS - 1
    cut = plain.encode()[: max(room, 0)].decode("utf-8", "ignore").strip("-")
    return begins + (f"{cut}-" if cut else "") + hashed(text, _DIGITS)


def _feed(own: Feed, name: str, label: Label) -> Feed:
    terms = Terms(categories=(label.path,)) if label.kind == CATEGORY else Terms(tags=label.path)
    title = f"{own.title or own.name}: {'/'.join(label.path)}"
    return replace(own, name=name, title=line(title), query=Query(wanted=(terms,)))
