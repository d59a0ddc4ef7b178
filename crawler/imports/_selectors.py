"""Selectors of other programs as ours are written: XPath told from CSS, one within what another finds."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from crawler.selecting import selector
from crawler.source_file import Setting
from crawler.xpath import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDS_IN_ATTRIBUTE = re.compile(r"/@[\w:-]+$")
_BELOW = re.compile(r"(?:\.?//|(?:\./)?descendant(?:-or-self)?::)")
_MOST = 10
_LONGEST = 1000  # characters of both: twice that of any selector of ours
_PIECE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|.", re.DOTALL)


def xpath(written: str) -> str:
    """Return an XPath expression as our selectors of that kind are written."""
    written = written.strip()
    return written if written.startswith(("/", "./", "(")) else f"xpath:{written}"


def usable(written: str) -> bool:
    """Tell whether a selector is one that can be used here."""
    try:
        selector(written)
    except ValueError:
        return False
    return True


def links_of(items: str, links: str, said: str) -> Iterator[Setting]:
    """Yield where a list names its posts: by the *links* in its *items*, or by these where those can't be used."""
    if links != items and not usable(links):
        yield Setting(key=("listing", "items"), value=[links], said=said)  # to be told
        links = items
    yield Setting(key=("listing", "items"), value=[links], said=said)


def of_the_list(names: Iterable[str]) -> str:
    """Return a sentence about fields that another program reads in the list of posts."""
    return f"{', '.join(names)} of the list: a post is read from its own page, by its platform's rules or [select]"


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
