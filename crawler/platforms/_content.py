"""The element that holds a post's text on a page of no known platform: by the name it has, else by where text is."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.document import Document, Element, Selector, near, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ARTICLE_BODY = Selector("//*[contains(@itemprop, 'articleBody')]")
# What themes call it, the most particular first. Those of one line are equals: the one with the most text is it.
_NAMED = (
    # WordPress and microformats, Blogger, Ghost, Substack, Hexo's themes
    ("entry-content", "e-content", "post-content", "post-body", "gh-content", "available-content", "article-entry",
     "td-post-content", "entry_content", "entry__content", "single-content", "post-entry", "post_body", "post__body"),
    # news and magazine themes, Squarespace, Webflow
    ("article-content", "article-body", "article__body", "article__content", "article_body", "articlebody",
     "story-body", "blog-item-content", "w-richtext", "blog-post-content", "c-content", "single-post-content"),
    ("post__content", "post_content", "blog-content", "postcontent", "post-text", "content-body", "editor-content",
     "rich-text", "article-text", "article-post", "post-article", "post-detail-content", "prose"),
    # XpressEngine and Rhymix, Gnuboard, the editors of Korean boards
    ("xe_content", "rhymix_content", "fr-view", "ck-content", "article_view", "view_content", "board-content"),
    ("markdown-body", "markdown", "notion-page-content"),
)  # fmt: skip
_NAMED_IDS = ("bo_v_con", "articleBody", "article-body", "post-content", "post-body")
_ARTICLES = Selector("//article[not(ancestor::article)]")
_MAINS = Selector("//main | //*[@role='main']")
_LEAVES = {"p", "pre", "blockquote", "li", "dd", "dt", "ul", "ol", "dl", "figure", "a", "span", "h1", "h2", "h3", "h4"}
_TABLES = {"table", "tbody", "tr"}
_PARAGRAPHS = {"p", "pre", "blockquote", "li", "td", "dd"}
_BOXES = {"div", "section", "article", "main", "td", "center"}
_HIDDEN_TAGS = {"nav", "aside", "footer", "script", "style", "noscript", "template", "button", "select", "head"}
_OUTERMOST = {"html", "body", "main", "article"}
BESIDE = re.compile(
    r"(?:^|[\s_-])(?:(?<!has-)(?<!no-)(?<!with-)side-?bar(?!-(?:left|right|none))|comments?|commentlist|footer|masthead|nav|navbar|navigation|menu|related\w*|recommend\w*|"
    r"newsletter\w*|subscri\w+|cookies?|popup|modal|promo|share|sharing|social|author-?(?:box|bio|info|card)|breadcrumbs?|"
    r"pagination|pager|toc|adsbygoogle|advert\w*|sponsor\w*|disqus\w*|respond|trackbacks?|pingbacks?|sr-only|"
    r"(?<!elementor-)widget(?:-area)?s?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ENOUGH = 25
_SHARE = 0.75
_LITTLE = 0.3


def content_rules(document: Document) -> Iterator[tuple[str, Element | None]]:
    """Yield the element that holds the post's text by each rule, the best first.

    A name that themes give it decides, unless most of the page's text stands elsewhere; then where the text is, then
    the page's only `article`, then its `main`.
    """
    densest = where_text_is(document.root)
    least = _LITTLE * len(words(densest)) if densest is not None else 0
    for name, elements in _named(document):
        held = [(len(words(e)), e) for e in elements]
        length, found = max(held, key=lambda pair: pair[0], default=(0, None))
        if length and length >= least:
            yield name, found
    articles = _ARTICLES(document.root)
    if len(articles) == 1 and len(words(articles[0])) >= least:
        yield "the only <article>", articles[0]
    yield "where the text is", densest
    yield "<main>", next(iter(_MAINS(document.root)), None)


def _named(document: Document) -> Iterator[tuple[str, list[Element]]]:
    if document.mentions("articleBody"):
        yield "itemprop articleBody", _ARTICLE_BODY(document.root)
    for names in _NAMED:
        yield f".{names[0]} or the like", document.marked(*names)
    for name in _NAMED_IDS:
        yield f"#{name}", document.named(name)


def where_text_is(root: Element) -> Element | None:
    """Return the innermost box that holds nearly all of the page's paragraphs; None where there are none.

    From the page inwards, as long as one box holds three quarters of what the one around it holds. What is mostly
    links, and what stands in a sidebar, a list of comments or the like, does not count.
    """
    sums: dict[Element, int] = {}
    inside: dict[Element, list[Element]] = {}
    for paragraph, length in _paragraphs(root):
        path = [paragraph, *near(paragraph)]
        for child, around in pairwise(path):
            if child not in sums:  # the first time that it is met
                inside.setdefault(around, []).append(child)
            sums[child] = sums.get(child, 0) + length
        sums[root] = sums.get(root, 0) + length
    if not sums:
        return None
    box = root
    while nexts := [e for e in inside.get(box, ()) if e.tag not in _LEAVES and sums[e] >= _SHARE * sums[box]]:
        box = nexts[0]
    while box.tag in _TABLES and (outer := box.getparent()) is not None:
        box = outer
    return None if box.tag in ("html", "body") and sums[root] < 10 * _ENOUGH else box


def _paragraphs(root: Element) -> Iterator[tuple[Element, int]]:
    """Yield what holds text itself, and how many letters of it, that is no link."""
    hidden: set[Element] = set()
    taken: set[Element] = set()
    for element in root.iter("*"):
        parent = element.getparent()
        if parent in hidden or is_beside(element):
            hidden.add(element)
            continue
        if parent in taken:
            taken.add(element)
            continue
        if element.tag in _PARAGRAPHS:
            length = len(words(element))
            taken.add(element)
        elif element.tag in _BOXES:  # text parted by <br> alone
            length = _own_letters(element)
        else:
            continue
        if length >= _ENOUGH and _linked(element.iter("a")) * 2 <= length:
            yield element, length


def _own_letters(element: Element) -> int:
    return len((element.text or "").strip()) + sum(
        len((child.tail or "").strip()) + (len(words(child)) if child.tag in ("b", "strong", "em", "i", "span") else 0)
        for child in element if not is_comment(child)
    )  # fmt: skip


def _linked(anchors: Iterable[Element]) -> int:
    return sum(len(words(link)) for link in anchors)


def is_beside(element: Element) -> bool:
    """Tell whether an element is called something that stands beside a post's text."""
    if element.tag in _HIDDEN_TAGS:
        return True
    if element.tag in _OUTERMOST:
        return False
    labels = element.get("class"), element.get("id")
    if not any(label and BESIDE.search(label) for label in labels):
        return False
    # Themes write their layout on wrappers: class="content sidebar".
    return next(element.iter("main", "h1"), None) is None
