"""Naver Blog: posts of its three editors (SmartEditor 2, 3 and ONE), in the views for computers and for phones."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.document import Element, host, path, words
from crawler.page import PageKind, PostPage, each_once, without_site
from crawler.platforms import Platform
from crawler.platforms._naver_address import address_of, home_of, ids_of, read_at
from crawler.platforms._naver_body import is_data, larger, mend
from crawler.platforms._naver_list import NaverList
from crawler.platforms._visible import printed_date
from crawler.rules import Rules, first_element_of, first_list_of, first_of
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.document import Document

_HOSTS = ("blog.naver.com", "m.blog.naver.com")
_SITE = re.compile(r"^\s*네이버 ?블로그\s*[|:]?\s*")
_NO_PICTURE = ("/static/blog/", "/blog/icon/", "blogimgs.naver.net/nblog/")
_TITLES = ("se-title-text", "se_title", "htitle", "tit_h3", "itemSubjectBoldfont")
_DATES = ("se_publishDate", "blog_date", "se_date", "_postAddDate", "date")
_NAMES = ("blog_author", "se_author", "writer", "nick")
_CATEGORIES = ("blog2_series", "blog_category", "tit_category", "cate", "se_series")
# SmartEditor ONE: the post's head, what its components show beside the author's words, the shop's and the map's buttons
_CLUTTER = re.compile(
    r"(?:^|\s)(?:se-documentTitle|se_documentTitle|se-video-(?:info-btn|playtime)|se-material-\S+|se-map-marker|u_likeit\S*|post_function_t1|blog_authorArea|blog_btnArea|"
    r"lyr_\S+|_naver_splugin\S*|naver-splugin|area_sympathy|post-btn\S*|wrap_postcomment|revenue_unit\S*|ssp-adcontent\S*|"
    r"se-sticker-\S*error\S*|se-file-icon|se-module-image-link-use)(?=\s|$)"
)
_TAGS = {"script", "style", "button", "input", "noscript"}
_PROTECTED = re.compile(r"(?:서로)?이웃에게만 공개|비공개 글|비밀글")
_GONE = re.compile(r"삭제되었거나 존재하지 않는|유효하지 않은 요청|존재하지 않는 (?:게시물|블로그)")


def recognise(document: Document) -> bool:
    """Tell a page of Naver Blog by its host: it has no domains of its own any more."""
    return host(document.url) in _HOSTS


class NaverPost(PostPage):
    """A post's own document: what stands in the frame of the view for computers, or the page of the one for phones."""

    @cached_property
    def _ids(self) -> tuple[str, str] | None:
        named = self.document.absolute(self.document.meta("og:url"))
        return (ids_of(named) if named else None) or ids_of(self.document.url)

    @cached_property
    def kind(self) -> PageKind:
        """A post holds the text of one editor; the page around it is a frame without any."""
        if self._ids is None:
            return PageKind.LISTING
        if self.body is not None:
            return PageKind.POST
        text = " ".join((self.document.head_title, *self.document.scripts, words(self.document.root)[:2000]))
        if _GONE.search(text):
            return PageKind.GONE
        return PageKind.PRIVATE if _PROTECTED.search(text) else PageKind.OTHER

    @cached_property
    def key(self) -> str | None:
        """`naver:<blog>:<number of the post>`."""
        return "naver:{}:{}".format(*self._ids) if self._ids else None

    @first_of
    def url(self) -> Rules[str | None]:
        """The address that people pass on, whatever document was read."""
        yield "of blog and number", address_of(*self._ids) if self._ids else None
        yield from PostPage.url.rules(self)

    def _other_addresses(self) -> Iterable[str | None]:
        if self._ids is None:
            return [self.document.url]
        blog, number = self._ids
        return [self.document.url, read_at(address_of(blog, number)), f"https://m.blog.naver.com/{blog}/{number}"]

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline; documents without a head print it alone."""
        yield "og:title", without_site(self.document.meta("og:title"), ": 네이버 블로그")
        marked = (text for e in self.document.marked(*_TITLES) if (text := words(e)))
        yield "what the editor marks as headline", next(marked, None)
        yield "<title>", without_site(self.document.head_title, "네이버 블로그")

    @first_of
    def author(self) -> Rules[str | None]:
        """The nickname."""
        yield "naverblog:nickname", self.document.meta("naverblog:nickname")
        marked = (text for name in _NAMES for e in self.document.marked(name) if 0 < len(text := words(e)) <= 40)  # noqa: PLR2004
        yield "what the page marks as writer", next(marked, None)

    @first_of
    def published(self) -> Rules[str | None]:
        """The time printed below the headline: "2018. 3. 25. 14:38" in Korea, "4시간 전" where it is of today."""
        for name in _DATES:
            yield f".{name}", next((date for e in self.document.marked(name) if (date := printed_date((e,)))), None)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The blog's own category, printed above the headline; sub-categories begin with a hyphen."""
        marked = [words(e).strip("·- ") for name in _CATEGORIES for e in self.document.marked(name)]
        yield "what the page marks as category", tuple(text for text in marked if text)[:1]

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags below the post; the view for computers loads them later."""
        blocks = self.document.marked("post_tag", "wrap_tag", "tag_list", "list_tag")
        yield "links below the post", each_once(words(a) for block in blocks for a in block.iter("a"))
        yield "its data", each_once(self._told_tags())

    def _told_tags(self) -> list[str]:
        found = re.search(r"""gsTagName\s*=\s*["']([^"'\n]{0,1000})["']""", "\n".join(self.document.scripts))
        return found[1].split(",") if found else []

    @first_of
    def image(self) -> Rules[str | None]:
        """The picture that the page names, unless it is Naver's own."""
        named = self.document.absolute(self.document.meta("og:image"))
        whole = None if named is None or any(mark in named for mark in _NO_PICTURE) else named
        yield "the picture of the text that og:image is a thumbnail of", self._larger(whole) if whole else None
        yield "og:image", whole

    def _larger(self, thumbnail: str) -> str | None:
        images = self.body.iter("img", "span") if self.body is not None else ()
        found = (e.get("data-lazy-src") or e.get("thumburl") or e.get("src") for e in images)
        return next((larger(url) for url in found if url and path(url) and path(url) == path(thumbnail)), None)

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The text of one of the three editors."""
        marked = self.document.marked
        yield "SmartEditor ONE", next(iter(marked("se-main-container")), None)
        parts = [e for e in marked("se_component_wrap") if "sect_dsc" in (e.get("class") or "").split()]
        yield "SmartEditor 3", next(iter(parts), None)
        yield "SmartEditor 2, for computers", next(iter(self.document.named("postViewArea")), None)
        phones = [e for e in self.document.named("viewTypeSelector") if "se3_view" not in (e.get("class") or "")]
        yield "SmartEditor 2, for phones", next(iter(phones), None)

    def _junk(self, element: Element) -> str | None:
        if is_comment(element):
            return "comment"
        if element.tag in _TAGS and not is_data(element):
            return f"<{element.tag}>"
        if element.tag == "img" and "/static/blog/blank.gif" in (element.get("src") or ""):
            return "a space drawn as a picture"
        found = _CLUTTER.search(element.get("class") or "")
        return f".{found[0].strip()}" if found else None

    def _mend(self, text: Element) -> None:
        mend(text)


def _feed(home: str) -> str | None:
    """Return where Naver has the feeds of all blogs: a host of their own."""
    known = ids_of(home, of_blog=True)
    return f"https://rss.blog.naver.com/{known[0]}.xml" if known else None


PLATFORM = Platform(
    recognise=recognise, post_page=NaverPost, list_page=NaverList, feed=_feed, zone="Asia/Seoul",
    is_post_url=lambda url: ids_of(url) is not None, read_at=read_at, home_of=home_of,
)  # fmt: skip
