"""Selectors of other programs as ours are written: XPath told from CSS, one within what another finds."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from crawler.xpath import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDS_IN_ATTRIBUTE = re.compile(r"/@[\w:-]+$")
_BELOW = re.compile(r"(?:\.?//|(?:\./)?descendant(?:-or-self)?::)")
_MOST = 10
_LONGEST = 1000  # characters of both: twice that of any selector of ours
_PIECE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|.", re.DOTALL)


def xpath(written: str) -> str:
    """Return an XPath expression as our selectors of that kind are written."""
    written = written.strip()
    return written if written.startswith(("/", "./", "(")) else f"xpath:{written}"


def within_css(outer: str, inner: str) -> str:
    """Return the CSS selector of what *inner* finds inside of what *outer* finds; of it where *inner* is empty."""
    if not inner.strip():
        return outer.strip()
    return ", ".join(f"{one} {other}" for one, other in product(_alternatives(outer), _alternatives(inner)))


def _alternatives(selector: str) -> list[str]:
    found, depth = [""], 0
    for piece in _PIECE.findall(selector):
        depth += (piece in "[(") - (piece in "])")
        if piece == "," and not depth:
            found.append("")
        else:
            found[-1] += piece
    return [part.strip() for part in found if part.strip()][:_MOST]


def linked_xpath(items: str, link: str) -> str | None:
    """Return the XPath expression of the links that *link*, from each of *items*, finds; None where it is no path.

    The links themselves, where *link* says their addresses: a link has a text, which is its title.
    """
    if len(items) + len(link) > _LONGEST:
        return None
    found = list(_linked(items, link))
    return " | ".join(each for each in found if each) if found and all(found) else None


def _linked(items: str, link: str) -> Iterator[str | None]:
    for (_, one), (_, other) in product(parts(items, "|"), parts(link, "|")):
        item, step = one.strip(), _ENDS_IN_ATTRIBUTE.sub("", other.strip())
        if step in (".", "@href", "./@href", "self::a", ""):
            yield item
        elif below := _BELOW.match(step):
            yield f"{item}//{step[below.end():]}"
        elif re.match(r"(?:\./)?(?:[\w*.-]+(?:::[\w*]+)?)(?:[\[/]|$)", step):
            yield f"{item}/{step.removeprefix('./')}"
        else:
            yield None
