"""Jekyll: Alembic, Minima, Minimal Mistakes, Chirpy and other themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.document import near, words
from crawler.page import each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of

if TYPE_CHECKING:
    from crawler.document import Document, Element

_LONGEST_FEATURE = 500


def recognise(document: Document) -> bool:
    """Tell a page of Jekyll: its plugin for search engines names it, Minimal Mistakes and some footers do too."""
    if (document.meta("generator") or "").startswith("Jekyll"):
        return True
    if document.mentions("Begin Jekyll SEO tag", "Minimal Mistakes Jekyll Theme"):
        return True
    if not document.mentions("jekyllrb.com"):
        return False
    footers = (a for footer in document.root.iter("footer") for a in footer.iter("a"))
    return any("//jekyllrb.com" in (a.get("href") or "") for a in footers)


class JekyllPost(EnginePost):
    """A post that Jekyll made."""

    # Minimal Mistakes .page__content; Chirpy .post-content or .content; Minima, So Simple, Hydeout .post-content or
    # .e-content; Beautiful Jekyll .blog-post; Alembic and Hyde: the article itself
    containers = ("page__content", "post-content", "e-content", "entry-content", "blog-post", "article--post")
    clutter = classes_of(r"""
        page__share page__meta page__taxonomy page__related page__comments pagination--pager sidebar__right
        toc__menu post-tail\S* post-navigation\S* share(?:-\w+)? post-meta code-header rouge-gutter page__date
        license-wrapper blog-tags post-categories post-author utterances\S* read-more
    """)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """What the theme prints as categories: the page's head has none."""
        labels = [e for e in self.document.marked("label--category") if self._is_beside_heading(e)]  # Alembic
        yield "Alembic's labels", each_once(map(words, labels))
        linked = [a for a in self.document.anchors if "/categories/" in (a.get("href") or "") and self._is_taxonomy(a)]
        yield "link to a category", each_once(map(words, linked))
        yield from GenericPost.categories.rules(self)

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """What the theme prints as tags."""
        linked = [a for a in self.document.anchors if "/tags/" in (a.get("href") or "") and self._is_taxonomy(a)]
        yield "link to a tag", each_once(map(words, linked))
        yield from GenericPost.tags.rules(self)

    def _is_taxonomy(self, anchor: Element) -> bool:
        """Minimal Mistakes .page__taxonomy, Chirpy .post-meta and .post-tags, Beautiful Jekyll .blog-tags."""
        names = "page__taxonomy", "post-meta", "post-tags", "post-categories", "blog-tags", "post-tail-wrapper"
        blocks = set(self.document.marked(*names))
        return any(around in blocks for around in near(anchor))

    def _is_beside_heading(self, label: Element) -> bool:
        return any(e.tag == "article" for e in near(label))

    @property
    def feature_text(self) -> str | None:
        """The text on Alembic's banner (`feature_text` in the front matter), as far as the page shows it."""
        banners = (e for e in self.document.marked("feature") if e.tag in ("div", "header", "section"))
        text = next((said for e in banners if (said := words(e))), None)
        return text if text and len(text) <= _LONGEST_FEATURE else None


PLATFORM = Platform(
    recognise=recognise, post_page=JekyllPost, list_page=GenericList, feed="/feed.xml", sitemap="/sitemap.xml"
)
