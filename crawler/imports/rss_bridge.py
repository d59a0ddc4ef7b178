"""Addresses of RSS-Bridge's selector bridges, one a line or in an OPML: each becomes a source of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urljoin, urlsplit

from crawler.imports._file_text import file_text
from crawler.imports._headers import cookies
from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import linked_xpath, links_of, of_the_list, within_css, xpath
from crawler.imports._wanted import Wanted, follow_all
from crawler.imports.opml.outlines import Outline, read_outlines
from crawler.source_file import Setting
from feeds.exports import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from crawler.imports import Imported, Intake

options = ()

_MOST_FIELDS = 100
_MOST_ADDRESSES = 5000
_MARKED = re.compile(r"[.\\+*?()|\[\]{}^$]")
# What is about the bridge's own answer.
_ITS_OWN = {"action", "bridge", "format", "context", "token", "_noproxy", "remove_styling", "_error_reporting"}
_XPATH_FIELDS = ("title", "content", "author", "timestamp", "enclosures", "categories")
_THUMBNAIL = "a post's lead image is what its page says"


def read(place: Path, intake: Intake) -> Imported:
    """Write a source file for each address in the file *place*; nothing is asked.

    Raises:
        ExportError: it can't be read, or has none.
        PublishError: the source files can't be written.
    """
    found = list(_addresses(file_text(place)))
    if not found:
        raise ExportError(f"{place} has no address of RSS-Bridge, such as https://…/?action=display&bridge=…")
    if len(found) > _MOST_ADDRESSES:
        raise ExportError(f"{place} has more than {_MOST_ADDRESSES} addresses; divide it")
    return follow_all([wanted(*each) for each in found], intake)


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield each address, and what people call it: the title of its line in a list, or the number of the line."""
    if outlines := read_outlines(text.encode()):
        yield from ((outline.feed, outline.title) for outline in outlines.lines if "bridge=" in outline.feed)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.strip().startswith("#"):
            yield line.strip(), f"line {number}"


def wanted(address: str, name: str) -> Wanted:
    """Return the source that an address of RSS-Bridge describes.

    Args:
        address: with its query.
        name: what people call it.
    """
    try:
        pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return _lost(name, "it is no address")
    said = {key: value for key, value in pairs if value and key not in _ITS_OWN}
    bridge = dict(pairs).get("bridge", "").removesuffix("Bridge")
    if bridge not in _BRIDGES:
        known = ", ".join(f"{each}Bridge" for each in _BRIDGES)
        what = f"{bridge[:60]}Bridge has its own code" if bridge else "it names no bridge"
        return _lost(name, f"{what}; only {known} are described by their addresses")
    place, read_settings = _BRIDGES[bridge]
    if not said.get(place):
        return _lost(name, f"it has no {place}")
    used = {place}
    settings, left = read_settings(_Fields(said, used))
    left += [f"{key}: nothing here does that" for key in said if key not in used]
    page = said[place] if "://" in said[place] else unquote_plus(said[place])
    is_feed = place == "feed"
    outline = Outline(
        title="" if name.startswith("line ") else name, feed=page if is_feed else "",
        page=urljoin(page, "/") if is_feed else page,
    )  # fmt: skip
    return Wanted(outline=outline, settings=tuple(settings), left=tuple(left))


def _lost(name: str, why: str) -> Wanted:
    return Wanted(outline=Outline(title=name, feed="", page=""), why=why)


class _Fields:
    """The fields of an address; which of them were looked at is written down."""

    def __init__(self, said: Mapping[str, str], used: set[str]) -> None:
        self._said = said
        self._used = used

    def __getitem__(self, name: str) -> str:
        self._used.add(name)
        return self._said.get(name, "")


def _simple(said: _Fields) -> tuple[list[Setting], list[str]]:
    """CssSelectorBridge."""
    settings = [*_listed(said, said["url_selector"], said["url_selector"]), *_body(said, "content_selector")]
    if junk := said["title_cleanup"]:
        quoted = _MARKED.sub(r"\\\g<0>", " ".join(junk.split()))
        for pattern in (rf"^(.+?)\s*{quoted}$", rf"^{quoted}\s*(.+)$"):
            rule = {"selector": "title", "pattern": pattern}
            settings.append(Setting(key=("select", "title"), value=[rule], said="title_cleanup"))
    return settings, _thumbnails(said)


def _expander(said: _Fields) -> tuple[list[Setting], list[str]]:
    """CssSelectorFeedExpanderBridge."""
    left = _thumbnails(said)
    if said["dont_expand_metadata"]:
        left.append("dont_expand_metadata: what a post's page says of it goes before what its feed says")
    return [*_limit(said), *_body(said, "content_selector")], left


def _complex(said: _Fields) -> tuple[list[Setting], list[str]]:
    """CssSelectorComplexBridge."""
    items = said["entry_element_selector"]
    settings = [*_listed(said, items, within_css(items, said["url_selector"])), *cookies(said["cookie"], "cookie")]
    left = []
    if said["title_cleanup"]:
        left.append("title_cleanup: it is for the feed's title; write title")
    fields = {name: said[f"{name}_selector"] for name in ("title", "author", "category", "time")}
    php = said["time_format"]
    if not said["use_article_pages"]:
        if named := [name for name, value in fields.items() if value]:
            left.append(of_the_list(named))
        return [*settings, *_body(said, "article_page_content_selector")], left
    settings += _body(said, "article_page_content_selector")
    around = said["article_page_content_selector"]
    for name, key in (("title", "title"), ("author", "author"), ("category", "categories")):
        if fields[name]:
            rule = within_css(around, fields[name])
            settings.append(Setting(key=("select", key), value=[rule], said=f"{name}_selector"))
    if fields["time"]:
        written = strptime_format(php)
        if written is None:
            left.append("time_format: it has a sign that we have none for; dates of the common forms are read without")
        rule_of_date = {"selector": within_css(around, fields["time"])} | ({"format": written} if written else {})
        settings.append(Setting(key=("select", "published"), value=[rule_of_date], said="time_selector"))
    return settings, left


def _xpath(said: _Fields) -> tuple[list[Setting], list[str]]:
    """XPathBridge; its fields are encoded twice."""
    items, link = unquote_plus(said["item"]), unquote_plus(said["uri"])
    linked = linked_xpath(items, link) if items and link else None
    settings = list(links_of(xpath(items), xpath(linked or items), "item")) if items else []
    left = [] if linked or not link else ["uri: it makes up an address; a post's is that of the first link in its item"]
    fields = [name for name in _XPATH_FIELDS if said[name]]
    if fields:
        left.append(of_the_list(fields))
    if said["fix_encoding"]:
        left.append("fix_encoding: a page's encoding is found by itself")
    return [*settings, *_limit(said)], left


def _listed(said: _Fields, items: str, links: str) -> Iterator[Setting]:
    if items:
        yield from links_of(items, links, "url_selector")
    if pattern := said["url_pattern"]:
        yield Setting(key=("listing", "address"), value=pattern.replace(r"\/", "/"), said="url_pattern")
    yield from _limit(said)


def _body(said: _Fields, name: str) -> Iterator[Setting]:
    if body := said[name]:
        yield Setting(key=("select", "body"), value=[body], said=name)
    if junk := said["content_cleanup"]:
        yield Setting(key=("clean", "remove"), value=[junk], said="content_cleanup")


def _limit(said: _Fields) -> Iterator[Setting]:
    limit, seconds = said["limit"], said["_cache_timeout"]
    if limit.isascii() and limit.isdigit() and len(limit) < 6:  # noqa: PLR2004
        yield Setting(key=("limit",), value=int(limit), said="limit")
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 8:  # noqa: PLR2004  # a hundred days
        yield Setting(key=("every",), value=f"{seconds}s", said="_cache_timeout")


def _thumbnails(said: _Fields) -> list[str]:
    return [f"{name}: {_THUMBNAIL}" for name in ("discard_thumbnail", "thumbnail_as_header") if said[name]]


_BRIDGES: dict[str, tuple[str, Callable[[_Fields], tuple[list[Setting], list[str]]]]] = {
    "CssSelector": ("home_page", _simple),
    "CssSelectorComplex": ("home_page", _complex),
    "CssSelectorFeedExpander": ("feed", _expander),
    "XPath": ("url", _xpath),
}
