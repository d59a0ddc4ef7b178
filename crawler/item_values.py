"""What the items of a list say of their posts, by the rules of a source file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from crawler.listing import Listed
from crawler.rule_values import IMAGE, address, date, several, texts
from crawler.rules import says_something
from crawler.selecting import selection
from crawler.source_keys import DateRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.document import Document, Element
    from crawler.selecting import Node
    from crawler.source_keys import ListedKeys, TextRule

T = TypeVar("T")
_NONE: tuple[str, ...] = ()
_LONGEST, _LONGEST_ADDRESS = 1000, 2000  # characters that are remembered of a field


def links_in(items: Sequence[Element], rules: Sequence[TextRule], document: Document) -> list[list[Element | str]]:
    """Return of each item what the rules of its link find: links, else addresses as they are told, absolute."""

    def found(nodes: list[Node], rule: TextRule) -> tuple[Element | str, ...]:
        is_plain = rule.attribute is None and rule.pattern is None
        anchors = [a for node in nodes if not isinstance(node, str) for a in node.iter("a")] if is_plain else []
        told = (document.absolute(text) for text in texts(nodes, rule, "link"))
        return (*anchors,) or tuple(filter(None, told))

    none: tuple[Element | str, ...] = ()
    return [list(each) for each in _first(items, rules, found, none)]


def listed_in(items: Sequence[Element], keys: ListedKeys, document: Document) -> list[Listed | None]:
    """Return what each item says; None of one that says nothing."""
    named = keys.named
    said = zip(*(_field(items, keys, name, document) for name in named), strict=True)
    values = ({name: value for name, value in zip(named, each, strict=True) if says_something(value)} for each in said)
    return [Listed(**found) if found else None for found in values]


def _field(items: Sequence[Element], keys: ListedKeys, name: str, document: Document) -> list[object]:
    rules = getattr(keys, name)
    if name in {"categories", "tags"}:
        return list(_first(items, rules, lambda nodes, rule: several(_short(nodes, rule, name)), _NONE))
    if name in {"published", "updated"}:
        return list(_first(items, rules, lambda nodes, rule: date(_short(nodes, rule, name), _of_date(rule)), None))
    if name == IMAGE:
        return list(_first(items, rules, lambda nodes, rule: _image(nodes, rule, document), None))
    return list(_first(items, rules, lambda nodes, rule: next(_short(nodes, rule, name), None), None))


def _first(
    items: Sequence[Element], rules: Sequence[TextRule], value: Callable[[list[Node], TextRule], T], empty: T
) -> list[T]:
    """What the first of some rules gives that gives something, of each item."""
    found = [empty] * len(items)
    for rule in rules:
        for number, nodes in enumerate(selection(rule.selector).find_from(items)):
            if not says_something(found[number]):
                found[number] = value(nodes, rule)
    return found


def _short(nodes: list[Node], rule: TextRule, name: str) -> Iterator[str]:
    return (text[:_LONGEST] for text in texts(nodes, rule, name))


def _image(nodes: list[Node], rule: TextRule, document: Document) -> str | None:
    return address((text for text in texts(nodes, rule, IMAGE) if len(text) <= _LONGEST_ADDRESS), document)


def _of_date(rule: TextRule) -> DateRule:
    return cast("DateRule", rule)
