"""What a page of Tistory is, told by everything but its looks: skins drop marks, and print whole posts in listings."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.document import Document, Element, near, path
from crawler.page_kind import PageKind
from crawler.platforms._tistory_body import containers
from crawler.platforms._tistory_facts import Facts, post_path
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable

_PATHS = {
    PageKind.NOTICE: re.compile(r"(?:/m)?/(?:notice|pages)(?:/.*)?"),
    PageKind.GUESTBOOK: re.compile(r"(?:/m)?/(?:guestbook|location)(?:/.*)?"),
    PageKind.OTHER: re.compile(r"(?:/m)?/(?:manage|owner|admin|auth|toolbar)(?:/.*)?"),
}
_BODIES = {"tt-body-guestbook": PageKind.GUESTBOOK, "tt-body-location": PageKind.GUESTBOOK}
_LIST_PATHS = re.compile(r"(?:/m)?(?:|/category(?:/.*)?|/tag/.+|/archive/\d+|/search/.+)")
_LIST_BODIES = ("tt-body-index", "tt-body-category", "tt-body-archive", "tt-body-search", "tt-body-tag")
_CLOUD_PATH = re.compile(r"(?:/m)?/tag")
_CLOUD_TITLE = "태그 목록"

_PROTECTED = "보호되어 있는 글입니다"
_ENTRY_PASSWORD = re.compile(r"entry\d+password", re.IGNORECASE)
_COMMENTING = re.compile(r"comment|reply|guest|login", re.IGNORECASE)
_OWNER_STATE = "data-entry-visibility"  # of the box of its owner's buttons, in every skin
_PRIVATE = (f'{_OWNER_STATE}="private"', f"{_OWNER_STATE}='private'", f"{_OWNER_STATE}=private")

# What Tistory answers instead of a blog, often with status 200: a few words and no post.
_FEW_WORDS = 1_500
_INSTEAD = {
    PageKind.RESTRICTED: re.compile(
        r"접근이\s?(?:일시적으로\s?)?제한|이용이\s?제한|휴면\s?(?:상태|블로그|계정)|청소년\s?(?:유해|보호)"
        r"|(?:성인|연령|본인|나이)\s?(?:인증|확인)|19세\s?(?:미만|이상)"
    ),
    PageKind.GONE: re.compile(
        r"존재하지\s?않는\s?(?:블로그|페이지|글|게시글|게시물|포스트)|(?:블로그|글|게시글|게시물)[이가]\s?존재하지\s?않"
        r"|삭제(?:된|되었거나|된\s)|폐쇄(?:된|되었)|찾을\s?수\s?없|없는\s?(?:글|페이지|블로그)입니다"
    ),
}


def kind_of(
    document: Document, facts: Facts, own_url: str, is_article: Callable[[], bool], summary: str | None
) -> PageKind:
    """Return what a page is; the id of `<body>` alone does not tell, since skins drop it.

    Args:
        document: the page.
        facts: what Tistory's scripts say on it.
        own_url: `og:url`, else where it was fetched.
        is_article: tells whether its JSON-LD holds an article; asked where nothing cheaper tells.
        summary: its description.
    """
    body = next((found for e in document.tagged["body"] if (found := e.get("id"))), "")
    addresses = {path(document.url), path(own_url)}
    for kind, pattern in _PATHS.items():
        if any(map(pattern.fullmatch, addresses)):
            return kind
    if body in _BODIES:
        return _BODIES[body]
    if _is_entry(document, facts, own_url, is_article, body):
        return _entry_kind(document, facts, summary)
    if _CLOUD_PATH.fullmatch(path(document.url)) or document.meta("og:title") == _CLOUD_TITLE:
        return PageKind.TAGS
    if instead := _instead_of_a_blog(document):
        return instead
    is_list = body in _LIST_BODIES or document.meta("og:type") == "website" or _LIST_PATHS.fullmatch(path(document.url))
    return PageKind.LISTING if is_list else PageKind.OTHER


def _is_entry(document: Document, facts: Facts, own_url: str, is_article: Callable[[], bool], body: str) -> bool:
    """A listing may print whole posts, so the page must be said to be one post, not merely hold one."""
    kind = document.meta("og:type")
    if kind == "website" or body in _LIST_BODIES:
        return False
    if kind == "article" or document.meta("article:txid") or facts.entry_info or facts.entry:
        return True
    if post_path(document.url) and len(containers(document, skins=False)) == 1:
        return True  # a dump that lost all else: a listing never has a post's address
    declared = body == "tt-body-page" or is_article()
    return declared and bool(post_path(own_url)) and len(containers(document)) == 1


def _entry_kind(document: Document, facts: Facts, summary: str | None) -> PageKind:
    if str(facts.entry.get("entryType") or "POST").upper() != "POST":
        return PageKind.NOTICE
    if _is_protected(document, summary):
        return PageKind.PROTECTED
    # Tistory gives a private post no og:title, no author and no date (every era); its owner alone gets the page.
    unnamed = not document.meta("og:title", "by", "article:published_time")
    return PageKind.PRIVATE if (unnamed and facts.is_owner) or _is_marked_private(document) else PageKind.POST


def _is_marked_private(document: Document) -> bool:
    return document.mentions(*_PRIVATE) and any(e.get(_OWNER_STATE) == "private" for e in document.root.iter("div"))


def _is_protected(document: Document, summary: str | None) -> bool:
    asking = [e for e in document.tagged["input"] if (e.get("type") or "").lower() == "password"]
    if any(_ENTRY_PASSWORD.search(f"{e.get('name', '')} {e.get('id', '')}") and not for_comments(e) for e in asking):
        return True
    # The description of a locked post is the sentence that stands in place of its text, and nothing more.
    is_locked = (summary or "").lstrip().startswith(_PROTECTED) or not all(map(for_comments, asking))
    return is_locked and not containers(document, skins=False)


def for_comments(element: Element) -> bool:
    """Tell whether an element belongs to comments, a guestbook or a login."""
    marks = (f"{e.get('class', '')} {e.get('id', '')} {e.get('action', '')}" for e in near(element))
    return any(_COMMENTING.search(mark) for mark in marks)


def _instead_of_a_blog(document: Document) -> PageKind | None:
    """Blocked, dormant, age-gated or deleted: a page of few words that names no post."""
    if any(post_path(url) for a in islice(document.anchors, 200) if (url := document.absolute(a.get("href")))):
        return None
    text = _visible(document.root)
    said = (kind for kind, words_ in _INSTEAD.items() if words_.search(text))
    return next(said, None) if len(text) <= _FEW_WORDS else None


def _visible(root: Element) -> str:
    """The words of a page without its scripts, at most a little more than few."""
    found: list[str] = []
    for element in islice(root.iter(), 5_000):
        hidden = is_comment(element) or element.tag in ("script", "style", "noscript")
        found += [] if hidden else [element.text or ""]
        found.append(element.tail or "")
    return " ".join("".join(found).split())
