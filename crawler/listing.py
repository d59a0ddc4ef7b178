"""Listings: the posts a page names, the next page, and what it says about the blog."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any
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
class Listed:
    """What a list says of one of its posts beside its address, where a source file says in which elements."""

    title: str | None = None
    """Headline, plain text."""
    author: str | None = None
    """Name, plain text."""
    published: str | None = None
    """Date of publication as printed, or ISO 8601."""
    updated: str | None = None
    """Date of the last edit, likewise."""
    categories: tuple[str, ...] = ()
    """Category path, root first."""
    tags: tuple[str, ...] = ()
    """Tags, each once."""
    excerpt: str | None = None
    """The post in short, plain text."""
    image: str | None = None
    """Lead image, absolute."""

    @property
    def words(self) -> tuple[str, ...]:
        """All that it says but dates, in a fixed order: where it changes, the post may have changed."""
        alone = (self.title, self.author, self.excerpt, self.image)
        return tuple(text or "" for text in (*alone, "\n".join(self.categories), "\n".join(self.tags)))

    def written(self) -> str:
        """Return it as one text, to be remembered."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Listed | None:
        """Return what `written` wrote; None for anything else."""
        try:
            said = json.loads(text)
        except ValueError:
            return None
        known = {field.name for field in fields(cls)}
        if not isinstance(said, dict) or not known.issuperset(said):
            return None
        values: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in said.items()}
        return cls(**values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One post as a listing names it."""

    url: str
    """Address of the post, absolute."""
    title: str = ""
    """Headline as printed; empty where the listing prints none."""
    printed_date: str | None = None
    """Date as printed in the listing; None where there is none."""
    listed: Listed | None = None
    """What a source file has sought in its item; None where it seeks nothing, or nothing was found."""


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
