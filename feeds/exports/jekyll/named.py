"""Posts as files whose names are kept for ever: a data file beside them remembers whose is whose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feeds.exports import Exported
from feeds.publish import Published, PublishError, publish

from . import data
from .names import Heading, name_posts, wanted
from .slug import same_file_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from feeds.exports import Blog, Library
    from pipelines.post import Post
    from pipelines.site import Site

    from .names import Key

_BATCH = 8 * 2**20  # characters held in memory before they are written
_ENDING = ".md"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file's content, and what of it is not the post's own."""

    text: str
    """The whole file."""
    lead: str = ""
    """The lead image that was put above the body, as written; empty where none was."""
    closing: str = ""
    """The closing line that was put below it, as written; empty where none was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Where the files of some posts stand, and how one is written."""

    posts: Path
    """Folder of the posts' files."""
    data: Path
    """Folder of the data file."""
    endings: tuple[str, ...]
    """Endings under which other people's posts stand there; ours end with `.md`."""
    document: Callable[[Post, Blog], Document]
    """Makes a post's file. Pure: the same post, the same bytes."""


def write_named(shelf: Shelf, library: Library) -> Exported:
    """Make *shelf* hold every post of *library*; files of other posts and of other people stay as they are.

    The data file is written first: a run that is killed has then claimed its names, and the next one fills them.

    Raises:
        ExportError: the data file is broken, so that nobody knows which file is whose.
        PublishError: a link or folder is in the way, or the disk refuses.
    """
    for place in (shelf.posts, shelf.data):
        if place.is_symlink():
            raise PublishError(f"{place} is a symbolic link: remove it, for moafeed writes only files of its own.")
        if place.exists() and not place.is_dir():
            raise PublishError(f"{place} is in the way: it is no folder.")
    known = data.load_file(shelf.data / data.FILE)
    records: dict[Key, data.Record] = {}
    headings = []
    for post in library.posts():
        headings.append(_heading(post, library.blogs[post.source]))
        records[headings[-1].key] = data.record_of(post)
    given, foreign = known.given(), _foreign(shelf, known)
    names = name_posts(headings, given, foreign)
    claims = {names[key]: record for key, record in records.items() if key not in given}
    sites = {**known.sites, **{name: blog.site for name, blog in library.blogs.items()}}
    if claims:
        _write_data(shelf, {**known.posts, **claims}, sites)
    done = [_write_posts(shelf, batch, names, records) for batch in _batches(shelf, library)]
    _write_data(shelf, {**known.posts, **{names[key]: record for key, record in records.items()}}, sites)
    return Exported(
        written=sum(len(published.written) for published in done),
        unchanged=sum(published.unchanged for published in done),
        told=tuple(_told(shelf, headings, names, given, foreign)),
    )


def _heading(post: Post, blog: Blog) -> Heading:
    day = post.dated.astimezone(ZoneInfo(blog.zone)).date()
    return Heading(key=(post.source, post.guid), title=post.title, day=day, first_seen=post.first_seen)


def _foreign(shelf: Shelf, known: data.Data) -> set[str]:
    """Names (without ending) of the posts in a folder that no export of ours has written."""
    try:
        found = [path.name for path in shelf.posts.iterdir()]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise PublishError(f"Cannot publish to {error.filename or shelf.posts}: {error.strerror or error}.") from error
    ours = {same_file_key(name) for name in known.posts}
    stems = {name.removesuffix(ending) for name in found for ending in shelf.endings if name.endswith(ending)}
    return {stem for stem in stems if same_file_key(stem) not in ours}


def _batches(shelf: Shelf, library: Library) -> Iterator[list[tuple[Post, Document]]]:
    """Yield the posts with their files, as many at once as memory may hold."""
    batch: list[tuple[Post, Document]] = []
    size = 0
    for post in library.posts():
        made = shelf.document(post, library.blogs[post.source])
        batch.append((post, made))
        size += len(made.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _write_posts(
    shelf: Shelf, batch: list[tuple[Post, Document]], names: dict[Key, str], records: dict[Key, data.Record]
) -> Published:
    """Write one batch, and note in *records* what was put around each body."""
    files = {}
    for post, made in batch:
        key = (post.source, post.guid)
        files[f"{names[key]}{_ENDING}"] = made.text.encode()
        records[key] = replace(records[key], lead=made.lead, closing=made.closing)
    return publish(shelf.posts, files)


def _write_data(shelf: Shelf, posts: Mapping[str, data.Record], sites: Mapping[str, Site]) -> None:
    publish(shelf.data, {data.FILE: data.render(data.Data(posts=posts, sites=sites))})


def _told(
    shelf: Shelf, headings: list[Heading], names: dict[Key, str], given: Mapping[Key, str], foreign: set[str]
) -> Iterator[str]:
    theirs = {same_file_key(name) for name in foreign}
    for heading in headings:
        best = next(wanted(heading))
        if heading.key not in given and same_file_key(best) in theirs:
            file, own = f"{shelf.posts.name}/{best}{_ENDING}", f"{names[heading.key]}{_ENDING}"
            yield f"{file} is not moafeed's and stays as it is; its post is in {own}"
