"""From any address of a site to what a source file needs to say: its front page, its feed, its platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin, urlsplit

from crawler.discovery import read_feed
from crawler.document import Document, PageError
from crawler.manners.politeness import hosts_of
from crawler.page import PageKind
from crawler.platforms import FEED_ONLY, LAST_RESORT, home_of
from crawler.reading import platform_of
from crawler.scripted import is_scripted
from pipelines.urls import absolute, same_page_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.discovery import FeedPage
    from crawler.listing import ListPage
    from crawler.platforms import Platform

_USUAL_FEEDS = ("feed", "rss", "feed.xml", "atom.xml", "index.xml", "rss.xml")
"""Where a blog's feed is that its pages do not name: WordPress, Tistory, Jekyll, Hexo, Hugo, others."""
_NO_FRONT = {PageKind.POST, PageKind.PROTECTED, PageKind.PRIVATE}
_TEXT = ("text/", "html", "xml", "json")


class NoBlogHereError(Exception):
    """What is at an address can't be followed; the text says why, to follow the address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server said of one address."""

    url: str
    """Where it was answered, after redirects."""
    body: bytes
    """As answered, no longer compressed."""
    media_type: str = ""
    """Its `Content-Type`, as the header says it; empty where it says none."""
    encoding: str | None = None
    """The encoding that header names; None where it names none."""


Ask: TypeAlias = Callable[[str], Awaitable[Answer]]
"""Asks for one address; raises NoBlogHereError where nothing comes of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scouted:
    """How a blog can be followed."""

    url: str
    """What its source file says as `url`."""
    platform: str | None = None
    """Its platform, where one was recognised."""
    feed: str | None = None
    """Its own feed, where its pages do not lead to it."""
    known_feed: str | None = field(default=None, compare=False)
    """Its own feed, wherever that is known from."""
    is_scripted: bool = field(default=False, compare=False)
    """Whether its front page is empty before JavaScript fills it."""


async def scout(ask: Ask, address: str) -> Scouted:
    """Return how the blog at *address* can be followed: its front page, a post, a list of posts, or its feed.

    Raises:
        NoBlogHereError: there is none that we could read.
    """
    answer = await ask(home_of(address) or address)
    feed = read_feed(answer.body, answer.url)
    if feed is not None:
        return await _of_feed(ask, answer.url, feed)
    document = _page(answer)
    name, platform = platform_of(document, None)
    post, page = platform.post_page(document), platform.list_page(document)
    if post.kind in {PageKind.GONE, PageKind.RESTRICTED}:
        raise NoBlogHereError(post.kind.instead)
    if post.kind in _NO_FRONT and (not page.posts or urlsplit(document.url).path.strip("/")):
        for home in _homes(page, document.url):
            if (found := await _at_home(ask, home)) is not None:
                return found
    return await _front(ask, page, name, platform)


async def _of_feed(ask: Ask, url: str, feed: FeedPage) -> Scouted:
    """How to follow a blog whose feed somebody named: by its pages where it has such."""
    home = absolute(feed.site, url) if feed.site else None
    if home and home.startswith("http") and same_page_key(home) != same_page_key(url):
        found = await _at_home(ask, home)
        if found is not None and (found.known_feed is None or same_page_key(found.known_feed) != same_page_key(url)):
            return Scouted(url=found.url, platform=found.platform, feed=url, known_feed=url)
        if found is not None:
            return found
    return Scouted(url=url, platform=FEED_ONLY, known_feed=url)


async def _at_home(ask: Ask, home: str) -> Scouted | None:
    """How to follow the blog whose front page may be *home*; None where that names no posts."""
    try:
        answer = await ask(home)
        document = _page(answer)
    except NoBlogHereError:
        return None
    name, platform = platform_of(document, None)
    page = platform.list_page(document)
    found = await _front(ask, page, name, platform)
    return found if found.known_feed or page.posts else None


async def _front(ask: Ask, page: ListPage, name: str, platform: Platform) -> Scouted:
    """How to follow the blog whose front page, or list of posts, *page* is, as that platform reads it."""
    document = page.document
    url, named = document.url, page.site.feed
    own = platform.feed_of(url)
    told = None if name == LAST_RESORT else name
    if named and not document.is_here(named) and named != own and await _is_of(ask, named, url):
        return Scouted(url=url, platform=told, feed=named, known_feed=named)
    if named or own or page.posts:
        return Scouted(url=url, platform=told, known_feed=named or own)
    for usual in _USUAL_FEEDS:
        feed = urljoin(url if url.endswith("/") else f"{url}/", usual)
        if await _is_of(ask, feed, url):
            return Scouted(url=url, platform=told, feed=feed, known_feed=feed)
    return Scouted(url=url, platform=told, is_scripted=is_scripted(document))


async def _is_of(ask: Ask, feed: str, home: str) -> bool:
    """Whether there is a feed at that address whose posts are on the blog's own pages."""
    try:
        answer = await ask(feed)
    except NoBlogHereError:
        return False
    found = read_feed(answer.body, answer.url)
    return found is not None and any(urlsplit(entry.url).hostname in hosts_of(home) for entry in found.entries)


def _homes(page: ListPage, url: str) -> Iterator[str]:
    """Yield where the front page may be, seen from a post: what the page says, the root, the first folder."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    first, _, rest = parts.path.strip("/").partition("/")
    yield from dict.fromkeys((page.site.home, root, *([urljoin(root, f"{first}/")] if rest else [])))


def _page(answer: Answer) -> Document:
    kind = answer.media_type.partition(";")[0].strip().lower()
    if kind and not any(text in kind for text in _TEXT):
        raise NoBlogHereError(f"is no page but {kind[:60]}")
    if not answer.body.strip():
        raise NoBlogHereError("is empty")
    try:
        return Document.parse(answer.body, answer.url, answer.encoding)
    except PageError as error:
        raise NoBlogHereError(str(error)) from error
