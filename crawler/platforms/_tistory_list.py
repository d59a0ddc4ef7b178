"""A Tistory listing (front page, category, tag, archive, search), whatever the skin."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.listing import Link, ListPage, SiteInfo
from crawler.platforms._listed import anchors, links, next_page
from crawler.platforms._tistory_body import containers
from crawler.platforms._tistory_facts import Facts, post_path


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
        told = {url: link.title for link in self.listed_in_data() if (url := self._post(link.url))}
        bodies = containers(self.document, skins=False)
        found = links(self.document, anchors(self.document.root, bodies), self._post)
        if not told and not found:
            found = links(self.document, anchors(self.document.root, bodies, strict=False), self._post)
        printed = {link.url: link for link in found}
        first = [
            Link(url=url, title=title, printed_date=printed[url].printed_date if url in printed else None)
            for url, title in told.items()
        ]
        return (*first, *(link for link in found if link.url not in told))

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
