"""Posts as a Jekyll folder: `_posts/YYYY-MM-DD-slug.md` for each, and `_data/moafeed.json` beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds.exports import Exported
from feeds.publish import Published, PublishError, publish

from . import data
from .document import Document, document
from .names import ENDINGS, POSTS, Heading, name_posts, wanted
from .slug import same_file_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from feeds.exports import Blog, Library
    from pipelines.post import Post
    from pipelines.site import Site

    from .names import Key

themes = ("alembic",)
"""What the front matter is made for: Alembic reads title, categories, excerpt, feature_text and image."""

_BATCH = 8 * 2**20  # characters held in memory before they are written


def write(folder: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # one theme so far
    """Make *folder* hold every post of *library*; files of other posts and of other people stay as they are.

    The data file is written first: a run that is killed has then claimed its names, and the next one fills them.

    Raises:
        ExportError: the data file is broken, so that nobody knows which file is whose.
        PublishError: a link or folder is in the way, or the disk refuses.
    """
    known = data.load(folder)
    for place in (folder / POSTS, folder / data.FOLDER):
        if place.is_symlink():
            raise PublishError(f"{place} is a symbolic link: remove it, for moafeed writes only files of its own.")
    records: dict[Key, data.Record] = {}
    headings = []
    for post in library.posts():
        headings.append(_heading(post, library.blogs[post.source]))
        records[headings[-1].key] = data.record_of(post)
    given, foreign = known.given(), _foreign(folder, known)
    names = name_posts(headings, given, foreign)
    claims = {names[key]: record for key, record in records.items() if key not in given}
    sites = {**known.sites, **{name: blog.site for name, blog in library.blogs.items()}}
    if claims:
        _write_data(folder, {**known.posts, **claims}, sites)
    done = [_write_posts(folder, batch, names, records) for batch in _batches(library)]
    _write_data(folder, {**known.posts, **{names[key]: record for key, record in records.items()}}, sites)
    return Exported(
        written=sum(len(published.written) for published in done),
        unchanged=sum(published.unchanged for published in done),
        told=tuple(_told(headings, names, given, foreign)),
    )


def _heading(post: Post, blog: Blog) -> Heading:
    day = post.dated.astimezone(ZoneInfo(blog.zone)).date()
    return Heading(key=(post.source, post.guid), title=post.title, day=day, first_seen=post.first_seen)


def _foreign(folder: Path, known: data.Data) -> set[str]:
    """Names (without ending) of the posts in a folder that no export of ours has written."""
    try:
        found = [path.name for path in (folder / POSTS).iterdir()]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise PublishError(f"Cannot publish to {error.filename or folder}: {error.strerror or error}.") from error
    ours = {same_file_key(name) for name in known.posts}
    stems = {name.removesuffix(ending) for name in found for ending in ENDINGS if name.endswith(ending)}
    return {stem for stem in stems if same_file_key(stem) not in ours}


def _batches(library: Library) -> Iterator[list[tuple[Post, Document]]]:
    """Yield the posts with their files, as many at once as memory may hold."""
    batch: list[tuple[Post, Document]] = []
    size = 0
    for post in library.posts():
        made = document(post, library.blogs[post.source])
        batch.append((post, made))
        size += len(made.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _write_posts(
    folder: Path, batch: list[tuple[Post, Document]], names: dict[Key, str], records: dict[Key, data.Record]
) -> Published:
    """Write one batch, and note in *records* what was put around each body."""
    files = {}
    for post, made in batch:
        key = (post.source, post.guid)
        files[f"{names[key]}.md"] = made.text.encode()
        records[key] = replace(records[key], lead=made.lead, closing=made.closing)
    return publish(folder / POSTS, files)


def _write_data(folder: Path, posts: Mapping[str, data.Record], sites: Mapping[str, Site]) -> None:
    publish(folder / data.FOLDER, {data.FILE: data.render(data.Data(posts=posts, sites=sites))})


def _told(
    headings: list[Heading], names: dict[Key, str], given: Mapping[Key, str], foreign: set[str]
) -> Iterator[str]:
    theirs = {same_file_key(name) for name in foreign}
    for heading in headings:
        best = next(wanted(heading))
        if heading.key not in given and same_file_key(best) in theirs:
            yield f"{POSTS}/{best}.md is not moafeed's and stays as it is; its post is in {names[heading.key]}.md"
