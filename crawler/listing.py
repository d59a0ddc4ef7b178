"""Listings: the posts a page names, the next page, and what it says about the blog."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit, urlunsplit

from crawler import structured
from crawler.document import Document, Selector

if TYPE_CHECKING:
    from collections.abc import Iterable

_SITES = ("WebSite", "Blog")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_SUMMARY = ("description", "og:description", "twitter:description")
_NEXT_LINK = Selector("//a[contains(concat(' ', @rel, ' '), ' next ')][@href]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One post as a listing names it."""

    url: str
    """Address of the post, absolute."""
    title: str = ""
    """Headline as printed; empty where the listing prints none."""
    printed_date: str | None = None
    """Date as printed in the listing; None where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteInfo:
    """What a page says about the blog it belongs to."""

    title: str
    """The blog's title."""
    description: str = ""
    """Its own words about itself."""
    home: str
    """Address of its front page, absolute."""
    language: str | None = None
    """`lang` of the page, as found."""
    icon: str | None = None
    """Its picture, absolute."""
    feed: str | None = None
    """Its own feed, absolute; None where it names none."""


class ListPage:
    """A page that lists posts, and what it says about the blog."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the blog."""
        document, node = self.document, structured.of_type(self.document.json_ld(), *_SITES)
        title = document.meta("og:site_name") or structured.text_of(node) or document.head_title
        return SiteInfo(
            title=title,
            description=document.meta(*_SUMMARY) or structured.text_of(node.get("description")) or "",
            home=self._home(),
            language=document.language,
            icon=next(iter((*document.link("apple-touch-icon"), *document.link("icon"))), None),
            feed=next(iter(document.link("alternate", *_FEED_TYPES)), None),
        )

    def _home(self) -> str:
        parts = urlsplit(self.document.url)
        return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts it lists, each once, in page order."""
        return tuple(self.listed_in_data())

    @cached_property
    def listed_at(self) -> str | None:
        """Address of the document that lists the blog's posts, where this page itself is only a frame around it."""
        return None

    def listed_in_data(self) -> Iterable[Link]:
        """Yield the posts of the page's JSON-LD `ItemList` or `BreadcrumbList`, whatever they are."""
        for node in self.document.json_ld():
            if structured.types_of(node).isdisjoint({"ItemList", "BreadcrumbList"}):
                continue
            elements = node.get("itemListElement")
            for element in elements if isinstance(elements, list) else [elements]:
                item = element.get("item", element) if isinstance(element, dict) else element
                url = self.document.absolute(structured.address_of(item))
                if url:
                    yield Link(url=url, title=structured.text_of(item) or structured.text_of(element) or "")

    @cached_property
    def next_page(self) -> str | None:
        """Address of the next page of the listing, None on the last."""
        named = self.document.link("next") or [a.get("href") for a in _NEXT_LINK(self.document.root)]
        found = (self.document.absolute(href) for href in named)
        return next((url for url in found if url and self.document.is_here(url) and url != self.document.url), None)


def page_number(url: str) -> int:
    """Return the number in `?page=N`, 1 where there is none."""
    try:
        return int(parse_qs(urlsplit(url).query)["page"][0])
    except (KeyError, ValueError):
        return 1
