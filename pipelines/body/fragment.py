"""A body that is a tree already: what was just parsed need not be written down to be parsed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from pipelines.post import xml_safe

from .tree import SHELL, VOID, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tree import Element


class Fragment:
    """The body of a page that is read in this process; `str()` of it is its HTML.

    Args:
        copy: gives the element that holds the body, a new one at each call.
    """

    def __init__(self, copy: Callable[[], Element]) -> None:
        self._copy = copy

    def __str__(self) -> str:
        return inner_html(self._copy())

    def tree(self) -> Element:
        """Return the `body` element that holds it, for the caller to change: as `parse` would of its text."""
        copy = self._copy()
        if next(copy.iterdescendants(*SHELL, *VOID), None) is not None:
            return parse(inner_html(copy))  # which closes them: in a tree of libxml2 they hold what follows them
        copy.tag = "body"
        copy.tail = None
        copy.attrib.clear()
        copy.text = xml_safe(copy.text or "").lstrip()
        if len(copy):
            copy[-1].tail = xml_safe(copy[-1].tail or "").rstrip()
        else:
            copy.text = copy.text.rstrip()
        return copy


def inner_html(element: Element) -> str:
    """Return the HTML inside an element, without the white space around it."""
    whole = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    start, end = whole.index(">") + 1, whole.rfind("</")
    return whole[start : end if end > 0 else None].strip()
