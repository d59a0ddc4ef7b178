"""The text of a Tistory post: which element holds it, and what Tistory and skins put into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.document import Document, Element, Selector, near, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

# Best first. The first two are Tistory's own, around the body in every skin; the option "paragraph margin" removes
# the first (4 of 12 era-C blogs). The third is the mobile view. The rest is era A, where only skins mark the body.
_OWN = ("tt_article_useless_p_margin", "contents_style", "blogview_content")
_SKIN_BODIES = (
    ("entry-content",),  # Odyssey, Square
    ("article-view",),  # Book Club
    ("article_view", "#article-view"),  # Whatever, Poster
    ("area_view",),  # skin #1
)
_IN_ENTRY = "article"  # in .entry: skins of the TatterTools kind
_ITEM_BODY = Selector("//*[@itemprop='articleBody']")
# What Tistory appends to every body stands inside it (A, B) or beside it (C): its parent is at worst one too high.
_APPENDED = ("container_postbtn", "another_category", "entry-ccl", "tt-plugin")

_JUNK_TAGS = {"script", "style", "noscript", "link", "meta", "template"}
_ADVERTISEMENT, _BUTTONS, _PLUGIN, _BESIDE = "advertisement", "buttons or licence", "plugin", "part of the skin"
_JUNK_CLASSES = {
    # put in by Tistory or by a browser that saved the page
    _ADVERTISEMENT: (
        "tt_adsense_top", "tt_adsense_bottom", "revenue_unit_wrap", "adsbygoogle", "kakao_ad_area",
        "google-auto-placed", "ap_container", "tt-adsense",
    ),
    # below the text, and those that scripts of skins add to code (shiki, highlight.js)
    _BUTTONS: (
        "container_postbtn", "postbtn_like", "postbtn_ccl", "entry-ccl", "tt_box_namecard", "my_edit",
        "daum_like_wrapper", "shiki-copy-button", "hljs-copy-button", "copy-button", "btn-copy-code",
    ),
    # share buttons, camera data, other posts of the category
    _PLUGIN: ("tt-plugin", "tt-share-entry-with-sns", "ExifInfo", "another_category"),
    # beside the body in a wider container: #1 and Poster, Square, Whatever, Book Club, mobile
    _BESIDE: (
        "area_related", "related-articles", "related_post", "article-related", "section_relation", "area_tag",
        "list_tag", "tag_content", "article-tag", "box-tag", "tag_label", "area_reply", "article-reply", "area-reply",
        "viewpaging_wrap", "paging", "pagination", "area_paging", "area-paging", "article_header", "article-header",
        "hgroup", "blogview_tit", "blogview_info", "list_share", "tocWrap", "book-toc", "toc-wrap",
        "table-of-contents", "toc-list",
    ),
}
_REASONS = {name: reason for reason, names in _JUNK_CLASSES.items() for name in names}
_JUNK_IDS = {"daumSearchBox", "tistorySnsLayer", "tistoryEtcLayer", "toc", "tocWrap"}
_COMMENTS = re.compile(r"entry\d+Comment(?:Header|List)?")
_JUNK_IMAGES = ("new_ico_5.gif", "ico_spam_report.png")


def containers(document: Document, *, skins: bool = True) -> list[Element]:
    """Return the elements that hold a post's body, by the first mark that any has; several mean a listing.

    Args:
        document: the page.
        skins: whether to look for skins' own marks (era A) where Tistory's are missing.
    """
    return next((found for _, found in _marked(document, skins=skins)), [])


def _marked(document: Document, *, skins: bool) -> Iterator[tuple[str, list[Element]]]:
    own: dict[str, list[Element]] = {}
    for box in document.root.iter("div"):
        for label in (box.get("class") or "").split():
            if label in _OWN:
                own.setdefault(label, []).append(box)
    yield from ((name, _outermost(own[name])) for name in _OWN if name in own)
    if skins:
        yield from _marked_by_skins(document)


def _marked_by_skins(document: Document) -> Iterator[tuple[str, list[Element]]]:
    for names in _SKIN_BODIES:
        if found := _outermost(document.marked(*names)):
            yield " or ".join(names), found
    if found := _outermost([e for e in document.marked(_IN_ENTRY) if _is_in(e, "entry")]):
        yield "article in entry", found
    if found := _outermost(document.marked("tt_article") or _ITEM_BODY(document.root)):
        yield "tt_article or itemprop articleBody", found
    appended = (e for name in _APPENDED for e in document.marked(name))
    if parents := [parent for e in appended if (parent := e.getparent()) is not None]:
        yield "around what Tistory appends", parents[:1]


def _is_in(element: Element, label: str) -> bool:
    return any(label in (around.get("class") or "").split() for around in near(element))


def _outermost(elements: list[Element]) -> list[Element]:
    inside = set(elements)
    return [e for e in elements if inside.isdisjoint(near(e))]


def container_rules(document: Document, description: str | None) -> Iterator[tuple[str, Element]]:
    """Yield the body of a post's page by each mark; where skins print others too, the one *description* begins."""
    start = _squeezed(description or "")[:20]
    for name, found in _marked(document, skins=True):
        begins = (e for e in found if start and start in _squeezed(words(e))[:300])
        yield name, found[0] if not found[1:] else next(begins, None) or max(found, key=lambda e: len(words(e)))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def junk(element: Element) -> str | None:
    """Return why *element* is none of the author's: something Tistory, a plugin or a skin put into a body."""
    tag = element.tag
    if is_comment(element):  # comments (the licence in RDF), processing instructions
        return "comment"
    if tag in _JUNK_TAGS:
        return f"<{tag}>"
    if "data-tistory-react-app" in element.attrib:
        return _PLUGIN
    if tag == "img" and any(name in element.get("src", "") for name in _JUNK_IMAGES):
        return _BESIDE
    name = element.get("id")
    if name and (name in _JUNK_IDS or _COMMENTS.fullmatch(name)):
        return _BESIDE
    labels = element.get("class")
    return next((_REASONS[label] for label in labels.split() if label in _REASONS), None) if labels else None
