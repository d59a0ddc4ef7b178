"""A database file as it was left when it was sound: as long as it is so, it need not be looked through again.

To look through a file takes as long as it is large. What damages one (a copy that broke off, a backup of half of it,
another program, a disk that was repaired) changes its time or its size; what a killed run leaves is another time too.
A disk that loses bits without a word changes neither, so after some openings the file is looked through all the same.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

OPENINGS = 100
"""How often a file may be opened before it is looked through again: at most about a day of polls."""

_found: dict[str, tuple[int, int]] = {}
"""Of each file that this process knows to be sound: its number, and how often it was opened since it was looked at."""


def is_known(file: str) -> bool:
    """Tell whether *file* is sound, as far as anybody can say without looking through it."""
    which = _look(file)[0]
    if file in _found:
        return _found[file][0] == which
    if (openings := _openings(file)) < OPENINGS:
        _found[file] = which, openings + 1
    return file in _found


def looked_through(file: str) -> None:
    """Remember for this process that *file* was found sound."""
    _found[file] = _look(file)[0], 1


def leave(file: str) -> None:
    """Write down how *file* looks, after the last change to it, for those who open it next."""
    which, openings = _found.get(file, (0, 0))
    look = _look(file)
    if which and look[0] == which:
        with suppress(OSError):  # nobody need be able to write there: then the next one looks through it
            _note(file).write_text(json.dumps([*look, openings]), "utf-8")


def distrust() -> None:
    """Forget every file: one of them turned out to be damaged."""
    for file in _found:
        with suppress(OSError):
            _note(file).unlink()
    _found.clear()


def _openings(file: str) -> int:
    """How often a file was opened since it was looked through; too often, where it is not as it was left."""
    with suppress(OSError, ValueError, TypeError):
        *look, openings = json.loads(_note(file).read_text("utf-8"))
        if look == _look(file):
            return int(openings)
    return OPENINGS


def _look(file: str) -> list[int]:
    """Number, size in bytes and time of the last change of a file; three times 0 where there is none."""
    try:
        state = Path(file).stat()
    except OSError:
        return [0, 0, 0]
    return [state.st_ino, state.st_size, state.st_mtime_ns]


def _note(file: str) -> Path:
    return Path(f"{file}-sound")
