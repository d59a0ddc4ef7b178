"""The subscription list (OPML) of a feed reader, with the pages that FreshRSS scrapes: each blog becomes a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.imports._file_text import file_bytes
from crawler.imports._wanted import follow_all
from feeds.exports import ExportError

from .outlines import read_outlines
from .scraping import wanted

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.imports import Imported, Intake

options = ()

_MOST_BYTES = 64 * 2**20
_TOO_LONG = f"is larger than any subscription list: more than {_MOST_BYTES // 2**20} MiB"


def list_bytes(place: Path) -> bytes:
    """Return what the file *place* holds, as far as any list of blogs goes.

    Raises:
        ExportError: it can't be read, or is larger than that.
    """
    return file_bytes(place, _MOST_BYTES, _TOO_LONG)


def read(place: Path, intake: Intake) -> Imported:
    """Write a source file for each blog that the file *place* lists and that nobody follows yet; nothing is asked.

    All files are written, or none.

    Raises:
        ExportError: the file can't be read, or is no subscription list.
        PublishError: the source files can't be written.
    """
    outlines = read_outlines(list_bytes(place))
    if outlines is None:
        raise ExportError(f"{place} is no subscription list (OPML)")
    failures = [] if outlines.is_whole else [f"{place}: damaged or cut short; what could be read of it was taken"]
    return follow_all([wanted(line) for line in outlines.lines], intake, failures)
