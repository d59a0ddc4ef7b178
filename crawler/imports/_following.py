"""Which outlines of a subscription list become sources, and what stands in their files; no request, no file."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler import fields
from crawler.own_feeds import platform_feed
from crawler.platforms import FEED_ONLY
from crawler.tasks.trial import name_for
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.imports.opml.outlines import Outline
    from crawler.source import Source

# `feed://host/…` stands for http, `feed:https://…` for what follows (a scheme that was never registered).
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)", re.IGNORECASE)
_FEED_HOST = re.compile(r"feed://", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """What one outline comes to."""

    outline: Outline
    """The outline."""
    source: str | None
    """Name of the source that follows it: a new one, or one that did before; None where nothing can."""
    keys: Mapping[str, str] | None = None
    """What stands in a new source's file; None where there is no new one."""
    why: str = ""
    """Where nothing can follow it: why not, to end a sentence."""


def follow(
    outlines: Sequence[Outline], sources: Iterable[Source], feeds: Mapping[str, str], taken: Iterable[str]
) -> list[Followed]:
    """Return what each of *outlines* comes to, in their order; none becomes a second source of one blog.

    Args:
        outlines: as listed.
        sources: those that there are.
        feeds: addresses of their own feeds, as far as they are known, by name.
        taken: names that no new source may have.
    """
    following = _Following(sources, feeds, taken, _shared_pages(outlines))
    return [following.take(outline) for outline in outlines]


class _Following:
    """The sources there are, and those that are to be."""

    def __init__(
        self, sources: Iterable[Source], feeds: Mapping[str, str], taken: Iterable[str], shared: frozenset[str]
    ) -> None:
        self._taken = set(taken)
        self._shared = shared
        self._feeds = {same_page_key(url): name for name, url in feeds.items()}
        self._pages: dict[str, tuple[str, bool]] = {}
        for source in sources:
            if source.has_pages:
                self._pages[same_page_key(source.url)] = (source.name, source.name in feeds)

    def take(self, outline: Outline) -> Followed:
        feed, page = _address(outline.feed), _address(outline.page)
        if feed is None and page is None:
            return Followed(outline=outline, source=None, why=_fault(outline.feed or outline.page))
        if feed and page and same_page_key(feed) == same_page_key(page):
            page = None
        if feed and page is None and (blog := _blog_of(feed)):
            page = blog
        if known := self._known(feed, page):
            return Followed(outline=outline, source=known)
        keys = self._keys(feed, page)
        is_page = "platform" not in keys
        name = name_for(keys["url"] if is_page else feed or keys["url"], self._taken)
        self._taken.add(name)
        own = feed or platform_feed(keys["url"])
        if is_page:
            self._pages[same_page_key(keys["url"])] = (name, own is not None)
        if own:
            self._feeds[same_page_key(own)] = name
        return Followed(outline=outline, source=name, keys=keys)

    def _known(self, feed: str | None, page: str | None) -> str | None:
        """The source that follows it: by its feed, or by its page where no other feed of that is known."""
        if name := self._at(feed or page or ""):
            return name
        name, has_feed = self._pages.get(same_page_key(page), (None, False)) if page else (None, False)
        return name if not (feed and has_feed) else None

    def _at(self, url: str) -> str | None:
        """The source whose page or feed an address is."""
        key = same_page_key(url)
        return self._feeds.get(key) or self._pages.get(key, (None, False))[0]

    def _keys(self, feed: str | None, page: str | None) -> dict[str, str]:
        if feed is None:
            return {"url": page or ""}
        if page is None:
            return {"url": feed, "platform": FEED_ONLY}
        if same_page_key(page) in self._shared or self._at(page):
            return {"url": page, "feed": feed, "platform": FEED_ONLY}
        own = platform_feed(page)
        return {"url": page} if own and same_page_key(own) == same_page_key(feed) else {"url": page, "feed": feed}


def _shared_pages(outlines: Sequence[Outline]) -> frozenset[str]:
    """The keys of pages that several feeds are of: a newspaper's, with a feed for each section of it."""
    feeds: dict[str, set[str]] = defaultdict(set)
    for outline in outlines:
        feed, page = _address(outline.feed), _address(outline.page)
        if feed and page:
            feeds[same_page_key(page)].add(same_page_key(feed))
    return frozenset(page for page, its in feeds.items() if len(its) > 1)


def _blog_of(feed: str) -> str | None:
    """The front page of a blog whose platform the address of its feed alone tells."""
    home, own = urljoin(feed, "/"), platform_feed(urljoin(feed, "/"))
    return home if own and same_page_key(own) == same_page_key(feed) else None


def _address(written: str) -> str | None:
    try:
        return _web_address(written)
    except ValueError:
        return None


def _web_address(written: str) -> str:
    address = fields.web_address(_FEED_HOST.sub("http://", _FEED_SCHEME.sub("", written.strip(), count=1), count=1))
    if len(address) > fields.LONGEST_ADDRESS:
        raise ValueError("is longer than any address")
    return address


def _fault(written: str) -> str:
    try:
        return _web_address(written)
    except ValueError as fault:
        return f'"{written[:200]}" {fault}'
