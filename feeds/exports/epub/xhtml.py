"""A post's body as XHTML that every EPUB reader takes: valid because nothing else is ever built.

The body is walked once and built anew by HTML's content models: what may not stand where it stands loses its tag and
keeps its text. Pictures are links to their originals, for a book must not fetch anything (EPUB 3.3, section 3.6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.urls import absolute

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

XHTML = "http://www.w3.org/1999/xhtml"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_DEEPEST = 100  # levels; what is deeper is text alone
_LINE_TAGS = "p h1 h2 h3 h4 h5 h6 pre summary caption dt"
_BOX_TAGS = (
    "div section article aside main header footer address nav figure figcaption details blockquote "
    "ul ol dl li dd table thead tbody tfoot tr td th hr colgroup col"
)
_INLINE_TAGS = "abbr b bdi bdo cite code em i kbd mark q s samp small span strong sub sup u var"
_LINES = frozenset(_LINE_TAGS.split())
_BLOCKS = _LINES.union(_BOX_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_THROUGH = frozenset({"a", "ins", "del"})  # what may hold whatever its parent may
_OTHERWISE = {"tt": "code", "strike": "s", "big": "span", "time": "span", "dfn": "em", "h1": "h2", "summary": "p",
              "caption": "p", "dt": "p"}  # fmt: skip
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_SPAN = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,4}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Z]{2})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Where:
    """What may stand at a place."""

    blocks: bool = True
    """Whether paragraphs and the like may."""
    links: bool = True
    """Whether links may."""
    depth: int = 0
    """Levels above it."""


def add_body(target: Element, content_html: str, picture: str) -> None:
    """Add a post's body to *target*, an XHTML element that may hold paragraphs.

    Args:
        target: gets the body as its children.
        content_html: clean, reduced HTML (`feeds.reduce`).
        picture: the word for a picture that has no text of its own.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body><div>{content_html}</div></body></html>".encode(), parser)
    _Body(picture).fill(root[0][0], target, _Where())


def add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """Add an XHTML element to *parent* and return it; `class_` is the attribute `class`."""
    made = etree.SubElement(parent, f"{{{XHTML}}}{tag}", {name.rstrip("_"): v for name, v in attributes.items()})
    made.text = text
    return made


class _Body:
    """One walk over one body."""

    def __init__(self, picture: str) -> None:
        self._picture = picture

    def fill(self, source: Element, target: Element, where: _Where) -> None:
        """Add all that is in *source* to *target*."""
        _say(target, source.text)
        inside = replace(where, depth=where.depth + 1)
        for child in source:
            self._put(child, target, inside)
            _say(target, child.tail)

    def _put(self, child: Element, target: Element, where: _Where) -> None:
        tag = str(child.tag)
        if where.depth > _DEEPEST:
            _say(target, " ".join(map(str, child.itertext())))
        elif tag == "img":
            self._add_picture(child, target, where)
        elif tag in {"br", "wbr"}:
            add(target, tag)
            self.fill(child, target, where)  # libxml2 does not know that `wbr` holds nothing
        elif tag in _THROUGH:
            self._through(child, target, where)
        elif tag in _BLOCKS:
            self._block(child, target, where)
        elif tag == "ruby":
            self._ruby(child, target)
        else:
            self._inline(child, target, where)

    def _add_picture(self, child: Element, target: Element, where: _Where) -> None:
        text = " ".join((child.get("alt") or "").split())
        shown = f"[{self._picture}: {text}]" if text else f"[{self._picture}]"
        address = _address(child.get("src"))
        if address and where.links:
            link(target, address, shown, class_="picture")
        else:
            _say(target, shown)

    def _through(self, child: Element, target: Element, where: _Where) -> None:
        address = _address(child.get("href"))
        if child.tag != "a":
            self.fill(child, add(target, str(child.tag)), where)
        elif address and where.links:
            made = link(target, address, None)
            _describe(child, made)
            self.fill(child, made, replace(where, links=False))
        else:
            self.fill(child, target, where)

    def _inline(self, child: Element, target: Element, where: _Where) -> None:
        tag = _OTHERWISE.get(str(child.tag), str(child.tag))
        if tag not in _INLINE or (tag == "bdo" and child.get("dir") not in {"ltr", "rtl"}):
            tag = "span"
        if where.blocks and any(inner.tag in _BLOCKS for inner in child.iter()):
            self.fill(child, add(target, "div"), where)
            return
        made = add(target, tag)
        _describe(child, made)
        self.fill(child, made, replace(where, blocks=False))

    def _ruby(self, child: Element, target: Element) -> None:
        """Text with its reading above it; as a line where it is not just that."""
        readings = [inner for inner in child if inner.tag == "rt"]
        is_plain = child.text and all(inner.tag in {"rt", "rp"} and not len(inner) for inner in child)
        tails = [" ".join((reading.tail or "").split()) for reading in readings]
        if not (is_plain and len(readings) == 1 and not any(tails)):
            _say(target, "".join(f"({text})" if _is_reading(node) else text for node, text in _texts(child)))
            return
        made = add(target, "ruby", child.text)
        add(made, "rt", readings[0].text)

    def _block(self, child: Element, target: Element, where: _Where) -> None:
        tag = str(child.tag)
        if not where.blocks:
            _break(target)
            self.fill(child, target, where)
            _break(target)
        elif tag in _LINES:
            line = add(target, _OTHERWISE.get(tag, tag))
            _describe(child, line)
            self.fill(child, line, replace(where, blocks=False))
        elif tag in {"ul", "ol"}:
            self._list(child, target, where)
        elif tag == "table":
            self._table(child, target, where)
        elif tag == "hr":
            add(target, "hr")
        else:
            box = add(target, "blockquote" if tag == "blockquote" else "div")
            if tag in {"figure", "figcaption", "dd"}:
                box.set("class", tag)
            self.fill(child, box, where)

    def _list(self, child: Element, target: Element, where: _Where) -> None:
        """A list holds items alone; editors put a further list right into it, and text."""
        if not len(child):
            _say(target, child.text)
            return
        made = add(target, str(child.tag))
        if child.tag == "ol":
            _keep(child, made, "start", _NUMBER)
            _keep(child, made, "type", re.compile("[1aAiI]"))
        _lead(child.text, made)
        for inner in child:
            item = add(made, "li")
            if inner.tag == "li":
                if child.tag == "ol":
                    _keep(inner, item, "value", _NUMBER)
                self.fill(inner, item, replace(where, depth=where.depth + 1))
            else:
                self._put(inner, item, replace(where, depth=where.depth + 1))
            _lead(inner.tail, made)

    def _table(self, child: Element, target: Element, where: _Where) -> None:
        """A table is rows of cells; what else stands in it is told before it."""
        inside = replace(where, depth=where.depth + 1)
        for inner in child:
            if inner.tag not in {"thead", "tbody", "tfoot", "tr", "colgroup", "col"}:
                self._put(inner, target, inside)
        rows = [row for part in child for row in ([part] if part.tag == "tr" else part) if row.tag == "tr"]
        made = [cells for row in rows if (cells := [cell for cell in row if cell.tag in {"td", "th"}])]
        if not made:
            return
        body = add(add(target, "table"), "tbody")
        for cells in made:
            row = add(body, "tr")
            for cell in cells:
                box = add(row, str(cell.tag))
                _keep(cell, box, "colspan", _SPAN)
                _keep(cell, box, "rowspan", _SPAN)
                # No heading may stand in the head of a column.
                self.fill(cell, box, replace(inside, blocks=where.blocks and cell.tag == "td"))


def link(target: Element, url: str, text: str | None, **attributes: str) -> Element:
    """Add a link to *target*; a `%` that begins no escape browsers take, and RFC 3986 (section 2.4) does not."""
    return add(target, "a", text, href=_BARE_PERCENT.sub("%25", url), **attributes)


def _address(written: str | None) -> str | None:
    return written if written and absolute(written, written) == written else None


def _describe(source: Element, made: Element) -> None:
    """Keep the attributes that may stand anywhere."""
    if title := source.get("title"):
        made.set("title", title)
    if (direction := source.get("dir")) in {"ltr", "rtl"}:
        made.set("dir", direction)
    if (language := source.get("lang")) and _LANGUAGE.fullmatch(language):
        made.set("lang", language)
        made.set(LANG, language)
    if (name := source.get("class")) and source.tag in {"code", "pre"}:
        made.set("class", name)


def _keep(source: Element, made: Element, name: str, pattern: re.Pattern[str]) -> None:
    value = source.get(name)
    if value and pattern.fullmatch(value):
        made.set(name, value)


def _lead(text: str | None, items: Element) -> None:
    if text and text.strip():
        add(items, "li", text)


def _texts(element: Element) -> list[tuple[Element, str]]:
    """The texts in a ruby in order, each with the element whose own text it is."""
    found = [(element, element.text or "")]
    for inner in element:
        if inner.tag != "rp":
            found.append((inner, "".join(map(str, inner.itertext()))))
        found.append((element, inner.tail or ""))
    return found


def _is_reading(element: Element) -> bool:
    return element.tag == "rt"


def _say(target: Element, text: str | None) -> None:
    """Add text at the end of *target*."""
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _break(target: Element) -> None:
    """Begin a new line where one has begun."""
    last = target[-1] if len(target) else None
    begun = (last.tail if last is not None else target.text) or ""
    if begun.strip() or (last is not None and last.tag != f"{{{XHTML}}}br"):
        add(target, "br")
