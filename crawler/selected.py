"""A post's page on which a source file's selectors go before the rules of its platform."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from crawler.cleaning import wished
from crawler.date_format import read_date
from crawler.document import Document, Element, words
from crawler.page import PageKind, PostPage, each_once
from crawler.rules import FirstOf, Rules, says_something
from crawler.selecting import selection
from crawler.source_keys import DateRule, TextRule
from crawler.stripping import Text, text_without
from pipelines.body.images import best_address
from pipelines.dates import parse_date
from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crawler.platforms import Platform
    from crawler.source import Source
    from crawler.source_keys import ElementRule

T = TypeVar("T")
_NONE: tuple[str, ...] = ()
_LATER = datetime(2098, 12, 31, tzinfo=UTC)  # whatever day it is: whether a text can be read as a date at all
_MOST_TEXTS = 200  # tags of a post
_SHOWN = 80  # characters of what is no date
_LONGEST = 10_000  # characters that a pattern looks through, and that a text has


def post_page(document: Document, platform: Platform, source: Source) -> PostPage:
    """Return *document* as a post's page of *platform*, read as *source* says where it says so."""
    made = platform.post_page
    is_silent = not (source.select.named or source.listing.address) and source.clean.is_empty
    if is_silent or not isinstance(made, type):
        return made(document)
    page = _selecting(made)(document)
    page.wished = source
    return page


@lru_cache(maxsize=64)
def _selecting(platform_page: type[PostPage]) -> type[SelectedPost]:
    return cast("type[SelectedPost]", type(f"Selected{platform_page.__name__}", (SelectedPost, platform_page), {}))


def _asking_the_file_first(
    name: str, value: Callable[[PostPage, ElementRule, str], T], empty: T
) -> FirstOf[T]:
    """Make a field whose first rules are those of the source file, and then all the platform has."""

    def rules(page: SelectedPost) -> Rules[T]:
        yield from page.told(name, value)
        yield from page.platform_rules(name)

    rules.__name__, rules.__doc__ = name, f"`{name}` as the source file says, else as the platform does."
    return FirstOf(rules, empty)


def _text(page: PostPage, rule: ElementRule, name: str) -> str | None:
    return next(_texts(page, cast("TextRule", rule), name), None)


def _list(page: PostPage, rule: ElementRule, name: str) -> tuple[str, ...]:
    return each_once(islice(_texts(page, cast("TextRule", rule), name), _MOST_TEXTS))


def _date(page: PostPage, rule: ElementRule, name: str) -> str | None:
    wanted = cast("DateRule", rule)
    if wanted.format is None:
        texts = _texts(page, wanted, name)
        return next((text for text in texts if parse_date(text, wanted.zone or "UTC", _LATER) is not None), None)
    read = (read_date(text, wanted.format, wanted.zone) for text in _texts(page, wanted, name))
    return next(filter(None, read), None)


def _image(page: PostPage, rule: ElementRule, name: str) -> str | None:
    return next(filter(None, map(page.document.absolute, _texts(page, cast("TextRule", rule), name))), None)


def _element(page: PostPage, rule: ElementRule, name: str) -> Element | None:  # noqa: ARG001  # as the others
    return next(iter(selection(rule.selector).elements(page.document.root)), None)


class SelectedPost(PostPage):
    """Stands before the page object of a platform."""

    wished: Source

    title = _asking_the_file_first("title", _text, None)
    author = _asking_the_file_first("author", _text, None)
    published = _asking_the_file_first("published", _date, None)
    updated = _asking_the_file_first("updated", _date, None)
    categories = _asking_the_file_first("categories", _list, _NONE)
    tags = _asking_the_file_first("tags", _list, _NONE)
    excerpt = _asking_the_file_first("excerpt", _text, None)
    image = _asking_the_file_first("image", _image, None)
    body = _asking_the_file_first("body", _element, None)
    feature_text = _asking_the_file_first("feature_text", _text, None)
    language = _asking_the_file_first("language", _text, None)

    def told(self, name: str, value: Callable[[PostPage, ElementRule, str], T]) -> Rules[T]:
        """Yield what each selector of a field gives."""
        rules = getattr(self.wished.select, name)
        for number, rule in enumerate(rules, 1):
            place = f" ({number} of {len(rules)})" if len(rules) > 1 else ""
            found = value(self, rule, name)
            unread = "" if says_something(found) else self._unread(rule, name)
            yield f"the source file's select.{name}{place}{unread}", found

    def _unread(self, rule: ElementRule, name: str) -> str:
        """What a date's rule found that is none, so that a person sees what its `format` would have to be."""
        if not isinstance(rule, DateRule) or (text := next(_texts(self, rule, name), None)) is None:
            return ""
        return f', which finds "{text[:_SHOWN]}", no date{" of that format" if rule.format else ""}'

    def platform_rules(self, name: str) -> Rules[Any]:
        """Yield what the platform's rules of a field give."""
        classes = type(self).__mro__
        behind = classes[classes.index(SelectedPost) + 1 :]
        owner = next(cls for cls in behind if name in cls.__dict__)
        field = owner.__dict__[name]
        if isinstance(field, FirstOf):
            yield from field.rules(self)
        else:
            asked = field.func if isinstance(field, cached_property) else field.fget  # neither may keep its own answer
            yield f"{owner.__name__}.{name}", asked(self)

    @cached_property
    def kind(self) -> PageKind:
        """A post too, where the file says what holds its text and the page has that, or by its address."""
        kind = super().kind
        address = self.wished.listing.address
        has_address = address is not None and compiled(address).matches(self.document.url)
        if kind == PageKind.OTHER and any(says_something(found) for _, found in self.told("body", _element)):
            return PageKind.POST
        if kind in (PageKind.OTHER, PageKind.LISTING) and has_address and self.body is not None:
            return PageKind.POST
        return kind

    def _text(self) -> Text:
        if self.body is None or self.wished.clean.is_empty:
            return super()._text()
        return text_without(self.body, self._junk, self._more_junk, wished(self.wished.clean, self.document.root))


def _texts(page: PostPage, rule: TextRule, name: str) -> Iterator[str]:
    """Yield the texts that a rule finds, in page order, none empty."""
    for node in selection(rule.selector).find(page.document.root):
        text = (node if isinstance(node, str) else _said(node, rule, name))[:_LONGEST].strip()
        found = compiled(rule.pattern).all(text) if rule.pattern else iter((text,))
        yield from (part.strip() for part in found if part.strip())


def _said(element: Element, rule: TextRule, name: str) -> str:
    """What an element says of a field: its attribute, or what is natural for such an element."""
    if rule.attribute is not None:
        return element.get(rule.attribute) or ""
    if element.tag == "meta":
        return element.get("content") or ""
    if name == "image":
        return _address(element)
    if isinstance(rule, DateRule) and rule.format is None and element.get("datetime"):
        return str(element.get("datetime"))
    return words(element)


def _address(element: Element) -> str:
    images = [element] if element.tag == "img" else list(element.iter("img"))[:1]
    if images:
        return best_address(images[0]) or ""
    return element.get("href") or element.get("src") or words(element)
