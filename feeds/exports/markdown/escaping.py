"""Text that Markdown shows as it is: what CommonMark, GFM or a note program would read as a sign gets a backslash."""

from __future__ import annotations

import re

# `{` and `%`: shortcodes and comments of site makers and note programs; `$` and `^`: formulas and footnotes; `#` before
# a word: a tag; `=` twice: a highlight.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>|~$^]|&(?=[#A-Za-z])|(?<!\S)#|=(?==)|(?<==)=|%(?=[%}])|(?<=[%{])%")
_LINE_START = re.compile(r"(\s*)(?:([+\-=:](?!\w))|(-)(?=-)|(\d{1,9})([.)])(?=\s|$))")
_DESTINATION = re.compile(r"[()\\<>|]")
_SPACE = re.compile(r"\s+")


def text(value: str) -> str:
    """Return text as it stands in a paragraph; its beginning may begin a line."""
    escaped = _SIGNS.sub(r"\\\g<0>", value)
    return _LINE_START.sub(_harmless, escaped, count=1) if _LINE_START.match(escaped) else escaped


def _harmless(match: re.Match[str]) -> str:
    space, sign, hyphen, number, dot = match.groups()
    return f"{space}{number}\\{dot}" if number else f"{space}\\{sign or hyphen}"


def label(value: str) -> str:
    """Return text as it stands between the brackets of a link or image, on one line."""
    return text(_SPACE.sub(" ", value).strip())


def destination(url: str, title: str | None = None) -> str:
    """Return what stands between the parentheses of a link or image: an address, and a title where there is one."""
    escaped = _DESTINATION.sub(r"\\\g<0>", _SPACE.sub("%20", url))
    said = _SPACE.sub(" ", title or "").strip()
    return f'{escaped} "{text(said).replace(chr(34), chr(92) + chr(34))}"' if said else escaped
