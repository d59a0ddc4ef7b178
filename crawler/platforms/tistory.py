"""Tistory (and Daum blogs, which ran on the same engine until 2022): posts of every era and skin."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from crawler import structured
from crawler.document import Element, Selector, has_class, host, near, path, words
from crawler.page import Document, PageKind, PostPage, each_once, without_site
from crawler.platforms import Platform
from crawler.platforms._tistory_body import body_html, container, containers
from crawler.platforms._tistory_facts import Facts, post_path
from crawler.platforms._tistory_list import TistoryList
from crawler.platforms._visible import around, printed_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ASSETS = ("tistory_admin/", "cfs.tistory/", "daumcdn.net/tistory/")
_OTHER_PATHS = re.compile(r"(?:/m)?/(?:notice|pages|guestbook|location|manage|owner|admin|auth|toolbar)(?:/.*)?")
_LIST_PATHS = re.compile(r"(?:/m)?(?:|/category(?:/.*)?|/tag/.+|/archive/\d+|/search/.+)")
_CLOUD_PATH = re.compile(r"(?:/m)?/tag")
_OTHER_BODIES = ("tt-body-guestbook", "tt-body-location")
_LIST_BODIES = ("tt-body-index", "tt-body-category", "tt-body-archive", "tt-body-search", "tt-body-tag")
_CLOUD_TITLE = "태그 목록"
_PROTECTED = "보호되어 있는 글입니다"
_NO_CATEGORY = {"카테고리 없음", "분류없음", "분류 없음", "분류 전체보기", "전체 글", "전체보기", "uncategorized"}
_DEFAULT_PICTURES = ("/static/images/openGraph/", "/tistory_admin/static/", "/tistory_admin/blogs/")
_EPOCH = "1970-01-01"

_PASSWORD = Selector("//input[@type='password']")
_ENTRY_PASSWORD = re.compile(r"entry\d+password", re.IGNORECASE)
_COMMENTING = re.compile(r"comment|reply|guest|login", re.IGNORECASE)
# The share button below every post since 2019, in every skin: it repeats title, author and picture in attributes.
_SHARE = Selector("//button[@data-pc-url and @data-title]")
_OWNER_STATE = Selector("//*[@data-entry-visibility]")
_OTHERS_HEADING = Selector(f"//*[{has_class('another_category')}]//h4")
_CATEGORY_LINK = Selector("//a[contains(@href, '/category/') or @rel='category']")
_MENU = re.compile(r"tt_category|category_list|side-?bar|aside|gnb|menu|navi|another_category", re.IGNORECASE)
# Odyssey, Square and Book Club .category; mobile .txt_category; skin #1 .tit_category
_CATEGORY_TEXT = Selector(f"//*[{has_class('category', 'txt_category', 'tit_category')}][not(self::ul or self::nav)]")
_LONGEST_CATEGORY = 80
# The mobile view marks its tags by class only.
_TAG_LINK = Selector("//a[@rel='tag']", f"//*[{has_class('list_tag')}]/a[contains(@class, 'link_tag')]")
# skin #1 .tit_post, Poster .title_post, Whatever .title_view, Book Club .title-article, mobile .tit_blogview
_TITLES = ("tit_post", "title_post", "title_view", "title-article", "tit_blogview")
_HEADLINE = Selector(f"//*[self::h1 or self::h2 or self::h3 or {has_class(*_TITLES)}]")
# Odyssey and Square .author, Whatever .writer; mobile cite.by_blog .txt_by
_AUTHOR = Selector(f"//*[{has_class('author', 'writer')}]", f"//*[{has_class('txt_by')}]")


def recognise(document: Document) -> bool:
    """Tell a page of Tistory from any other, whatever its domain and era."""
    name = host(document.url)
    if name.endswith((".tistory.com", "blog.daum.net")) or (document.meta("twitter:site") or "").upper() == "@TISTORY":
        return True
    if any("TistoryBlog" in script or "T.config" in script for script in document.scripts):
        return True
    return any(mark in href for href in document.link("stylesheet") for mark in _ASSETS)


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
        """What the page is; the id of `<body>` alone does not tell, since skins drop it."""
        body = next((found for e in self.document.root.iter("body") if (found := e.get("id"))), "")
        if body in _OTHER_BODIES or any(map(_OTHER_PATHS.fullmatch, (path(self.document.url), path(self._own_url)))):
            return PageKind.OTHER
        if self._is_entry(body):
            return self._entry_kind()
        if _CLOUD_PATH.fullmatch(path(self.document.url)) or self.document.meta("og:title") == _CLOUD_TITLE:
            return PageKind.OTHER
        if body in _LIST_BODIES or self.document.meta("og:type") == "website":
            return PageKind.LISTING
        return PageKind.LISTING if _LIST_PATHS.fullmatch(path(self.document.url)) else PageKind.OTHER

    def _is_entry(self, body: str) -> bool:
        """A listing may print whole posts, so the page must be said to be one post, not merely hold one."""
        kind = self.document.meta("og:type")
        if kind == "website" or body in _LIST_BODIES:
            return False
        if kind == "article" or self.document.meta("article:txid") or self._facts.entry_info or self._facts.entry:
            return True
        declared = bool(self._article) or body == "tt-body-page"
        return declared and bool(post_path(self._own_url)) and len(containers(self.document.root)) == 1

    def _entry_kind(self) -> PageKind:
        if str(self._facts.entry.get("entryType") or "POST").upper() != "POST":
            return PageKind.OTHER
        if self._is_protected():
            return PageKind.PROTECTED
        # Tistory gives a private post no og:title, no author and no date (every era); its owner alone gets the page.
        states = {e.get("data-entry-visibility") for e in _OWNER_STATE(self.document.root)}
        unnamed = not self.document.meta("og:title", "by", "article:published_time")
        return PageKind.PRIVATE if "private" in states or (unnamed and self._facts.is_owner) else PageKind.POST

    def _is_protected(self) -> bool:
        asked = [e for e in _PASSWORD(self.document.root) if not _for_comments(e)]
        if any(_ENTRY_PASSWORD.search(f"{e.get('name', '')} {e.get('id', '')}") for e in asked):
            return True
        bare = not containers(self.document.root, skins=False)
        return bare and (bool(asked) or _PROTECTED in (self.summary or ""))

    @cached_property
    def url(self) -> str | None:
        """`og:url`, else the last canonical that is a post's: skins put wrong ones before Tistory's own."""
        named = [self.document.meta("og:url"), *reversed(self.document.link("canonical")), self.document.url]
        found = [url for name in named if (url := self.document.absolute(name)) and post_path(url)]
        return _pc_view(found[0]) if found else super().url

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
        return [urlunsplit((*urlsplit(url)[:3], "", "")) for url in addresses]

    @cached_property
    def title(self) -> str | None:
        """Headline as the author wrote it: skins order and decorate `<title>` as they like."""
        named = self.document.meta("og:title") or structured.text_of(self._article.get("headline"))
        named = named or self._facts.entry.get("entryTitle") or self._shared("data-title")
        return named or without_site(self.document.head_title, self._site_title) or self._headline() or None

    @property
    def _site_title(self) -> str | None:
        return self.document.meta("og:site_name", "article:media_name") or self._facts.blog.get("title")

    def _shared(self, attribute: str) -> str | None:
        return next((e.get(attribute) or None for e in _SHARE(self.document.root)), None)

    def _author_rules(self) -> tuple[Callable[[], str | None], ...]:
        return (
            lambda: self.document.meta("by", "og.article.author"),
            lambda: structured.author_of(self._article, self.document.json_ld()),
            lambda: self._facts.entry.get("authorNickname"),
            lambda: next((words(e) for e in _AUTHOR(self.document.root) if words(e) and not _is_beside(e)), None),
            lambda: self._shared("data-profile-name"),
        )

    @cached_property
    def published(self) -> str | None:
        """Tistory's own time, else the date printed near the headline. `og:regDate` has a 12-hour clock: not used."""
        named = self.document.meta("article:published_time")
        return named or structured.text_of(self._article.get("datePublished")) or self._printed()

    def _printed(self) -> str | None:
        if self.body is None:
            return None
        title = "".join((self.title or "").split())
        heads = (e for e in _HEADLINE(self.document.root) if title and "".join(words(e).split()) == title)
        return next((date for e in heads if (date := printed_date(around(e)))), None)

    @cached_property
    def updated(self) -> str | None:
        """Time of the last edit; Daum blogs say 1970 where there was none."""
        named = self.document.meta("article:modified_time") or structured.text_of(self._article.get("dateModified"))
        return None if named and named.startswith(_EPOCH) else named

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The blog's own category; `article:section` is Tistory's topic and says nothing about it."""
        info = self._facts.entry_info
        if info is not None and "categoryLabel" in info:
            return _path_of(info["categoryLabel"])
        paths = [p for p in (self._category_heading(), *self._category_links()) if p]
        named = _path_of(self._facts.entry.get("categoryName"))
        if named:
            # 2020 to 2022 the name is the leaf alone.
            return next((p for p in paths if len(named) == 1 and p[-1] == named[0]), named)
        return paths[0] if paths else self._category_text()

    def _category_heading(self) -> tuple[str, ...]:
        for heading in _OTHERS_HEADING(self.document.root):
            if parts := tuple(text for link in heading.iter("a") if (text := words(link)) not in _NO_CATEGORY):
                return parts
        return ()

    def _category_links(self) -> list[tuple[str, ...]]:
        links = (link for link in _CATEGORY_LINK(self.document.root) if not _in_menu(link))
        found = [path(url).partition("/category/")[2] for e in links if (url := self.document.absolute(e.get("href")))]
        # A breadcrumb links every level: the longest that goes on from the first is the post's own.
        whole = [p for p in found if found and p.startswith(found[0])]
        return [_path_of(max(whole, key=len))] if whole else []

    def _category_text(self) -> tuple[str, ...]:
        found = (words(e) for e in _CATEGORY_TEXT(self.document.root) if not _in_menu(e))
        return next((_path_of(text) for text in found if 0 < len(text) <= _LONGEST_CATEGORY), ())

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Tags by Tistory's own list (2020 on), else by the links that skins print, some of them twice."""
        told = self._facts.entry.get("tags")
        if isinstance(told, list) and told:
            return each_once(map(str, told))
        return each_once(words(link) for link in _TAG_LINK(self.document.root) if not _in_menu(link))

    @cached_property
    def image(self) -> str | None:
        """Lead image in its lasting form where the page tells it; Tistory's default picture is none."""
        named = self.document.meta("og:image") or self._shared("data-thumbnail-url")
        url = self.document.absolute(named)
        if not url or any(mark in url.replace("%2F", "/") for mark in _DEFAULT_PICTURES):
            return None
        return self._facts.lasting(url) or url

    @cached_property
    def body(self) -> Element | None:
        """The element that holds the text, by era."""
        return container(self.document.root, self.summary)

    @cached_property
    def content_html(self) -> str:
        """The text without advertisements, buttons, licence, related posts."""
        return body_html(self.body, self._facts.lasting) if self.body is not None else ""


def _for_comments(element: Element) -> bool:
    marks = (f"{e.get('class', '')} {e.get('id', '')} {e.get('action', '')}" for e in near(element))
    return any(_COMMENTING.search(mark) for mark in marks)


def _is_beside(element: Element) -> bool:
    return _in_menu(element) or _for_comments(element)


def _in_menu(element: Element) -> bool:
    if any(e.tag in ("nav", "aside") for e in near(element)):
        return True
    around_it = (e for e in near(element) if e.tag not in ("body", "html"))
    return any(_MENU.search(f"{e.get('class', '')} {e.get('id', '')}") for e in around_it)


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
    sitemap="/sitemap.xml",
    zone="Asia/Seoul",
    is_post_url=lambda url: post_path(url) is not None,
)
