"""The text of a file that a person or another program wrote, whatever its encoding; refused where it is none."""

from __future__ import annotations

import codecs
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from feeds.exports import ExportError

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 2**20
"""Bytes: no configuration is longer."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def file_bytes(place: Path, longest: int, too_long: str) -> bytes:
    """Return what the file *place* holds.

    Args:
        place: the file.
        longest: bytes that it may have.
        too_long: what to say of one that has more, to follow its name.

    Raises:
        ExportError: it can't be read, or is too long.
    """
    try:
        with place.open("rb") as file:
            raw = file.read(longest + 1)
    except OSError as error:
        raise ExportError(f"{place} can't be read: {error.strerror}") from error
    if len(raw) > longest:
        raise ExportError(f"{place} {too_long}")
    return raw


def file_text(place: Path) -> str:
    r"""Return the text of the file *place*, its lines ended by `\n`.

    Raises:
        ExportError: it is no regular file, too long, or no text in UTF-8 (or UTF-16 that says so).
    """
    with suppress(OSError):  # which is told when it is opened
        if not stat.S_ISREG(place.stat().st_mode):  # before that: a named pipe would wait for ever
            raise ExportError(f"{place} is no file")
    raw = file_bytes(place, LONGEST, f"is longer than {LONGEST // 2**20} MiB, so it is no configuration")
    mark, encoding = next((found for found in _MARKS if raw.startswith(found[0])), (b"", "utf-8"))
    try:
        text = raw.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ExportError(f"{place}, line {line}: not UTF-8 text; save it as UTF-8") from error
    if "\0" in text:
        raise ExportError(f"{place} is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
