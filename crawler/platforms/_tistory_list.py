"""A Tistory listing (front page, category, tag, archive, search), whatever the skin."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.document import path
from crawler.listing import Link, ListPage, SiteInfo
from crawler.platforms._listed import anchors, links, next_page
from crawler.platforms._tistory_body import containers
from crawler.platforms._tistory_facts import Facts, post_path

if TYPE_CHECKING:
    from crawler.document import Element


class TistoryList(ListPage):
    """The posts of a listing: by JSON-LD on category pages, else by the addresses that anchors have."""

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.document)

    @cached_property
    def site(self) -> SiteInfo:
        """The blog's name, front page and feed."""
        document, found = self.document, super().site
        # On the tag cloud og:site_name is the page's title (era B).
        title = self._facts.blog.get("title") or document.meta("og:site_name", "article:media_name") or found.title
        feed = found.feed or document.absolute("/rss")
        return SiteInfo(
            title=title, description=found.description, home=found.home, language=found.language, icon=found.icon,
            feed=feed,
        )  # fmt: skip

    def _home(self) -> str:
        own = self.document.absolute(self._facts.config.get("DEFAULT_URL"))
        return own.rstrip("/") + "/" if own and self.document.is_here(own) else super()._home()

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """Each post once. A skin may print whole posts: links inside them are not the listing's."""
        bodies = self._bodies()
        found = links(self.document, anchors(self.document.root, bodies), self._post)
        told = {url: link.title for link in self.listed_in_data() if (url := self._post(link.url))}
        if told:  # category pages: Tistory's own list, whole, whatever else the skin links
            dates = {link.url: link.printed_date for link in found}
            return tuple(Link(url=url, title=title, printed_date=dates.get(url)) for url, title in told.items())
        if found:
            return tuple(found)
        home = not path(self.document.url)
        named = anchors(self.document.root, bodies, strict=False, headed=home)
        return tuple(links(self.document, named, self._post))

    def _bodies(self) -> list[Element]:
        """Whole posts that the page prints; in era A only a skin's own marks tell, where they stand several times."""
        own = containers(self.document, skins=False)
        printed = () if own else containers(self.document)
        return [*own, *(printed if len(printed) > 1 else ())]

    def _post(self, url: str) -> str | None:
        """Return the address of a post as its own page gives it, None for any other address."""
        own = post_path(url)
        if not own or not self.document.is_here(url) or urlsplit(url).fragment:
            return None
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc, quote(own), "", ""))

    @cached_property
    def next_page(self) -> str | None:
        """The same listing with the next `?page=N`."""
        return next_page(self.document, self.document.root.iter("a"))
