"""The line of a TOML text that sets a key: `tomllib` does not tell, and a person wants to know."""

from __future__ import annotations

import re
import tomllib
from typing import Any

Key = tuple[str, ...]
"""The names that lead to a value, outermost first."""

# Strings and comments, so that a `key =` inside one is not taken for a key.
_STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_NAME = r"""(?:[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_KEY = re.compile(rf"[ \t]*({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)[ \t]*=")
_TABLE = re.compile(rf"[ \t]*\[\[?[ \t]*({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)[ \t]*\]")


def line_of(text: str, key: Key) -> int | None:
    """Return the line (from 1) that sets *key*, or the nearest table above it; None where nothing does."""
    lines = _STRING_OR_COMMENT.sub(_without_lines, text).split("\n")
    table: Key = ()
    found: dict[Key, int] = {}
    for number, line in enumerate(lines, 1):
        if header := _TABLE.match(line):
            table = _path(header[1])
        elif entry := _KEY.match(line):
            found.setdefault(table + _path(entry[1]), number)
            continue
        else:
            continue
        found.setdefault(table, number)
    while key:
        line_numbers = [number for path, number in found.items() if path[: len(key)] == key]
        if line_numbers:
            return min(line_numbers)
        key = key[:-1]
    return None


def _without_lines(match: re.Match[str]) -> str:
    """Blank out what cannot be a key, keeping the number of lines."""
    token = match[0]
    if token.startswith("#") or token[:3] in {'"""', "'''"}:
        return "\n" * token.count("\n")
    return token


def _path(dotted: str) -> Key:
    """Return the parts of a key as written (bare, quoted, dotted)."""
    try:
        table: Any = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted,)
    path: list[str] = []
    while isinstance(table, dict):
        name, table = next(iter(table.items()))
        path.append(name)
    return tuple(path)
