"""Our own rules for a document that may be published: what readers choke on, told in one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"


def problem(name: str, content: bytes) -> str:
    """Return what is wrong with a document, as one sentence without its end; empty where nothing is.

    Args:
        name: its file name, by whose end its format is known; a format of another package is only parsed.
        content: its bytes.
    """
    suffix = Path(name).suffix
    try:
        if suffix == ".json":
            return _told(name, _json(json.loads(content)))
        if suffix not in {".rss", ".atom"}:
            return ""
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"{name} does not parse ({error})"
    return _told(name, _rss(root) if suffix == ".rss" else _atom(root))


def _told(name: str, problems: Iterable[str]) -> str:
    first = next(iter(problems), "")
    return f"{name} is no valid feed: {first}" if first else ""


def _rss(root: etree._Element) -> Iterable[str]:
    channel = root.find("channel")
    if channel is None:
        yield "it has no channel"
        return
    yield from _lacking("it", channel, ("title", "link", "description"))
    items = channel.findall("item")
    for item in items:
        yield from _lacking("an item", item, ("title", "link", "guid", "pubDate"))
        yield from _addresses(item.findtext("link"), *(e.get("url") for e in item.findall("enclosure")))
    yield from _twice(item.findtext("guid") for item in items)


def _atom(root: etree._Element) -> Iterable[str]:
    yield from _lacking("it", root, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"))
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        yield from _lacking("an entry", entry, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated", f"{_ATOM}published"))
        yield from _addresses(*(link.get("href") for link in entry.findall(f"{_ATOM}link")))
    yield from _twice(entry.findtext(f"{_ATOM}id") for entry in entries)


def _json(document: Any) -> Iterable[str]:
    if not document.get("title") or "jsonfeed.org" not in document.get("version", ""):
        yield "it lacks its title or its version"
    items = document.get("items", [])
    for item in items:
        if not item.get("id") or not ("content_html" in item or item.get("content_text")):
            yield "an item lacks its id or its content"
        yield from _addresses(item.get("url"))
    yield from _twice(item.get("id") for item in items)


def _lacking(what: str, parent: etree._Element, names: Sequence[str]) -> Iterable[str]:
    for name in names:
        found = parent.find(name)
        if found is None or not (found.text or found.get("href")):
            yield f"{what} lacks its {name.rpartition('}')[2]}"


def _addresses(*urls: str | None) -> Iterable[str]:
    for url in urls:
        parts = urlsplit(url or "")
        if parts.scheme not in {"http", "https"} or not parts.netloc or not (url or "").isascii():
            yield f"{(url or 'nothing')[:100]!r} is no absolute address"


def _twice(ids: Iterable[str | None]) -> Iterable[str]:
    seen: set[str | None] = set()
    for each in ids:
        if each in seen:
            yield f"the id {each} stands twice"
        seen.add(each)
