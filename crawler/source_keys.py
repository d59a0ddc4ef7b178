"""The tables of a source file for odd sites: what is read where, what is left out, how it is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import core_schema

from crawler import fields
from crawler.date_format import date_format
from crawler.manners.politeness import hosts_of
from crawler.platforms import FEED_ONLY
from crawler.request_keys import RequestKeys
from crawler.selecting import selector
from pipelines.patterns import compiled, pattern

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

MODEL = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
_MOST_RULES = 10
_LONGEST_TEXT, _MOST_SIGNS = 500, 10
_ATTRIBUTE = re.compile(r"[A-Za-z_:][\w:.-]{0,99}", re.ASCII)
_IS_TEXT = re.compile(r"(?:/@[\w:-]+|/text\(\)|::text|::attr\([^()]*\))\s*$")


def _attribute(text: str) -> str:
    if not _ATTRIBUTE.fullmatch(text):
        raise ValueError("is no name of an attribute; right would be one such as data-src")
    return text


Selector = Annotated[str, AfterValidator(selector)]
Pattern = Annotated[str, AfterValidator(pattern)]
Attribute = Annotated[str, AfterValidator(_attribute)]
DateFormat = Annotated[str, AfterValidator(date_format)]


class ElementRule(BaseModel):
    """Where an element stands."""

    model_config = MODEL

    selector: Annotated[Selector, Field(examples=["div.article-body"])]
    """CSS, or XPath where it begins with `/`, `./`, `(` or `xpath:`."""


class TextRule(ElementRule):
    """Where a text stands."""

    attribute: Annotated[Attribute | None, Field(examples=["data-author"])] = None
    """Attribute of the element that holds it; what it shows where left out (of a `meta`, its `content`)."""
    pattern: Annotated[Pattern | None, Field(examples=["글쓴이: (.+)"])] = None
    """Regular expression (RE2) of the part that is wanted: its first group where it has one."""

    @model_validator(mode="after")
    def _is_no_contradiction(self) -> Self:
        if self.attribute and _IS_TEXT.search(self.selector):
            raise ValueError("has a selector of a text and an attribute too, and a text has none; delete one of them")
        return self


class DateRule(TextRule):
    """Where a date stands."""

    format: Annotated[DateFormat | None, Field(examples=["%Y/%m/%d %H시 %M분"])] = None
    """How it is printed, by the signs of `strptime`, where it is not read without: %p is 오전 and 오후 too."""
    zone: Annotated[fields.Zone | None, Field(examples=["Asia/Tokyo"])] = None
    """IANA time zone it is meant in, with `format`; the source's where left out."""

    @model_validator(mode="after")
    def _has_a_format(self) -> Self:
        if self.zone and not self.format:
            raise ValueError('has a zone but no format; add one, or write the zone above, as zone = "Asia/Tokyo"')
        return self


RuleT = TypeVar("RuleT", bound=ElementRule)


class _OneOrSeveral:
    """A list may be written as its only member, and a table of nothing but a selector as that selector."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_as_rules, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        table = handler(schema)["items"]
        one = [{"type": "string"}, table]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}, "minItems": 1, "maxItems": _MOST_RULES}]}


def _as_rules(value: object) -> tuple[object, ...]:
    rules = tuple(value) if isinstance(value, list | tuple) else (value,)
    if isinstance(value, list) and not 1 <= len(rules) <= _MOST_RULES:
        raise ValueError(f"is a list of none or of more than {_MOST_RULES}; write one selector, or some in their order")
    return tuple({"selector": selector(rule)} if isinstance(rule, str) else _a_table(rule) for rule in rules)


def _a_table(rule: object) -> object:
    if not isinstance(rule, dict | BaseModel):
        raise ValueError('should be a selector in quotes, a table such as { selector = "h1" }, or a list of these')  # noqa: TRY004
    return rule


Elements: TypeAlias = Annotated[tuple[ElementRule, ...], _OneOrSeveral()]
Texts: TypeAlias = Annotated[tuple[TextRule, ...], _OneOrSeveral()]
Dates: TypeAlias = Annotated[tuple[DateRule, ...], _OneOrSeveral()]


class SelectKeys(BaseModel):
    """Where a post's page says what; tried in order, before the rules of the platform."""

    model_config = MODEL

    title: Annotated[Texts, Field(examples=["h2.subject"])] = ()
    """Its headline."""
    author: Annotated[Texts, Field(examples=[{"selector": ".writer", "pattern": "글쓴이: (.+)"}])] = ()
    """Name of its author."""
    published: Annotated[Dates, Field(examples=[{"selector": ".date", "format": "%Y/%m/%d"}])] = ()
    """When it was published; dates of the common forms need no `format`."""
    updated: Annotated[Dates, Field(examples=["time.edited"])] = ()
    """When it was edited last."""
    categories: Annotated[Texts, Field(examples=["nav.path a"])] = ()
    """Its category, each element a level, the root first; of a text with a `pattern`, all that it finds."""
    tags: Annotated[Texts, Field(examples=[{"selector": "meta[name=tags]", "pattern": "[^,]+"}])] = ()
    """Its tags, each element one; of a text with a `pattern`, all that it finds."""
    excerpt: Annotated[Texts, Field(examples=["p.lead"])] = ()
    """What feeds and lists show of it in short; its first sentences where left out."""
    image: Annotated[Texts, Field(examples=["figure.cover img"])] = ()
    """Its lead image: an `img` (lazy ones too), a link, a `meta`, or anything with an `attribute`."""
    body: Annotated[Elements, Field(examples=["#article .text"])] = ()
    """The element that holds its text; a page where one is found is a post."""
    feature_text: Annotated[Texts, Field(examples=["h3.subtitle"])] = ()
    """The line a theme shows above it."""
    language: Annotated[Texts, Field(examples=["html::attr(lang)"])] = ()
    """Its language (BCP 47)."""
    next: Annotated[Elements, Field(examples=["a.next-part"])] = ()
    """Its link to the next page of the same post, or an element that holds it; their texts are put together."""

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that have a selector."""
        return tuple(name for name in type(self).model_fields if name != "next" and getattr(self, name))


class ListedKeys(BaseModel):
    """What an item of a list says of its post."""

    model_config = MODEL

    link: Annotated[Texts, Field(examples=["a.more"])] = ()
    """Its link or address; the link in its headline, else its first one, where left out."""
    title: Annotated[Texts, Field(examples=[".subject"])] = ()
    """Its headline; goes before a page's `<title>`, where that is all it has."""
    author: Annotated[Texts, Field(examples=[".writer"])] = ()
    """Name of its author."""
    published: Annotated[Dates, Field(examples=[{"selector": ".when", "format": "%y.%m.%d"}])] = ()
    """When it was published; dates of the common forms need no `format`."""
    updated: Annotated[Dates, Field(examples=[".edited"])] = ()
    """When it was edited last."""
    categories: Annotated[Texts, Field(examples=[{"selector": "./@data-board"}])] = ()
    """Its category, each element a level, the root first; of a text with a `pattern`, all that it finds."""
    tags: Annotated[Texts, Field(examples=[".tags a"])] = ()
    """Its tags, each element one; of a text with a `pattern`, all that it finds."""
    excerpt: Annotated[Texts, Field(examples=["p.summary"])] = ()
    """What feeds and lists show of it in short."""
    image: Annotated[Texts, Field(examples=["img.thumb"])] = ()
    """Its lead image: an `img` (lazy ones too), a link, or anything with an `attribute`."""

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that have a selector."""
        return tuple(name for name in type(self).model_fields if name != "link" and getattr(self, name))


class ListingKeys(BaseModel):
    """Where a page that lists posts names them."""

    model_config = MODEL

    items: Annotated[Elements, Field(examples=["ul.board li"])] = ()
    """Its posts: their links, or elements that hold one each."""
    next: Annotated[Elements, Field(examples=["a.next"])] = ()
    """Its link to the next page, or an element that holds it."""
    address: Annotated[Pattern | None, Field(examples=[r"/read\?no=\d+"])] = None
    """Regular expression (RE2) of what is in the address of each post, and of no other page."""
    also: Annotated[fields.WebAddresses, Field(examples=[["https://example.com/notes"]])] = ()
    """Addresses of further pages that list posts, on the same host."""
    select: Annotated[ListedKeys, Field(examples=[{"published": ".when"}])] = ListedKeys()
    """What each of `items` says of its post: used where the post's own page says nothing. CSS finds what is inside of
    an item; XPath may lead out of it too (`./following-sibling::tr[1]//i`), and `./@data-date` is its own attribute."""

    @model_validator(mode="after")
    def _has_items(self) -> Self:
        if self.select != ListedKeys() and not self.items:
            raise ValueError("has select, and no items to look in; write items too, elements that hold a post each")
        return self


class CleanKeys(BaseModel):
    """What becomes of a post's body, beside the platform's own junk, which goes anyway."""

    model_config = MODEL

    remove: Annotated[Elements, Field(examples=[".ad"])] = ()
    """What is left out of it."""
    keep: Annotated[Elements, Field(examples=["aside.note"])] = ()
    """What stays, though the platform's rules or `remove` would leave it out; what is no safe HTML goes even so."""
    unwrap: Annotated[Elements, Field(examples=["span.hl"])] = ()
    """What goes while its content stays."""
    replace: Annotated[dict[Pattern, str], Field(max_length=20, examples=[{"무단 전재.*": ""}])] = {}
    """Regular expressions (RE2), each with the text that takes the place of what it finds: \\1 is its first group."""

    @field_validator("replace")
    @classmethod
    def _names_known_groups(cls, table: dict[str, str]) -> dict[str, str]:
        for written, by in table.items():
            if len(by) > _LONGEST_TEXT or by.count("\\") > _MOST_SIGNS:
                raise ValueError(f"has a text longer than {_LONGEST_TEXT} characters, or with too many \\ in it")
            if compiled(written).matches(""):
                raise ValueError(f'has "{written[:50]}", which finds nothing at all too; write + where it has *')
            if missing := compiled(written).unknown_group(by):
                raise ValueError(f"names a group {missing} that its pattern has not; groups stand in ( )")
        return table

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted."""
        return not (self.remove or self.keep or self.unwrap or self.replace)


class ChoiceKeys(BaseModel):
    """What tells posts from each other."""

    model_config = MODEL

    categories: Annotated[fields.Lines, Field(examples=[["여행", "요리/한식"]])] = ()
    """Categories, each with all below it: levels are divided by `/`."""
    tags: Annotated[fields.Lines, Field(examples=[["산책"]])] = ()
    """Tags, of which a post has one at least."""
    title: Annotated[Pattern | None, Field(examples=[r"^\[후기\]"])] = None
    """Regular expression (RE2) of what is in the title."""
    address: Annotated[Pattern | None, Field(examples=["/notice/"])] = None
    """Regular expression (RE2) of what is in the address; by this alone a post is not even asked for."""


def agree(table: BaseModel, above: Mapping[str, Any]) -> None:
    """Refuse a table that contradicts the keys *above* it, by name.

    Raises:
        ValueError: the text follows the table's name.
    """
    if above.get("platform") == FEED_ONLY and isinstance(table, SelectKeys | ListingKeys) and table != type(table)():
        raise ValueError('is about pages, and a source with platform = "feed-only" has none; delete one of them')
    if above.get("platform") == FEED_ONLY and isinstance(table, RequestKeys) and table.browser:
        raise ValueError('has a browser for pages, and platform = "feed-only" above it has none; delete one of them')
    if isinstance(table, SelectKeys) and table.feature_text and above.get("feature_text") == "summary":
        raise ValueError('has a feature_text, and feature_text = "summary" above it takes another; delete one of them')
    if isinstance(table, ChoiceKeys):
        _agree_on_choice(table, above)
    if isinstance(table, ListingKeys) and (url := above.get("url")):
        here = hosts_of(url)
        if other := next((a for a in table.also if urlsplit(a).hostname not in here), ""):
            raise ValueError(f"has {other[:100]} in also, which is on another host; make it a source of its own")


def _agree_on_choice(table: ChoiceKeys, above: Mapping[str, Any]) -> None:
    if table.categories and (above.get("entries") == "whole" or above.get("platform") == FEED_ONLY):
        raise ValueError("has categories, and entries of a feed have tags only; write them as tags")
    include = above.get("include")  # where it stands above, this is the table exclude
    for name in ChoiceKeys.model_fields if include else ():
        ours, theirs = getattr(table, name), getattr(include, name)
        if ours and (ours == theirs or (isinstance(ours, tuple) and set(ours) & set(theirs))):
            raise ValueError(f"has the same {name} as include, so that no such post is kept; delete one of them")
