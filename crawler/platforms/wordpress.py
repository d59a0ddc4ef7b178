"""WordPress, on wordpress.com and anywhere else: classic and block themes, page builders."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler.document import Element, host, words
from crawler.page import PageKind, PostPage, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, body_labels, classes_of
from crawler.platforms._wordpress_list import WordPressList, is_rest
from crawler.platforms.generic import GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.document import Document

_ASSETS = ("/wp-content/", "/wp-includes/", "//s0.wp.com/", "//s1.wp.com/", "//s2.wp.com/")
_API = "https://api.w.org/"
_ID = re.compile(r"^(?:postid|page-id)-(\d+)$")
_ARTICLE_ID = re.compile(r"post-(\d+)")
_SHORT = re.compile(r"(?:^|&)p=(\d+)(?:&|$)")
_REST_ID = re.compile(r"/wp/v2/(?:posts|pages)/(\d+)")
_NO_CATEGORY = {"uncategorized", "미분류", "분류되지 않음", "未分類"}


def recognise(document: Document) -> bool:
    """Tell a page of WordPress by its generator, its interface or where its theme lies; or what the interface says."""
    if (document.meta("generator") or "").startswith("WordPress") or document.link(_API) or is_rest(document.url):
        return True
    if not document.mentions("/wp-content/", "/wp-includes/", ".wp.com/"):
        return False
    addresses = (*document.link("stylesheet"), *filter(None, map(document.absolute, document.script_addresses)))
    own = host(document.url)
    return any(mark in url and (host(url) == own or ".wp.com" in url) for url in addresses for mark in _ASSETS)


class WordPressPost(EnginePost):
    """A post of WordPress."""

    containers = (
        # builders that make the whole page: Elementor, Divi, Bricks, Beaver, Thrive; they may stand in .entry-content
        "elementor-widget-theme-post-content", "et_pb_post_content", "brxe-post-content", "fl-post-content",
        "tdb_single_content",
        # themes with names of their own: Newspaper, JNews, Soledad, Foxiz, Avada, Enfold
        "td-post-content", "jeg_main_content", "inner-post-entry", "entry-content", "wp-block-post-content",
        "post-content", "entry-content-wrapper", "single-content", "post_content", "the-content", "post-entry", "entry",
    )  # fmt: skip
    clutter = classes_of(r"""
        sharedaddy jp-relatedposts wpcnt yarpp\S* crp_related\S* rp4wp-related-posts saboxplugin\S* abh_box\S*
        heateor_\S+ essb_\S+ ssba swp_social_panel\S* dpsp-\S+ mashsb-\S+ kk-star-ratings ai-viewport\S*
        code-block(?:-\d+)? google-auto-placed post-views wp-block-(?:latest-posts|query|comments)\S*
        jetpack-(?:likes|subscription)\S* wp-block-jetpack-(?:subscriptions|sharing-buttons|related-posts|like)\S*
        wp-block-social-links ez-toc-\S+ lwptoc\S* rank-math-toc\S* page-links post-page-numbers
        elementor-widget-(?:share-buttons|post-navigation|author-box|table-of-contents|posts) tptn_\S+ cosmosfarm\S*
        et_pb_(?:comments_module|post_nav|social_media_follow|blog|signup)\S* single-post-share snax\S*
        mks_author_widget
    """)
    kinds: ClassVar = {
        "error404": PageKind.GONE, "attachment": PageKind.OTHER, "single-product": PageKind.OTHER,
        "search": PageKind.LISTING, "archive": PageKind.LISTING, "blog": PageKind.LISTING, "home": PageKind.LISTING,
        "page": PageKind.NOTICE,
    }  # fmt: skip

    @cached_property
    def kind(self) -> PageKind:
        """What `<body>` says; a form for a password stands in the place of a protected post's text."""
        if self.document.marked("post-password-form", tag="form"):
            return PageKind.PROTECTED
        if is_rest(self.document.url):
            return PageKind.LISTING
        kind = super().kind
        is_single = bool(self._id) and "single" in body_labels(self.document)
        return PageKind.POST if is_single and kind != PageKind.PROTECTED and not self._is_product else kind

    @property
    def _is_product(self) -> bool:
        return not body_labels(self.document).isdisjoint({"single-product", "attachment"})

    @cached_property
    def _id(self) -> str | None:
        labels = body_labels(self.document)
        told = [found[1] for label in labels if (found := _ID.match(label))]
        links = self.document.link("shortlink")
        told += [found[1] for url in links if (found := _SHORT.search(urlsplit(url).query))]
        links = self.document.link("alternate", "application/json")
        told += [found[1] for url in links if (found := _REST_ID.search(url))]
        articles = [e.get("id") or "" for e in self.document.root.iter("article")]
        told += [found[1] for name in articles[:1] if (found := _ARTICLE_ID.fullmatch(name))]
        return next(iter(told), None)

    @cached_property
    def key(self) -> str | None:
        """`wordpress:<host>:<post id>`: stays when the owner changes slugs or the form of addresses."""
        return f"wordpress:{host(self.document.url)}:{self._id}" if self._id else None

    def _other_addresses(self) -> Iterable[str | None]:
        parts = urlsplit(self.document.url)
        plain = [f"{parts.scheme}://{parts.netloc}/?p={self._id}"] if self._id else []
        return [self.document.url, *self.document.link("shortlink"), *plain]

    @first_of
    def author(self) -> Rules[str | None]:
        """Name of the author; block themes print it in a block of its own."""
        yield from GenericPost.author.rules(self)
        blocks = self.document.marked("wp-block-post-author-name", "wp-block-post-author__name", "author-name", "fn")
        yield "what themes mark as author", next((text for e in blocks if 0 < len(text := words(e)) <= 60), None)  # noqa: PLR2004

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The first category that the post links: a post may have many, and none is its first."""
        names = [words(a) for a in self._term_links("category", "/category/")]
        yield "link to a category", tuple(name for name in names if name.lower() not in _NO_CATEGORY)[:1]
        for rule, value in PostPage.categories.rules(self):
            yield rule, tuple(name for name in value if name.lower() not in _NO_CATEGORY)

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """Tags; block themes mark links of categories so too."""
        links = self._term_links("tag", "/tag/")
        plain = (a for a in links if "category" not in a.get("rel", "") and "/category/" not in (a.get("href") or ""))
        yield "link to a tag", each_once(map(words, plain))
        yield from list(PostPage.tags.rules(self))[1:]

    def _term_links(self, rel: str, part: str) -> list[Element]:
        anchors = [a for a in self.document.anchors if a.get("rel")]
        return [a for a in anchors if {rel, "tag"} & set(a.get("rel", "").split())
                and (rel in a.get("rel", "").split() or part in (a.get("href") or "")) and words(a)]  # fmt: skip


PLATFORM = Platform(
    recognise=recognise, post_page=WordPressPost, list_page=WordPressList, feed="/feed/", sitemap="/wp-sitemap.xml"
)
