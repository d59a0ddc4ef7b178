"""From stored posts to published files: every document of every feed, the subscription list, the pages for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from feeds import opml, site
from feeds.feed import Feed
from feeds.formats import Format, FormatError, load_formats
from feeds.publish import Published, PublishError, publish
from feeds.selection import select
from pipelines.post import Post


class Posts(Protocol):
    """What a build needs of a store."""

    def newest(self, sources: Sequence[str], limit: int) -> list[Post]:
        """Return at most *limit* posts of these sources, newest first by (dated, guid)."""
        ...


def documents(store: Posts, feeds: Sequence[Feed]) -> dict[str, bytes]:
    """Return every document of every feed, file name to content. Pure but for reading the store.

    Raises:
        FormatError: a feed asks for a format that does not exist.
        PublishError: two documents would get one file name.
    """
    return _documents(_selected(store, feeds))


def build(
    store: Posts, feeds: Sequence[Feed], folder: Path, title: str, *, untouched: Sequence[Feed] = ()
) -> Published:
    """Publish *feeds*, a page to read each, `feeds.opml` and `index.html`; files with the same bytes are not touched.

    A feed that is no longer among *feeds* keeps its last files: people subscribe to them.

    Args:
        store: where the posts are.
        feeds: in the order people should see them.
        folder: the output folder, made when missing.
        title: the workspace's title, on the page and in the subscription list.
        untouched: feeds that stay listed there although their own files are left as they are.

    Raises:
        FormatError: a feed asks for a format that does not exist.
        PublishError: the folder cannot hold the files, or a document is broken; nothing was replaced then.
    """
    selected = _selected(store, feeds)
    listed = _posts_of([*selected, *_selected(store, untouched)])
    lists = {"feeds.opml": opml.render(title, [*feeds, *untouched]), "index.html": site.index(title, listed)}
    made = _documents(selected)
    _add(made, lists)
    for feed, posts in selected:
        _add(made, {site.page_name(feed): site.reading(title, feed, posts)})
    return publish(folder, made)


def _selected(store: Posts, feeds: Sequence[Feed]) -> list[tuple[Feed, list[Post]]]:
    return [(feed, select(feed, store.newest(feed.sources, feed.limit))) for feed in feeds]


def _posts_of(selected: Sequence[tuple[Feed, list[Post]]]) -> list[tuple[Feed, Sequence[Post]]]:
    return [(feed, posts) for feed, posts in selected]


def _documents(selected: Sequence[tuple[Feed, list[Post]]]) -> dict[str, bytes]:
    formats = load_formats()
    made: dict[str, bytes] = {}
    for feed, posts in selected:
        chosen = [_known(formats, feed, name) for name in feed.formats]
        _add(made, {feed.name + form.suffix: form.render(feed, posts) for form in chosen})
    return made


def _known(formats: Mapping[str, Format], feed: Feed, name: str) -> Format:
    if name not in formats:
        raise FormatError(f"The feed {feed.name!r} asks for the format {name!r}; there are: {', '.join(formats)}.")
    return formats[name]


def _add(made: dict[str, bytes], more: dict[str, bytes]) -> None:
    twice = sorted(made.keys() & more.keys())
    if twice:
        raise PublishError(f"{twice[0]} would be written twice: give a feed another name.")
    made.update(more)
