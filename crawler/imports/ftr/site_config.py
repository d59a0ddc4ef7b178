"""A site config of Full-Text RSS (help.fivefilters.org, "Site Patterns") to the settings of a source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.imports._headers import headers
from crawler.imports._selectors import literally, text_rule, xpath
from crawler.imports._wanted import Wanted
from crawler.imports.opml.outlines import Outline
from crawler.source_file import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 300  # directives of one file
_LINE = re.compile(r"(?P<name>[a-z_]+)(?:\((?P<of>.*?)\))?\s*:\s*(?P<value>.*)", re.IGNORECASE)
_FOR_ALL = frozenset({
    "tidy", "parser", "test_url", "test_contains", "autodetect_on_failure", "autodetect_next_page", "skip_json_ld",
    "favour_feed_titles", "favour_effective_url", "insert_detected_image", "convert_double_br_tags",
    "src_lazy_load_attr",
})  # fmt: skip
"""What their program does in its own way; there is nothing to be said to ours."""
_NOT_OURS = {
    "single_page_link": "a post's view on one page is not looked for; its own page is read",
    "single_page_link_in_feed": "a post's view on one page is not looked for; its own page is read",
    "strip_attr": "attributes that do no harm stay",
    "strip_comments": "comments go anyway",
    "wrap_in": "elements are not put into others",
    "move_into": "elements are not moved",
    "if_page_contains": "no setting depends on what a page holds",
    "requires_login": "moafeed does not log in; put the cookie of one who is logged in into [request] cookies",
    "not_logged_in_xpath": "moafeed does not log in",
    "login_uri": "moafeed does not log in",
    "login_username_field": "moafeed does not log in",
    "login_password_field": "moafeed does not log in",
    "login_extra_fields": "moafeed does not log in",
    "native_ad_clue": "advertisements among posts are told by [exclude] title or address",
    "footnotes": "links stay links",
    "rewrite_url": "addresses are asked as they are listed",
}
_SELECT = {"title": "title", "author": "author", "date": "published", "body": "body"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Directive:
    number: int
    name: str
    of: str
    value: str

    @property
    def said(self) -> str:
        return f"line {self.number}, {self.name}{f'({self.of})' if self.of and self.name == 'http_header' else ''}"


@dataclass(kw_only=True, slots=True)
class _Read:
    settings: list[Setting] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    found: str | None = None

    def put(self, one: _Directive, value: Any, *key: str) -> None:
        self.settings.append(Setting(key=key, value=value, said=one.said))


def wanted(name: str, text: str) -> Wanted:
    """Return the source that a site config describes.

    Args:
        name: the file's name without its ending: a host, or `.host` for all hosts below it.
        text: the file.
    """
    directives = list(_directives(text))
    if not any(one.name in _TAKERS.keys() | _FOR_ALL | _NOT_OURS.keys() for one in directives):
        return Wanted(outline=Outline(title=f"{name}.txt", feed="", page=""), why="it has no line of a site config")
    host = name.lower().removeprefix(".")
    page, left = _page(host, name.startswith("."), directives)
    read = _Read(left=left)
    for one in directives[:_MOST]:
        _take(one, read)
    if len(directives) > _MOST:
        read.left.append(f"line {directives[_MOST].number}: only the first {_MOST} directives are read")
    outline = Outline(title="", feed="", page=page)
    return Wanted(outline=outline, settings=tuple(read.settings), left=tuple(_each_once(read.left)))


def _directives(text: str) -> Iterator[_Directive]:
    for number, line in enumerate(text.split("\n"), 1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        found = _LINE.fullmatch(written)
        if found:
            name, of = found["name"].lower(), (found["of"] or "").strip()
            yield _Directive(number=number, name=name, of=of, value=found["value"].strip())
        else:
            yield _Directive(number=number, name="", of="", value=written)


def _page(host: str, is_for_all: bool, directives: list[_Directive]) -> tuple[str, list[str]]:  # noqa: FBT001
    """Return the front page: that of the host as a test address writes it, and what is to be told of it."""
    tests = [_split(one.value) for one in directives if one.name == "test_url"]
    bare = host.removeprefix("www.")
    for scheme, place, name in tests:
        if name.removeprefix("www.") == bare and not is_for_all:
            return f"{scheme}://{place}/", []
    if not is_for_all:
        return f"https://{host}/", []
    below = next((test for test in tests if test[2] == bare or test[2].endswith(f".{bare}")), None)
    page = f"{below[0]}://{below[1]}/" if below else f"https://{bare}/"
    return page, [f"it is for every blog below {bare}; {page} is followed, add others by a copy of its file"]


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return "", "", ""
    return (parts.scheme, place, host) if parts.scheme in {"http", "https"} else ("", "", "")


def _take(one: _Directive, read: _Read) -> None:
    if one.name in _FOR_ALL:
        return
    if taker := _TAKERS.get(one.name):
        if one.value or one.name in {"replace_string", "find_string"}:
            taker(one, read)
    elif one.name == "requires_login" and one.value.lower() in {"no", "0", "false"}:
        return
    elif why := _NOT_OURS.get(one.name):
        read.left.append(f"{one.said}: {why}")
    else:
        read.left.append(f"{one.said if one.name else f'line {one.number}'}: no directive that is known")


def _select(one: _Directive, read: _Read) -> None:
    rule = (text_rule(one.value) if one.name != "body" else None) or xpath(one.value)
    read.put(one, [rule], "select", _SELECT[one.name])


def _next(one: _Directive, read: _Read) -> None:
    read.put(one, [xpath(one.value)], "select", "next")


def _strip(one: _Directive, read: _Read) -> None:
    read.put(one, [xpath(one.value)], "clean", "remove")


def _strip_named(one: _Directive, read: _Read) -> None:
    text = _quoted(one.value)
    read.put(one, [f"[id*={text}], [class*={text}]"], "clean", "remove")


def _strip_image(one: _Directive, read: _Read) -> None:
    read.put(one, [f"img[src*={_quoted(one.value)}]"], "clean", "remove")


def _dissolve(one: _Directive, read: _Read) -> None:
    read.put(one, [xpath(one.value)], "clean", "unwrap")


def _prune(one: _Directive, read: _Read) -> None:
    if one.value.lower() in {"no", "0", "false"}:
        read.left.append(f"{one.said}: what a platform's rules leave out goes; [clean] keep keeps it")


def _find(one: _Directive, read: _Read) -> None:
    if read.found is not None:
        read.left.append(f"{one.said}: there is no replace_string for the find_string before it")
    read.found = one.value


def _replace(one: _Directive, read: _Read) -> None:
    found = one.of or read.found
    read.found = None
    if not found:
        read.left.append(f"{one.said}: there is nothing to be found for it")
    elif set("<>=") & set(found + one.value):
        read.left.append(f"{one.said}: it changes the page's HTML, and here only a post's text can be changed")
    else:
        read.put(one, one.value.replace("\\", r"\\"), "clean", "replace", literally(found))


def _header(one: _Directive, read: _Read) -> None:
    read.settings += headers(one.of, one.value, one.said)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _each_once(sentences: list[str]) -> Iterator[str]:
    """Yield the sentences; of those that say the same of several lines, the first."""
    seen = set()
    for sentence in sentences:
        what = sentence.partition(", ")[2] or sentence
        if what not in seen:
            seen.add(what)
            yield sentence


_TAKERS: dict[str, Callable[[_Directive, _Read], None]] = {
    "title": _select, "author": _select, "date": _select, "body": _select, "next_page_link": _next,
    "strip": _strip,
    "strip_id_or_class": _strip_named, "strip_image_src": _strip_image, "dissolve": _dissolve, "prune": _prune,
    "find_string": _find, "replace_string": _replace, "http_header": _header,
}  # fmt: skip
