"""What FreshRSS writes into a subscription list beside the addresses (its `frss:` attributes) to settings of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.imports._headers import cookies, headers
from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import linked_xpath, links_of, of_the_list, xpath
from crawler.imports._wanted import Wanted
from crawler.source_file import Setting

from .outlines import Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_JSON = ("JSON+DOTNOTATION", "HTML+XPATH+JSON+DOTNOTATION")
_LITERAL = re.compile(r"""\s*(["'])([^"']+)\1\s*""")
_OF_THE_LIST = {
    "xpathitemtitle": "title", "xpathitemcontent": "content", "xpathitemauthor": "author",
    "xpathitemtimestamp": "timestamp", "xpathitemthumbnail": "thumbnail", "xpathitemcategories": "categories",
}  # fmt: skip
_LEFT = {
    "xPathItemUid": "posts are told from each other by their addresses",
    "cssFullContentConditions": "each post's own page is read, whatever is in it",
    "filtersActionRead": "nothing is marked as read; to keep no such posts at all, write [exclude]",
    "CURLOPT_COOKIEFILE": "a file of cookies is not read; write them into [request] cookies",
    "CURLOPT_POST": "only GET is sent", "CURLOPT_POSTFIELDS": "only GET is sent",
    "CURLOPT_PROXYTYPE": "a proxy is an HTTP proxy",
}  # fmt: skip


def wanted(line: Outline) -> Wanted:
    """Return the source that a line of a subscription list describes."""
    said = line.scraping
    if line.kind in _JSON:
        return Wanted(outline=line, why="its posts are in JSON; only pages and feeds are read")
    if said.get("csscontentfilter") or said.get("cssfullcontent"):
        line = _with_pages(line)
    return Wanted(outline=line, settings=tuple(_settings(line)), left=tuple(_left(line)))


def _with_pages(line: Outline) -> Outline:
    """Pages can be read of a blog whose front page is known: where the list names none, that of the feed's host."""
    if line.page or not line.scraping.get("cssfullcontent"):
        return line
    return Outline(
        title=line.title, feed=line.feed, page=urljoin(line.feed, "/"), kind=line.kind, scraping=line.scraping
    )


def _settings(line: Outline) -> Iterator[Setting]:
    said = line.scraping
    if items := said.get("xpathitem"):
        link = said.get("xpathitemuri", "")
        yield from links_of(xpath(items), xpath(linked_xpath(items, link) or items), "xPathItem")
    if body := said.get("cssfullcontent"):
        yield Setting(key=("select", "body"), value=[body], said="cssFullContent")
    if junk := said.get("csscontentfilter"):
        yield Setting(key=("clean", "remove"), value=[junk], said="cssContentFilter")
    if literal := _LITERAL.fullmatch(said.get("xpathitemauthor", "")):
        yield Setting(key=("author",), value=literal[2], said="xPathItemAuthor")
    ttl = said.get("ttl", "")
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 8 and int(ttl):  # noqa: PLR2004  # a hundred days
        yield Setting(key=("every",), value=f"{int(ttl)}s", said="ttl")
    yield from _request(said.get)


def _request(said: Callable[[str], str | None]) -> Iterator[Setting]:
    if cookie := said("curlopt_cookie"):
        yield from cookies(cookie, "CURLOPT_COOKIE")
    for header in (said("curlopt_httpheader") or "").splitlines():
        name, _, value = header.partition(":")
        yield from headers(name.strip(), value.strip(), "CURLOPT_HTTPHEADER")
    if agent := said("curlopt_useragent"):
        yield from headers("User-Agent", agent, "CURLOPT_USERAGENT")
    if proxy := said("curlopt_proxy"):
        address = proxy if "://" in proxy else f"http://{proxy}"
        yield Setting(key=("request", "proxy"), value=address, said="CURLOPT_PROXY", secret=True)


def _left(line: Outline) -> Iterator[str]:
    said = line.scraping
    written = {name: said[attribute] for attribute, name in _OF_THE_LIST.items() if said.get(attribute)}
    fields = [name for name, value in written.items() if not (name == "author" and _LITERAL.fullmatch(value))]
    if said.get("xpathitem") and fields:
        yield of_the_list(fields)
    elif fields or said.get("xpathitemuri"):
        yield "xPath…: without xPathItem they find nothing"
    if said.get("xpathitem") and said.get("xpathitemuri") and not linked_xpath(said["xpathitem"], said["xpathitemuri"]):
        yield "xPathItemUri: it makes up an address, and here a post's is that of the first link in its item"
    if said.get("xpathitemtimeformat"):
        ours = strptime_format(said["xpathitemtimeformat"])
        hint = f'; [select] published has a format, here "{ours}"' if ours else ""
        yield f"xPathItemTimeFormat: it is for dates of the list{hint}"
    yield from (f"{name}: {why}" for name, why in _LEFT.items() if said.get(name.lower()))
    if line.kind == "XML+XPATH":
        yield "type XML+XPath: its page is read as HTML"
