"""What an element of a page says, without what does not belong to it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from crawler.document import Element, near
from pipelines.post import xml_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Marked: TypeAlias = "dict[Element, tuple[str, str]]"
"""Elements that have a class or an id, with both as they are written; empty where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What an element of a page says, without what does not belong to it."""

    element: Element
    """A copy of it."""
    dropped: tuple[tuple[str, Element], ...]
    """What was left out, from the outside in: the reason, and the element."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wished:
    """What somebody wants of a body, beside what is junk by itself: elements of the page."""

    remove: frozenset[Element]
    """What goes."""
    keep: frozenset[Element]
    """What stays, whatever names it; and what it stands in."""
    unwrap: frozenset[Element]
    """What goes while its content stays."""
    replaced: Callable[[str], str]
    """Gives each stretch of text as it is wanted."""


WISHED_AWAY = "the source file's clean.remove"


def text_without(
    element: Element,
    junk: Callable[[Element], str | None],
    more: Callable[[Element, Marked], Iterable[tuple[str, Element]]],
    wished: Wished | None = None,
) -> Text:
    """Return *element* without what is none of its text; the page stays as it is.

    Args:
        element: the container.
        junk: gives the reason to leave an element out, None for the text itself.
        more: finds what only its surroundings tell, in the copy it is given and its elements with a class or an id:
            reason and element.
        wished: what is wanted beside.
    """
    copy = deepcopy(element)
    copy.attrib.clear()
    wished = _of_copy(wished, element, copy) if wished else None
    dropped = tuple(_strip(copy, junk, more, wished))
    if wished:
        _unwrap(copy, wished.unwrap)
        _replace(copy, wished.replaced)
    return Text(element=copy, dropped=dropped)


def _of_copy(wished: Wished, element: Element, copy: Element) -> Wished:
    """Return what is wanted in terms of the copy."""
    twins = dict(zip(element.iterdescendants(), copy.iterdescendants(), strict=True))

    def of_copy(elements: frozenset[Element]) -> frozenset[Element]:
        return frozenset(twins[e] for e in elements if e in twins)

    return replace(wished, remove=of_copy(wished.remove), keep=of_copy(wished.keep), unwrap=of_copy(wished.unwrap))


def _judged(found: Mapping[Element, str], wished: Wished) -> dict[Element, str]:
    """Return what goes: what was *found* to be junk outside of what is kept, and what is wished away."""
    stays = {around for kept in wished.keep for around in (kept, *kept.iterancestors())}
    inside = {inner for kept in wished.keep for inner in kept.iter()}
    judged = {e: reason for e, reason in found.items() if e not in stays and e not in inside}
    return judged | {e: WISHED_AWAY for e in wished.remove if e not in stays}


def _unwrap(root: Element, elements: frozenset[Element]) -> None:
    """Put the content of each element that is still there in its place."""
    for element in [e for e in root.iterdescendants() if e in elements]:
        parent = element.getparent()
        if parent is None:
            continue
        place, before = parent.index(element), element.getprevious()
        children, tail = list(element), element.tail
        _append(parent, before, element.text)
        element.tail = None
        parent.remove(element)
        for number, child in enumerate(children):
            parent.insert(place + number, child)
        _append(parent, children[-1] if children else before, tail)


def _append(parent: Element, last: Element | None, text: str | None) -> None:
    if last is None:
        parent.text = (parent.text or "") + (text or "")
    else:
        last.tail = (last.tail or "") + (text or "")


def _replace(root: Element, replaced: Callable[[str], str]) -> None:
    for element in root.iter():
        if element.text and isinstance(element.tag, str):
            element.text = xml_safe(replaced(element.text))
        if element.tail and element is not root:
            element.tail = xml_safe(replaced(element.tail))


# What may be junk: all that a theme or a plugin can mark, and what is no text by its name. The text itself, mostly bare
# paragraphs, need not be looked at one by one.
_SUSPECT_TAGS = frozenset({
    etree.Comment, etree.ProcessingInstruction, "script", "style", "noscript", "template", "link", "meta", "img", "h1",
    "h2", "nav", "aside", "footer", "button", "input", "select", "textarea",
})  # fmt: skip
_BOXES = {"div", "span", "p", "center", "section", "aside", "figure"}


def _suspects(element: Element) -> tuple[Marked, list[Element]]:
    """Return what inside *element* has a class or an id, and what else may be junk."""
    marked: Marked = {}
    others = []
    for inner in element.iterdescendants():
        names = inner.keys()  # to read an attribute that is not there costs more
        labels = inner.get("class", "") if "class" in names else ""
        name = inner.get("id", "") if "id" in names else ""
        if labels or name:
            marked[inner] = labels, name
        elif inner.tag in _SUSPECT_TAGS or "data-tistory-react-app" in names:
            others.append(inner)
    return marked, others


def _strip(
    element: Element,
    junk: Callable[[Element], str | None],
    more: Callable[[Element, Marked], Iterable[tuple[str, Element]]],
    wished: Wished | None,
) -> Iterator[tuple[str, Element]]:
    """Remove everything inside *element* that is named, and keep the text that follows it."""
    marked, others = _suspects(element)
    found = {suspect: reason for suspect in (*others, *marked) if (reason := junk(suspect))}
    found |= {suspect: reason for reason, suspect in more(element, marked)}
    found = _judged(found, wished) if wished else found
    if not found:
        return
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
        parent.text = xml_safe("".join(texts))
    else:
        last.tail = xml_safe("".join(texts))
