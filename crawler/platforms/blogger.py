"""Blogger: blogs of blogspot.com and of domains of their own, old and new templates."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.document import host, path, words
from crawler.listing import Link
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms._listed import links
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.document import Document, Element

_POST = re.compile(r"(?:/\d{4}/\d{2}/[^/]+\.html)")
_PAGE = re.compile(r"/p/[^/]+\.html")
_BLOGSPOT = re.compile(r"\.blogspot\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
_ASSETS = ("www.blogger.com/static", "blogblog.com", "www.blogger.com/dyn-css", "blogger.com/static_resources")
_BLOG_ID = re.compile(
    r"['\"]blogId['\"]\s*:\s*['\"](\d{5,25})['\"]|blogger\.com/feeds/(\d{5,25})/|[?&]blogID=(\d{5,25})"
)
_POST_ID = re.compile(r"['\"]postId['\"]\s*:\s*['\"](\d{5,25})['\"]")
_BODY_ID = re.compile(r"post-body-(\d{5,25})")


def recognise(document: Document) -> bool:
    """Tell a page of Blogger by its generator, its host, or what its template loads."""
    if (document.meta("generator") or "").lower() == "blogger" or _BLOGSPOT.search(host(document.url)):
        return True
    if not document.mentions("blogger.com", "blogblog.com"):
        return False
    addresses = (*document.link("stylesheet"), *document.script_addresses)
    return any(mark in url for url in addresses for mark in _ASSETS)


class BloggerPost(EnginePost):
    """A post of Blogger."""

    containers = ("post-body",)
    clutter = classes_of(r"""
        post-footer\S* post-labels post-share-buttons blogger-labels addthis\S* post-timestamp post-icons
        comments?(?:-\w+)? inline-ad jump-link separator-ad
    """)

    @cached_property
    def kind(self) -> PageKind:
        """Its address says it: a post's has year and month, a page's begins with `/p/`."""
        own = path(self.document.url)
        if _POST.fullmatch(own):
            return PageKind.POST
        return PageKind.NOTICE if _PAGE.fullmatch(own) else PageKind.LISTING

    @cached_property
    def key(self) -> str | None:
        """`blogger:<blog id>:<post id>`."""
        blog = self.document.meta("blogid") or self._said(_BLOG_ID)
        post = self.document.meta("postid") or self._said(_POST_ID) or self._of_body()
        return f"blogger:{blog}:{post}" if blog and post else None

    def _said(self, pattern: re.Pattern[str]) -> str | None:
        feeds = (*self.document.link("alternate"), *self.document.link("service.post"), *self.document.link("edituri"))
        found = (pattern.search(text) for text in (*self.document.scripts, *feeds))
        return next((str(match[match.lastindex or 0]) for match in found if match), None)

    def _of_body(self) -> str | None:
        ids = (e.get("id") or "" for e in self.document.marked("post-body"))
        return next((found[1] for name in ids if (found := _BODY_ID.fullmatch(name))), None)

    @first_of
    def url(self) -> Rules[str | None]:
        """The canonical address; the view for phones is the same with `?m=1`."""
        yield from ((rule, _plain(url) if url else None) for rule, url in GenericPost.url.rules(self))
        yield "where it was fetched", _plain(self.document.url)

    @first_of
    def published(self) -> Rules[str | None]:
        """What the page declares; older templates print the day above the post, and its time below."""
        yield from GenericPost.published.rules(self)
        yield "the line of the day", next((words(e) for e in self.document.marked("date-header")), None)

    @first_of
    def author(self) -> Rules[str | None]:
        """The name below the post, which links the author's profile."""
        inside = [e for block in self.document.marked("post-author") for e in block.iter("span", "a", "meta")]
        named = [e for e in inside if e.get("itemprop") == "name"]
        yield "itemprop name of the post's author", next((text for e in named if (text := words(e))), None)
        inner = [e for e in inside if {"fn", "g-profile"} & set((e.get("class") or "").split())]
        yield "the post's author", next((text for e in inner if (text := words(e))), None)
        yield from GenericPost.author.rules(self)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """It has labels alone, which are tags."""
        yield "Blogger has none", ()

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The labels below the post."""
        blocks = self.document.marked("post-labels", "byline-labels", "label-list")
        yield "its labels", each_once(map(words, _labels(a for block in blocks for a in block.iter("a"))))
        marked = _labels(a for a in self.document.anchors if a.get("rel") == "tag")
        yield "links marked as labels", each_once(map(words, marked))


class BloggerList(GenericList):
    """A listing of Blogger; there is no way on, since its robots.txt forbids older pages (`/search`)."""

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts its headlines name; other lists of the same page stand in widgets."""
        titled = [a for e in self.document.marked("post-title", "entry-title") for a in e.iter("a")]
        return tuple(links(self.document, titled, self._post)) or super().posts

    def _post(self, url: str) -> str | None:
        return _plain(url) if self.document.is_here(url) and _POST.fullmatch(path(url)) else None

    @cached_property
    def next_page(self) -> str | None:
        """None: the sitemap has all posts."""
        return None


def _labels(anchors: Iterable[Element]) -> list[Element]:
    return [a for a in anchors if "/search/label/" in (a.get("href") or "")]


def _plain(url: str) -> str:
    """Return the address without the mark of the view for phones and without a fragment."""
    parts = urlsplit(url)
    query = "&".join(part for part in parts.query.split("&") if part and part not in ("m=1", "m=0"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


PLATFORM = Platform(
    recognise=recognise, post_page=BloggerPost, list_page=BloggerList, feed="/feeds/posts/default",
    sitemap="/sitemap.xml", is_post_url=lambda url: _POST.fullmatch(path(url)) is not None,
)  # fmt: skip
