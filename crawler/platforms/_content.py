"""The element that holds a post's text on a page of no known platform, and what does not belong to the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.document import Element, Selector, has_class, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

# What themes call it, the most particular first: microformats, Blogger, Ghost, Substack, Medium exports, Hugo, Jekyll;
# then Naver's three editors (SE4, SE3, SE2) and Brunch.
_NAMED = {
    "itemprop articleBody": Selector("//*[contains(@itemprop, 'articleBody')]"),
    ".se-main-container": Selector(f"//*[{has_class('se-main-container')}]"),
    "Naver SE3 or SE2": Selector(
        f"//*[{has_class('se_component_wrap')} and {has_class('sect_dsc')}] | //*[@id='viewTypeSelector']"
    ),
    "Brunch": Selector(f"//*[{has_class('wrap_body')} and {has_class('finish_txt')}]"),
    ".entry-content or .post-content": Selector(
        f"//*[{has_class('entry-content', 'e-content', 'post-content', 'post-body', 'gh-content')}]"
    ),
    ".article-content": Selector(
        f"//*[{has_class('article-content', 'article-body', 'article__body', 'article_body')}]"
    ),
    ".post__content": Selector(
        f"//*[{has_class('post__content', 'post_content', 'blog-content', 'available-content')}]"
    ),
    ".markdown-body": Selector(f"//*[{has_class('markdown-body')}]"),
}
_BROAD = (Selector("//article[not(ancestor::article)]"), Selector("//main | //*[@role='main']"))
_PARAGRAPHS = Selector("//p | //pre | //blockquote | //li | //td")
_JUNK_TAGS = {
    "script", "style", "noscript", "template", "nav", "aside", "footer", "button", "input", "select", "textarea",
}  # fmt: skip
_JUNK_IDS = {"comments", "respond", "disqus_thread"}
_JUNK = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sharedaddy|social|addtoany|comments?|respond|related|relatedposts|jp-relatedposts|"
    r"navigation|breadcrumbs?|newsletter|subscribe|author-box|author-card|advert\w*|adsbygoogle|ad-slot|byline|"
    r"post-meta|entry-meta|entry-footer|post-footer|post-tags|screen-reader-text|wpcnt|jetpack-likes-widget\w*)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"side-?bar|comment|footer|header|nav|menu|widget|related", re.IGNORECASE)
_ENOUGH = 25


def content_rules(root: Element) -> Iterator[tuple[str, Element | None]]:
    """Yield the element that holds the post's text by each rule, the best first.

    A name that themes give it decides; else the page's only `article`, where the text is densest, or its `main`.
    """
    for name, find in _NAMED.items():
        if found := [e for e in find(root) if words(e)]:
            yield name, max(found, key=lambda e: len(words(e)))
    articles = _BROAD[0](root)
    if len(articles) == 1:
        yield "the only <article>", articles[0]
    yield "where the text is densest", densest(root)
    yield "<main>", next(iter(_BROAD[1](root)), None)


def densest(root: Element) -> Element | None:
    """Return the element whose own paragraphs hold the most text; each paragraph counts half for its grandparent."""
    scores: dict[Element, float] = {}
    for paragraph in _PARAGRAPHS(root):
        length = len(words(paragraph))
        if length < _ENOUGH or _linked(paragraph) * 2 > length:
            continue
        for weight, parent in zip((1.0, 0.5, 0.25), paragraph.iterancestors(), strict=False):
            scores[parent] = scores.get(parent, 0) + length * weight
    inside = {e: s for e, s in scores.items() if e.tag not in ("body", "html") and not _beside(e)}
    return max(inside, key=lambda e: inside[e], default=None)


def _linked(element: Element) -> int:
    return sum(len(words(link)) for link in element.iter("a"))


def _beside(element: Element) -> bool:
    own = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in ("nav", "aside", "footer", "header") or bool(_ASIDE.search(own))


def junk(element: Element, heading: str) -> str | None:
    """Return why an element of a body is none of the text: script, share buttons, comments, the headline again.

    Args:
        element: stands inside the body.
        heading: the headline without white space, which readers print themselves.
    """
    if is_comment(element):
        return "comment"
    if element.tag in _JUNK_TAGS:
        return f"<{element.tag}>"
    if element.tag in ("h1", "h2") and heading and "".join(words(element).split()) == heading:
        return "the headline again"
    if element.get("id") in _JUNK_IDS:
        return f"#{element.get('id')}"
    found = _JUNK.search(element.get("class", ""))
    return f".{found[0].strip()}" if found else None
