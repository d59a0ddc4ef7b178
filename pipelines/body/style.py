"""Inline styles: the few properties that mean something in a feed."""

from __future__ import annotations

import re
from functools import lru_cache

_ANYWHERE = frozenset({"color", "background-color", "text-align", "font-weight", "font-style", "text-decoration"})
_IN_TABLES = frozenset({"width", "height"})
_TABLE = frozenset({"table", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"})
# Plain words, numbers and colours. No other function, no escape, no string: hence no url(), no expression().
_VALUE = re.compile(
    r"(?:#[0-9a-f]{3,8}|-?[0-9.]{1,8}(?:[a-z]{1,4}|%)?|[a-z-]{1,32}|(?:rgb|hsl)a?\([0-9.,%/\s]{1,40}\))"
    r"(?:\s+(?:[a-z-]{1,32}|#[0-9a-f]{3,8}|-?[0-9.]{1,8}(?:[a-z]{1,4}|%)?)){0,4}(?:\s*!important)?",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 2_000


@lru_cache(maxsize=1024)  # an editor writes the same few over and over, and they are asked for twice
def tidy(tag: str, style: str) -> str:
    """Return the declarations of a `style` attribute that may stay, as `name: value;`, in their order."""
    kept = []
    for declaration in style[:_LONGEST].split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        name = name.lower()
        if colon and (name in _ANYWHERE or (name in _IN_TABLES and tag in _TABLE)) and _VALUE.fullmatch(value):
            kept.append(f"{name}: {' '.join(value.split())};")
    return " ".join(kept)
