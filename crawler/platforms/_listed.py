"""Links of a listing: which anchors are its posts, what each is called and dated."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.document import Document, Element, path, words
from crawler.listing import Link, page_number
from crawler.platforms._visible import few_words, printed_date
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_ASIDE_TAGS = {"aside", "nav", "footer", "script", "style", "template", "noscript"}
_ASIDE_ROLES = {"navigation", "complementary", "contentinfo"}
# The last two: what Tistory calls the parts of the menu that a blog's owner made.
_SIDEBAR = re.compile(r"side-?bar|(?:^|[\s_-])(?:aside|gnb)(?:$|[\s_-])|blog-?menu|(?:^|\s)t_menu_", re.IGNORECASE)
# A list that only its headline marks.
_ASIDE_HEADLINE = re.compile(
    r"(?:최근|최신|인기|추천|관련|많이\s?본|이웃)\S{0,4}(?:\s\S{1,4}){0,2}\s?(?:글|댓글|포스트|게시[글물])"
    r"|(?:recent|latest|popular|related|top)\s(?:posts?|comments?|articles?|entries)", re.IGNORECASE
)
_LONGEST_HEADLINE = 20
# Stands over a list of one item as if it were the item's own: "'골목'에 해당되는 글 1건".
_LIST_HEADLINE = re.compile(r"에 해당(?:되는|하는) 글|검색\s?결과")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:side|recent|popular|comments?|repl(?:y|ies)|related|calendar|ranking|widget|another_category|"
    r"tt_category)(?:$|[\s_\d-])|(?:recent|popular|relat(?:ed|ion))-?_?(?:post|comment|entr|article)",
    re.IGNORECASE,
)
_TITLED = re.compile(r"(?:^|[\s_-])(?:tit|title|subject|headline|name)(?:$|[\s_-])|tit_post|title_", re.IGNORECASE)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "strong"}
_NEXT_WORDS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])|다음|^next|older", re.IGNORECASE)
_ITEMS = {"li", "article", "tr"}
_HEIGHT = 7
_MOST = 2_000


def anchors(
    root: Element, bodies: Iterable[Element], *, strict: bool = True, headed: bool = False
) -> Iterator[Element]:
    """Yield the anchors of the page's main part, in page order; 2,000 at most.

    Sidebars, menus and footers are left out, and what stands inside *bodies*.

    Args:
        root: the page.
        bodies: elements that hold whole posts.
        strict: leave out what is called comments, recent, popular or related posts too; some skins give their
            main list such a name.
        headed: take lists that are headed so ("최근 글"), as the main list of a front page may be.
    """
    return islice(_anchors(root, set(bodies), strict=strict, headed=headed), _MOST)


def _anchors(root: Element, inside: set[Element], *, strict: bool, headed: bool) -> Iterator[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element in inside or _is_aside(element, strict=strict) or (not headed and _is_headed_aside(element)):
            continue
        if element.tag == "a" and element.get("href"):
            yield element
        waiting.extend(child for child in reversed(element) if not is_comment(child))


def _is_aside(element: Element, *, strict: bool) -> bool:
    if element.tag in _ASIDE_TAGS or element.get("role") in _ASIDE_ROLES:
        return True
    if element.tag in ("body", "html", "main", "a"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if not _SIDEBAR.search(names) and not (strict and _ASIDE.search(names)):
        return False
    # Skins write their layout on the outermost elements: class="wrap sidebar-right".
    return element.find(".//main") is None


def _is_headed_aside(element: Element) -> bool:
    return element.tag in ("div", "section", "dl", "li") and bool(_ASIDE_HEADLINE.fullmatch(_headline(element)))


def _headline(element: Element) -> str:
    """The words of the first thing in a box, where they are few enough to be its headline."""
    first = next((child for child in element if not is_comment(child)), None)
    if first is None or (element.text or "").strip() or next(first.iter("a"), None) is not None:
        return ""
    text = few_words(first, most=_LONGEST_HEADLINE)  # a letter each
    return text if len(text) <= _LONGEST_HEADLINE else ""


def links(document: Document, found: Iterable[Element], is_post: Callable[[str], str | None]) -> list[Link]:
    """Return the posts that anchors name, each once, in page order, with title and date as printed.

    Args:
        document: the page.
        found: anchors in page order.
        is_post: gives the address to keep for a post's, None for any other.
    """
    by_url: dict[str, list[Element]] = {}
    for anchor in found:
        url = document.absolute(anchor.get("href"))
        if url and (kept := is_post(url)):
            by_url.setdefault(kept, []).append(anchor)
    owners: dict[Element, set[str]] = {}
    for url, named in by_url.items():
        for anchor in named:
            for block in islice(anchor.iterancestors(), _HEIGHT):
                owners.setdefault(block, set()).add(url)
    return [_link(url, named, owners) for url, named in by_url.items()]


def _link(url: str, named: list[Element], owners: Mapping[Element, set[str]]) -> Link:
    block = named[0]
    for parent in islice(named[0].iterancestors(), _HEIGHT):
        if len(owners.get(parent, ())) != 1 or parent.tag in ("body", "main", "section", "html"):
            break
        block = parent
        if parent.tag in _ITEMS:
            break
    inside = list(islice(block.iter(), 400))
    return Link(url=url, title=_title(named, inside), printed_date=printed_date(inside))


def _title(named: list[Element], block: list[Element]) -> str:
    """The headline of an item: Book Club tells it in an attribute, hELLO beside an empty anchor."""
    told = next((text for a in named if (text := a.get("data-tiara-name"))), None)
    if told:
        return str(told)
    inside = [e for anchor in named for e in anchor.iter() if _is_title(e)]
    # An anchor may bear a title's class itself, around the headline and a summary.
    innermost = [e for e in inside if not any(e in around.iterancestors() for around in inside)]
    links_here = set(named)
    # A headline that leads elsewhere is the blog's own: around the only post of a list, a block may reach that far.
    titled = [e for e in block if _is_title(e) and links_here.issuperset(e.iter("a"))]
    over = {inner for e in titled if _LIST_HEADLINE.search(words(e)) for inner in e.iter()}
    for e in (*innermost, *titled):
        if e not in over and (text := words(e)):
            return text
    return next((text for anchor in named if (text := words(anchor))), "")


def _is_title(element: Element) -> bool:
    named = not is_comment(element) and (element.tag in _HEADINGS or _TITLED.search(element.get("class") or ""))
    return bool(named)


def next_page(document: Document, found: Iterable[Element]) -> str | None:
    """Return the address of the same listing with the next `?page=N`, None where the page links none.

    The number decides, not the word: "next" is an icon in one skin, and has no address on the last page.
    """
    here, number = path(document.url), page_number(document.url)
    for anchor in found:
        href = anchor.get("href") or ""
        url = document.absolute(href) if "page=" in href else None
        if url and document.is_here(url) and path(url) == here and page_number(url) == number + 1:
            return url
    return None


def says_next(anchor: Element) -> bool:
    """Tell whether an anchor calls itself the way on."""
    return bool(_NEXT_WORDS.search(anchor.get("class", "")) or _NEXT_WORDS.search(words(anchor)[:20]))


def is_part(url: str, number: int, first: str) -> bool:
    """Tell whether *url* is a further page of the post at *first*: `/post/2`, `/post/page/2`, `?page=2`."""
    own, there = urlsplit(first), urlsplit(url)
    if path(url) == path(first):
        return there.query != own.query and f"page={number}" in there.query.split("&")
    return path(url) in (f"{path(first)}/{number}", f"{path(first)}/page/{number}") and bool(path(first))
