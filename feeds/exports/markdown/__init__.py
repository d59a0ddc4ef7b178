"""Posts as Markdown with front matter, DIR/SOURCE/YYYY-MM-DD-slug.md, for any program that reads notes."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from feeds.exports import Exported, Library
from feeds.exports.jekyll.named import Shelf, write_named
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.post import Post

themes: tuple[str, ...] = ()
_ENDINGS = (".md", ".markdown")


class MissingPackageError(MoafeedError):
    """A package that only some people need is not installed."""

    exit_code = 2


def write(folder: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # it has none
    """Make *folder* hold a folder for each source of *library*; files of other people stay as they are.

    Raises:
        MissingPackageError: markdownify is not installed.
        ExportError: a data file is broken, so that nobody knows which file is whose.
        PublishError: a link or a file is in the way, or the disk refuses.
    """
    if not _is_installed():
        raise MissingPackageError("export markdown needs a package that is not here: install moafeed[markdown]")
    from .document import document  # noqa: PLC0415  # not everybody has what it needs

    done = []
    for name, posts in sorted(_by_source(library).items()):
        shelf = Shelf(posts=folder / name, data=folder / name, endings=_ENDINGS, document=document)
        done.append(write_named(shelf, posts))
    return Exported(
        written=sum(each.written for each in done),
        unchanged=sum(each.unchanged for each in done),
        told=tuple(sentence for each in done for sentence in each.told),
    )


def _is_installed() -> bool:
    try:
        return find_spec("markdownify") is not None
    except ValueError:  # what stands in sys.modules has no spec
        return False


def _by_source(library: Library) -> dict[str, Library]:
    """The posts of each source as a library of its own."""
    return {
        name: Library(blogs={name: blog}, posts=partial(_posts_of, library, name), kept=library.kept)
        for name, blog in library.blogs.items()
    }


def _posts_of(library: Library, name: str) -> Iterator[Post]:
    return (kept.post for kept in library.kept(name) if kept.deleted is None)
