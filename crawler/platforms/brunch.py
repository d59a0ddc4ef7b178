"""Brunch (브런치스토리): posts of writers, as its server sends them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.document import host, path, words
from crawler.listing import Link, SiteInfo
from crawler.page import PageKind, each_once, without_site
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms._listed import links
from crawler.platforms._shared_host import home_on
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.document import Document, Element

_POST = re.compile(r"/(@@?[\w.-]+)/(\d{1,9})")
_WRITER = re.compile(r"/@@?[\w.-]+")
_FEED = re.compile(r"/rss/(@@[\w-]+)")
_ENGLISH = re.compile(r"^([A-Z][a-z]{2,8})\.? (\d{1,2})\. (\d{4})$")
_NO_PICTURE = ("/brunch/static/", "/brunch9/", "brunch_default")


def recognise(document: Document) -> bool:
    """Tell a page of Brunch by its host: it has no other domains."""
    return host(document.url) in ("brunch.co.kr", "m.brunch.co.kr")


class BrunchPost(EnginePost):
    """A post of Brunch."""

    containers = ("wrap_body",)
    is_bare = True
    clutter = classes_of(r"""
        wrap_keyword wrap_article_info wrap_btn_share wrap_writer_profile ico_\S+ blind wrap_view_bottom
    """)

    @cached_property
    def kind(self) -> PageKind:
        """Its address says it: a writer's name and a number."""
        return PageKind.POST if _POST.fullmatch(path(self.document.url)) else PageKind.LISTING

    @cached_property
    def key(self) -> str | None:
        """`brunch:<writer's id>:<number>`: the id is what the feed's address has; writers may change their names."""
        found = _POST.fullmatch(path(self.document.url))
        feeds = (_FEED.fullmatch(path(url)) for url in self.document.link("alternate"))
        writer = next((feed[1] for feed in feeds if feed), None)
        return f"brunch:{writer or found[1]}:{found[2]}" if found else None

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline on the cover."""
        yield ".cover_title", next((text for e in self.document.marked("cover_title") if (text := words(e))), None)
        yield "og:title", without_site(self.document.meta("og:title"), "brunch")
        yield from GenericPost.title.rules(self)

    @first_of
    def author(self) -> Rules[str | None]:
        """The writer."""
        named = (text for e in self.document.marked("text_author") if (text := words(e)))
        yield ".text_author", next(named, None)
        yield "og:article:author", self.document.meta("og:article:author", "article:author", "by")
        yield from GenericPost.author.rules(self)

    @first_of
    def published(self) -> Rules[str | None]:
        """What the head declares, else the day on the cover, in English: "Sep 15. 2023"."""
        yield "article:published_time", self.document.meta("article:published_time", "og:article:published_time")
        printed = (text for e in self.document.marked("date", "text_date") if (text := words(e)))
        yield "the cover", next((_ENGLISH.sub(r"\1 \2, \3", text) for text in printed), None)
        yield from GenericPost.published.rules(self)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The magazine or book that the post is in."""
        marked = (text for e in self.document.marked("txt_magazine", "link_magazine") if (text := words(e)))
        yield "its magazine", tuple(marked)[:1]

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The keywords below the text."""
        yield "its keywords", each_once(words(e) for e in self.document.marked("link_keyword"))

    @first_of
    def image(self) -> Rules[str | None]:
        """The cover's picture; Brunch's own is none."""
        named = self.document.absolute(self.document.meta("og:image"))
        yield "og:image", None if named is None or any(mark in named for mark in _NO_PICTURE) else named

    def _mend(self, text: Element) -> None:
        for box in text.iter("div", "span"):
            names = (box.get("class") or "").split()
            box.tag = "figure" if "wrap_img_box" in names else "figcaption" if "img_caption" in names else box.tag

    @property
    def feature_text(self) -> str | None:
        """The line below the headline."""
        return next((text for e in self.document.marked("cover_sub_title") if (text := words(e))), None)


class BrunchList(GenericList):
    """A writer's page, a magazine or a book."""

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the writer."""
        told = super().site
        title = without_site(without_site(self.document.meta("og:title"), "brunch"), "브런치스토리") or told.title
        return SiteInfo(
            title=title, description=told.description, home=self.document.url.partition("?")[0], language="ko",
            icon=self.document.absolute(self.document.meta("og:image")), feed=told.feed,
        )  # fmt: skip

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts that the page links, of this writer alone."""
        return tuple(links(self.document, self._own(), self._post))

    def _own(self) -> Iterable[Element]:
        writer = path(self.document.url).split("/")[1:2]
        for anchor in self.document.anchors:
            found = _POST.fullmatch(path(self.document.absolute(anchor.get("href")) or ""))
            if found and (not writer or not writer[0].startswith("@") or found[1] == writer[0]):
                yield anchor

    @cached_property
    def _writer(self) -> str | None:
        feeds = (_FEED.fullmatch(path(url)) for url in self.document.link("alternate"))
        return next((found[1] for found in feeds if found), None)

    def _post(self, url: str) -> str | None:
        """The address as the writer's feed has it, where the page names that: the same post is then asked for once."""
        found = _POST.fullmatch(path(url)) if self.document.is_here(url) else None
        return f"https://brunch.co.kr/{self._writer or found[1]}/{found[2]}" if found else None


def _owns(feed: str, home: str) -> bool:
    """Tell of a feed that a writer's page names; its address has the writer's id, which no other address tells."""
    parts = urlsplit(home)
    return host(feed) == host(home) and _FEED.fullmatch(path(feed)) is not None and bool(_WRITER.fullmatch(parts.path))


PLATFORM = Platform(
    recognise=recognise, post_page=BrunchPost, list_page=BrunchList, zone="Asia/Seoul", owns_feed=_owns,
    is_post_url=lambda url: _POST.fullmatch(path(url)) is not None,
    home_of=home_on("brunch.co.kr"),
)  # fmt: skip
