"""Which posts exist: what a blog's own feed names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATOM = "{http://www.w3.org/2005/Atom}"
# Both labels mean CP949 on the web (WHATWG Encoding, section 4.2); a strict EUC-KR decoder stumbles over 똠.
_DECLARED_KOREAN = re.compile(rb"encoding=[\"'](?:euc-kr|ks_c_5601-1987)[\"']", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One post as discovery names it."""

    url: str
    """Where to fetch it, absolute."""
    addresses: tuple[str, ...] = ()
    """Other addresses that the same entry names, such as Tistory's numeric guid beside a slug link."""


def feed_posts(body: bytes, url: str) -> tuple[Found, ...]:
    """Return the entries of an RSS or Atom document in its order; none where it is no feed.

    A newline before the XML declaration (Tistory until 2023) and bad entities don't stop it; nothing outside the
    document is ever read.

    Args:
        body: the bytes as answered, at most what the crawl's size limit lets through.
        url: the document's own address, which relative links start from.
    """
    root = _parse(body.lstrip())
    if root is None:
        return ()
    entries = [*root.iter("item"), *root.iter("{http://purl.org/rss/1.0/}item"), *root.iter(f"{_ATOM}entry")]
    return tuple(found for entry in entries if (found := _found(entry, url)))


def _parse(body: bytes) -> etree._Element | None:
    encoding = "cp949" if _DECLARED_KOREAN.search(body[:200]) else None
    if encoding:
        body = body.decode(encoding, errors="replace").encode()
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=recover,
            encoding="utf-8" if encoding else None,
        )
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            continue
        return root
    return None


def _found(entry: etree._Element, base: str) -> Found | None:
    links = (absolute(link, base) for link in dict.fromkeys(_links(entry)))
    usable = [link for link in links if link and link.startswith("http")]
    return Found(url=usable[0], addresses=tuple(usable[1:])) if usable else None


def _links(entry: etree._Element) -> Iterator[str]:
    """The entry's link first, then a guid that is an address."""
    for child in entry:
        if child.tag in {"link", "{http://purl.org/rss/1.0/}link"}:
            yield (child.text or "").strip()
        elif child.tag == f"{_ATOM}link" and child.get("rel", "alternate") == "alternate":
            yield child.get("href", "").strip()
    for child in entry:
        if child.tag == "guid" and (child.text or "").strip().startswith("http"):
            yield (child.text or "").strip()
