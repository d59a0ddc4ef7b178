"""A post's page on which a source file's selectors go before the rules of its platform."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from crawler.cleaning import wished
from crawler.document import Document, Element
from crawler.page import PageKind, PostPage
from crawler.rule_values import address, date, leads_to, several, texts
from crawler.rules import FirstOf, Rules, says_something
from crawler.selecting import selection
from crawler.source_keys import DateRule
from crawler.stripping import Text, text_without
from pipelines.patterns import compiled
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crawler.listing import Listed
    from crawler.platforms import Platform
    from crawler.source import Source
    from crawler.source_keys import ElementRule, TextRule

T = TypeVar("T")
_NONE: tuple[str, ...] = ()
_SHOWN = 80  # characters of what is no date
_BARE_TITLE = "<title>"  # the rule of who has no better one: many a board says the same on each page


def post_page(document: Document, platform: Platform, source: Source, listed: Listed | None = None) -> PostPage:
    """Return *document* as a post's page of *platform*, read as *source* says where it says so.

    Args:
        document: the page.
        platform: what reads it.
        source: the source file.
        listed: what a list said of the post, which stands in for what the page does not say.
    """
    made = platform.post_page
    is_silent = not (source.select.named or source.select.next or source.listing.address or listed)
    is_silent = is_silent and source.clean.is_empty
    if is_silent or not isinstance(made, type):
        return made(document)
    page = _selecting(made)(document)
    page.wished, page.listed = source, listed
    return page


@lru_cache(maxsize=64)
def _selecting(platform_page: type[PostPage]) -> type[SelectedPost]:
    return cast("type[SelectedPost]", type(f"Selected{platform_page.__name__}", (SelectedPost, platform_page), {}))


def _asking_the_file_first(
    name: str, value: Callable[[PostPage, ElementRule, str], T], empty: T
) -> FirstOf[T]:
    """Make a field whose first rules are those of the source file, then all the platform has, then the list's word."""

    def rules(page: SelectedPost) -> Rules[T]:
        yield from page.told(name, value)
        listed, last = list(page.by_list(name)), list[tuple[str, T]]()
        for rule, found in page.platform_rules(name):
            if listed and rule == _BARE_TITLE:
                last.append((rule, found))
            else:
                yield rule, found
        yield from (*listed, *last)

    rules.__name__, rules.__doc__ = name, f"`{name}` as the source file says, else as the platform does."
    return FirstOf(rules, empty)


def _text(page: PostPage, rule: ElementRule, name: str) -> str | None:
    return next(_texts(page, rule, name), None)


def _list(page: PostPage, rule: ElementRule, name: str) -> tuple[str, ...]:
    return several(_texts(page, rule, name))


def _date(page: PostPage, rule: ElementRule, name: str) -> str | None:
    return date(_texts(page, rule, name), cast("DateRule", rule))


def _image(page: PostPage, rule: ElementRule, name: str) -> str | None:
    return address(_texts(page, rule, name), page.document)


def _element(page: PostPage, rule: ElementRule, name: str) -> Element | None:  # noqa: ARG001  # as the others
    return next(iter(selection(rule.selector).elements(page.document.root)), None)


def _texts(page: PostPage, rule: ElementRule, name: str) -> Iterator[str]:
    return texts(selection(rule.selector).find(page.document.root), cast("TextRule", rule), name)


class SelectedPost(PostPage):
    """Stands before the page object of a platform."""

    wished: Source
    listed: Listed | None

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

    def by_list(self, name: str) -> Rules[Any]:
        """Yield what a list said of a field that the source file still has sought there."""
        if self.listed is not None and name in self.wished.listing.select.named:
            yield f"the list, by the source file's listing.select.{name}", getattr(self.listed, name)

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

    def part(self, number: int, first: str) -> str | None:
        """Where the first of the file's selectors of the next part leads that leads on; else as the platform says."""
        nodes = (n for rule in self.wished.select.next for n in selection(rule.selector).find(self.document.root))
        urls = filter(None, (leads_to(node, self.document) for node in nodes))
        been = {same_page_key(first), same_page_key(self.document.url)}
        return next((url for url in urls if same_page_key(url) not in been), None) or super().part(number, first)

    def _text(self) -> Text:
        if self.body is None or self.wished.clean.is_empty:
            return super()._text()
        return text_without(self.body, self._junk, self._more_junk, wished(self.wished.clean, self.document.root))
