"""Nesting on which parsers disagree: lxml builds the tree by HTML 4, the sanitiser and every reader by HTML 5.

What is put right here comes out of any of them as it went in; else cleaning a clean body would change it.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from lxml.etree import Comment

from pipelines.post import xml_safe

from .tree import GONE, is_comment, make, parent_tag

if TYPE_CHECKING:
    from .tree import Element

_BLOCK_TAGS = (
    "address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main ol p pre section summary table ul"
)
BLOCKS = frozenset(_BLOCK_TAGS.split())
"""What HTML does not allow inside `<p>`: a parser closes the paragraph there."""
NO_PARAGRAPH = frozenset({"b", "big", "i", "s", "small", "strike", "tt", "u", "h1", "h2", "h3", "h4", "h5", "h6"})
"""What lxml closes where a `<p>` begins in it."""
TABLE_PARTS = {
    "td": {"tr"}, "th": {"tr"}, "tr": {"table", "thead", "tbody", "tfoot"}, "thead": {"table"}, "tbody": {"table"},
    "tfoot": {"table"}, "caption": {"table"}, "colgroup": {"table"}, "col": {"colgroup", "table"},
}
"""Each part of a table, and where it may stand."""
_ROOMS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_CELLS = frozenset({"td", "th", "caption"})
_INLINE = frozenset({"a", "b", "i", "u", "s", "em", "strong", "span", "picture"})


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


def source(node: Element) -> None:
    """Make a span of a `<source>` outside `<picture>`."""
    if parent_tag(node) != "picture":
        make(node, "span")


def leave_item(item: Element) -> None:
    """Make a box of a list item in a span or a link; hold an empty one open.

    A parser would end the item around it, with all between. And lxml writes an empty item without its end, so
    that what follows would fall into it.
    """
    if parent_tag(item) in _INLINE:
        make(item, "div")
    elif not len(item) and not item.text:
        item.append(Comment(""))


def leave_code(block: Element) -> None:
    """Drop the line ends before the first line of code: at every reading HTML drops one of them."""
    for node in block.iter():
        if not is_comment(node):
            if node.tag not in {GONE, "pre"}:
                return
            node.text = xml_safe(node.text or "").lstrip("\n")
            if node.text:
                return
        if node is not block and not len(node):
            node.tail = xml_safe(node.tail or "").lstrip("\n")
            if node.tail:
                return
