"""The one walk over a body: each element meets its rule on the way in, and some another on the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from . import nesting, paragraphs, style
from .blocks import raw_text, slide_part, tidy_button, tidy_code, tidy_div, tidy_figure
from .images import tidy_image
from .links import tidy_frame, tidy_link, tidy_media
from .sanitise import TAGS
from .tree import GONE, first, make, parent_tag, put, text_of, unwrap, vanish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .tree import Element

    Rule = Callable[[Element, str], None]
    LeavingRule = Callable[[Element, int], None]  # how many blocks stand in it

_DEEPEST = 99
"""Levels; below, elements are unwrapped. No post nests so deep, and what looks down at each level must stay cheap."""
# What holds the tree together; the sanitiser unwraps it.
_SHELL = frozenset({"html", "body", "head", "picture", GONE})
_AROUND_BOXES = frozenset({
    "body", "div", "section", "article", "main", "blockquote", "details", "td", "th", "li", "dd", "figure", "header",
    "footer", "aside",
})
_BLOCKS = nesting.BLOCKS
_DROPPED = (
    "script", "style", "noscript", "template", "svg", "math", "input", "select", "option", "optgroup",
    "datalist", "applet", "canvas", "area", "title", "meta", "link", "base", "noembed", "noframes", "frameset", "frame",
    "dialog", "progress", "meter",
)


def walk(root: Element, base: str, dropped: list[tuple[str, str]] | None = None) -> None:
    """Change a parsed body into what it means, in place, in one walk without recursion.

    Args:
        root: the `body` element.
        base: address of its page.
        dropped: where to write down what goes: its tag, and what it said or where it pointed.
    """
    tables = first(root, "table") is not None
    blocks = 0  # ended so far: each element tells from it on its way out whether any stood in it, without a look down
    open_: list[int] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):  # elements only; the sanitiser drops comments
        if event == "start":
            open_.append(blocks)
            if len(open_) > _DEEPEST and len(node):
                unwrap(node)
            if dropped is None:
                _enter(node, base)
            else:
                dropped.extend(_noting(node, base))
            if tables:
                nesting.beside_cells(node)
            continue
        before, tag = open_.pop(), node.tag  # its name may have changed since it was entered
        if rule := _LEAVE.get(tag):
            rule(node, blocks - before)
            tag = node.tag
            if tag == GONE and not len(node):
                blocks = before
        if tag in _BLOCKS and node.getparent() is not None:
            blocks += 1


def _enter(node: Element, base: str) -> None:
    tag = node.tag
    if tag not in _KNOWN:
        # An element we don't know; a span that says nothing is unwrapped on the way out.
        tag = "div" if tag in nesting.BOXES and parent_tag(node) in _AROUND_BOXES else "span"
        make(node, tag)
    if (labels := node.get("class")) and slide_part(node, labels):
        return
    if rule := _ENTER.get(tag):
        rule(node, base)
    if (written := node.get("style")) is not None:
        kept = style.tidy(node.tag, written)  # not left to the wall, which moves the attributes after one that goes
        if not kept:
            del node.attrib["style"]
        elif kept != written:
            put(node, "style", kept)


def _noting(node: Element, base: str) -> Iterator[tuple[str, str]]:
    """Enter an element, and tell of it where nothing is left of it."""
    tag, said = node.tag, text_of(node) or node.get("src") or node.get("href") or ""
    _enter(node, base)
    if node.tag == GONE and tag != GONE and not len(node) and not node.text:
        yield f"<{tag}>", said


def _drop(node: Element, _base: str) -> None:
    vanish(node)


def _font(font: Element, _base: str) -> None:
    """Keep the colour that editors of era A wrote as `<font color>`."""
    color = font.get("color")
    make(font, "span")
    if color:
        put(font, "style", f"color: {color};")


def _center(center: Element, _base: str) -> None:
    make(center, "div")
    put(center, "align", "center")


def _nested(rule: Callable[[Element], None]) -> Rule:
    return lambda node, _base: rule(node)


def _left(rule: Callable[[Element], None]) -> LeavingRule:
    return lambda node, _blocks: rule(node)


_ENTER: dict[str, Rule] = {
    **dict.fromkeys(_DROPPED, _drop), **dict.fromkeys(nesting.TABLE_PARTS, _nested(nesting.table_part)),
    "a": tidy_link, "img": tidy_image, "image": tidy_image, "amp-img": tidy_image,
    "figure": tidy_figure, "div": tidy_div, "pre": tidy_code, "button": tidy_button,
    "iframe": tidy_frame, "embed": tidy_frame, "amp-iframe": tidy_frame, "video": tidy_media, "audio": tidy_media,
    "xmp": raw_text, "plaintext": raw_text, "listing": raw_text, "textarea": raw_text,
    "font": _font, "center": _center,
    **dict.fromkeys(("rt", "rp"), _nested(nesting.ruby_part)),
    **dict.fromkeys(nesting.HEADINGS, _nested(nesting.heading)),
    "source": _nested(nesting.source), "table": _nested(nesting.table),
}
_LEAVE: dict[str, LeavingRule] = {
    "p": paragraphs.leave_paragraph, "span": paragraphs.leave_span, "picture": paragraphs.leave_picture,
    "figure": _left(paragraphs.leave_figure), "figcaption": _left(paragraphs.leave_figure),
    "pre": _left(nesting.leave_code), **dict.fromkeys(("li", "dt", "dd"), _left(nesting.leave_item)),
}
_KNOWN = TAGS | _SHELL | _ENTER.keys()
