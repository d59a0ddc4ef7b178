"""The element that holds a post's text on a page of no known platform: by the name it has, else by where text is."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from crawler.document import Document, Element, Selector, near, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
_NAMED_IDS = (
    "bo_v_con", "articleBody", "articlebody", "article-body", "article_body", "artibody", "post-content", "post-body",
    "newsct_article", "dic_area", "endText",
)  # fmt: skip
_ALL_NAMED = frozenset(name for names in _NAMED for name in names)
_ARTICLES = Selector("//article[not(ancestor::article)]")
_MAINS = Selector("//main | //*[@role='main']")
_LEAVES = {"p", "pre", "blockquote", "li", "dd", "dt", "ul", "ol", "dl", "figure", "a", "span", "h1", "h2", "h3", "h4"}
_TABLES = {"table", "tbody", "tr"}
_PARAGRAPHS = {"p", "pre", "blockquote", "li", "td", "dd"}
_BOXES = {"div", "section", "article", "main", "td", "center"}
_HIDDEN_TAGS = {"nav", "aside", "footer", "script", "style", "noscript", "template", "button", "select", "head"}
_OUTERMOST = {"html", "body", "main", "article"}
BESIDE = re.compile(
    r"(?:^|[\s_-])(?:(?<!has-)(?<!no-)(?<!with-)(?<!fixed-)side-?bar(?!-(?:left|right|none|layout))|comments?|commentlist|footer|foot|copyright|masthead|nav|navbar|navigation|menu|related\w*|recommend\w*|"
    r"newsletter\w*|subscri\w+|cookie\w*|cmp\w*|consent\w*|gdpr\w*|onetrust\w*|didomi\w*|popup|modal|promo|"
    r"share|sharing|social|author-?(?:box|bio|info|card)|breadcrumbs?|"
    r"pagination|pager|toc|adsbygoogle|advert\w*|sponsor\w*|disqus\w*|respond|trackbacks?|pingbacks?|sr-only|"
    r"(?<!elementor-)widget(?:-area)?s?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\bh-?entry\b")  # microformats: the post with its headline and all, its text stands within
_STANDFIRST = re.compile(
    r"(?:^|[\s_-]|article)(?:intro|lead|lede|standfirst|subtitle|sub-?headline|dek|summary|chapo|vorspann)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FEW = 8
_ENOUGH = 25
_SHARE = 0.75
_LITTLE = 0.3
_PIECES = 1.25
_LONG = 500  # letters: more than the first words of a related post


def content_rules(document: Document) -> Iterator[tuple[str, Element | None]]:
    """Yield the element that holds the post's text by each rule, the best first.

    A name that themes give it decides, unless most of the page's text stands elsewhere; then where the text is, then
    the page's only `article`, then its `main`.
    """
    own = _own_article(document)
    densest = where_text_is(document.root if own is None else own)
    least = _LITTLE * _letters(densest) if densest is not None else 0
    for name, elements in _named(document):
        found = _whole(elements if own is None else [e for e in elements if own in near(e)])
        if found is not None and _letters(found) >= max(least, 1):
            yield name, found
    articles = [own] if own is not None else _ARTICLES(document.root)
    if len(articles) == 1 and _letters(articles[0]) >= least:
        yield "the only <article>", articles[0]
    yield "where the text is", densest
    yield "<main>", next(iter(_MAINS(document.root)), None)


def _own_article(document: Document) -> Element | None:
    """The article of this page where others follow it whole, as pages that grow while they are scrolled have them."""
    several = [article for article in _ARTICLES(document.root) if len(words(article)) >= _LONG]
    if len(several) <= 1:
        return None
    told = [_squeezed(text) for text in (document.meta("og:title"), document.head_title) if text]
    heads = {article: [_squeezed(words(head)) for head in article.iter("h1", "h2")] for article in several}
    own = [article for article in several if any(head and head in text for head in heads[article] for text in told)]
    return own[0] if len(own) == 1 else None


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _named(document: Document) -> Iterator[tuple[str, list[Element]]]:
    if document.mentions("articleBody"):
        yield "itemprop articleBody", _ARTICLE_BODY(document.root)
    for names in _NAMED:
        yield f".{names[0]} or the like", document.marked(*names)
    for name in _NAMED_IDS:
        yield f"#{name}", document.named(name)


def is_column(element: Element) -> bool:
    """Whether *element* has no name that themes give a post's text: a column of the page, with what else is in it."""
    labels = (element.get("class") or "").split()
    named = not _ALL_NAMED.isdisjoint(labels) or element.get("id") in _NAMED_IDS
    return not named and "articleBody" not in (element.get("itemprop") or "")


def is_apart(element: Element, letters: int) -> bool:
    """Tell whether a small part of a column of so many *letters* is called what stands beside a text."""
    return not is_comment(element) and is_beside(element) and len(words(element)) <= _LITTLE * letters


def _letters(element: Element) -> int:
    """How many letters an element shows."""
    return len(words(element)) - sum(len(words(unseen)) for unseen in element.iter("script", "style", "noscript"))


def _whole(elements: list[Element]) -> Element | None:
    """The element of equal names that has the most text; what is around all of them where a post was cut in pieces.

    Magazines put advertisements between the pieces of one post, each piece in a wrapper of the same name.
    """
    within = {around for element in elements for around in near(element)}
    inmost = [e for e in elements if e not in within or not _ENTRY.search(e.get("class") or "")]
    held = {element: _letters(element) for element in inmost}
    longest = max(held, key=held.__getitem__, default=None)
    if longest is None:
        return None
    like = [e for e in held if e.get("class") == longest.get("class") and e.tag == longest.tag]
    pieces = [e for e in like if not any(around in held for around in near(e))]
    if len(pieces) == 1 or sum(held[e] for e in pieces) < _PIECES * held[longest]:
        return longest
    shared = set(near(pieces[0])).intersection(*(near(e) for e in pieces[1:]))
    box = next((e for e in near(pieces[0]) if e in shared), longest)
    is_one = box.tag not in ("body", "html", "main") and len(list(box.iter("article", "h1"))) <= 1
    return box if is_one and sum(held[e] for e in pieces) >= _SHARE * _letters(box) else longest


def where_text_is(root: Element) -> Element | None:
    """Return the innermost box that holds nearly all of the page's paragraphs; None where there are none.

    From the page inwards, as long as one box holds three quarters of what the one around it holds. What is mostly
    links, and what stands in a sidebar, a list of comments or the like, does not count.
    """
    sums: dict[Element, int] = {}
    inside: dict[Element, list[Element]] = {}
    for paragraph, length in _paragraphs(root) or _paragraphs(root, by_name=False):
        for child, around in pairwise((paragraph, *near(paragraph))):
            if child not in sums:  # the first time that it is met
                inside.setdefault(around, []).append(child)
            sums[child] = sums.get(child, 0) + length
            if around is root:
                break
        sums[root] = sums.get(root, 0) + length
    if not sums:
        return None
    box = root
    headed = any(next(head.iter("a"), None) is None for head in root.iter("h1"))  # a blog's name leads home
    while (part := _main_part(inside.get(box, []), sums, _SHARE * sums[box], headed=headed)) is not None:
        box = part
    while box.tag in _TABLES and (outer := box.getparent()) is not None:
        box = outer
    return None if box.tag in ("html", "body") and sums[root] < 10 * _ENOUGH else box


def _main_part(
    parts: list[Element], sums: Mapping[Element, int], least: float, *, headed: bool
) -> Element | None:
    """The box among *parts*, in page order, that holds so many letters; None where its standfirst is before it.

    Magazines set a post's first words between its headline and the box of its text. Where the headline stands in that
    box, such words before it are the blog's.
    """
    place = next((n for n, part in enumerate(parts) if part.tag not in _LEAVES and sums[part] >= least), None)
    if place is None:
        return None
    is_cut = headed and any(map(_is_standfirst, parts[:place])) and next(parts[place].iter("h1"), None) is None
    return None if is_cut else parts[place]


def _is_standfirst(part: Element) -> bool:
    some = (part, *islice(part.iter("*"), _FEW))
    return any(_STANDFIRST.search(f"{e.get('class', '')} {e.get('id', '')}") for e in some)


def _paragraphs(root: Element, *, by_name: bool = True) -> list[tuple[Element, int]]:
    """What holds text itself, and how many letters of it, that is no link.

    Args:
        root: the page.
        by_name: whether what is called a sidebar and the like is left out; a wrapper of everything may be called so.
    """
    found: list[tuple[Element, int]] = []
    hidden: set[Element] = set()
    taken: set[Element] = set()
    for element in root.iter("*"):
        parent = element.getparent()
        if parent in hidden or (is_beside(element) if by_name else element.tag in _HIDDEN_TAGS):
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
            found.append((element, length))
    return found


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
