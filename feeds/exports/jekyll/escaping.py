"""Text that passes Liquid and Markdown untouched: what either would read becomes a character reference."""

from __future__ import annotations

import re

# `{{` and `{%` begin a Liquid token wherever they stand, also in code. A reference needs no `raw` around it, has no end
# that a post could write itself, and says the same to whoever reads the file without Jekyll.
_LIQUID = re.compile(r"\{(?=[{%])")
_MARKUP = re.compile(r"[\\`*_{}\[\]|~^$\"']|(?<=\.)\.|\.(?=\.)|(?<=-)-|-(?=-)")
_LINE_START = re.compile(r"[#+\-=:>]|\d+[.)]")


def text(value: str) -> str:
    """Return text as it stands inside an HTML block, which Markdown leaves alone."""
    plain = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return _LIQUID.sub("&#123;", plain)


def attribute(value: str) -> str:
    """Return the value of an attribute, to be put between double quotes."""
    return text(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def bare(value: str, *, at_start: bool) -> str:
    """Return text that stands in no block, where Markdown is read.

    Args:
        value: text.
        at_start: it begins a line, where a sign can begin a list, a heading or a definition.
    """
    if at_start and (match := _LINE_START.match(value)):
        marker = match[0]
        return text(marker[:-1]) + _reference(marker[-1]) + bare(value[match.end():], at_start=False)
    parts = _MARKUP.split(value)
    signs = [_reference(match[0]) for match in _MARKUP.finditer(value)] + [""]
    return "".join(text(part) + sign for part, sign in zip(parts, signs, strict=True))


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};"
