"""A post's clean body laid out as lines: a block each, lists an item a line, tables indented, code untouched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.body.tree import Element, first, is_comment, parse

from . import escaping

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK_TAGS = (
    "address article aside blockquote caption col colgroup dd details div dl dt figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_OURS = ["noopener", "noreferrer"]
"""What cleaning adds to the `rel` of every link, hence nothing the author said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One part of a body that blank lines set apart."""

    text: str
    """Its lines."""
    bare: bool
    """Text that stands in no block, so that Markdown reads it."""


Run = list["str | Element"]
"""Text and inline elements between two blocks."""


def lay_out(content_html: str) -> list[Piece]:
    """Return the blocks of a clean body in order; text between blocks is a piece of its own.

    The same pieces come of the body that the pieces make when they are read and cleaned again.
    """
    return pieces(flow(content_html))


def pieces(items: list[Element | Run]) -> list[Piece]:
    """Return what `flow` found, written."""
    return [
        Piece(text=_block(item), bare=False) if isinstance(item, Element) else Piece(text=run, bare=True)
        for item in items
        if isinstance(item, Element) or (run := _run(item, bare=True))
    ]


def flow(content_html: str) -> list[Element | Run]:
    """Return the blocks of a body, and the runs of text between them that are not only white space."""
    return _flow(parse(content_html))


def _flow(node: Element) -> list[Element | Run]:
    items: list[Element | Run] = [[node.text or ""]]
    for child in node:
        run = items[-1]
        if is_comment(child):
            pass
        elif first(child, *_BLOCKS) is not None:
            items += [child, []]
        elif isinstance(run, list):
            run.append(child)
        if isinstance(items[-1], list):
            items[-1].append(child.tail or "")
    return [item for item in items if isinstance(item, Element) or not _is_blank(item)]


def _is_blank(run: Run) -> bool:
    return all(isinstance(part, str) and not part.strip(" \t\n\r\f") for part in run)


def _block(node: Element, indent: str = "", between: str = "\n") -> str:
    """A block, its own blocks apart by *between*; no blank line in it but in code."""
    if node.tag == "pre":
        return _inline(node, raw=True)
    if node.tag in _VOID:
        return _start(node)
    if node.tag in _ROWS:
        return _rows(node, indent, between)
    between = "" if node.tag in {"td", "th", "caption"} else between
    items = _flow(node)
    parts = [_block(item, between=between) if isinstance(item, Element) else _run(item) for item in items]
    start, end = _start(node), f"</{node.tag}>"
    if all(isinstance(item, list) for item in items):
        return start + "".join(parts) + end
    opening = "" if isinstance(items[0], list) else between
    return start + opening + between.join(parts) + between + end


def _rows(node: Element, indent: str, between: str) -> str:
    """A table, or a part of one that holds parts: each on a line of its own, two spaces further in."""
    inner = f"{indent}  " if between else ""
    parts = [inner + _block(part, inner, between) for part in _parts(node)]
    return between.join([_start(node), *parts, f"{indent}</{node.tag}>"])


def _parts(node: Element) -> Iterator[Element]:
    """The parts of a table; the rows of its only section, which every parser adds, count as its own."""
    sections = [child for child in node if child.tag in {"thead", "tbody", "tfoot"}]
    for child in node:
        if node.tag == "table" and sections == [child] and child.tag == "tbody" and not child.attrib:
            yield from _parts(child)
        elif not is_comment(child):
            yield child


def _run(run: Run, *, bare: bool = False) -> str:
    """A run of text and inline elements on one line."""
    written = ""
    for part in run:
        if isinstance(part, str):
            written += _text(part, bare=bare, at_start=not written.strip())
        else:
            written += _inline(part, bare=bare)
    return written.strip(" ")


def _inline(node: Element, *, raw: bool = False, bare: bool = False) -> str:
    """An element with all it holds, in one line but for code."""
    raw = raw or node.tag == "pre"
    if node.tag in _VOID:
        return _start(node, bare=bare)
    inner = escaping.text(node.text or "") if raw else _text(node.text, bare=bare)
    for child in node:
        if not is_comment(child):
            inner += _inline(child, raw=raw, bare=bare)
        inner += escaping.text(child.tail or "") if raw else _text(child.tail, bare=bare)
    return f"{_start(node, bare=bare)}{inner}</{node.tag}>"


def _text(value: str | None, *, bare: bool, at_start: bool = False) -> str:
    one_line = _SPACE.sub(" ", value or "")
    if not bare:
        return escaping.text(one_line)
    one_line = one_line.lstrip(" ") if at_start else one_line
    return escaping.bare(one_line, at_start=at_start)


def _start(node: Element, *, bare: bool = False) -> str:
    attributes = "".join(f' {name}="{_value(value, bare=bare)}"' for name, value in _attributes(node))
    return f"<{node.tag}{attributes} />" if node.tag in _VOID else f"<{node.tag}{attributes}>"


def _value(value: str, *, bare: bool) -> str:
    # One `|` anywhere in a bare line makes kramdown look for a table.
    return escaping.attribute(value).replace("|", "&#124;") if bare else escaping.attribute(value)


def _attributes(node: Element) -> Iterator[tuple[str, str]]:
    names = list(map(str, node.keys()))
    for name in names:
        value = node.get(name, "")
        if name == "rel":
            said = " ".join(_rel(value.split()))
            if said or name != names[-1]:  # cleaning would put it last
                yield name, said or value
        elif name != "loading":
            yield name, value


def _rel(words: list[str]) -> list[str]:
    """The fewest words that cleaning would make *words* of again."""
    prefixes = (words[:length] for length in range(len(words)))
    return next((said for said in prefixes if list(dict.fromkeys([*said, *_OURS])) == words), words)
