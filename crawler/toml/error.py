"""The error of a configuration file: one printable sentence with file, line and key, never a password."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PASSWORD = re.compile(r"(//[^\s:/@\"']*):\S*@")


class ConfigError(MoafeedError):
    """A configuration file says something that cannot be; nothing was requested or written.

    Attributes:
        file: the file at fault.
        line: its line, counted from 1; None where no one line is to blame.
        key: the key at fault, dotted; None where the whole file is.
    """

    exit_code = 2

    def __init__(self, problem: str, *, file: Path, line: int | None = None, key: str | None = None) -> None:
        self.file = file
        self.line = line
        self.key = key
        place = shown(file) + (f", line {line}" if line else "")
        super().__init__(f"{place}: {without_passwords(printable(problem))}")


def shown(path: Path) -> str:
    """Return *path* as people know it: the file within its folder, safe to print."""
    return printable(f"{path.parent.name}/{path.name}" if path.parent.name else path.name)


def printable(text: str) -> str:
    """Return *text* on one line without characters that would steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in text)


def without_passwords(text: str) -> str:
    """Return *text* with the password of every address in it masked."""
    return _PASSWORD.sub(r"\1:***@", text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the nearest of the *known* words, or else the list of them."""
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1) or get_close_matches(word.lower(), choices, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; known are {', '.join(choices)}" if choices else ""
