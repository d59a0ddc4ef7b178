"""The newest posts as a book (EPUB 3) for e-readers: a file; pictures are links; --limit says how many posts."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from feeds.exports import Exported, ExportError
from feeds.publish import publish

from .book import book_of
from .package import CONTENTS, FOLDER, container, ncx, package
from .pages import STYLE, chapter_page, contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feeds.exports import Library

    from .book import Book

themes = ()
options = ("limit",)

_FILE = "moafeed.epub"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time in zip files; the clock may not be read
_FILE_MODE = 0o100644 << 16


def write(place: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # it has none
    """Write the newest posts of a library to the file *place*, or to `moafeed.epub` in the folder *place*.

    The same posts make the same bytes: order, dates and names come from the posts alone.

    Raises:
        ExportError: all posts are deleted.
        PublishError: it can't be written.
    """
    posts = library.newest()
    if not posts:
        raise ExportError("there is no post to put into a book: all of them were deleted by their blogs")
    file = place / _FILE if place.is_dir() else place
    published = publish(file.parent, {file.name: _packed(book_of(library, posts))})
    is_new = bool(published.written)
    return Exported(written=len(posts) if is_new else 0, unchanged=0 if is_new else len(posts))


def _packed(book: Book) -> bytes:
    """A zip file whose first entry, uncompressed, tells what it is (EPUB 3.3, section 4.2.7.3)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in _files(book):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.create_system, entry.external_attr = 3, _FILE_MODE
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _files(book: Book) -> Iterator[tuple[str, bytes]]:
    yield "mimetype", b"application/epub+zip"
    yield "META-INF/container.xml", container()
    yield f"{FOLDER}/package.opf", package(book)
    yield f"{FOLDER}/{CONTENTS}", contents(book)
    yield f"{FOLDER}/toc.ncx", ncx(book)
    yield f"{FOLDER}/style.css", STYLE
    for chapter in book.chapters:
        yield f"{FOLDER}/{chapter.name}", chapter_page(chapter, book.language)
