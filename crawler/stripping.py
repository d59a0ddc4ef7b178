"""What an element of a page says, without what does not belong to it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from crawler.document import Element, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What an element of a page says, without what does not belong to it."""

    html: str
    """Its inner HTML."""
    dropped: tuple[tuple[str, Element], ...]
    """What was left out, from the outside in: the reason, and the element."""


def text_without(element: Element, junk: Callable[[Element], str | None]) -> Text:
    """Return the inner HTML of *element* without what *junk* gives a reason to leave out; the page stays as it is."""
    copy = deepcopy(element)
    copy.tail = None
    copy.attrib.clear()
    dropped = tuple(_strip(copy, junk))
    whole = etree.tostring(copy, method="html", encoding="unicode")
    start, end = whole.index(">") + 1, whole.rfind("</")
    return Text(html=whole[start : end if end > 0 else None].strip(), dropped=dropped)


# What may be junk: all that a theme or a plugin can mark, and what is no text by its name. The text itself, mostly bare
# paragraphs, need not be looked at one by one.
_SUSPECT_TAGS = (
    etree.Comment, etree.ProcessingInstruction, "script", "style", "noscript", "template", "link", "meta", "img", "h1",
    "h2", "nav", "aside", "footer", "button", "input", "select", "textarea",
)  # fmt: skip
_MARKED = etree.XPath("descendant::*[@class or @id or @data-tistory-react-app]")


def _strip(element: Element, junk: Callable[[Element], str | None]) -> Iterator[tuple[str, Element]]:
    """Remove everything inside *element* that *junk* names, and keep the text that follows it."""
    suspects = [*element.iterdescendants(*_SUSPECT_TAGS), *cast("list[Element]", _MARKED(element))]
    found = {suspect: reason for suspect in suspects if (reason := junk(suspect))}
    for parent in dict.fromkeys(parent for suspect in found if (parent := suspect.getparent()) is not None):
        if parent not in found and not any(around in found for around in near(parent)):
            yield from _strip_children(parent, found)


def _strip_children(parent: Element, found: Mapping[Element, str]) -> Iterator[tuple[str, Element]]:
    last, texts = None, [parent.text or ""]
    for child in list(parent):
        if reason := found.get(child):
            texts.append(child.tail or "")
            parent.remove(child)
            yield reason, child
            continue
        _join(parent, last, texts)
        last, texts = child, [child.tail or ""]
    _join(parent, last, texts)


def _join(parent: Element, last: Element | None, texts: list[str]) -> None:
    if len(texts) == 1:
        return
    if last is None:
        parent.text = "".join(texts)
    else:
        last.tail = "".join(texts)
