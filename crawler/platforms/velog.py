"""Velog: what its server sends, before and since it was rebuilt on another frame work."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import structured
from crawler.document import host, path, words
from crawler.listing import Link, SiteInfo
from crawler.page import PageKind, each_once
from crawler.platforms import Platform
from crawler.platforms._engine import EnginePost, classes_of
from crawler.platforms._listed import links
from crawler.platforms._shared_host import home_on
from crawler.platforms.generic import GenericList, GenericPost
from crawler.rules import Rules, first_list_of, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.document import Document, Element

_STATE = "window.__APOLLO_STATE__"
_POST = re.compile(r"/@[^/]+/[^/]+")
_NO_POSTS = {"posts", "series", "about", "lists"}
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# The frame work of today sends what it draws as strings inside scripts: {\"id\":\"…\",\"released_at\":\"…\"}
_SENT = re.compile(rf'\\"post\\":{{\\"id\\":\\"({_UUID})\\"')
_RELEASED = re.compile(r'\\?"released_at\\?":\\?"(\d{4}-[^"\\]{6,30})\\?"')


def recognise(document: Document) -> bool:
    """Tell a page of Velog by its host: it has no other domains."""
    return host(document.url) == "velog.io"


class VelogPost(EnginePost):
    """A post of Velog."""

    containers = ("atom-one", "atom-one-light", "atom-one-dark", "github", "monokai", "dracula")
    is_bare = True
    clutter = classes_of(r"""
        toc copy-button
    """)

    @cached_property
    def kind(self) -> PageKind:
        """Its address says it: a writer's name and a post's."""
        return PageKind.POST if _post_path(self.document.url) else PageKind.LISTING

    @cached_property
    def _told(self) -> Mapping[str, Any]:
        """The post as the page's own data has it; empty where it is sent in another form."""
        state = next((script for script in self.document.scripts if _STATE in script), "")
        known = structured.read_object(state, _STATE) if state else None
        posts = [value for name, value in (known or {}).items() if name.startswith("Post:") and isinstance(value, dict)]
        slug = path(self.document.url).rpartition("/")[2]
        return next((post for post in posts if post.get("url_slug") == slug and "body" in post), {})

    @cached_property
    def key(self) -> str | None:
        """`velog:<post id>`."""
        sent = (_SENT.search(script) for script in self.document.scripts)
        found = self._told.get("id") or next((match[1] for match in sent if match), None)
        return f"velog:{found}" if isinstance(found, str) else None

    @first_of
    def title(self) -> Rules[str | None]:
        """The headline."""
        yield "its data", structured.text_of(self._told.get("title"))
        yield from GenericPost.title.rules(self)

    @first_of
    def author(self) -> Rules[str | None]:
        """The writer's name as the page shows it: the one in the address."""
        marked = (a for block in self.document.marked("username") for a in (block, *block.iter("a")))
        yield ".username", next((text for e in marked if (text := words(e))), None)
        yield "the name in its address", path(self.document.url).split("/")[1].removeprefix("@") or None

    @first_of
    def published(self) -> Rules[str | None]:
        """When it was published: in its data to the second, on the page by day, or so many hours ago."""
        yield "its data", structured.text_of(self._told.get("released_at"))
        sent = (_RELEASED.search(script) for script in self.document.scripts)
        yield "what its scripts were sent", next((match[1] for match in sent if match), None)
        yield from GenericPost.published.rules(self)

    @first_of
    def updated(self) -> Rules[str | None]:
        """Not told: what its data calls so also moves when somebody likes the post."""
        yield "Velog tells none", None

    @first_of
    def image(self) -> Rules[str | None]:
        """The post's picture; Velog's own is none."""
        for rule, url in GenericPost.image.rules(self):
            yield rule, None if url and url.endswith("/velog.png") else url

    @first_list_of
    def categories(self) -> Rules[tuple[str, ...]]:
        """It has tags alone; a series is not one."""
        yield "Velog has none", ()

    @first_list_of
    def tags(self) -> Rules[tuple[str, ...]]:
        """The tags below the headline."""
        told = self._told.get("tags")
        told = told.get("json") if isinstance(told, dict) else told
        yield "its data", each_once(map(str, told)) if isinstance(told, list) else ()
        linked = ((path(self.document.absolute(a.get("href")) or ""), a) for a in self.document.anchors)
        yield "links to tags", each_once(words(a) for own, a in linked if own.startswith("/tags/"))


class VelogList(GenericList):
    """A writer's page."""

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the writer's blog."""
        told, name = super().site, path(self.document.url).split("/")[1:2]
        home = f"https://velog.io/{name[0]}" if name else told.home
        title = (self.document.head_title or told.title).removesuffix(" - velog")
        return SiteInfo(title=title, description=told.description, home=home, language="ko", icon=told.icon)

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The writer's posts, wherever on the page: every other link leads to somebody else or to a list."""
        return tuple(links(self.document, self._own(), self._post))

    def _own(self) -> Iterable[Element]:
        own = path(self.document.url).split("/")[1:2]
        for anchor in self.document.anchors:
            if path(self.document.absolute(anchor.get("href")) or "").split("/")[1:2] == own:
                yield anchor

    def _post(self, url: str) -> str | None:
        return url.partition("#")[0].partition("?")[0] if _post_path(url) else None


def _post_path(url: str) -> bool:
    own = path(url)
    return host(url) == "velog.io" and _POST.fullmatch(own) is not None and own.rpartition("/")[2] not in _NO_POSTS


def _feed(home: str) -> str | None:
    """Return where Velog has the feeds of all writers: a host of their own."""
    name = urlsplit(home).path.strip("/").partition("/")[0]
    return f"https://v2.velog.io/rss/{name}" if name.startswith("@") else None


PLATFORM = Platform(
    recognise=recognise, post_page=VelogPost, list_page=VelogList, feed=_feed, zone="Asia/Seoul",
    is_post_url=_post_path, home_of=home_on("velog.io"),
)  # fmt: skip
