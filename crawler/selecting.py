"""Selectors that people write into source files: CSS or XPath, checked when the file is read, bounded on any page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

from lxml import etree

from crawler.document import Element
from crawler.xpath import Expression, Segment, expression

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
_START = etree.fromstring("<html><body><p/></body></html>")


class Selection:
    """One selector, ready to be used on pages."""

    def __init__(self, wanted: Expression) -> None:
        self._wanted = wanted
        turns = any(not segment.is_below for path in wanted.paths for segment in (*path.segments, *path.rest)[1:])
        self._may_be_mixed = turns or len(wanted.paths) > 1
        self._paths = tuple((path, _compiled(path.segments), _compiled(path.rest)) for path in wanted.paths)

    def find(self, root: Element) -> list[Node]:
        """Return what the selector finds on the page with that *root*, at most 2,000 nodes, each once, in page order.

        A page on which it would take long gives nothing: one of 14,000 siblings and a condition about them, or of
        thousands of elements thousands deep.
        """
        if not self._may_be_used_on(root):
            return []
        found: list[Node] = []
        for path, steps, rest in self._paths:
            some = _walked(root, steps)
            if path.number is not None:
                some = _in_page_order(some, root)
                some = some[path.number - 1 :][:1] if path.number > 0 else some[-1:]
                some = [node for one in some for node in ([one] if not rest else _walked(one, rest))]
            found += some
        found = _each_once(found)
        return (_in_page_order(found, root) if self._may_be_mixed else found)[:MOST]

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


def _compiled(segments: tuple[Segment, ...]) -> tuple[tuple[Segment, etree.XPath], ...]:
    return tuple((s, etree.XPath(s.path, regexp=False, smart_strings=False)) for s in segments)


def _walked(start: Node, steps: Iterable[tuple[Segment, etree.XPath]]) -> list[Node]:
    """Return where the steps lead from *start*, set by set."""
    found: list[Node] = [start]
    for number, (segment, path) in enumerate(steps):
        contexts = [node for node in found if not isinstance(node, str)]
        contexts = _outermost(contexts) if segment.is_below else contexts[: _aside(contexts) if number else None]
        found = _each_once(_from_each(contexts[:_MOST_CONTEXTS], path))
    return found


def _aside(contexts: list[Element]) -> int:
    """Return how many of the contexts may be left sideways or up: the fewer, the more there may be beside each."""
    if len(contexts) <= _FEW:
        return _FEW
    return min(_MOST_ASIDE, max(_FEW, int(_STEPS_ASIDE // cast("float", _NUMBER(contexts[0])))))


def _from_each(contexts: Iterable[Element], path: etree.XPath) -> Iterator[Node]:
    given = 0
    for context in contexts:
        some = cast("list[Node]", path(context))
        yield from some
        given += len(some)
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
    return [element for element in root.iter() if element in wanted]


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
