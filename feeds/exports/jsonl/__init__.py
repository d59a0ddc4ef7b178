"""Every post with all that is known of it, a line each of DIR/SOURCE.jsonl or one FILE.jsonl; import reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds import ownership
from feeds.exports import Exported
from feeds.publish import publish_stream

from .line import SUFFIX, post_line, site_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from feeds.exports import Library

themes: tuple[str, ...] = ()


def write(folder: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # it has none
    """Make *folder* hold a file for each source of *library*; a file of an earlier export is replaced as a whole.

    A name that ends with `.jsonl`, and is no folder, is one file for all of them.

    Raises:
        PublishError: a link, a folder or somebody else's file is in the way, or the disk refuses.
    """
    files = {f"{name}{SUFFIX}": [name] for name in sorted(library.blogs)}
    if folder.suffix == SUFFIX and not folder.is_dir():
        folder, files = folder.parent, {folder.name: sorted(library.blogs)}
    ownership.check(folder, files, ())
    counts = {True: 0, False: 0}
    for file, names in files.items():
        lines = _Lines(library, names)
        is_written = publish_stream(folder, file, lines)
        counts[is_written] += lines.posts
    return Exported(written=counts[True], unchanged=counts[False])


class _Lines:
    """The lines of one file, and how many posts they were."""

    def __init__(self, library: Library, sources: Iterable[str]) -> None:
        self._library, self._sources = library, sources
        self.posts = 0

    def __iter__(self) -> Iterator[bytes]:
        for source in self._sources:
            yield site_line(self._library.blogs[source].site)
            for kept in self._library.kept(source):
                self.posts += 1
                yield post_line(kept)
