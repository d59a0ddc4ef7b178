"""What themes and plugins put into the very element that holds a post's text: it is none of the text."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.document import Element, near, words
from crawler.platforms._visible import printed_date
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TAGS = {
    "script", "style", "noscript", "template", "nav", "aside", "footer", "button", "input", "select", "textarea",
    "dialog",
}  # fmt: skip
_ANCHORS = {"#", "¶", "§", "🔗", "link", "permalink"}
# Plugins give headlines names by what they say, such as "comments".
_TEXTS = {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "blockquote", "table", "figure", "strong", "em"}
_IDS = {"comments", "respond", "disqus_thread", "jp-post-flair", "author-box", "toc", "toc_container", "giscus"}
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shariff\w*|shares|sharedaddy|social|socials|addtoany\w*|a2a_kit|comments?|respond|related|"
    r"related-?posts?|jp-relatedposts|yarpp\w*|navigation|pagination|pager|page-links|breadcrumbs?|newsletter\w*|"
    r"subscribe\w*|subscription-widget\w*|author-?(?:box|card|bio|info)|about-author|advert\w*|adsbygoogle|"
    r"ad-slot|ad-container|adsense|byline|by-line|post-?meta|entry-?meta|article-?meta|meta-?data|post-?info|"
    r"entry-?footer|entry-?header|post-?header|article-?header|post-?footer|article-?footer|post-?tags|tags-?links|"
    r"tag-?list|cat-links|screen-reader-text|sr-only|visually-hidden|wpcnt|jetpack-likes-widget\w*|sd-like|post-views|"
    r"wp-block-post-(?:title|date|author\w*|terms|featured-image|navigation-link|comments)|reading-time|post-ratings|"
    r"ez-toc-container|lwptoc|rank-math-toc|wp-block-table-of-contents|copy-?(?:btn|button|code)|print-only|no-print|"
    r"skip-link|edit-link|cookie\w*|popup|modal|trackbacks?)(?:$|[\s_-])"
    r"|(?:^|\s)(?:header-?anchor|header-?link|anchor-?link|headerlink|hash-link|permalink)(?:$|\s)",
    re.IGNORECASE,
)
_AUTHOR_BOX = re.compile(r"(?:^|[-_])author-?(?:box|bio)(?:$|[-_])", re.IGNORECASE)
_TOC = re.compile(r"(?:^|[\s_-])(?:toc|table-of-contents|tableofcontents)(?:$|[\s_-])", re.IGNORECASE)
# Headlines that end a post: what follows them in the same box is the theme's.
_ENDING = re.compile(
    r"(?:(?:you (?:may|might) (?:also )?(?:like|enjoy)|related|similar|recent|(?:most )?popular|recommended|more) ?"
    r"(?:posts?|articles?|reading|stories|items|content|topics|this)?|more from .{2,30}|"
    r"share (?:this|on|with).{0,30}|share|leave a (?:reply|comment)|"
    r"comments?|\d+ comments?|like this|(?:tags?|categor(?:y|ies)|filed under)|see also|read (?:more|next)|"
    r"(?:about|written by) the author|previous post|next post|"
    r"(?:관련|추천|최근|다른|이전|다음|인기|많이 본)\s?(?:글|포스트|포스팅|게시[글물]|기사|뉴스)(?:\s?보기)?|"
    r"함께\s?(?:보면|읽으면)\s?좋은\s?글|関連記事|おすすめ記事|相关(?:阅读|推荐|新闻|文章)|"
    r"댓글(?:\s?\d+개?)?|(?:이 글 )?공유하기|태그)\s*[:…]?",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_META = re.compile(
    r"(?:^|[\s_-])(?:meta|date|time|author|byline|by-line|info|categor\w+|tags?|details|published)(?:$|[\s_-])",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"(?:about |approx\.? )?\d{1,3}\s?(?:min(?:ute)?s?|분)(?: (?:to )?read(?:ing)?(?: time)?| 읽기)?\W*|"
    r"reading time.{0,12}",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\W{0,3}(?:prev(?:ious)?|next|older|newer|이전|다음)\b.{0,120}", re.IGNORECASE)
_LONGEST_META = 200
_MOST = 0.3
_NEARLY_ALL = 0.8
_SMALL = 150  # letters: a row of buttons may be longer than a short post
_LAST = 8
_LISTS = ("div", "section", "ul", "ol", "dl", "table")
_TEASERS = 3
_WORDS_OF_LINKS = 0.6
_WRAPPERS = 20
_INLINE = {"a", "span", "i", "em", "strong", "b", "svg", "img", "small"}


def junk(element: Element, heading: str, length: int) -> str | None:
    """Return why an element of a body is none of the text: script, share buttons, comments, the headline again.

    Args:
        element: stands inside the body.
        heading: the headline without white space, which readers print themselves.
        length: letters of the whole body: what holds a third of them is the text, whatever it is called.
    """
    if is_comment(element):
        return "comment"
    return _by_itself(element, heading) or (None if element.tag in _TEXTS else _by_name(element, length))


def _by_itself(element: Element, heading: str) -> str | None:
    if element.tag in _TAGS:
        return f"<{element.tag}>"
    if element.tag in ("h1", "h2") and heading and "".join(words(element).split()) == heading:
        return "the headline again"
    is_anchor = element.tag == "a" and (element.get("href") or "").startswith("#") and words(element) in _ANCHORS
    return "the sign of a headline's own address" if is_anchor else None


def _by_name(element: Element, length: int) -> str | None:
    name, labels = element.get("id"), element.get("class", "")
    is_named = name is not None and (name in _IDS or _AUTHOR_BOX.search(name) is not None)
    found = name if is_named else (match := _NAMES.search(labels)) and match[0].strip()
    if not found and (_TOC.search(labels) or _TOC.search(name or "")) and _is_links(element):
        found = "toc"
    if not found and element.tag == "form":
        found = "form"
    if not found or len(words(element)) > max(_MOST * length, min(_SMALL, _NEARLY_ALL * length)):
        return None
    return f"{'#' if is_named else '.'}{found}"


def _is_links(element: Element) -> bool:
    linked = sum(len(words(a)) for a in element.iter("a"))
    return linked > 0 and linked * 4 >= len(words(element)) * 3 - 80


def before_and_after(text: Element, heading: str) -> Iterator[tuple[str, Element]]:
    """Yield what stands before a post's first paragraph and behind its last: reason, element.

    Args:
        text: a copy of the body.
        heading: the headline without white space.
    """
    length = len(words(text))
    blocks = list(_blocks(text))
    yield from _head(blocks, heading, length)
    yield from _ending(text, length)
    yield from _tail(blocks)


def teasers(text: Element, is_own: Callable[[str], bool]) -> Iterator[tuple[str, Element]]:
    """Yield lists of links to other pages of the site that stand in a column of text: reason, element.

    Such a list has a class or an id, which those that an author writes between paragraphs have not; at least three
    links, nearly all of them to pages of the same site; and hardly any words that are no link.

    Args:
        text: a copy of the body.
        is_own: whether an address is another page of the site.
    """
    whole = len(words(text))
    held: dict[Element, list[tuple[str, str]]] = {}  # what the links in each box say, and where those of the site lead
    for link in text.iter("a"):
        if said := words(link):
            url = link.get("href") or ""
            for box in near(link):
                held.setdefault(box, []).append((said, url if is_own(url) else ""))
    taken: set[Element] = set()
    for box in text.iter(*_LISTS):
        if box.getparent() in taken:
            taken.add(box)
        elif box is not text and (box.get("class") or box.get("id")) and _is_teaser(box, held.get(box, []), whole):
            taken.add(box)
            yield "links to other posts", box
            if (head := _left_alone(box)) is not None:
                yield "headline of links to other posts", head


def _is_teaser(box: Element, links: list[tuple[str, str]], whole: int) -> bool:
    own = [(said, url) for said, url in links if url]
    if len({url for _, url in own}) < _TEASERS or len(own) < _NEARLY_ALL * len(links):
        return False
    size = len(words(box))
    return size * 2 <= whole and sum(len(said) for said, _ in own) >= _WORDS_OF_LINKS * size


def _left_alone(box: Element) -> Element | None:
    """The headline over *box* where nothing but a further headline follows."""
    head, after = box.getprevious(), box.getnext()
    is_last = after is None or after.tag in _HEADINGS
    return head if is_last and head is not None and head.tag in _HEADINGS else None


def _blocks(text: Element) -> Iterator[Element]:
    """The pieces of a body in its order: wrappers that hold more than half of it are gone through."""
    whole, box = len(words(text)), text
    before: list[Element] = []
    after: list[Element] = []
    for _ in range(_WRAPPERS):
        children = [child for child in box if not is_comment(child)]
        place = next((n for n, child in enumerate(children) if _wraps(child, whole)), None)
        if place is None:
            break
        before += children[:place]
        after = children[place + 1 :] + after
        box = children[place]
    return iter((*before, *(child for child in box if not is_comment(child)), *after))


def _wraps(element: Element, whole: int) -> bool:
    return element.tag in ("div", "section", "article", "main", "header") and len(words(element)) * 2 > whole


def _head(blocks: list[Element], heading: str, length: int) -> Iterator[tuple[str, Element]]:
    start = next((n for n, block in enumerate(blocks[:_LAST]) if heading and _holds_heading(block, heading)), -1)
    for number, block in enumerate(blocks[: max(start + 1, _LAST)]):
        small = (size := len(words(block))) <= _LONGEST_META and size * 4 < max(length, 400)
        if number <= start:
            if small:
                yield "above the headline", block
        elif not small or not _is_meta(block):
            if size or next(block.iter("img", "pre", "iframe"), None) is not None:
                return
        else:
            yield "date or author above the text", block


def _holds_heading(block: Element, heading: str) -> bool:
    heads = (block, *block.iter(*_HEADINGS)) if block.tag not in _HEADINGS else (block,)
    return any(e.tag in _HEADINGS and "".join(words(e).split()) == heading for e in heads)


def _is_meta(block: Element) -> bool:
    if block.tag == "time" or next(block.iter("time", "address"), None) is not None:
        return True
    text = words(block)
    if not text or next(block.iter("img"), None) is not None:
        return False
    labels = f"{block.get('class', '')} {block.get('id', '')}"
    if _META.search(labels) or _READING_TIME.fullmatch(text):
        return True
    return len(text) <= 80 and text[-1:] not in ".!?…다요" and printed_date(islice(block.iter(), 20)) is not None  # noqa: PLR2004


def _ending(text: Element, length: int) -> Iterator[tuple[str, Element]]:
    for head in text.iter(*_HEADINGS, "strong", "b", "p", "div"):
        said = words(head) if all(child.tag in _INLINE for child in head) else ""
        if not said or len(said) > 40 or not _ENDING.fullmatch(said):  # noqa: PLR2004
            continue
        if head.tag not in _HEADINGS and not _is_links_after(head):
            continue
        rest = [head, *(e for e in head.itersiblings() if not is_comment(e))]
        if sum(len(words(e)) for e in rest) <= _MOST * length and _links_or_nothing(rest[1:]):
            yield from ((f"under “{said}”", e) for e in rest)


def _is_links_after(head: Element) -> bool:
    after = head.getnext()
    return after is not None and after.tag in ("ul", "ol", "div", "nav") and _is_links(after)


def _links_or_nothing(rest: list[Element]) -> bool:
    return all(_is_links(e) or not words(e) for e in rest)


def _tail(blocks: list[Element]) -> Iterator[tuple[str, Element]]:
    for block in reversed(blocks[-_LAST:]):
        said = words(block)
        if not said:
            if next(block.iter("img", "iframe", "video", "audio"), None) is not None:
                return
            continue
        if len(said) > _LONGEST_META or not (_is_links(block) and _is_way_on(block, said)):
            return
        yield "the way to other posts", block


def _is_way_on(block: Element, said: str) -> bool:
    rels = {rel for a in block.iter("a") for rel in (a.get("rel") or "").split()}
    return bool(rels & {"prev", "next", "tag", "category"} or _NEXT.match(said))
