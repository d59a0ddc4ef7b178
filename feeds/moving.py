"""Documents of a feed that waits, brought into another output folder: nothing could write them anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feeds import publish
from feeds.feed import page_name

if TYPE_CHECKING:
    from pipelines.store.publications import Publication


def is_lacking(waiting: Publication, folder: Path) -> bool:
    """Tell whether a file that subscribers of a feed know is not in the output folder."""
    files: Mapping[str, list[int]] = waiting.documents["files"]
    return len(publish.stamps(folder, files)) < len(files)


def bring(waiting: Publication, old: Path, folder: Path) -> tuple[Publication, tuple[str, ...]]:
    """Copy what was published of a feed last; nothing, unless the *old* folder has it as it was written.

    Args:
        waiting: the feed's last publication, with what its subscribers know.
        old: the output folder that it was published in.
        folder: the output folder now; nobody else's files have those names.

    Returns:
        What is to be kept of it, and the names of the files that are new or changed.

    Raises:
        PublishError: the disk refuses.
    """
    files: Mapping[str, list[int]] = waiting.documents["files"]
    if publish.stamps(old, files) != files:
        return waiting, ()
    pages = publish.stamps(old, _pages(waiting, files))
    written: list[str] = []
    for names in (*([page] for page in pages), list(files)):  # page by page: together they may be large
        try:
            documents = {name: (old / name).read_bytes() for name in names}
        except OSError:  # it is not ours to read, or goes just now
            return waiting, tuple(written)
        written += publish.replace(folder, documents).written
    there = {**waiting.documents, "files": publish.stamps(folder, files)}
    return replace(waiting, documents=there), tuple(written)


def _pages(waiting: Publication, files: Iterable[str]) -> list[str]:
    suffixes = [name.removeprefix(waiting.name) for name in files]
    numbers = sorted(map(int, waiting.shown.get("pages", {})))
    return [page_name(waiting.name, number, suffix) for number in numbers for suffix in suffixes]
