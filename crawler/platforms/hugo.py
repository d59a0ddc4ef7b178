"""Hugo: PaperMod, Stack, Ananke and other themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.document import words
from crawler.page import each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of

if TYPE_CHECKING:
    from crawler.document import Document, Element


def recognise(document: Document) -> bool:
    """Tell a page of Hugo, which names itself on the front page, and on others where the theme does."""
    if (document.meta("generator") or "").startswith("Hugo"):
        return True
    if not document.mentions("gohugo.io"):
        return False
    footers = (e for footer in document.root.iter("footer") for e in footer.iter("a"))
    return any("//gohugo.io" in (a.get("href") or "") for a in footers)


_SECTIONS = {"post", "posts", "blog", "article", "articles"}  # names of folders, which its own template declares


class HugoPost(EnginePost):
    """A post that Hugo made."""

    # PaperMod, Even, Terminal .post-content; Stack .article-content; Ananke .nested-copy-line-height; Blowfish and
    # Congo .article-content or .prose; Beautiful Hugo .blog-post; LoveIt, DoIt, Coder: where the text is
    containers = (
        "post-content", "article-content", "nested-copy-line-height", "entry-content", "post__content", "blog-post",
        "article-body", "editor-content", "prose",
    )  # fmt: skip
    clutter = classes_of(r"""
        paginav share-buttons toc post-footer post-tags article-header article-footer related-content anchor hanchor
        lnt lntd-first copy-code post-toc post-copyright post-reward article-toc terms-tags breadcrumbs post-nav
    """)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """The categories that the theme links near the post; the first is the post's own."""
        for rule, told in GenericPost.categories.rules(self):
            yield rule, tuple(name for name in told if name.lower() not in _SECTIONS)
        yield "link to a category", each_once(map(words, self._terms("/categories/", "/category/")))[:1]

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags that the theme links below or above the post."""
        yield "link to a tag", each_once(map(words, self._terms("/tags/", "/tag/")))
        yield from GenericPost.tags.rules(self)

    def _mend(self, text: Element) -> None:
        for table in [e for e in text.iter("table") if "lntable" in (e.get("class") or "")]:  # numbers beside the code
            code, around = list(table.iter("pre")), table.getparent()
            if code and around is not None:
                code[-1].tail = table.tail
                around.replace(table, code[-1])

    def _terms(self, *parts: str) -> list[Element]:
        """Links to a term inside the article: menus and clouds stand elsewhere."""
        articles = list(self.document.root.iter("article", "main"))
        inside = (a for article in articles[:1] for a in article.iter("a"))
        return [a for a in inside if any(part in (a.get("href") or "") for part in parts) and _is_short(a)]


def _is_short(anchor: Element) -> bool:
    return 0 < len(words(anchor)) <= 40  # noqa: PLR2004


PLATFORM = Platform(
    recognise=recognise, post_page=HugoPost, list_page=GenericList, feed="/index.xml", sitemap="/sitemap.xml"
)
