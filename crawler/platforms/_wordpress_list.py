"""Listings of WordPress: its pages, and what its REST interface lists where that is open."""

from __future__ import annotations

from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from crawler.listing import Link
from crawler.platforms._engine import body_labels
from crawler.platforms.generic import GenericList

if TYPE_CHECKING:
    from collections.abc import Iterator

_API = "https://api.w.org/"
_PATH = "/wp/v2/posts"
_AT_ONCE = 50


def is_rest(url: str) -> bool:
    """Tell whether an address is that of the interface's list of posts, pretty or plain (`?rest_route=`)."""
    parts = urlsplit(url)
    return parts.path.rstrip("/").endswith("/wp-json" + _PATH) or parse_qs(parts.query).get("rest_route") == [_PATH]


class WordPressList(GenericList):
    """A listing of WordPress."""

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts that the page or the interface lists; none on a front page that is a page of its own."""
        if is_rest(self.document.url):
            return tuple(self._told())
        return () if self._is_fixed else super().posts

    @property
    def _is_fixed(self) -> bool:
        labels = body_labels(self.document)
        return "page" in labels and "blog" not in labels

    @cached_property
    def listed_at(self) -> str | None:
        """The interface's list of posts, where the front page is one that lists none."""
        base = next(iter(self.document.link(_API)), None)
        if base is None or self.posts or not self.document.is_here(base):
            return None
        fields = urlencode({"per_page": _AT_ONCE, "_fields": "id,link,date_gmt,title"})
        return f"{base.rstrip('/')}{_PATH}{'&' if '?' in base else '?'}{fields}"

    @cached_property
    def next_page(self) -> str | None:
        """The way on; of the interface's list by `offset`, since a page behind the last is an error there."""
        if not is_rest(self.document.url):
            return super().next_page
        if len(self.posts) < _AT_ONCE:
            return None
        parts = urlsplit(self.document.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        query["offset"] = str(int(query["offset"]) + _AT_ONCE if query.get("offset", "").isdigit() else _AT_ONCE)
        return urlunsplit(parts._replace(query=urlencode(query)))

    def _told(self) -> Iterator[Link]:
        told = self.document.data
        for post in told if isinstance(told, list) else ():
            url = self.document.absolute(post.get("link")) if isinstance(post, dict) else None
            if url:
                yield Link(url=url, title=_title(post), printed_date=_date(post))


def _title(post: dict[str, Any]) -> str:
    title = post.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else title
    return " ".join(unescape(str(rendered or "")).split())


def _date(post: dict[str, Any]) -> str | None:
    told = post.get("date_gmt")
    return f"{told}+00:00" if isinstance(told, str) and told else None
