"""What a rule of a source file says by what its selector finds: texts, a date, an address."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from crawler.date_format import read_date
from crawler.document import Element, words
from crawler.page import each_once
from crawler.source_keys import DateRule
from pipelines.body.images import best_address
from pipelines.dates import parse_date
from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.document import Document
    from crawler.selecting import Node
    from crawler.source_keys import TextRule

_LATER = datetime(2098, 12, 31, tzinfo=UTC)  # whatever day it is: whether a text can be read as a date at all
_MOST_TEXTS = 200  # tags of a post
_LONGEST = 10_000  # characters that a pattern looks through, and that a text has
IMAGE = "image"
"""The field of which an element says an address."""


def texts(nodes: Iterable[Node], rule: TextRule, name: str) -> Iterator[str]:
    """Yield the texts of a field that a rule gives for what its selector found, in their order, none empty."""
    for node in nodes:
        text = (node if isinstance(node, str) else _said(node, rule, name))[:_LONGEST].strip()
        found = compiled(rule.pattern).all(text) if rule.pattern else iter((text,))
        yield from (part.strip() for part in found if part.strip())


def several(found: Iterable[str]) -> tuple[str, ...]:
    """Return texts as a field of several keeps them: each once, 200 at most."""
    return each_once(islice(found, _MOST_TEXTS))


def date(found: Iterable[str], rule: DateRule) -> str | None:
    """Return the first of some texts that is a date as the rule says, as `parse_date` reads it; None without one."""
    if rule.format is None:
        return next((text for text in found if parse_date(text, rule.zone or "UTC", _LATER) is not None), None)
    return next(filter(None, (read_date(text, rule.format, rule.zone) for text in found)), None)


def address(found: Iterable[str], document: Document) -> str | None:
    """Return the first of some texts that is an address, absolute."""
    return next(filter(None, map(document.absolute, found)), None)


def leads_to(node: Node, document: Document) -> str | None:
    """Return the address on the same site that a link leads to, or the first one in an element; None for this page."""
    hrefs = [node] if isinstance(node, str) else [e.get("href") for e in node.iter("a", "link") if e.get("href")]
    url = document.absolute(hrefs[0]) if hrefs else None
    return url if url and document.is_here(url) and url != document.url else None


def _said(element: Element, rule: TextRule, name: str) -> str:
    """What an element says of a field: its attribute, or what is natural for such an element."""
    if rule.attribute is not None:
        return element.get(rule.attribute) or ""
    if element.tag == "meta":
        return element.get("content") or ""
    if name == IMAGE:
        return _address(element)
    if isinstance(rule, DateRule) and rule.format is None and element.get("datetime"):
        return str(element.get("datetime"))
    return words(element)


def _address(element: Element) -> str:
    images = [element] if element.tag == "img" else list(element.iter("img"))[:1]
    if images:
        return best_address(images[0]) or ""
    return element.get("href") or element.get("src") or words(element)
