"""Paragraphs, spans and figures on the way out: which of them still say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.post import xml_safe

from .nesting import BLOCKS, NO_PARAGRAPH
from .tree import GONE, first, is_comment, is_empty, make, parent_tag, remove, unwrap, vanish

if TYPE_CHECKING:
    from .tree import Element

_NBSP = "\xa0"
_LOOK_BACK = 20
"""Elements before an empty line among which the last one is looked for."""
_MEANING = ("style", "lang", "title", "dir", "data-ke-size", "data-ke-style")


def leave_span(span: Element, blocks: int) -> None:
    """Unwrap a span that says nothing; images stand in two or three of them.

    One around blocks stays: the parent alone may be one in which the next parser suffers no block.
    """
    if blocks:
        return
    if not any(map(span.get, _MEANING)):
        unwrap(span)


def leave_picture(picture: Element, blocks: int) -> None:
    """Leave of a `<picture>` only its image, whose address is the best of all by now."""
    for source in picture.iter("source"):
        unwrap(source)
    make(picture, "span")
    leave_span(picture, blocks)


def leave_figure(figure: Element) -> None:
    """Drop a figure of which nothing is left, and a caption without words."""
    if is_empty(figure, spaces=_NBSP):
        vanish(figure)


def leave_paragraph(paragraph: Element, blocks: int) -> None:
    """Take out what is no paragraph: one around blocks, one that shows nothing, an empty line after another."""
    around = parent_tag(paragraph)
    if blocks:
        # Tistory puts `<figure>` into `<p>`; a parser would close the paragraph and leave empty ones around.
        if around != "ul" and _is_empty_beside_blocks(paragraph):
            unwrap(paragraph)
        else:
            _box(paragraph)
    elif around in NO_PARAGRAPH:
        _box(paragraph)
    # One empty line is the author's; several in a row are scrolling.
    elif is_empty(paragraph, spaces=_NBSP) and (_is_no_line(paragraph) or _follows_empty_line(paragraph)):
        remove(paragraph)


def _is_no_line(paragraph: Element) -> bool:
    """Tell whether an empty paragraph holds neither a line break nor a space that makes it a line."""
    return (not len(paragraph) or first(paragraph, "br") is None) and is_empty(paragraph)


def _box(paragraph: Element) -> None:
    paragraph.tag = "div"
    if "data-ke-type" in paragraph.attrib:
        del paragraph.attrib["data-ke-type"]


def _is_empty_beside_blocks(paragraph: Element) -> bool:
    """Tell whether the only words of a paragraph stand in the blocks it wrongly holds."""
    beside = [paragraph.text, *(child.tail for child in paragraph)]
    inline = [child for child in paragraph if child.tag not in BLOCKS]
    return not any(text and text.strip() for text in beside) and all(
        child.tag == "br" or (child.tag == GONE and is_empty(child, spaces=_NBSP)) for child in inline
    )


def _follows_empty_line(paragraph: Element) -> bool:
    before = paragraph.getprevious()
    for _ in range(_LOOK_BACK):
        if before is None or xml_safe(before.tail or "").strip():
            return False
        if not is_comment(before):
            if before.tag not in {"p", GONE} or not is_empty(before, spaces=_NBSP):
                return False
            if before.tag == "p":
                return True
        before = before.getprevious()
    return False
