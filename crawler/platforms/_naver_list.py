"""Listings of Naver Blog: the page of a blog is a frame around a document that another one fills with titles."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote_plus, urlsplit

from crawler.document import words
from crawler.listing import Link, ListPage, SiteInfo
from crawler.platforms._naver_address import address_of, ids_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = "/PostTitleListAsync.naver"
_AT_ONCE = 30
_SUFFIX = ": 네이버 블로그"
_PREFIX = "네이버 블로그 |"


class NaverList(ListPage):
    """A blog's front page, the document in its frame, or the list of titles below it."""

    @cached_property
    def _blog(self) -> str:
        known = ids_of(self.document.url, of_blog=True)
        framed = (self.document.absolute(e.get("src")) for e in self.document.root.iter("iframe", "frame"))
        inside = (ids_of(url, of_blog=True) for url in framed if url)
        return (known or next(filter(None, inside), None) or ("", ""))[0]

    @cached_property
    def site(self) -> SiteInfo:
        """What the page says about the blog, without the service's name."""
        title = self.document.meta("og:site_name") or self.document.meta("og:title") or self.document.head_title
        plain = title.strip().removeprefix(_PREFIX).removesuffix(_SUFFIX).strip()
        return SiteInfo(
            title=plain or self._blog, description=self.document.meta("og:description", "description") or "",
            home=f"https://blog.naver.com/{self._blog}", language="ko",
            icon=self.document.absolute(self.document.meta("naverblog:profile_image")), feed=None,
        )  # fmt: skip

    @cached_property
    def listed_at(self) -> str | None:
        """The list of titles; the frame itself shows a post or two, or the blog's prologue."""
        return None if not self._blog or self._number else self._titles(1)

    def _titles(self, number: int) -> str:
        return (f"https://blog.naver.com{_TITLES}?blogId={self._blog}&viewdate=&currentPage={number}&categoryNo=0"
                f"&parentCategoryNo=0&countPerPage={_AT_ONCE}")  # fmt: skip

    @property
    def _number(self) -> int:
        """Which page of the list of titles this is; 0 for any other document."""
        parts = urlsplit(self.document.url)
        number = parse_qs(parts.query).get("currentPage", ["1"])[0]
        return int(number) if parts.path == _TITLES and number.isdigit() else 0

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """The posts of the list of titles, or those that the document links."""
        found = self._listed() if self._number else self._linked()
        return tuple({link.url: link for link in found}.values())

    def _listed(self) -> Iterator[Link]:
        told = self.document.data
        posts = told.get("postList") if isinstance(told, dict) else None
        for post in posts if isinstance(posts, list) else ():
            if isinstance(post, dict) and str(post.get("logNo", "")).isdigit():
                title = " ".join(unquote_plus(str(post.get("title") or "")).split())
                date = str(post.get("addDate") or "").strip() or None
                yield Link(url=address_of(self._blog, str(post["logNo"])), title=title, printed_date=date)

    def _linked(self) -> Iterator[Link]:
        for anchor in self.document.anchors:
            url = self.document.absolute(anchor.get("href"))
            known = ids_of(url) if url else None
            if known and known[0] == self._blog:
                yield Link(url=address_of(*known), title=words(anchor))

    @cached_property
    def next_page(self) -> str | None:
        """The list's next page, while this one is full."""
        return self._titles(self._number + 1) if self._number and len(self.posts) >= _AT_ONCE else None
