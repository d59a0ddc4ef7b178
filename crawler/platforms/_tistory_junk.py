"""What Tistory, plugins and skins put into a post's text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from crawler.document import Element, near, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.stripping import Marked

_JUNK_TAGS = {"script", "style", "noscript", "link", "meta", "template"}
_ADVERTISEMENT, _BUTTONS, _PLUGIN, _BESIDE = "advertisement", "buttons or licence", "plugin", "part of the skin"
_JUNK_CLASSES = {
    # put in by Tistory or by a browser that saved the page
    _ADVERTISEMENT: (
        "tt_adsense_top", "tt_adsense_bottom", "revenue_unit_wrap", "adsbygoogle", "kakao_ad_area",
        "revenue_unit_info", "revenue_unit_item", "google-auto-placed", "ap_container", "tt-adsense",
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
        "viewpaging_wrap", "area_paging", "area-paging", "blogview_tit", "blogview_info", "list_share", "tocWrap",
        "book-toc", "toc-wrap", "table-of-contents", "toc-list",
    ),
}
# Names that an author's own boxes may have: junk only where a skin's wider container is all that was found.
_WIDE = {"paging", "pagination", "hgroup", "article_header", "article-header"}
# What plugins and skins call their parts, in a hundred spellings.
_BUTTON_NAMES = re.compile(
    r"(?:sns|share|social)[-_]?(?:btns?|wrap|box|area|buttons?|share|icons?|list)|copy[-_]?(?:btn|code|button)"
    r"|(?:btn|button)[-_]copy|reading[-_]?time", re.IGNORECASE
)
_CONTENTS_NAMES = re.compile(r"(?:^|[-_\s])toc(?:$|[-_\s])|table[-_]of[-_]contents", re.IGNORECASE)
_RELATED = re.compile(
    r"(?:이\s?(?:블로그|카테고리)(?:의)?\s)?(?:관련|연관|인기|추천|최신|최근|함께\s?보면\s?좋은)\s?(?:된\s)?(?:글|포스트|포스팅|게시글|게시물)(?:들|\s?목록|\s?보기)?"
    r"|['‘\"“].{1,60}['’\"”]\s?카테고리의\s?다른\s?글|related\s(?:articles?|posts?)|recent\sposts?|popular\sposts?",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "dt")
_MOSTLY = 0.7
_LONGEST_LIST = 20_000
_MOST_BOXES = 100
_LONGEST_NAMES = 500  # characters of a class attribute that are looked at, once, and remembered
_CODE = ("pre", "code")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_REASONS = {name: reason for reason, names in _JUNK_CLASSES.items() for name in names}
_JUNK_IDS = {"daumSearchBox", "tistorySnsLayer", "tistoryEtcLayer", "toc", "tocWrap"}
_COMMENTS = re.compile(r"entry\d+Comment(?:Header|List)?")
_JUNK_IMAGES = ("new_ico_5.gif", "ico_spam_report.png")


def junk(element: Element, *, wide: bool) -> str | None:
    """Return why *element* is none of the author's: something Tistory, a plugin or a skin put into a body.

    Args:
        element: stands inside the body.
        wide: whether the body is a skin's container, which may hold more than Tistory's own around the text.
    """
    tag = element.tag
    if callable(tag):  # comments (the licence in RDF), processing instructions
        return "comment"
    if tag in _JUNK_TAGS:
        return None if tag == "noscript" and _holds_a_lazy_picture(element) else f"<{tag}>"
    labels = element.get("class")
    return (labels and _by_name(labels[:_LONGEST_NAMES], tag in _CODE, wide)) or _by_mark(element)


def _holds_a_lazy_picture(noscript: Element) -> bool:
    """Once a noscript after the placeholder held the picture of a lazy loader; others count readers."""
    before = noscript.getprevious()
    if before is None or before.tag not in {"img", "picture", "span", "a"} or (before.tail or "").strip():
        return False
    if next(before.iter("img"), None) is None:
        return False
    return next(noscript.iter("img"), None) is not None


def _by_mark(element: Element) -> str | None:
    if element.get("data-tistory-react-app") is not None:
        return _PLUGIN
    if element.tag == "img":
        source = element.get("src") or ""
        return _BESIDE if any(name in source for name in _JUNK_IMAGES) else None
    name = element.get("id")
    return _BESIDE if name and (name in _JUNK_IDS or _COMMENTS.fullmatch(name)) else None


@lru_cache(maxsize=4096)  # skins write the same few hundred names over and over
def _by_name(labels: str, is_code: bool, wide: bool) -> str | None:  # noqa: FBT001  # by place: it is remembered
    for label in labels.split():
        if reason := _REASONS.get(label):
            return reason
        if not is_code and _BUTTON_NAMES.fullmatch(label):
            return _BUTTONS
        if wide and label in _WIDE:
            return _BESIDE
    return None


def _after(end: Element, text: Element) -> Iterator[tuple[str, Element]]:
    """Yield what follows *end* in the body, if that is less than what comes before it."""
    following: list[Element] = []
    buttons = end
    while end is not text:
        following += [after for after in end.itersiblings() if not is_comment(after)]
        parent = end.getparent()
        if parent is None:
            break
        end = parent
    behind = sum(map(_weight, following))
    if following and behind < _weight(text) - behind - _weight(buttons):
        yield from (("after the end of the post", after) for after in following)


def _weight(element: Element) -> int:
    """How much an element shows: a picture as much as a sentence."""
    return len(words(element)) + 100 * sum(1 for _ in element.iter("img"))


def junk_by_structure(text: Element, marked: Marked) -> Iterator[tuple[str, Element]]:
    """Yield what in a body is none of the author's by where it stands: the reason, and the element.

    What follows Tistory's own buttons, which end every post; tables of contents; lists of other posts under a headline
    that says so. Some boxes at most are judged: a hostile page nests thousands, each of which holds the whole text.

    Args:
        text: the body.
        marked: what in it has a class or an id.
    """
    buttons = [e for e, (labels, _) in marked.items() if "container_postbtn" in labels.split() and e.tag == "div"]
    if buttons:
        yield from _after(buttons[-1], text)
    named = (e for e, names in marked.items() if _is_named_contents(*names) and e.tag not in _CODE)
    yield from ((_BESIDE, box) for box in islice(named, _MOST_BOXES) if _is_contents(box))
    headed: dict[Element, Element] = {}
    for heading in text.iter(*_HEADINGS):
        box = heading.getparent()
        if box is not None and box is not text and _is_headline_of_others(heading):
            headed.setdefault(box, heading)
    yield from ((_BESIDE, box) for box, heading in islice(headed.items(), _MOST_BOXES) if _is_related(box, heading))


def _is_headline_of_others(heading: Element) -> bool:
    return bool(_RELATED.fullmatch(words(heading))) and not any(around.tag in _HEADINGS for around in near(heading))


def _is_named_contents(labels: str, name: str) -> bool:
    return _names_contents(labels[:_LONGEST_NAMES]) or _names_contents(name[:_LONGEST_NAMES])


@lru_cache(maxsize=4096)
def _names_contents(marks: str) -> bool:
    return bool(_CONTENTS_NAMES.search(marks))


def _is_contents(element: Element) -> bool:
    """Whether a box that is named a table of contents is one that a script made: hardly anything but jumps."""
    jumps = [a for a in element.iter("a") if (a.get("href") or "").startswith("#")]
    return bool(jumps) and _is_short(element) and _share(element, jumps) >= _MOSTLY


def _is_related(box: Element, heading: Element) -> bool:
    """Whether a box lists other posts under a headline that says so."""
    links = [a for a in box.iter("a") if (a.get("href") or "").startswith(("/", "http"))]
    return len(links) > 1 and _is_short(box) and _share(box, [heading, *links]) >= _MOSTLY


def _is_short(element: Element) -> bool:
    return sum(map(len, element.itertext())) <= _LONGEST_LIST


def _share(element: Element, links: list[Element]) -> float:
    whole = len(_letters(element))
    return sum(len(_letters(link)) for link in links) / whole if whole else 0.0


def _letters(element: Element) -> str:
    return _NO_LETTERS.sub("", words(element))  # dates and "(0)" stand beside the links
