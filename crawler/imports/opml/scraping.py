"""What FreshRSS writes into a subscription list beside the addresses (its `frss:` attributes) to settings of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.imports._headers import cookies, headers
from crawler.imports._listed import NO_SIGN, Items, ListedField, settings, untaken, xpath_fields, xpath_link
from crawler.imports._php_dates import strptime_format
from crawler.imports._selectors import linked_xpath, xpath
from crawler.imports._wanted import Wanted
from crawler.source_file import Setting

from .outlines import Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_JSON = ("JSON+DOTNOTATION", "HTML+XPATH+JSON+DOTNOTATION")
_LITERAL = re.compile(r"""\s*(["'])([^"']+)\1\s*""")
# By our keys; content is a post's own page's to say. What FreshRSS calls categories are tags of its readers.
_OF_AN_ITEM = (
    ("title", "title", "xPathItemTitle"), ("", "content", "xPathItemContent"), ("author", "author", "xPathItemAuthor"),
    ("published", "timestamp", "xPathItemTimestamp"), ("image", "thumbnail", "xPathItemThumbnail"),
    ("tags", "categories", "xPathItemCategories"),
)  # fmt: skip
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
        link, said_at = said.get("xpathitemuri", ""), ("xPathItem", "xPathItemUri")
        links = xpath(linked_xpath(items, link) or items)
        of = Items(items=xpath(items), links=links, link=xpath_link(items, link), said=said_at)
        yield from settings(of, _fields(line))
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


def _fields(line: Outline) -> list[ListedField]:
    """The fields that FreshRSS reads in an item; an author in quotes is that of all."""
    said = line.scraping
    found = ((*each, said.get(each[2].lower(), "")) for each in _OF_AN_ITEM)
    own = [each for each in found if not (each[0] == "author" and _LITERAL.fullmatch(each[3]))]
    return xpath_fields(own, said.get("xpathitemtimeformat", ""))


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
    fields = _fields(line)
    if said.get("xpathitem"):
        yield from untaken(fields)
    elif fields or said.get("xpathitemuri"):
        yield "xPath…: without xPathItem they find nothing"
    if said.get("xpathitem") and said.get("xpathitemuri") and not linked_xpath(said["xpathitem"], said["xpathitemuri"]):
        yield "xPathItemUri: it makes up an address, and here a post's is that of the first link in its item"
    if said.get("xpathitemtimeformat"):
        if not any(field.key == "published" and field.is_taken for field in fields):
            yield "xPathItemTimeFormat: there is no date of the list that it is for"
        elif not strptime_format(said["xpathitemtimeformat"]):
            yield f"xPathItemTimeFormat: {NO_SIGN}"
    yield from (f"{name}: {why}" for name, why in _LEFT.items() if said.get(name.lower()))
    if line.kind == "XML+XPATH":
        yield "type XML+XPath: its page is read as HTML"
