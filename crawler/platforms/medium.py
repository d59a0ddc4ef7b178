"""Medium, on medium.com and on domains of its publications."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.document import Element, host, path, words
from crawler.listing import SiteInfo
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of, is_paid
from crawler.platforms._shared_host import home_on
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from crawler.document import Document

_POST = re.compile(r"(?:.*-|/p/|/[^/]+/)([0-9a-f]{9,12})")
_APP = re.compile(r"medium://p/([0-9a-f]{9,12})")
_ASSETS = ("cdn-client.medium.com", "cdn-static-1.medium.com", "glyph.medium.com")
_TAG = re.compile(r"/tag(?:ged)?/")
_KEYWORD = re.compile(r"^(?:Tag|Topic):", re.IGNORECASE)


def recognise(document: Document) -> bool:
    """Tell a page of Medium by its host, its app, or its server of files."""
    name = host(document.url)
    if name == "medium.com" or name.endswith(".medium.com"):
        return True
    if document.meta("al:android:package") == "com.medium.reader":
        return True
    if not document.mentions("medium.com"):
        return False
    return any(mark in url for url in (*document.script_addresses, *document.link("stylesheet")) for mark in _ASSETS)


class MediumPost(EnginePost):
    """A story of Medium, as its server sends it."""

    containers = ("postArticle-content", "section-content")
    clutter = classes_of(r"""
        speechify-ignore pw-(?:multi-vote|responses|copy-link|audio)\S* graf--title graf--kicker pw-post-title
        js-postMetaLockup uiScale-ui--small
    """)

    @cached_property
    def kind(self) -> PageKind:
        """A story's address ends with its id; one for members shows a part of itself."""
        if self._id is None or not (self._article or self.document.meta("og:type") == "article"):
            return PageKind.LISTING if self.document.meta("og:type") != "article" else PageKind.OTHER
        return PageKind.PROTECTED if is_paid(self._article) else PageKind.POST

    @cached_property
    def _id(self) -> str | None:
        told = _APP.fullmatch(self.document.meta("al:android:url") or "") or _POST.fullmatch(path(self.document.url))
        return told[1] if told else None

    @cached_property
    def key(self) -> str | None:
        """`medium:<story id>`."""
        return f"medium:{self._id}" if self._id else None

    @first_of
    def url(self) -> Rules[str | None]:
        """Its address without the marks of where a reader came from."""
        yield from ((rule, _plain(url) if url else None) for rule, url in GenericPost.url.rules(self))

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline; what is declared ends with the author's and the publication's name."""
        heads = [e for e in self.document.root.iter("h1") if e.get("data-testid") == "storyTitle"]
        heads += self.document.marked("graf--title")
        yield "the story's headline", next((text for e in heads if (text := words(e))), None)
        yield from GenericPost.title.rules(self)

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """It has tags alone."""
        yield "Medium has none", ()

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags below a story."""
        tagged = (a for a in self.document.anchors if _TAG.search(a.get("href") or ""))
        yield "links to its tags", each_once(map(words, tagged))
        told = self._article.get("keywords")
        named = [str(word) for word in told if _KEYWORD.match(str(word))] if isinstance(told, list) else []
        yield "JSON-LD keywords", each_once(_KEYWORD.sub("", word) for word in named)

    @property
    def feature_text(self) -> str | None:
        """The line below the headline."""
        marked = self.document.marked("pw-subtitle-paragraph", "graf--subtitle")
        return next((text for e in marked if (text := words(e))), None)

    def _junk(self, element: Element) -> str | None:
        told = element.get("data-testid") or ""
        if told in ("storyTitle", "authorPhoto", "authorName", "storyReadTime", "storyPublishDate", "headerClapButton"):
            return f"data-testid {told}"
        return super()._junk(element)

    def _mend(self, text: Element) -> None:
        for block in text.iter("pre"):
            block.attrib.clear()  # its classes are made up by the style sheet, and name no language


class MediumList(GenericList):
    """A profile or a publication."""

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the writer or the publication."""
        told = super().site
        title = (self.document.meta("og:title") or told.title).removesuffix("Medium").rstrip(" –-|")
        return SiteInfo(
            title=title or told.title, description=told.description, home=self.document.url.partition("?")[0],
            language=told.language, icon=told.icon, feed=told.feed,
        )  # fmt: skip

    def _post(self, url: str) -> str | None:
        is_post = self.document.is_here(url) and _POST.fullmatch(path(url)) and "/m/" not in path(url)
        return _plain(url) if is_post else None


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _feed(home: str) -> str:
    """Return the feed: before the author's or the publication's name on medium.com."""
    parts = urlsplit(home)
    return urljoin(home, f"/feed{parts.path.rstrip('/')}")


PLATFORM = Platform(
    recognise=recognise, post_page=MediumPost, list_page=MediumList, feed=_feed,
    is_post_url=lambda url: _POST.fullmatch(path(url)) is not None, read_at=_plain,
    home_of=home_on("medium.com"),
)  # fmt: skip
