"""A listing on which a source file's selectors go before the rules of its platform."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, cast

from crawler.document import Document, Element
from crawler.item_values import links_in, listed_in
from crawler.listing import Link, ListPage
from crawler.platforms._listed import anchors, links
from crawler.rule_values import leads_to
from crawler.selecting import Node, selection
from pipelines.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    def _items(self, nodes: list[Node]) -> tuple[Link, ...]:
        items = [node for node in nodes if not isinstance(node, str)]
        told = links_in(items, self.wished.select.link, self.document) if self.wished.select.link else []
        of_items = told or [list(islice(self._of_item(item), 1)) for item in items]
        named: list[Element] = []
        bare = {url: Link(url=url) for node in nodes if isinstance(node, str) and (url := self._address(node))}
        holders: dict[str, Element] = {}
        for item, found in zip(items, of_items, strict=True):
            if (link := next((each for each in found if self._address(each)), None)) is None:
                continue
            url = self._address(link) or ""
            named += [link] if not isinstance(link, str) else []
            bare |= {url: Link(url=url)} if isinstance(link, str) else {}
            if url not in holders or holders[url] in item.iterancestors():
                holders[url] = item
        found_links = links(self.document, named, self._post)
        known = {link.url for link in found_links}
        return self._with_words([*found_links, *(bare[url] for url in bare if url not in known)], holders)

    def _with_words(self, found: list[Link], holders: Mapping[str, Element]) -> tuple[Link, ...]:
        """The posts, each with what the item that holds it says."""
        if not self.wished.select.named:
            return tuple(found)
        said = listed_in(list(holders.values()), self.wished.select, self.document)
        by_url = dict(zip(holders, said, strict=True))
        return tuple(replace(link, listed=by_url.get(link.url)) for link in found)

    def _address(self, link: Node) -> str | None:
        """The address of a post that a link leads to, or that is told."""
        href = link if isinstance(link, str) else link.get("href")
        return self._post(self.document.absolute(href) or "")

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
        return next(filter(None, (leads_to(node, self.document) for node in nodes)), None) or super().next_page


def _is_headline(anchor: Element, item: Element) -> bool:
    for around in anchor.iterancestors():
        if around is item:
            return False
        if around.tag in _HEADINGS:
            return True
    return False
