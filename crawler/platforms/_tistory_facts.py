"""What Tistory's own scripts say about a page: the blog, the entry, the signed-in role."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler.document import path
from crawler.structured import read_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.document import Document

_TXID = re.compile(r"(\d+)_(\d+)")
_KEY = re.compile(r"(\d+)-(\d+)")
# The skin of a blog is served from a folder that bears the blog's number: there in every era.
_SKIN = re.compile(r"tistory\d?\.daumcdn\.net/tistory/([1-9]\d*)/skin")
_BLOG_URL = re.compile(r"tistoryUrl['\"]?\s*:\s*['\"](https?://[^'\"\s]+)")
_POST_PATH = re.compile(r"(?:/m)?(/\d+|/entry/.+)")
_NUMBER = re.compile(r"(?:/m)?/(\d+)")


def post_path(url: str) -> str | None:
    """Return the path of a post's address without `/m` (`/123`, `/entry/…`, decoded), None for any other address."""
    found = _POST_PATH.fullmatch(path(url))
    return found[1] if found else None


class Facts:
    """The objects Tistory writes into its pages, read once."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def _object(self, name: str) -> Mapping[str, Any] | None:
        found = (read_object(script, name) for script in self._document.scripts if name in script)
        return next((value for value in found if value is not None), None)

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """`T.config`: the blog and the role of who looks at it (2017 on)."""
        return self._object("T.config") or {}

    @cached_property
    def blog(self) -> Mapping[str, Any]:
        """`T.config.BLOG`: id (2022 on), name, title."""
        value = self.config.get("BLOG")
        return value if isinstance(value, dict) else {}

    @cached_property
    def entry_info(self) -> Mapping[str, Any] | None:
        """`T.entryInfo`: entry id and full category (August 2025 on); None where the page has none."""
        return self._object("T.entryInfo")

    @cached_property
    def _tiara(self) -> Mapping[str, Any]:
        return self._object("window.tiara") or self._object("tiara") or {}

    @cached_property
    def entry(self) -> Mapping[str, Any]:
        """`tiara.entry`: category, tags, lead image (2020 on)."""
        value = self._tiara.get("entry")
        return value if isinstance(value, dict) else {}

    @cached_property
    def is_owner(self) -> bool:
        """Whether the page was made for the blog's owner."""
        return self.config.get("ROLE") == "owner"

    @cached_property
    def blog_url(self) -> str | None:
        """The blog's address below tistory.com, also where it has a domain of its own."""
        found = (_BLOG_URL.search(script) for script in self._document.scripts if "tistoryUrl" in script)
        return next((match[1] for match in found if match), None)

    @cached_property
    def ids(self) -> tuple[str, str] | None:
        """Blog id and entry id; None where the page does not tell both."""
        if found := _TXID.fullmatch(self._document.meta("article:txid") or ""):
            return found[1], found[2]
        if found := _KEY.fullmatch(str(self._tiara.get("key") or self.entry.get("key") or "")):
            return found[1], found[2]
        blog, entry = self._blog_id(), self._entry_id()
        return (blog, entry) if blog and entry else None

    def _blog_id(self) -> str | None:
        props = self._tiara.get("customProps")
        value = self.blog.get("id") or (props.get("blogId") if isinstance(props, dict) else None)
        if value and str(value).isdigit():
            return str(value)
        found = (_SKIN.search(href) for href in self._document.link("stylesheet"))
        return next((match[1] for match in found if match), None)

    def _entry_id(self) -> str | None:
        value = (self.entry_info or {}).get("entryId") or self.entry.get("entryId")
        if value and str(value).isdigit():
            return str(value)
        named = (self._document.meta("dg:plink"), self._document.meta("og:url"), self._document.url)
        found = (_NUMBER.fullmatch(path(url)) for url in named if url)
        return next((match[1] for match in found if match), None)
