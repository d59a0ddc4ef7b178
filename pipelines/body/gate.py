"""The limits of a body: what is parsed, and what is sanitised, is never big enough to stall a crawl.

lxml is quadratic in the attributes of one tag, nh3 in nesting and in ampersands. A body over a limit is cut, never
refused: its beginning is worth more to a reader than nothing.
"""

from __future__ import annotations

import re
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.post import xml_safe

if TYPE_CHECKING:
    from .tree import Element

LONGEST_INPUT = 8 * 2**20
"""Characters of a body that are parsed."""
MOST_TAGS = 100_000
"""Tags of a body that are parsed: some hundred times what a long post has."""
LONGEST_TAG = 8 * 2**10
"""Characters of one tag; only inline images (`data:`), which can't be published anyway, and attacks are longer."""
LONGEST_OUTPUT = 512 * 2**10
"""Bytes of a body that are sanitised."""
_SLACK = 8 * 2**10
_DEEPEST_CUT = 12
_LONG_TAG = re.compile(rf"<[A-Za-z/!?][^<>]{{{LONGEST_TAG},}}>?")


def admit(html: str) -> tuple[str, bool]:
    """Return the part of a body that may be parsed, and whether anything was cut off its end."""
    end = min(len(html), LONGEST_INPUT)
    if html.count("<", 0, end) > MOST_TAGS:
        end = next(islice(re.finditer("<", html), MOST_TAGS, None)).start()
    elif end < len(html):
        tag = html.rfind("<", 0, end)
        end = tag if tag > 0 else end
    return _LONG_TAG.sub("", html[:end]), end < len(html)


def fit(root: Element) -> bool:
    """Cut the tree to what may be sanitised, between two blocks; return whether anything was cut."""
    if len(etree.tostring(root, method="html", encoding="utf-8")) <= LONGEST_OUTPUT:
        return False
    node: Element | None = root
    room = LONGEST_OUTPUT - _SLACK
    for _ in range(_DEEPEST_CUT):
        if node is None:
            break
        room, node = _keep_what_fits(node, room)
    if node is not None:
        node.clear()
    return True


def _keep_what_fits(node: Element, room: int) -> tuple[int, Element | None]:
    """Drop all children from the first that does not fit; that one stays where it is big, to be cut inside."""
    node.text, room = _shorten(node.text, room)
    for position, child in enumerate(node):
        size = len(etree.tostring(child, method="html", encoding="utf-8", with_tail=False))
        if size > room:
            inside = size > LONGEST_OUTPUT // 4
            del node[position + inside:]
            child.tail = None
            return room, child if inside else None
        room -= size
        child.tail, room = _shorten(child.tail, room)
    return room, None


def _shorten(text: str | None, room: int) -> tuple[str, int]:
    """Return as much of a text as fits, up to a space, and the room left."""
    text = xml_safe(text or "")
    size = len(escape(text, quote=False).encode())
    if size <= room:
        return text, room - size
    kept = text[: max(room, 0) // 6]
    return kept[: kept.rfind(" ") + 1] or kept, 0
