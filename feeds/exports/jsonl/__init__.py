"""Every post with all that is known of it, one on a line of DIR/SOURCE.jsonl, deleted ones too; import reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds import ownership
from feeds.exports import Exported
from feeds.publish import publish_stream

from .line import SUFFIX, post_line, site_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feeds.exports import Library

themes: tuple[str, ...] = ()


def write(folder: Path, library: Library, theme: str | None) -> Exported:  # noqa: ARG001  # it has none
    """Make *folder* hold a file for each source of *library*; a file of an earlier export is replaced as a whole.

    Raises:
        PublishError: a link, a folder or somebody else's file is in the way, or the disk refuses.
    """
    files = {name: f"{name}{SUFFIX}" for name in sorted(library.blogs)}
    ownership.check(folder, files.values(), ())
    counts = {True: 0, False: 0}
    for name, file in files.items():
        lines = _Lines(library, name)
        is_written = publish_stream(folder, file, lines)
        counts[is_written] += lines.posts
    return Exported(written=counts[True], unchanged=counts[False])


class _Lines:
    """The lines of one source's file, and how many posts they were."""

    def __init__(self, library: Library, source: str) -> None:
        self._library, self._source = library, source
        self.posts = 0

    def __iter__(self) -> Iterator[bytes]:
        yield site_line(self._library.blogs[self._source].site)
        for kept in self._library.kept(self._source):
            self.posts += 1
            yield post_line(kept)
