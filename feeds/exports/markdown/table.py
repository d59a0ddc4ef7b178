"""A table as a pipe table, where it is one of lines and cells; as the HTML that it is, where it is not."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from feeds.exports.jekyll.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import Tag

BLOCKS = [
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "ul",
]
"""What stands on lines of its own."""
_PARTS = ["caption", "col", "colgroup", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"]
_ALONE = {"p", "div"}
# A blank line would end the HTML; inside code it is written as a reference, which is read as the same.
_BEFORE_BLANK = re.compile(r"\n(?=[ \t]*\n)")


def pipe_table(table: Tag, cell_text: Callable[[Tag], str]) -> str | None:
    """Return a pipe table; None where the table has what none can hold.

    Args:
        table: without a table in it.
        cell_text: makes one line of a cell.
    """
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    width = len(rows[0]) if rows else 0
    if not width or any(len(row) != width or not all(map(_is_plain, row)) for row in rows):
        return None
    lines = [[cell_text(cell) for cell in row] for row in rows]
    if not _is_head(table, rows[0]):
        lines.insert(0, [""] * width)
    lines.insert(1, ["---"] * width)
    caption = table.find("caption")
    head = f"{cell_text(caption)}\n\n" if caption else ""
    return head + "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_html(node: Tag) -> str:
    """Return an element as HTML that Markdown leaves alone: no blank line in it."""
    written = "\n".join(piece.text for piece in lay_out(node.decode(formatter="minimal")))
    return _BEFORE_BLANK.sub("&#10;", written)


def inline_html(node: Tag) -> str:
    """Return an element as HTML that can stand in a line of Markdown: its blocks become its text."""
    twin = copy(node)
    for block in twin.find_all([*BLOCKS, *_PARTS]):
        block.insert_before(" ")
        block.unwrap()
    return as_html(twin)


def _is_plain(cell: Tag) -> bool:
    """Whether a cell is one line: no block but one around all of it, no code with a sign that ends a cell."""
    if any(cell.get(name, "1") not in {"", "0", "1"} for name in ("colspan", "rowspan")):
        return False
    blocks = cell.find_all(BLOCKS)
    if len(blocks) > 1 or any(block.name not in _ALONE or _has_company(block, cell) for block in blocks):
        return False
    return not any("|" in code.get_text() for code in cell.find_all(["code", "kbd", "samp"]))


def _has_company(block: Tag, cell: Tag) -> bool:
    return block.parent is not cell or block.get_text().strip() != cell.get_text().strip() or bool(
        cell.find("img") and not block.find("img")
    )


def _is_head(table: Tag, row: list[Tag]) -> bool:
    heads = table.find_all("thead")
    return all(cell.name == "th" for cell in row) or bool(heads and row[0].find_parent("thead"))
