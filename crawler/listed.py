"""A listing on which a source file's selectors go before the rules of its platform."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast

from crawler.document import Document, Element
from crawler.listing import Link, ListPage
from crawler.platforms._listed import anchors, links
from crawler.selecting import Node, selection
from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.platforms import Platform
    from crawler.source import Source
    from crawler.source_keys import ListingKeys

MISSED = "the source file's listing.items finds nothing there; the blog may have a new look"
"""Why a list whose posts were read by the platform's rules, if at all, is a failure."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def list_page(document: Document, platform: Platform, source: Source) -> ListPage:
    """Return *document* as a listing of *platform*, read as *source* says where it says so."""
    made, keys = platform.list_page, source.listing
    if not (keys.items or keys.next or keys.address) or not isinstance(made, type):
        return made(document)
    page = _selecting(made)(document)
    page.wished = keys
    return page


def missed(page: ListPage) -> str | None:
    """Return what is wrong where a source file's selectors of posts found none on a listing."""
    return MISSED if isinstance(page, SelectedList) and page.wished.items and not page.told else None


@lru_cache(maxsize=64)
def _selecting(platform_page: type[ListPage]) -> type[SelectedList]:
    return cast("type[SelectedList]", type(f"Selected{platform_page.__name__}", (SelectedList, platform_page), {}))


class SelectedList(ListPage):
    """Stands before the listing of a platform."""

    wished: ListingKeys

    @cached_property
    def posts(self) -> tuple[Link, ...]:
        """What the file's selectors find, else all links whose address is a post's, else what the platform finds."""
        if self.told:
            return self.told
        if self.wished.address and (found := links(self.document, anchors(self.document.root, ()), self._post)):
            return tuple(found)
        posts = super().posts
        return tuple(link for link in posts if self._post(link.url)) if self.wished.address else posts

    @cached_property
    def told(self) -> tuple[Link, ...]:
        """What the first of the file's selectors of posts finds that finds any."""
        found = (self._items(selection(rule.selector).find(self.document.root)) for rule in self.wished.items)
        return next((some for some in found if some), ())

    def _items(self, nodes: Iterable[Node]) -> tuple[Link, ...]:
        named: list[Element] = []
        bare: dict[str, Link] = {}
        for node in nodes:
            if isinstance(node, str):
                url = self._post(self.document.absolute(node) or "")
                bare |= {url: Link(url=url)} if url else {}
            elif (anchor := next(self._of_item(node), None)) is not None:
                named.append(anchor)
        return (*links(self.document, named, self._post), *bare.values())

    def _of_item(self, item: Element) -> Iterator[Element]:
        """The links of an item that may be its post, those in a headline first."""
        found = [a for a in item.iter("a") if self._post(self.document.absolute(a.get("href")) or "")]
        yield from (a for a in found if next(a.iter(*_HEADINGS), None) is not None or _is_headline(a, item))
        yield from found

    def _post(self, url: str) -> str | None:
        if not url or not self.document.is_here(url):
            return None
        plain = url.partition("#")[0]
        return plain if self.wished.address is None or compiled(self.wished.address).matches(plain) else None

    @cached_property
    def next_page(self) -> str | None:
        """Where the first of the file's selectors of the next page leads that leads on; else as the platform says."""
        nodes = (node for rule in self.wished.next for node in selection(rule.selector).find(self.document.root))
        return next(filter(None, map(self._leads_to, nodes)), None) or super().next_page

    def _leads_to(self, node: Node) -> str | None:
        hrefs = [node] if isinstance(node, str) else [e.get("href") for e in node.iter("a", "link") if e.get("href")]
        url = self.document.absolute(hrefs[0]) if hrefs else None
        return url if url and self.document.is_here(url) and url != self.document.url else None


def _is_headline(anchor: Element, item: Element) -> bool:
    for around in anchor.iterancestors():
        if around is item:
            return False
        if around.tag in _HEADINGS:
            return True
    return False
