"""What an element of a page says, without what does not belong to it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from crawler.document import Element, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What an element of a page says, without what does not belong to it."""

    html: str
    """Its inner HTML."""
    dropped: tuple[tuple[str, Element], ...]
    """What was left out, from the outside in: the reason, and the element."""


def text_without(
    element: Element,
    junk: Callable[[Element], str | None],
    more: Callable[[Element], Iterable[tuple[str, Element]]] = lambda _: (),
) -> Text:
    """Return the inner HTML of *element* without what is none of its text; the page stays as it is.

    Args:
        element: the container.
        junk: gives the reason to leave an element out, None for the text itself.
        more: finds what only its surroundings tell, in the copy it is given: reason and element.
    """
    copy = deepcopy(element)
    copy.tail = None
    copy.attrib.clear()
    dropped = tuple(_strip(copy, junk, more))
    whole = etree.tostring(copy, method="html", encoding="unicode")
    start, end = whole.index(">") + 1, whole.rfind("</")
    return Text(html=whole[start : end if end > 0 else None].strip(), dropped=dropped)


# What may be junk: all that a theme or a plugin can mark, and what is no text by its name. The text itself, mostly bare
# paragraphs, need not be looked at one by one.
_SUSPECT_TAGS = (
    etree.Comment, etree.ProcessingInstruction, "script", "style", "noscript", "template", "link", "meta", "img", "h1",
    "h2", "nav", "aside", "footer", "button", "input", "select", "textarea",
)  # fmt: skip
_BOXES = {"div", "span", "p", "center", "section", "aside", "figure"}
_MARKED = etree.XPath("descendant::*[@class or @id or @data-tistory-react-app]")


def _strip(
    element: Element,
    junk: Callable[[Element], str | None],
    more: Callable[[Element], Iterable[tuple[str, Element]]],
) -> Iterator[tuple[str, Element]]:
    """Remove everything inside *element* that is named, and keep the text that follows it."""
    suspects = [*element.iterdescendants(*_SUSPECT_TAGS), *cast("list[Element]", _MARKED(element))]
    found = {suspect: reason for suspect in suspects if (reason := junk(suspect))}
    found |= {suspect: reason for reason, suspect in more(element)}
    _add_emptied(found, element)
    for parent in dict.fromkeys(parent for suspect in found if (parent := suspect.getparent()) is not None):
        if parent not in found and not any(around in found for around in near(parent)):
            yield from _strip_children(parent, found)


def _add_emptied(found: dict[Element, str], root: Element) -> None:
    """Name each box of which nothing would be left: an advertisement's wrappers come and go with it."""
    waiting = [parent for element in found if (parent := element.getparent()) is not None]
    while waiting:
        box = waiting.pop()
        if box is root or box in found or box.tag not in _BOXES or (box.text or "").strip():
            continue
        if all(child in found and not (child.tail or "").strip() for child in box):
            found[box] = found[box[0]]
            if (parent := box.getparent()) is not None:
                waiting.append(parent)


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
