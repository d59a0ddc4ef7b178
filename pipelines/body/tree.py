"""The tree of a body: how it is parsed, read and changed.

An element that shall go is emptied, or only renamed, to a name the sanitiser does not know and hence unwraps:
unlike moving its children or its tail elsewhere, that costs the same however many siblings there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from lxml import etree
from lxml.etree import _Element as Element

from pipelines.post import xml_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "GONE", "SHELL", "VOID", "Element", "append", "attributes", "classes", "first", "is_comment", "is_empty", "make",
    "parent_tag", "parse", "put", "remove", "replace", "text_of", "unwrap", "vanish",
]

GONE = "gone-element"
# Void elements that libxml2 does not know as such: unclosed, they would hold all that follows.
VOID = ("wbr", "source", "track", "param", "embed", "image")
SHELL = ("html", "head", "body")
_VOID = frozenset(map(str.encode, VOID))
_SHELL = frozenset(map(str.encode, SHELL))
_RARE = re.compile(rf"<(?:/?(?:{'|'.join(SHELL)})|{'|'.join(VOID)})\b".encode())
# One piece of markup: a comment, what is no markup but looks like it, or a tag with its quoted attributes. What has no
# end goes to the end, so each byte is looked at once.
_PIECE = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?P<raw>xmp|textarea|script|style|title|plaintext|noembed|noframes|iframe)\b.*?(?:</(?P=raw)\b|\Z)"
    rb"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?:[^=>]|=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+)?+)*+>?+",
    re.IGNORECASE | re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_FEW = 8
_BLANK = " \t\n\f\u200b\ufeff"
# What shows although it holds no text.
_SEEN = frozenset({"img", "hr", "iframe", "video", "audio", "embed", "table", "amp-img", "textarea"})


def parse(html: str) -> Element:
    """Parse a fragment of HTML; return the `body` element above it.

    `huge_tree`: without it everything below 255 levels is lost without a word.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False)
    source = xml_safe(html).encode("utf-8", "replace")
    if _RARE.search(source.lower()):  # both take as long as parsing, and are hardly ever needed
        source = _PIECE.sub(_closed, source)
    return etree.fromstring(b"<html><body>" + source, parser)[0]


def _closed(piece: re.Match[bytes]) -> bytes:
    """A void element with its end; nothing of a page's shell; all else as it is."""
    name = (piece["name"] or b"").lower()
    if name in _SHELL:
        return b""
    return piece[0] + b"</" + name + b">" if name in _VOID and not piece["end"] else piece[0]


def vanish(node: Element) -> None:
    """Let an element go with all it holds; the text after it stays."""
    _hollow(node)
    node.tag = GONE


def unwrap(node: Element) -> None:
    """Let an element go; what it holds stays."""
    make(node, GONE)


def remove(node: Element) -> None:
    """Take an element out, and the white space after it; text after it stays."""
    parent = node.getparent()
    if parent is None or (node.tail or "").strip():
        vanish(node)
    else:
        parent.remove(node)


def replace(node: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Turn an element into another one that holds *text*."""
    _hollow(node)
    node.tag = tag
    node.text = xml_safe(text)
    for name, value in attributes.items():
        put(node, name, value)
    return node


def _hollow(node: Element) -> None:
    """Empty an element; the text after it stays."""
    del node[:]
    node.text = None
    node.attrib.clear()


def make(node: Element, tag: str) -> None:
    """Turn an element into one without attributes; what it holds stays."""
    node.attrib.clear()
    node.tag = tag


def append(parent: Element, tag: str, text: str = "", tail: str = "") -> Element:
    """Append a new element to *parent*."""
    node = etree.SubElement(parent, tag)
    node.text = xml_safe(text)
    node.tail = xml_safe(tail)
    return node


def put(node: Element, name: str, value: str) -> None:
    """Set an attribute; lxml raises on control characters, which a `&#1;` brings past any earlier filter."""
    node.set(name, xml_safe(value))


def attributes(node: Element) -> dict[str, str]:
    """Return all attributes of an element: many are read quicker at once than one by one."""
    return dict(cast("Sequence[tuple[str, str]]", node.items()))


def classes(node: Element) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((node.get("class") or "").split())  # a comment has no attributes at all


def parent_tag(node: Element) -> str:
    """Return the tag of the parent, empty where there is none."""
    parent = node.getparent()
    return parent.tag if parent is not None else ""


def first(node: Element, *tags: str) -> Element | None:
    """Return the first element with one of these tags, at or below *node*."""
    return next(iter(node.iter(*tags)), None)


def text_of(node: Element) -> str:
    """Return the text of an element on one line."""
    return _SPACE.sub(" ", _text(node)).strip()


def is_empty(node: Element, spaces: str = "") -> bool:
    """Tell whether an element shows nothing; white space and *spaces* don't count."""
    blank = _BLANK + spaces
    if (text := node.text) and (text[0].isalnum() or _says(text, blank)):
        return False
    if not len(node):
        return node.tag not in _SEEN
    if len(node) <= _FEW:  # looked at one by one, most lines are told at once
        deep = False
        for child in node:
            if _says(child.tail, blank) or child.tag in _SEEN:
                return False
            if not callable(child.tag):
                if _says(child.text, blank):
                    return False
                deep = deep or len(child) > 0
        if not deep:
            return True
    return first(node, *_SEEN) is None and not _text(node).strip(blank)


def _says(text: str | None, blank: str) -> bool:
    """Tell whether a text holds more than *blank* and what XML forbids."""
    if not text:
        return False
    rest = text[0].isalnum() or text.strip(blank)
    return rest is True or (bool(rest) and (rest.isprintable() or bool(xml_safe(rest).strip(blank))))


def is_comment(node: Element) -> bool:
    """Tell whether a node is a comment or a processing instruction (their `tag` is a function)."""
    return callable(node.tag)


def _text(node: Element) -> str:
    # In C, as is every look down the tree: some are taken at each level.
    return xml_safe(etree.tostring(node, method="text", encoding="unicode", with_tail=False))
