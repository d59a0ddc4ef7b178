"""The text of a Tistory post: which element holds it, and what Tistory and skins put into it."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from crawler.document import Element, Selector, has_class, inner_html, near, strip, words

if TYPE_CHECKING:
    from collections.abc import Callable

# Best first. The first two are Tistory's own, around the body in every skin; the option "paragraph margin" removes
# the first (4 of 12 era-C blogs). The third is the mobile view. The rest is era A, where only skins mark the body.
_OWN = tuple(
    Selector(f"//*[{has_class(name)}]")
    for name in ("tt_article_useless_p_margin", "contents_style", "blogview_content")
)
_SKIN_BODIES = (
    Selector(f"//*[{has_class('entry-content')}]"),  # Odyssey, Square
    Selector(f"//*[{has_class('article-view')}]"),  # Book Club
    Selector(f"//*[{has_class('article_view')} or @id='article-view']"),  # Whatever, Poster
    Selector(f"//*[{has_class('area_view')}]"),  # skin #1
    Selector(f"//*[{has_class('entry')}]//*[{has_class('article')}]"),  # skins of the TatterTools kind
    Selector(f"//*[{has_class('tt_article')} or @itemprop='articleBody']"),
)
# What Tistory appends to every body stands inside it (A, B) or beside it (C): its parent is at worst one too high.
_APPENDED = Selector(
    *(f"//*[{has_class(name)}]" for name in ("container_postbtn", "another_category", "entry-ccl", "tt-plugin"))
)

_JUNK_TAGS = {"script", "style", "noscript", "link", "meta", "template"}
_JUNK_CLASSES = {
    # advertisements, put in by Tistory or by a browser that saved the page
    "tt_adsense_top", "tt_adsense_bottom", "revenue_unit_wrap", "adsbygoogle", "kakao_ad_area", "google-auto-placed",
    "ap_container", "tt-adsense",
    # buttons and licence below the text
    "container_postbtn", "postbtn_like", "postbtn_ccl", "entry-ccl", "tt_box_namecard", "my_edit", "daum_like_wrapper",
    # plugins: share buttons, camera data, other posts of the category
    "tt-plugin", "tt-share-entry-with-sns", "ExifInfo", "another_category",
    # buttons that scripts of skins add to code (shiki, highlight.js)
    "shiki-copy-button", "hljs-copy-button", "copy-button", "btn-copy-code",
    # what stands beside the body in a wider container: #1 and Poster, Square, Whatever, Book Club, mobile
    "area_related", "related-articles", "related_post", "article-related", "section_relation", "area_tag", "list_tag",
    "tag_content", "article-tag", "box-tag", "tag_label", "area_reply", "article-reply", "area-reply",
    "viewpaging_wrap", "paging", "pagination", "area_paging", "area-paging", "article_header", "article-header",
    "hgroup", "blogview_tit", "blogview_info", "list_share", "tocWrap", "book-toc", "toc-wrap",
    "table-of-contents", "toc-list",
}  # fmt: skip
_JUNK_IDS = {"daumSearchBox", "tistorySnsLayer", "tistoryEtcLayer", "toc", "tocWrap"}
_COMMENTS = re.compile(r"entry\d+Comment(?:Header|List)?")
_JUNK_IMAGES = ("new_ico_5.gif", "ico_spam_report.png")


def containers(root: Element, *, skins: bool = True) -> list[Element]:
    """Return the elements that hold a post's body, by the first mark that any has; several mean a listing.

    Args:
        root: the page.
        skins: whether to look for skins' own marks (era A) where Tistory's are missing.
    """
    for find in _OWN + (_SKIN_BODIES if skins else ()):
        if found := _outermost(find(root)):
            return found
    parents = [parent for found in _APPENDED(root) if (parent := found.getparent()) is not None] if skins else []
    return parents[:1]


def _outermost(elements: list[Element]) -> list[Element]:
    inside = set(elements)
    return [e for e in elements if inside.isdisjoint(near(e))]


def container(root: Element, description: str | None) -> Element | None:
    """Return the one body of a post's page; where skins print others too, the one that *description* begins."""
    found = containers(root)
    if not found[1:]:
        return next(iter(found), None)
    start = _squeezed(description or "")[:20]
    begins = (e for e in found if start and start in _squeezed(words(e))[:300])
    return next(begins, None) or max(found, key=lambda e: len(words(e)))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def body_html(body: Element, lasting: Callable[[str], str | None]) -> str:
    """Return the inner HTML of *body* without what Tistory and skins put there; the page stays as it is.

    Args:
        body: the container.
        lasting: gives the lasting form of a signed picture address where the page tells it.
    """
    copy = deepcopy(body)
    copy.tail = None
    strip(copy, is_junk)
    for picture in copy.iter("span", "img"):
        _keep_picture(picture, lasting)
    return inner_html(copy)


def is_junk(element: Element) -> bool:
    """Tell whether *element* is something Tistory, a plugin or a skin put into a body."""
    tag = element.tag
    if not isinstance(tag, str):  # comments (the licence in RDF), processing instructions
        return True
    if tag in _JUNK_TAGS or "data-tistory-react-app" in element.attrib:
        return True
    if tag == "img" and any(name in element.get("src", "") for name in _JUNK_IMAGES):
        return True
    name = element.get("id")
    if name and (name in _JUNK_IDS or _COMMENTS.fullmatch(name)):
        return True
    labels = element.get("class")
    return bool(labels) and not _JUNK_CLASSES.isdisjoint(labels.split())


def _keep_picture(element: Element, lasting: Callable[[str], str | None]) -> None:
    """Give a picture its lasting address in every attribute that a cleaner may look at."""
    for name in ("data-url", "src", "srcset", "data-src"):
        value = element.get(name)
        if value and "/dna/" in value.replace("%2F", "/") and (kept := lasting(value)):
            element.set(name, kept)
