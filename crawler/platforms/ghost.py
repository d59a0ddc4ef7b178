"""Ghost: Casper and other themes, every version that names itself."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from crawler.document import words
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of, is_paid
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of

if TYPE_CHECKING:
    from crawler.document import Document

_ID = re.compile(r"[0-9a-f]{24}")
_ID_ATTRIBUTES = ("data-post-id", "data-attribution-id", "data-id")
_PORTAL = ("/portal/portal.min.js", "/ghost/portal@", "/ghost-portal", "/public/cards.min", "/ghost/sodo-search@")


def recognise(document: Document) -> bool:
    """Tell a page of Ghost: it puts its name and its scripts into every theme's head."""
    if (document.meta("generator") or "").startswith("Ghost"):
        return True
    if not document.mentions("ghost", "/public/cards.min"):
        return False
    return any(mark in url for url in (*document.script_addresses, *document.link("stylesheet")) for mark in _PORTAL)


class GhostPost(EnginePost):
    """A post of Ghost."""

    containers = (
        "gh-content", "post-full-content", "kg-canvas", "article-content", "c-content", "post-content",
        "single-content", "c-post-content", "post__content",
    )  # fmt: skip
    # Cards of its editor: what they show beside the author's words, and forms to subscribe by.
    clutter = classes_of(r"""
        kg-bookmark-description kg-bookmark-metadata kg-signup-card\S* kg-audio-player\S*
        kg-audio-hide kg-video-player\S* kg-video-overlay kg-file-card-icon kg-product-card-rating-\S+
        gh-(?:subscribe|cta|signup|article-tag|byline|post-upgrade-cta)\S* post-full-(?:header|footer|comments)\S*
        subscribe-form\S* footnote-anchor m-share (?:post-)?read-next\S* author-card
    """)
    kinds: ClassVar = {
        "page-template": PageKind.NOTICE, "home-template": PageKind.LISTING, "tag-template": PageKind.LISTING,
        "author-template": PageKind.LISTING, "paged": PageKind.LISTING, "error-template": PageKind.GONE,
        "post-template": PageKind.POST,
    }  # fmt: skip

    @cached_property
    def kind(self) -> PageKind:
        """What `<body>` says; a post for subscribers shows a part of itself."""
        kind = super().kind
        closed = is_paid(self._article) or bool(self.document.marked("gh-post-upgrade-cta", "post-upgrade-cta"))
        return PageKind.PROTECTED if kind == PageKind.POST and closed else kind

    @cached_property
    def key(self) -> str | None:
        """`ghost:<post id>`, where the theme shows comments or a script names it."""
        for element in self.document.root.iter("script", "article", "section", "div", "form"):
            for name in _ID_ATTRIBUTES:
                if _ID.fullmatch(element.get(name) or ""):
                    return f"ghost:{element.get(name)}"
        return None

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """It has tags alone."""
        yield "Ghost has none", ()

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """Every tag as its head names them; themes print the first alone."""
        yield "article:tag", each_once(self.document.metas("article:tag"))
        yield from GenericPost.tags.rules(self)

    @property
    def feature_text(self) -> str | None:
        """The line below the headline, which only some themes show; the head has it where the author wrote one."""
        marked = self.document.marked("gh-article-excerpt", "article-excerpt", "post-full-custom-excerpt")
        return next((text for e in marked if (text := words(e))), None)


PLATFORM = Platform(
    recognise=recognise, post_page=GhostPost, list_page=GenericList, feed="/rss/", sitemap="/sitemap-posts.xml"
)
