"""Tistory (and Daum blogs, which ran on the same engine until 2022): posts of every era and skin."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from crawler import structured
from crawler.document import Element, host, near, path, words
from crawler.page import Document, Marked, PageKind, PostPage, each_once, without_site
from crawler.platforms import Platform
from crawler.platforms._tistory_body import container_rules, is_own
from crawler.platforms._tistory_facts import Facts, post_path
from crawler.platforms._tistory_junk import junk, junk_by_structure
from crawler.platforms._tistory_kind import for_comments, kind_of
from crawler.platforms._tistory_list import TistoryList
from crawler.platforms._visible import around, printed_date
from crawler.rules import Rules, first_element_of, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ASSETS = ("tistory_admin/", "cfs.tistory/", "daumcdn.net/tistory/")
_NO_CATEGORY = {"카테고리 없음", "분류없음", "분류 없음", "분류 전체보기", "전체 글", "전체보기", "uncategorized"}
_DEFAULT_PICTURES = ("/static/images/openGraph/", "/tistory_admin/static/", "/tistory_admin/blogs/")
_EPOCH = "1970-01-01"
_TXID = re.compile(r"\d+_\d+")

# The share button below every post since 2019, in every skin: it repeats title, author and picture in attributes.
_SHARE = ("data-pc-url", "data-title")
_MENU = re.compile(r"tt_category|category_list|side-?bar|aside|gnb|menu|navi|another_category", re.IGNORECASE)
# Odyssey, Square and Book Club .category; mobile .txt_category; skin #1 .tit_category
_CATEGORY_TEXT = ("category", "txt_category", "tit_category")
_LONGEST_CATEGORY = 80
# skin #1 .tit_post, Poster .title_post, Whatever .title_view, Book Club .title-article, mobile .tit_blogview
_TITLES = ("tit_post", "title_post", "title_view", "title-article", "tit_blogview")
# Odyssey and Square .author, Whatever .writer; mobile cite.by_blog .txt_by
_AUTHOR = (("author", "writer"), ("txt_by",))


def recognise(document: Document) -> bool:
    """Tell a page of Tistory from any other, whatever its domain and era."""
    name = host(document.url)
    if name.endswith((".tistory.com", "blog.daum.net")) or (document.meta("twitter:site") or "").upper() == "@TISTORY":
        return True
    if _TXID.fullmatch(document.meta("article:txid") or ""):
        return True
    if any("TistoryBlog" in script or "T.config" in script for script in document.scripts):
        return True
    assets = (*document.link("stylesheet"), *document.link("icon"), *document.script_addresses)
    return any(mark in href for href in assets for mark in _ASSETS)


class TistoryPost(PostPage):
    """A post's page: PC or mobile view, eras A (to 2017), B (to mid 2022) and C."""

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.document)

    @cached_property
    def _own_url(self) -> str:
        return self.document.absolute(self.document.meta("og:url")) or self.document.url

    @cached_property
    def kind(self) -> PageKind:
        """What the page is."""
        return kind_of(self.document, self._facts, self._own_url, lambda: bool(self._article), self.summary)

    @first_of
    def url(self) -> Rules[str | None]:
        """`og:url`, else the last canonical that is a post's: skins put wrong ones before Tistory's own."""
        named = [("og:url", self.document.absolute(self.document.meta("og:url")))]
        named += [("the last canonical", url) for url in reversed(self.document.link("canonical"))]
        named += [("where it was fetched", self.document.url)]
        yield from ((rule, _pc_view(url)) for rule, url in named if url and post_path(url))
        yield from PostPage.url.rules(self)

    @cached_property
    def key(self) -> str | None:
        """`tistory:<blog id>:<entry id>`: stays when slug, permalink style or domain change."""
        return "tistory:{}:{}".format(*self._facts.ids) if self._facts.ids else None

    def _other_addresses(self) -> Iterable[str | None]:
        document, ids = self.document, self._facts.ids
        names = ("article:pc_url", "article:mobile_url", "dg:plink")
        named = [document.url, *document.link("canonical"), *map(document.absolute, map(document.meta, names))]
        addresses = [url for url in named if url and post_path(url)]
        own = post_path(self.url or "")
        if self.url and own:  # Daum blogs had the blog's name in the path: their numbers alone are no address
            homes = dict.fromkeys(_home(url) for url in (self.url, self._facts.blog_url) if url)
            paths = [quote(own), *([f"/{ids[1]}"] if ids else [])]
            addresses += [home + view + tail for home in homes for tail in paths for view in ("", "/m")]
        return [url.partition("#")[0].partition("?")[0] for url in addresses]

    @first_of
    def title(self) -> Rules[str | None]:
        """Headline as the author wrote it: skins order and decorate `<title>` as they like."""
        yield "og:title", self.document.meta("og:title")
        yield "JSON-LD headline", structured.text_of(self._article.get("headline"))
        yield "tiara entryTitle", self._facts.entry.get("entryTitle")
        yield "share button", self._shared("data-title")
        yield "<title> without the blog's name", without_site(self.document.head_title, self._site_title)
        yield "the longest heading that <title> repeats", self._headline()

    @property
    def _site_title(self) -> str | None:
        return self.document.meta("og:site_name", "article:media_name") or self._facts.blog.get("title")

    @cached_property
    def _around_body(self) -> frozenset[Element]:
        # Skins write their layout on the outermost elements: class="has-sidebar", "gnb-fixed".
        return frozenset(self.body.iterancestors()) if self.body is not None else frozenset()

    @cached_property
    def _menus(self) -> dict[Element | None, bool]:
        return {}

    def _in_menu(self, element: Element) -> bool:
        parent = element.getparent()
        if parent not in self._menus:  # links of a list share their parent
            around_it = [e for e in near(element) if e not in self._around_body]
            self._menus[parent] = any(e.tag in ("nav", "aside") for e in around_it) or any(
                _MENU.search(marks) for e in around_it for marks in (e.get("class"), e.get("id")) if marks
            )
        return self._menus[parent]

    def _in_text(self, element: Element) -> bool:
        """Whether an element is the author's: what the text links is no category or tag of the post."""
        own = self.body is not None and is_own(self.body)
        return own and any(e is self.body for e in near(element))

    def _shared(self, attribute: str) -> str | None:
        found = (e for e in self.document.tagged["button"] if all(name in e.attrib for name in _SHARE))
        return next((e.get(attribute) or None for e in found), None)

    @first_of
    def author(self) -> Rules[str | None]:
        """The nickname, never changed. `og:article:author`, as other sites have it, does not exist here."""
        yield "meta by", self.document.meta("by")
        yield "og.article.author", self.document.meta("og.article.author")
        yield "JSON-LD author", structured.author_of(self._article, self.document.json_ld())
        yield "tiara authorNickname", self._facts.entry.get("authorNickname")
        marked = (e for names in _AUTHOR for e in self.document.marked(*names))
        printed = (text for e in marked if not (self._in_menu(e) or for_comments(e)) and (text := words(e)))
        yield "what the skin marks as author", next(printed, None)
        yield "share button", self._shared("data-profile-name")

    @first_of
    def published(self) -> Rules[str | None]:
        """Tistory's own time, else the date printed near the headline. `og:regDate` has a 12-hour clock: not used."""
        yield "article:published_time", self.document.meta("article:published_time")
        yield "JSON-LD datePublished", structured.text_of(self._article.get("datePublished"))
        yield "printed near the headline", self._printed()

    def _printed(self) -> str | None:
        if self.body is None:
            return None
        title = "".join((self.title or "").split())
        headings = [*self.document.root.iter("h1", "h2", "h3"), *self.document.marked(*_TITLES)]
        heads = (e for e in headings if title and "".join(words(e).split()) == title)
        return next((date for e in heads if (date := printed_date(around(e)))), None)

    @first_of
    def updated(self) -> Rules[str | None]:
        """Time of the last edit; Daum blogs say 1970 where there was none."""
        yield "article:modified_time", _edited(self.document.meta("article:modified_time"))
        yield "JSON-LD dateModified", _edited(structured.text_of(self._article.get("dateModified")))

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The blog's own category; `article:section` is Tistory's topic and says nothing about it."""
        info = self._facts.entry_info
        if info is not None and "categoryLabel" in info:
            yield "T.entryInfo categoryLabel", _path_of(info["categoryLabel"])
            return  # null there is an answer: none
        told = self._facts.entry.get("categoryName")
        if isinstance(told, str) and told.strip() in _NO_CATEGORY:
            return
        named = _path_of(told)
        if len(named) != 1:
            yield "tiara categoryName", named
        # 2020 to 2022 the name is the leaf alone.
        yield "tiara categoryName, completed", next((p for p in self._category_paths() if p and p[-1:] == named), named)
        yield "heading of the related posts", self._category_heading()
        yield "link to the category", self._category_link()
        yield "what the skin marks as category", self._category_text()

    def _category_paths(self) -> Iterator[tuple[str, ...]]:
        yield self._category_heading()
        yield self._category_link()

    def _category_heading(self) -> tuple[str, ...]:
        for heading in (h4 for block in self.document.marked("another_category", tag="div") for h4 in block.iter("h4")):
            if parts := tuple(text for link in heading.iter("a") if (text := words(link)) not in _NO_CATEGORY):
                return parts
        return ()

    def _category_link(self) -> tuple[str, ...]:
        anchors = self.document.anchors
        named = (a for a in anchors if "/category/" in (a.get("href") or "") or a.get("rel") == "category")
        links = (a for a in named if not self._in_menu(a) and not self._in_text(a))
        urls = (url for a in links if (url := self.document.absolute(a.get("href"))))
        hosts = {host(url) for url in (self.document.url, self._own_url, self._facts.blog_url) if url}
        found = [path(url).partition("/category/")[2] for url in urls if host(url) in hosts]
        # A breadcrumb links every level: the longest that goes on from the first is the post's own.
        whole = [p for p in found if found and p.startswith(found[0])]
        return _path_of(max(whole, key=len)) if whole else ()

    def _category_text(self) -> tuple[str, ...]:
        marked = (e for e in self.document.marked(*_CATEGORY_TEXT) if e.tag not in ("ul", "nav"))
        found = (words(e) for e in marked if not self._in_menu(e))
        return next((_path_of(text) for text in found if 0 < len(text) <= _LONGEST_CATEGORY), ())

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """Tags by Tistory's own list (2020 on), else by the links that skins print, some of them twice."""
        told = self._facts.entry.get("tags")
        yield "tiara tags", each_once(map(str, told)) if isinstance(told, list) else ()
        links = (a for a in self.document.anchors if "tag" in (a.get("rel") or "").lower().split())
        yield "rel=tag", each_once(words(a) for a in links if not self._in_menu(a) and not self._in_text(a))
        boxes = self.document.marked("list_tag", tag="div")
        yield "the mobile view's list", each_once(words(a) for box in boxes for a in box.iter("a"))

    @first_of
    def image(self) -> Rules[str | None]:
        """Lead image as the page names it; Tistory's default picture is none."""
        yield "og:image", self._own_picture(self.document.meta("og:image"))
        yield "share button", self._own_picture(self._shared("data-thumbnail-url"))

    def _own_picture(self, named: str | None) -> str | None:
        url = self.document.absolute(named)
        return None if not url or any(mark in url.replace("%2F", "/") for mark in _DEFAULT_PICTURES) else url

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The element that holds the text, by era."""
        yield from container_rules(self.document, self.summary)

    @cached_property
    def _is_wide(self) -> bool:
        return self.body is None or not is_own(self.body)

    def _junk(self, element: Element) -> str | None:
        return junk(element, wide=self._is_wide)

    def _more_junk(self, text: Element, marked: Marked) -> Iterator[tuple[str, Element]]:
        return junk_by_structure(text, marked)


def _edited(named: str | None) -> str | None:
    return None if named and named.startswith(_EPOCH) else named


def _path_of(label: object) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in label.split("/")) if isinstance(label, str) else ()
    return () if "/".join(parts) in _NO_CATEGORY else tuple(part for part in parts if part)


def _pc_view(url: str) -> str:
    """Return the address without `/m`, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.removeprefix("/m") or "/", "", ""))


def _home(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


PLATFORM = Platform(
    recognise=recognise,
    post_page=TistoryPost,
    list_page=TistoryList,
    feed="/rss",
    domain="tistory.com",
    sitemap="/sitemap.xml",
    numbered="/",
    zone="Asia/Seoul",
    is_post_url=lambda url: post_path(url) is not None,
)
