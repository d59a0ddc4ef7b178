"""Posts as a Jekyll folder: `_posts/YYYY-MM-DD-slug.md` for each, and `_data/moafeed.json` beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .data import FOLDER
from .document import document
from .named import Shelf, write_named
from .names import ENDINGS, POSTS

if TYPE_CHECKING:
    from pathlib import Path

    from feeds.exports import Exported, Library

themes = ("alembic",)
"""What the front matter is made for: Alembic reads title, categories, excerpt, feature_text and image."""


def write(folder: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # one theme so far
    """Make *folder* hold every post of *library*; files of other posts and of other people stay as they are.

    Raises:
        ExportError: the data file is broken, so that nobody knows which file is whose.
        PublishError: a link or folder is in the way, or the disk refuses.
    """
    shelf = Shelf(posts=folder / POSTS, data=folder / FOLDER, endings=ENDINGS, document=document)
    return write_named(shelf, library)
