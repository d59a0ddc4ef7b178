"""Egloos (이글루스, until June 2023): what is kept of its blogs, in archives and copies."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.document import host, path, words
from crawler.listing import Link
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms._listed import links
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from crawler.document import Document

# BLOG.egloos.com/NUMBER, and since 2013 egloos.zum.com/BLOG/v/NUMBER
_POST = re.compile(r"/(?:[\w-]+/v/|v/)?(\d{3,9})")
_BLOG = re.compile(r"/([\w-]+)(?:/.*)?")


def recognise(document: Document) -> bool:
    """Tell a page of Egloos by its host."""
    name = host(document.url)
    return name == "egloos.zum.com" or name.endswith((".egloos.com", ".egloos.zum.com"))


class EgloosPost(EnginePost):
    """A post of Egloos: skins with hAtom's names (2007 on), and those of tables before."""

    containers = ("post_content", "hentry", "entry-content", "cpost_content", "post_body", "POST_BODY", "body")
    clutter = classes_of(r"""
        post_title_area post_title post_info post_info_\S+ post_tail\S* post_navi\S* comment_area cmmt_\S+
        trackback_\S+ post_taglist post_iconbar evtImg POST_HEAD POST_TAIL ct_\S+
    """)

    @cached_property
    def kind(self) -> PageKind:
        """Its address says it: a number."""
        return PageKind.POST if _POST.fullmatch(path(self.document.url)) else PageKind.LISTING

    @cached_property
    def key(self) -> str | None:
        """`egloos:<blog>:<number>`: the same at both addresses."""
        found, blog = _POST.fullmatch(path(self.document.url)), _blog_of(self.document.url)
        return f"egloos:{blog}:{found[1]}" if found and blog else None

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline; the page's own title begins with the blog's name in one skin and ends with it in another."""
        marked = (text for e in self.document.marked("entry-title", "post_title", "POST_TTL") if (text := words(e)))
        yield "what the skin marks as headline", next(marked, None)
        yield from GenericPost.title.rules(self)

    @first_of
    def published(self) -> Rules[str | None]:
        """The time in hAtom's words, else as printed: "2010/05/04 12:34"."""
        stamps = (e.get("title") or words(e) for e in self.document.marked("published"))
        yield ".published", next(filter(None, stamps), None)
        printed = (words(e) for e in self.document.marked("post_info_date", "POST_DATE"))
        yield "what the skin marks as date", next(filter(None, printed), None)
        yield from GenericPost.published.rules(self)

    @first_of
    def author(self) -> Rules[str | None]:
        """The nickname: "by 이름"."""
        marked = [e for block in self.document.marked("post_info_author", "vcard") for e in (*block.iter("a"), block)]
        named = (text for e in marked if (text := words(e).removeprefix("by ").strip()))
        yield "what the skin marks as writer", next(named, None)
        yield from GenericPost.author.rules(self)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The category above the text."""
        blocks = self.document.marked("post_info_category", "post_info_cate")
        yield "what the skin marks as category", each_once(words(a) for b in blocks for a in (*b.iter("a"), b))[:1]
        yield from GenericPost.categories.rules(self)

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags below the text."""
        yield from GenericPost.tags.rules(self)
        blocks = self.document.marked("post_tail_tags", "post_taglist")
        yield "below the text", each_once(words(a) for block in blocks for a in block.iter("a"))


class EgloosList(GenericList):
    """A listing of Egloos."""

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts that headlines name, else every link to one."""
        titled = [a for e in self.document.marked("entry-title", "post_title") for a in e.iter("a")]
        return tuple(links(self.document, titled or self.document.anchors, self._post))

    def _post(self, url: str) -> str | None:
        is_own = self.document.is_here(url) and _blog_of(url) == _blog_of(self.document.url)
        return url.partition("#")[0].partition("?")[0] if is_own and _POST.fullmatch(path(url)) else None


def _blog_of(url: str) -> str:
    name = host(url)
    if name == "egloos.zum.com":
        found = _BLOG.fullmatch(path(url))
        return found[1] if found else ""
    return name.partition(".egloos.")[0]


PLATFORM = Platform(
    recognise=recognise, post_page=EgloosPost, list_page=EgloosList, zone="Asia/Seoul",
    is_post_url=lambda url: _POST.fullmatch(path(url)) is not None,
)  # fmt: skip
