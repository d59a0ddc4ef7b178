"""A field of a page as a chain of rules: the first that says something is believed, and all can be asked.

A page object writes a field as a generator of (rule, value) pairs, the best rule first:

    @first_of
    def title(self) -> Rules[str | None]:
        yield "og:title", self.document.meta("og:title")
        yield "the longest heading", self._headline()

`page.title` is the value of the first rule that gives one; the rules after it do not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeAlias, TypeVar, overload

from crawler.document import Element

T = TypeVar("T")
Rules: TypeAlias = Iterator[tuple[str, T]]


class FirstOf(Generic[T]):
    """A field that is computed once for each page, by its first rule that says something."""

    def __init__(self, rules: Callable[[Any], Rules[T]], empty: T) -> None:
        self.rules = rules
        self._empty = empty
        self._name = rules.__name__
        self.__doc__ = rules.__doc__

    @overload
    def __get__(self, page: None, owner: type) -> FirstOf[T]: ...
    @overload
    def __get__(self, page: object, owner: type) -> T: ...
    def __get__(self, page: object | None, owner: type) -> FirstOf[T] | T:
        if page is None:
            return self
        value = next((found for _, found in self.rules(page) if says_something(found)), self._empty)
        page.__dict__[self._name] = value  # found before this descriptor from now on, as with cached_property
        return value


def says_something(value: object) -> bool:
    """Tell whether a rule gave a value: no text, no element, nothing listed are none."""
    return value is not None and value not in ("", ())


def first_of(rules: Callable[[Any], Rules[str | None]]) -> FirstOf[str | None]:
    """Make a field of one text."""
    return FirstOf(rules, None)


def first_list_of(rules: Callable[[Any], Rules[tuple[str, ...]]]) -> FirstOf[tuple[str, ...]]:
    """Make a field of several texts."""
    return FirstOf(rules, ())


def first_element_of(rules: Callable[[Any], Rules[Element | None]]) -> FirstOf[Element | None]:
    """Make a field that is an element of the page."""
    return FirstOf(rules, None)


def answers(page: object, name: str) -> list[tuple[str, object]]:
    """Return what every rule of a field gives, in order; a field without rules is one rule of its own."""
    field = getattr(type(page), name)
    if isinstance(field, FirstOf):
        return list(field.rules(page))
    return [(f"{type(page).__name__}.{name}", getattr(page, name))]
