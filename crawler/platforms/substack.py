"""Substack: newsletters on substack.com and on domains of their own."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.document import host, path, words
from crawler.listing import Link, SiteInfo
from crawler.page import PageKind
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of, is_paid
from crawler.platforms.generic import GenericList

if TYPE_CHECKING:
    from crawler.document import Document

_POST = re.compile(r"/p/[^/]+")
_ID = re.compile(r'\\?"post_id\\?"\s*:\s*(\d{3,15})\b')
_IDENTIFIER = re.compile(r"post:(\d+)")
_ARCHIVE = "/api/v1/archive"
_AT_ONCE = 12


def recognise(document: Document) -> bool:
    """Tell a page of Substack by its host or its server of files; or what its archive's interface says."""
    if host(document.url).endswith(".substack.com"):
        return True
    if not document.mentions("substackcdn.com"):
        return False
    addresses = (*document.link("stylesheet"), *document.link("preconnect"), *document.script_addresses)
    return any("substackcdn.com" in url for url in addresses)


class SubstackPost(EnginePost):
    """A post of Substack."""

    containers = ("available-content", "markup", "body")
    is_bare = True
    clutter = classes_of(r"""
        subscription-widget\S* button-wrapper captioned-button-wrap image-link-expand install-substack\S* poll-embed
        paywall\S* community-chat\S* directMessage header-anchor-parent post-ufi\S* share-dialog digest-post-embed
        comments-embed
    """)

    @cached_property
    def kind(self) -> PageKind:
        """A post's address begins with `/p/`; one for subscribers shows a part of itself."""
        if not _POST.fullmatch(path(self.document.url)):
            return PageKind.LISTING if not path(self.document.url) or self._is_archive else PageKind.OTHER
        return PageKind.PROTECTED if is_paid(self._article) or self.document.marked("paywall") else PageKind.POST

    @property
    def _is_archive(self) -> bool:
        return path(self.document.url) in ("/archive", _ARCHIVE)

    @cached_property
    def key(self) -> str | None:
        """`substack:<post id>`."""
        told = _IDENTIFIER.fullmatch(str(self._article.get("identifier") or ""))
        found = told or next((match for script in self.document.scripts if (match := _ID.search(script))), None)
        return f"substack:{found[1]}" if found else None

    @property
    def feature_text(self) -> str | None:
        """The line below the headline."""
        return next((text for e in self.document.marked("subtitle") if (text := words(e))), None)


class SubstackList(GenericList):
    """The front page or the archive; its interface lists all posts."""

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the newsletter: "Name | Writer | Substack"."""
        told = super().site
        return SiteInfo(
            title=told.title.partition(" | ")[0], description=told.description, home=told.home, language=told.language,
            icon=told.icon, feed=told.feed,
        )  # fmt: skip

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts that the page or the interface lists."""
        told = self.document.data
        if not isinstance(told, list):
            return super().posts
        found = (post for post in told if isinstance(post, dict))
        named = ((self.document.absolute(post.get("canonical_url")), post) for post in found)
        return tuple(
            Link(url=url, title=str(post.get("title") or ""), printed_date=post.get("post_date"))
            for url, post in named if url and self._post(url)
        )  # fmt: skip

    def _post(self, url: str) -> str | None:
        is_post = self.document.is_here(url) and _POST.fullmatch(path(url))
        return url.partition("#")[0].partition("?")[0] if is_post else None

    @cached_property
    def listed_at(self) -> str | None:
        """The archive's interface: the page itself shows some posts, or none without scripts."""
        if path(self.document.url) == _ARCHIVE:
            return None
        return urljoin(self.document.url, f"{_ARCHIVE}?sort=new&search=&offset=0&limit={_AT_ONCE}")

    @cached_property
    def next_page(self) -> str | None:
        """The interface's next posts."""
        parts = urlsplit(self.document.url)
        offset = re.search(r"(?:^|&)offset=(\d{1,6})(?:&|$)", parts.query)
        if parts.path != _ARCHIVE or offset is None or len(self.posts) < _AT_ONCE:
            return None
        there = int(offset[1]) + _AT_ONCE
        return urljoin(self.document.url, f"{_ARCHIVE}?sort=new&search=&offset={there}&limit={_AT_ONCE}")


PLATFORM = Platform(
    recognise=recognise, post_page=SubstackPost, list_page=SubstackList, feed="/feed", sitemap="/sitemap.xml",
    is_post_url=lambda url: _POST.fullmatch(path(url)) is not None,
)  # fmt: skip
