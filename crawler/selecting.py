"""Selectors that people write into source files: CSS or XPath, checked when the file is read, bounded on any page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

from lxml import etree

from crawler.document import Element
from crawler.xpath import Expression, Path, Segment, expression, from_element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Node: TypeAlias = "Element | str"
"""What a selector finds: an element, or the text of an attribute (`@href`, `::attr(href)`) or of a text node."""

MOST = 2_000
"""Nodes that one selector gives: no honest page has more that matter."""
_LONGEST = 500  # characters
_XPATH = ("/", "./", "(", "xpath:")
_MOST_CONTEXTS = 10_000
_MOST_ASIDE, _STEPS_ASIDE = 1_000, 10**7  # contexts that are left sideways or up, each by itself; times elements
_MOST_FOUND = 100_000  # nodes given by all contexts of a segment, those that are given twice counted twice
_FEW = 20
_DEEPEST = 2_048  # levels; Document.parse refuses what is deeper
# Each about a second of libxml2: brothers squared, elements times what they stand in, text times the depth.
_MOST_BROTHERS, _MOST_BELOW, _MOST_TEXT = 2 * 10**8, 2 * 10**7, 10**9
_NUMBER, _LENGTH = etree.XPath("count(//*)"), etree.XPath("string-length(/)")
_BELOW = etree.XPath("count(descendant-or-self::*)")
# What one selector may cost from all items of a list, in elements that are looked at: half a second.
_MOST_LOOKED_AT, _NODE, _ORDERED = 10**7, 100, 5
_START = etree.fromstring("<html><body><p/></body></html>")

_Step: TypeAlias = "tuple[Segment, etree.XPath]"
_Steps: TypeAlias = "tuple[Path, tuple[_Step, ...], tuple[_Step, ...]]"


@dataclass(slots=True)
class _Work:
    """What was done from the items of one list so far."""

    looked_at: int = 0
    """Elements that libxml2 looked at; a node that it gave counts as a hundred."""


class Selection:
    """One selector, ready to be used on pages."""

    def __init__(self, wanted: Expression) -> None:
        self._wanted = wanted
        turns = any(not segment.is_below for path in wanted.paths for segment in (*path.segments, *path.rest)[1:])
        self._may_be_mixed = turns or len(wanted.paths) > 1
        self._is_ordered = self._may_be_mixed or any(path.number is not None for path in wanted.paths)
        self._paths = tuple((path, _compiled(path.segments), _compiled(path.rest)) for path in wanted.paths)
        self._from_element = tuple((path, _compiled(from_element(path)), rest) for path, _, rest in self._paths)

    def find(self, root: Element) -> list[Node]:
        """Return what the selector finds on the page with that *root*, at most 2,000 nodes, each once, in page order.

        A page on which it would take long gives nothing: one of 14,000 siblings and a condition about them, or of
        thousands of elements thousands deep.
        """
        return self._found(root, root, self._paths, _Work())[:MOST] if self._may_be_used_on(root) else []

    def find_from(self, elements: Iterable[Element]) -> list[list[Node]]:
        """Return what the selector finds from each of several elements of one page, 20 nodes of each at most.

        A path that starts at the top of the page starts at the element here, and CSS looks for what is inside of it.
        Where the elements lie in each other, or the selector leads out of them, so that it would take long, the last
        of them give nothing.
        """
        found: list[list[Node]] = []
        work = _Work()
        for element in elements:
            if not found and not self._may_be_used_on(element.getroottree().getroot()):
                work.looked_at = _MOST_LOOKED_AT
            some: list[Node] = []
            if work.looked_at < _MOST_LOOKED_AT:
                around = self._around(element)
                work.looked_at += int(cast("float", _BELOW(around))) * (_ORDERED if self._is_ordered else 1)
            if work.looked_at < _MOST_LOOKED_AT:
                some = self._found(element, around, self._from_element, work)[:_FEW]
            found.append(some)
        return found

    def _around(self, element: Element) -> Element:
        """The element that holds all that the selector looks at from one, as far as that may be much."""
        steps = [(*path.segments, *path.rest) for path in self._wanted.paths]
        parent = element.getparent()
        if parent is None:
            return element
        if any(segment.leads_up for each in steps for segment in each[:-1]):
            return element.getroottree().getroot()
        return parent if any(segment.leads_aside for each in steps for segment in each) else element

    def _found(self, start: Element, root: Element, paths: Iterable[_Steps], work: _Work) -> list[Node]:
        found: list[Node] = []
        for path, steps, rest in paths:
            some = _walked(start, steps, work)
            if path.number is not None:
                some = _in_page_order(some, root)
                some = some[path.number - 1 :][:1] if path.number > 0 else some[-1:]
                some = [node for one in some for node in ([one] if not rest else _walked(one, rest, work))]
            found += some
        found = _each_once(found)
        return _in_page_order(found, root) if self._may_be_mixed else found

    def elements(self, root: Element) -> list[Element]:
        """Return the elements among what is found."""
        return [node for node in self.find(root) if not isinstance(node, str)]

    def _may_be_used_on(self, root: Element) -> bool:
        wanted = self._wanted
        number, length = cast("float", _NUMBER(root)), cast("float", _LENGTH(root))
        if not wanted.has_conditions or (number * _DEEPEST < _MOST_BELOW and length * _DEEPEST < _MOST_TEXT):
            return True  # whatever its shape is
        brothers, below, deepest = _shape(root)
        return not (
            (wanted.is_wide and brothers > _MOST_BROTHERS)
            or (wanted.is_deep and below > _MOST_BELOW)
            or length * deepest > _MOST_TEXT
        )


@lru_cache(maxsize=1024)
def selection(text: str) -> Selection:
    """Return the selector that *text* writes: XPath where it begins with `/`, `./`, `(` or `xpath:`, else CSS.

    Raises:
        ValueError: it writes none, or one of a kind that can be slow; the text follows a key's name.
    """
    written = text.strip()
    if len(written) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters; a shorter selector would be right")
    if not written.startswith(_XPATH):
        return _css(written)
    try:
        return _checked(expression(written.removeprefix("xpath:").strip()))
    except etree.XPathError as error:
        raise ValueError(f"is no XPath expression ({_said(error)}); right would be one such as //h1") from None


def selector(text: str) -> str:
    """Return *text* where it is a selector that can be used; raises as `selection` does."""
    selection(text)
    return text


def _css(written: str) -> Selection:
    from cssselect import SelectorError  # noqa: PLC0415  # most source files need no selector
    from parsel.csstranslator import HTMLTranslator  # noqa: PLC0415

    if not written:
        raise ValueError("is empty; right would be one such as h1.title")
    try:
        path = HTMLTranslator().css_to_xpath(written, prefix="//").replace("/descendant::", "//")
        return _checked(expression(path, is_css=True))
    except SelectorError as error:
        raise ValueError(f"is no CSS selector ({_said(error)}); right would be one such as h1.title") from None
    except etree.XPathError:
        raise ValueError("is no CSS selector; right would be one such as h1.title") from None


def _said(error: Exception) -> str:
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:100]
    return said[:1].lower() + said[1:]


def _checked(wanted: Expression) -> Selection:
    made = Selection(wanted)
    made.find(_START)  # names a prefix that stands for nothing
    return made


def _compiled(segments: tuple[Segment, ...]) -> tuple[_Step, ...]:
    return tuple((s, etree.XPath(s.path, regexp=False, smart_strings=False)) for s in segments)


def _walked(start: Node, steps: Iterable[_Step], work: _Work) -> list[Node]:
    """Return where the steps lead from *start*, set by set."""
    found: list[Node] = [start]
    for number, (segment, path) in enumerate(steps):
        contexts = [node for node in found if not isinstance(node, str)]
        contexts = _outermost(contexts) if segment.is_below else contexts[: _aside(contexts) if number else None]
        found = _each_once(_from_each(contexts[:_MOST_CONTEXTS], path, work))
    return found


def _aside(contexts: list[Element]) -> int:
    """Return how many of the contexts may be left sideways or up: the fewer, the more there may be beside each."""
    if len(contexts) <= _FEW:
        return _FEW
    return min(_MOST_ASIDE, max(_FEW, int(_STEPS_ASIDE // cast("float", _NUMBER(contexts[0])))))


def _from_each(contexts: Iterable[Element], path: etree.XPath, work: _Work) -> Iterator[Node]:
    given = 0
    for context in contexts:
        some = cast("list[Node]", path(context))
        yield from some
        given += len(some)
        work.looked_at += _NODE * (1 + len(some))
        if given > _MOST_FOUND:
            return


def _each_once(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes, each element once; texts may be equal and yet several."""
    seen: set[Element] = set()
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif node not in seen and isinstance(node.tag, str):  # else a comment
            seen.add(node)
            kept.append(node)
    return kept


def _in_page_order(nodes: list[Node], root: Element) -> list[Node]:
    """Return elements as they follow each other on the page; texts, which stand nowhere, as they are."""
    wanted = {node for node in nodes if not isinstance(node, str)}
    if len(wanted) < len(nodes) or len(nodes) <= 1:
        return nodes
    ordered: list[Node] = [element for element in root.iter() if element in wanted]
    return ordered if len(ordered) == len(wanted) else [*wanted.difference(ordered), *ordered]  # around the root


def _outermost(contexts: list[Element]) -> list[Element]:
    """Return those that stand in none of the others: what is below them is below these."""
    if len(contexts) == 1:
        return contexts
    chosen, kept = set(contexts), []
    is_inside: dict[Element, bool] = {}
    for context in contexts:
        way: list[Element] = []
        around = context.getparent()
        while around is not None and around not in chosen and around not in is_inside:
            way.append(around)
            around = around.getparent()
        inside = around is not None and (around in chosen or is_inside[around])
        is_inside.update(dict.fromkeys(way, inside))
        if not inside:
            kept.append(context)
    return kept


def _shape(root: Element) -> tuple[int, int, int]:
    """Return the elements that each element of a page holds, squared; how deep they stand, summed; the deepest."""
    depths: dict[Element, int] = {}
    squared = 0
    for element in root.iter():
        parent = element.getparent()
        depths[element] = depths.get(parent, 0) + 1 if parent is not None else 1
        squared += len(element) ** 2
    return squared, sum(depths.values()), max(depths.values())
