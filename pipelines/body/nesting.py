"""Nesting on which parsers disagree: lxml builds the tree by HTML 4, the sanitiser and every reader by HTML 5.

What is put right here comes out of any of them as it went in; else cleaning a clean body would change it.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from lxml.etree import Comment, iterwalk

from pipelines.post import xml_safe

from .tree import GONE, make, parent_tag

if TYPE_CHECKING:
    from .tree import Element

_BLOCK_TAGS = (
    "address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main ol p pre section summary table ul"
)
BLOCKS = frozenset(_BLOCK_TAGS.split())
"""What HTML does not allow inside `<p>`: a parser closes the paragraph there."""
BOXES = frozenset({"form", "nav", "hgroup", "menu", "fieldset", "legend", "search", "marquee", "dir"})
"""Blocks of other times and other editors: as spans, two of them would run together."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NO_PARAGRAPH = frozenset({"b", "big", "i", "s", "small", "strike", "tt", "u", *HEADINGS})
"""What lxml closes where a `<p>` begins in it."""
TABLE_PARTS = {
    "td": {"tr"}, "th": {"tr"}, "tr": {"table", "thead", "tbody", "tfoot"}, "thead": {"table"}, "tbody": {"table"},
    "tfoot": {"table"}, "caption": {"table"}, "colgroup": {"table"}, "col": {"colgroup", "table"},
}
"""Each part of a table, and where it may stand."""
_ROOMS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_CELLS = frozenset({"td", "th", "caption"})
_INLINE_TAGS = (
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark picture q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_ITEMS = frozenset({"li", "dt", "dd"})
_PASSED = _INLINE | {"div", "p", "address", GONE}
"""What a parser looks through for the item that a new one ends (HTML, 13.2.6.4.7)."""


def table_part(part: Element) -> None:
    """Make a span of a cell or row outside its table: nobody agrees on what else it could be."""
    if parent_tag(part) not in TABLE_PARTS[part.tag]:
        make(part, "span")


def beside_cells(node: Element) -> None:
    """Make a plain box of a block that stands in a table but in no cell: a parser moves it before the table."""
    if node.tag in BLOCKS and node.tag != "table" and parent_tag(node) in _ROOMS:
        make(node, "div")


def table(inner: Element) -> None:
    """Make plain boxes of all between a table and one that stands in it, but in no cell of it."""
    between = list(takewhile(lambda parent: parent.tag not in _ROOMS | _CELLS, inner.iterancestors()))
    outer = between[-1].getparent() if between else None
    if outer is not None and outer.tag in _ROOMS:
        for node in between:
            make(node, "div")


def ruby_part(part: Element) -> None:
    """Make a span of a reading that stands in another one or in a block: a parser would end that before it."""
    around = next((e for e in part.iterancestors() if e.tag not in {"span", GONE}), None)
    if around is None or around.tag != "ruby":
        make(part, "span")


def heading(node: Element) -> None:
    """Make a span of a heading in a heading: a parser would end the outer one before it."""
    if next(node.iterancestors(*HEADINGS), None) is not None:
        make(node, "span")


def source(node: Element) -> None:
    """Make a span of a `<source>` outside `<picture>`."""
    if parent_tag(node) != "picture":
        make(node, "span")


def leave_item(item: Element) -> None:
    """Make a box of a list item or a term in a span or a link, or in boxes of another one; hold an empty item open.

    A parser would end the item around it, with all between. And lxml writes an empty item without its end, so
    that what follows would fall into it.
    """
    if parent_tag(item) in _INLINE or _is_in_item(item):
        make(item, "div")
    elif item.tag == "li" and not len(item) and not item.text:
        item.append(Comment(""))


def _is_in_item(item: Element) -> bool:
    around = next((e for e in item.iterancestors() if e.tag not in _PASSED), None)
    return around is not None and (around.tag == "li") is (item.tag == "li") and around.tag in _ITEMS


def leave_code(block: Element) -> None:
    """Drop the line ends before the first line of code: at every reading HTML drops one of them."""
    for event, node in iterwalk(block, events=("start", "end", "comment", "pi")):
        if event == "start":
            if node.tag not in {GONE, "pre"}:
                return
            node.text = xml_safe(node.text or "").lstrip("\n")
            if node.text:
                return
        elif node is not block:
            node.tail = xml_safe(node.tail or "").lstrip("\n")
            if node.tail:
                return
