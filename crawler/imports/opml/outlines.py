"""A subscription list as programs write it (OPML 1.0 and 2.0, sound or not) to its outlines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from crawler.discovery.mending import from_root, mended, plain_utf8, strict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROOT = re.compile(rb"<(opml)(?=[\s>/])", re.IGNORECASE)
_END = re.compile(rb"</opml\s*>", re.IGNORECASE)
_LONGEST_TITLE = 200
# FreshRSS lists pages that it makes feeds of itself: what it has there for a feed is a page.
_SCRAPED = ("HTML+XPATH", "XML+XPATH", "JSON+DOTNOTATION", "HTML+XPATH+JSON+DOTNOTATION")
_FRESHRSS = ("https://freshrss.org/opml}", "frss:")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """One line of a subscription list, as written; attributes that it lacks are empty."""

    title: str
    """One line of plain text."""
    feed: str
    """`xmlUrl`."""
    page: str
    """`htmlUrl`."""
    kind: str = ""
    """`type`, in capitals."""
    scraping: Mapping[str, str] = field(default_factory=dict)
    """What FreshRSS says of it, by the names of its attributes in lower case, without `frss:`; none is empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlines:
    """A subscription list."""

    lines: tuple[Outline, ...]
    """In the document's order, folders left out, what is in them not."""
    is_whole: bool
    """False where the document breaks off, or is damaged so that lines may be missing."""


def read_outlines(document: bytes) -> Outlines | None:
    """Return what a subscription list lists; None where *document* is none.

    Whatever its encoding, with or without an XML declaration. What stands before the root element is never looked at,
    so no entity is ever defined, none resolved, and nothing outside the document read.
    """
    found = from_root(plain_utf8(document), _ROOT)
    if found is None:
        return None
    text, is_whole = found[0], True
    if ends := list(_END.finditer(text)):
        text = text[: ends[-1].end()]
    else:
        is_whole = False
    root = strict(text)
    if root is None:
        root = strict(mended(text)) if is_whole else None
    if root is None:
        root, is_whole = _recovered(mended(text)), False
    return None if root is None else Outlines(lines=tuple(_lines(root)), is_whole=is_whole)


def _recovered(document: bytes) -> etree._Element | None:
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _lines(root: etree._Element) -> Iterator[Outline]:
    for element in root.iter("*"):
        if str(element.tag).lower() != "outline" or _is_comment(element):
            continue
        # Programs disagree about upper and lower case.
        said = {str(name).lower(): str(value).strip() for name, value in element.attrib.items()}
        kind = said.get("type", "").upper()
        feed, page = said.get("xmlurl", ""), said.get("htmlurl", "") or said.get("url", "")
        if kind in _SCRAPED:
            feed, page = "", feed or page
        if kind != "INCLUDE" and (feed or page):  # an inclusion names another list
            title = plain_title(said.get("title") or said.get("text") or "")
            yield Outline(title=title, feed=feed, page=page, kind=kind, scraping=dict(_scraping(said)))


def _scraping(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        for mark in _FRESHRSS:
            if value and mark in name:
                yield name.partition(mark)[2], value


def _is_comment(element: etree._Element) -> bool:
    """Tell whether a line is switched off, along with what is in it (OPML 2.0, "isComment")."""
    around = (element, *element.iterancestors())
    return any(
        str(name).lower() == "iscomment" and str(value).lower() == "true"
        for each in around for name, value in each.attrib.items()
    )  # fmt: skip


def plain_title(text: str) -> str:
    """Return *text* as one line of printable signs, 200 of them at most."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[: 10 * _LONGEST_TITLE])
    return " ".join(plain.split())[:_LONGEST_TITLE].rstrip()
