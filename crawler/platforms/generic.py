"""Any other blog: what standards say, then how a page looks."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.document import Element, Selector, has_class, near, path, words
from crawler.listing import Link, ListPage
from crawler.page import Document, PageKind, PostPage
from crawler.platforms import Platform
from crawler.platforms._content import content_rules, junk
from crawler.platforms._listed import anchors, links, says_next
from crawler.platforms._visible import around, printed_date
from crawler.rules import Rules, first_element_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# Listings of every common blog engine; what is no post although it is a page of the blog.
_LIST_PATHS = re.compile(
    r"(?:/[a-z]{2}(?:-[a-z]{2})?)?(?:|/index(?:\.\w+)?|/blog|/posts?|/articles?|/archives?|/page/\d+|/blog/page/\d+|"
    r"/(?:category|categories|tag|tags|author|series|topics?)(?:/.*)?|/search(?:/.*)?|/\d{4}(?:/\d{1,2})?)",
    re.IGNORECASE,
)
_NOT_POSTS = re.compile(
    r"/(?:about|contact|privacy\S*|terms\S*|login|signup|subscribe|feed|rss|guestbook)(?:\.\w+)?"
    r"|.*/(?:wp-login\.php|wp-admin.*|feed)|.*\.(?:xml|json|rss|atom|png|jpe?g|gif|webp|svg|pdf|zip|css|js)",
    re.IGNORECASE,
)
_PASSWORD = Selector("//form[.//input[@type='password']]")
_SIGN_IN = re.compile(r"log-?in|sign-?(?:in|up)|comment|account|member", re.IGNORECASE)
_ARTICLES = Selector("//article[not(ancestor::article)]")
_HEADINGS = Selector("//h1 | //h2 | //h3")
_HEADED = ("h1", "h2", "h3")
# microformats, Blogger and WordPress, then what themes call it
_AUTHORS = Selector(
    f"//*[{has_class('p-author', 'post-author', 'entry-author', 'author-name', 'byline-name')}]",
    f"//*[{has_class('vcard', 'byline', 'author')}]",
)
_BY = re.compile(r"^(?:written by|posted by|by|글쓴이|작성자)\s*:?\s+", re.IGNORECASE)
_LONGEST_NAME = 60
_ENOUGH = 250
_SEVERAL = 3


def recognise(document: Document) -> bool:
    """Every page is one of these where no other platform knows it."""
    return document.root is not None


class GenericPost(PostPage):
    """A post of any blog."""

    @cached_property
    def kind(self) -> PageKind:
        """A page that declares itself decides; else its address, and how many articles it holds."""
        document = self.document
        if any(not _SIGN_IN.search(_labels(form)) for form in _PASSWORD(document.root)):
            return PageKind.PROTECTED
        if not path(document.url) or _LIST_PATHS.fullmatch(path(document.url)):
            return PageKind.LISTING
        if document.meta("og:type") == "article" or self._article:
            return PageKind.POST
        if len(_ARTICLES(document.root)) >= _SEVERAL:
            return PageKind.LISTING
        text = words(self.body) if self.body is not None else ""
        return PageKind.POST if len(text) >= _ENOUGH and self.title else PageKind.OTHER

    @first_of
    def author(self) -> Rules[str | None]:
        """Name of the author, as declared, else as printed."""
        yield from PostPage.author.rules(self)
        yield "what the theme marks as author", self._printed_author()

    def _printed_author(self) -> str | None:
        found = (_BY.sub("", words(e)) for e in _AUTHORS(self.document.root) if not _stands_in(e, ("aside", "nav")))
        return next((name for name in found if 0 < len(name) <= _LONGEST_NAME), None)

    @first_of
    def published(self) -> Rules[str | None]:
        """What the page declares, else the date printed near its headline."""
        yield from PostPage.published.rules(self)
        yield "printed near the headline", self._printed()

    def _printed(self) -> str | None:
        title = "".join((self.title or "").split())
        heads = [e for e in _HEADINGS(self.document.root) if (text := "".join(words(e).split())) and text in title]
        starts = [*heads, *([self.body] if self.body is not None else [])]
        return next((date for start in starts if (date := printed_date(around(start)))), None)

    @first_element_of
    def body(self) -> Rules[Element | None]:
        """The element that holds the text."""
        yield from content_rules(self.document.root)

    @cached_property
    def _heading(self) -> str:
        return "".join((self.title or "").split())

    def _junk(self, element: Element) -> str | None:
        return junk(element, self._heading)


class GenericList(ListPage):
    """A listing of any blog."""

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """What JSON-LD lists, else the links of headlines, else the links of articles."""
        told = tuple(link for link in self.listed_in_data() if self._post(link.url))
        found = list(anchors(self.document.root, ()))
        headed = [a for a in found if _stands_in(a, _HEADED) or next(a.iter(*_HEADED), None) is not None]
        in_articles = [a for a in found if _stands_in(a, ("article",)) and words(a)]
        return told or tuple(self._first_of((headed, in_articles)))

    def _first_of(self, groups: Iterable[list[Element]]) -> list[Link]:
        return next((listed for group in groups if (listed := links(self.document, group, self._post))), [])

    def _post(self, url: str) -> str | None:
        own = path(url)
        if not self.document.is_here(url) or own == path(self.document.url) or _LIST_PATHS.fullmatch(own):
            return None
        return None if _NOT_POSTS.fullmatch(own) else url.partition("#")[0]

    @cached_property
    def next_page(self) -> str | None:
        """`rel=next`, else the link that calls itself next or older and leads to a listing."""
        return super().next_page or next(iter(self._called_next()), None)

    def _called_next(self) -> Iterable[str]:
        for anchor in self.document.root.iter("a"):
            url = self.document.absolute(anchor.get("href"))
            if url and says_next(anchor) and url != self.document.url and self.document.is_here(url) and _is_list(url):
                yield url


def _is_list(url: str) -> bool:
    return bool(_LIST_PATHS.fullmatch(path(url))) or "page" in urlsplit(url).query or "/page/" in url


def _labels(form: Element) -> str:
    around_it = (form, *near(form))
    return " ".join(f"{e.get('class', '')} {e.get('id', '')} {e.get('action', '')}" for e in around_it)


def _stands_in(element: Element, tags: tuple[str, ...]) -> bool:
    return any(e.tag in tags for e in near(element))


PLATFORM = Platform(recognise=recognise, post_page=GenericPost, list_page=GenericList)
