"""Daum Blog before 2019, when it moved to Tistory's engine: frames around documents of `/_blog/`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from crawler.document import Element, host, path, words
from crawler.listing import Link
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_element_of, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.document import Document

_HOST = "blog.daum.net"
_VIEW = re.compile(r"/_blog/(?:BlogTypeView|hdn/ArticleContentsView)\.do", re.IGNORECASE)


def recognise(document: Document) -> bool:
    """Tell a page of the old Daum Blog: its documents, and the frames around them."""
    if host(document.url) != _HOST:
        return False
    return path(document.url).startswith("/_blog/") or any("/_blog/" in url for url in _frames(document))


class DaumPost(EnginePost):
    """A post's document in the frame."""

    containers = ("cContentBody", "cContent")
    clutter = classes_of(r"""
        cB_\S+ article_\S+ blogSns\S* sns_\S+ ccl_\S+ btn_\S+ tx-daum-\S+ recommend\S*
    """)

    @cached_property
    def kind(self) -> PageKind:
        """A post's document has its number in the address."""
        return PageKind.POST if _article(self.document.url) else PageKind.LISTING

    @cached_property
    def key(self) -> str | None:
        """`daum:<blog id>:<article>`."""
        return "daum:{}:{}".format(*found) if (found := _article(self.document.url)) else None

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The text; the old editors put it into a table of its own."""
        yield "#cContentBody", next(iter(self.document.named("cContentBody")), None)
        yield "#contentDiv", next(iter(self.document.named("contentDiv")), None)
        yield from EnginePost.body.rules(self)

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline."""
        yield ".cB_Title", next((text for e in self.document.marked("cB_Title") if (text := words(e))), None)
        yield from GenericPost.title.rules(self)

    @first_of
    def author(self) -> Rules[str | None]:
        """The nickname."""
        yield ".cB_Name", next((text for e in self.document.marked("cB_Name") if (text := words(e))), None)
        yield from GenericPost.author.rules(self)

    @first_of
    def published(self) -> Rules[str | None]:
        """The time printed beside the headline."""
        yield ".cB_Tdate", next((text for e in self.document.marked("cB_Tdate") if (text := words(e))), None)
        yield from GenericPost.published.rules(self)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The folder."""
        yield ".cB_Folder", each_once(words(e) for e in self.document.marked("cB_Folder"))[:1]

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags below the text."""
        yield ".cB_Tag", each_once(words(a) for block in self.document.marked("cB_Tag") for a in block.iter("a"))


class DaumList(GenericList):
    """The frame around a blog, or the list in it."""

    @cached_property
    def listed_at(self) -> str | None:
        """The document in the frame."""
        return None if path(self.document.url).startswith("/_blog/") else next(iter(_frames(self.document)), None)

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts that the document in the frame links."""
        found = ((self.document.absolute(a.get("href")), a) for a in self.document.anchors)
        named = [Link(url=url, title=words(a)) for url, a in found if url and _article(url) and words(a)]
        return tuple({link.url: link for link in reversed(named)}.values())[::-1]


def _frames(document: Document) -> Iterable[str]:
    addresses = (document.absolute(e.get("src")) for e in document.root.iter("frame", "iframe"))
    return [url for url in addresses if url and host(url) == _HOST]


def _article(url: str) -> tuple[str, str] | None:
    """Return the blog's id and the article's number that a document in the frame is of."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    blog, article = query.get("blogid", [""])[0], query.get("articleno", [""])[0]
    return (blog, article) if _VIEW.fullmatch(parts.path) and blog and article.isdigit() else None


PLATFORM = Platform(
    recognise=recognise, post_page=DaumPost, list_page=DaumList, zone="Asia/Seoul",
    is_post_url=lambda url: _article(url) is not None,
)  # fmt: skip
