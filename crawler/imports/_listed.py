"""What other programs read in each item of a list of posts, as `[listing.select]` is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import ANY_LINK, ENDS_IN_ATTRIBUTE, FIRST, linked_xpath, links_of, text_rule, usable
from crawler.source_file import Setting
from crawler.xpath import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Rule: TypeAlias = "str | dict[str, str]"
"""A selector, or a table with one, as a source file has it."""

NO_SIGN = "it has a sign that we have none for; dates of the common forms are read without"
_DESCENDANT = re.compile(
    r"(?:\./)?descendant::(?P<step>[\w*.-]+(?:\[[^\[\]\d][^\[\]]*\])*)(?:\[(?P<number>\d+)\])?(?P<rest>(?:/.*)?)"
)
_LONGEST = 1000  # characters: twice that of any selector of ours
_OF_AN_IMAGE = re.compile(r"\bimg\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedField:
    """A field of an item."""

    key: str
    """Its key in `[listing.select]`; empty where none there is meant for it."""
    name: str
    """What the other program calls it."""
    said: str
    """Where it stands in its file, for people."""
    rule: Rule | None
    """Where an item says it; None where no selector of ours finds that."""

    @property
    def is_taken(self) -> bool:
        """Whether it becomes a setting, which the model may still refuse."""
        return bool(self.key) and self.rule is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    """Where a list names its posts."""

    items: str
    """Selector of the items."""
    links: str
    """Selector of their links on the page, where nothing else is read in an item."""
    link: Rule | None
    """Where an item has its link; None for any link in it."""
    said: tuple[str, str]
    """Where the items and their link stand in the other program's file, for people."""


def settings(of: Items, fields: Sequence[ListedField]) -> Iterator[Setting]:
    """Yield what a source file says of a list: its items and their fields; its links alone where no field is taken."""
    wanted = [field for field in fields if field.is_taken]
    if not wanted or not usable(of.items):
        yield from links_of(of.items, of.links, of.said[0])
        return
    yield Setting(key=("listing", "items"), value=[of.items], said=of.said[0])
    if of.link is not None:
        yield Setting(key=("listing", "select", "link"), value=[of.link], said=of.said[1])
    for field in wanted:
        yield Setting(key=("listing", "select", field.key), value=[field.rule], said=field.said)


def untaken(fields: Iterable[ListedField]) -> Iterator[str]:
    """Yield sentences about the fields that are not taken."""
    left = [field for field in fields if not field.is_taken]
    if texts := [field.name for field in left if not field.key]:
        yield f"{', '.join(texts)} of the list: a post is read from its own page, by its platform's rules or [select]"
    if lost := [field.name for field in left if field.key]:
        yield f"{', '.join(lost)} of the list: no selector of what is in an item; [listing.select] takes one"


def in_item(css: str) -> str:
    """Return a CSS selector of what is in an item, as we write it; the item itself where *css* is empty."""
    bare = FIRST.sub("", css.strip())
    return f":scope {bare}" if bare.startswith((">", "+", "~")) else bare or "./."


def css_link(css: str) -> str | None:
    """Return the selector of an item's link; None where *css* names any link in it."""
    return None if FIRST.sub("", css.strip()) in ANY_LINK else in_item(css)


def xpath_link(items: str, link: str) -> str | None:
    """Return the selector of an item's link; None where *link* names any link in it, or makes up an address."""
    if not link or linked_xpath(items, link) in {None, items.strip()}:
        return None
    return from_item(" | ".join(ENDS_IN_ATTRIBUTE.sub("", path.strip()) for _, path in parts(link, "|"))) or None


def xpath_fields(fields: Iterable[tuple[str, str, str, str]], php_format: str = "") -> list[ListedField]:
    """Return fields of an item that XPath expressions find.

    Args:
        fields: of each its key, name, where it stands, and its expression; those of an empty one are left out.
        php_format: how the dates among them are printed, in signs of PHP; empty where that is not said.
    """
    made = []
    for key, name, said, path in fields:
        if path:
            rule = _field_rule(path) if key else None
            rule = dated(rule, php_format) if rule and key == "published" else rule
            made.append(ListedField(key=key, name=name, said=said, rule=rule))
    return made


def dated(rule: Rule, php_format: str) -> Rule:
    """Return the rule of a date that is printed in a form of PHP's; without it, where it has signs we have none for."""
    table: Mapping[str, str] = {"selector": rule} if isinstance(rule, str) else rule
    written = strptime_format(php_format)
    return {**table, "format": written} if written else rule


def is_image(path: str) -> bool:
    """Tell whether an expression finds pictures: an enclosure may be any file."""
    return bool(_OF_AN_IMAGE.search(path))


def _field_rule(path: str) -> Rule | None:
    if len(path) > _LONGEST:
        return None
    if rule := text_rule(path, from_item):
        return rule
    return from_item(path) or None


def from_item(path: str) -> str:
    """Return an XPath expression that leads on from an item as ours do; empty where it does not, or can't be used."""
    steps = [_from_item(each.strip()) for _, each in parts(path, "|")]
    written = " | ".join(steps)
    return written if all(steps) and usable(written) else ""


def _from_item(path: str) -> str:
    """`descendant::a[2]` is the second of all that are below, `.//a[2]` each that is the second of its parent."""
    if found := _DESCENDANT.fullmatch(path):
        step, number = f".//{found['step']}", found["number"]
        return f"({step})[{number}]{found['rest']}" if number else f"{step}{found['rest']}"
    if path.startswith(("./", "(.")):
        return path
    return "" if not path or path.startswith(("/", "(", "id(")) else f"./{path}"
