"""Addresses of RSS-Bridge's selector bridges, one a line or in an OPML: each becomes a source of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urljoin, urlsplit

from crawler.imports._file_text import file_text
from crawler.imports._headers import cookies
from crawler.imports._listed import (
    NO_SIGN,
    Items,
    ListedField,
    css_link,
    dated,
    in_item,
    is_image,
    untaken,
    xpath_fields,
    xpath_link,
)
from crawler.imports._listed import settings as listed
from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import linked_xpath, links_css, links_of, literally, within_css, xpath
from crawler.imports._wanted import Wanted, follow_all
from crawler.imports.opml.outlines import Outline, read_outlines
from crawler.source_file import Setting
from feeds.exports import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from crawler.imports import Imported, Intake
    from crawler.imports._listed import Rule

options = ()

_MOST_FIELDS = 100
_MOST_ADDRESSES = 5000
# What is about the bridge's own answer.
_ITS_OWN = {"action", "bridge", "format", "context", "token", "_noproxy", "remove_styling", "_error_reporting"}
_XPATH_FIELDS = {
    "title": "title", "content": "", "author": "author", "timestamp": "published", "enclosures": "image",
    "categories": "tags",
}  # fmt: skip
_COMPLEX_FIELDS = {"title": "title", "author": "author", "category": "categories", "time": "published"}
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
        quoted = literally(" ".join(junk.split()))
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
    left = []
    if said["title_cleanup"]:
        left.append("title_cleanup: it is for the feed's title; write title")
    css = {name: value for name in _COMPLEX_FIELDS if (value := said[f"{name}_selector"])}
    php, body = said["time_format"], said["article_page_content_selector"]
    if "time" in css and strptime_format(php) is None:
        left.append(f"time_format: {NO_SIGN}")
    on_pages = said["use_article_pages"]
    rules: dict[str, Rule] = {
        name: within_css(body, value) if on_pages else in_item(value) for name, value in css.items()
    }
    if "time" in rules:
        rules["time"] = dated(rules["time"], php)
    fields = [
        ListedField(key=_COMPLEX_FIELDS[name], name=name, said=f"{name}_selector", rule=rule)
        for name, rule in rules.items()
    ]
    link, said_at = said["url_selector"], ("entry_element_selector", "url_selector")
    of = Items(items=items, links=links_css(items, link), link=css_link(link), said=said_at)
    settings = [*(listed(of, () if on_pages else fields) if items else ()), *_addresses_of(said)]
    settings += [*cookies(said["cookie"], "cookie"), *_body(said, "article_page_content_selector")]
    if on_pages:
        settings += [Setting(key=("select", each.key), value=[each.rule], said=each.said) for each in fields]
    return settings, left


def _xpath(said: _Fields) -> tuple[list[Setting], list[str]]:
    """XPathBridge; its fields are encoded twice."""
    items, link = unquote_plus(said["item"]), unquote_plus(said["uri"])
    linked = linked_xpath(items, link) if items and link else None
    found = [(key, name, unquote_plus(said[name])) for name, key in _XPATH_FIELDS.items()]
    fields = xpath_fields(
        (key if key != "image" or is_image(path) else "", name, name, path) for key, name, path in found
    )
    of = Items(items=xpath(items), links=xpath(linked or items), link=xpath_link(items, link), said=("item", "uri"))
    settings = list(listed(of, fields)) if items else []
    left = [] if linked or not link else ["uri: it makes up an address; a post's is that of the first link in its item"]
    left += untaken(fields)
    if said["fix_encoding"]:
        left.append("fix_encoding: a page's encoding is found by itself")
    return [*settings, *_limit(said)], left


def _listed(said: _Fields, items: str, links: str) -> Iterator[Setting]:
    if items:
        yield from links_of(items, links, "url_selector")
    yield from _addresses_of(said)


def _addresses_of(said: _Fields) -> Iterator[Setting]:
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
