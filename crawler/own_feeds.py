"""The addresses of blogs' own feeds, as far as their files, the store or their platforms tell; nothing is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.platforms import load_platforms, of_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.platforms import Platform
    from crawler.source import Source
    from pipelines.store import Address, Store

_NEVER = datetime.min.replace(tzinfo=UTC)


def own_feeds(sources: Sequence[Source], store: Store) -> dict[str, str]:
    """Return the address of the blog's own feed for each of *sources* of which it is known, by name.

    What the source's file says goes first, then the feed that answered last, then where its platform has feeds.
    """
    documents, sites = store.memory.documents([source.name for source in sources]), store.sites()
    found = {}
    for source in sources:
        site = sites.get(source.name)
        platform = load_platforms().get(source.platform or (site.platform if site else ""))
        feed = source.known_feed or _answered(documents[source.name].values()) or platform_feed(source.url, platform)
        if feed:
            found[source.name] = feed
    return found


def platform_feed(home: str, platform: Platform | None = None) -> str | None:
    """Return where a blog of *platform* has its feed, of the one that its address tells of where None; else None."""
    if platform is None and (told := of_address(home)) is not None:
        platform = told[1]
    return platform.feed_of(home) if platform else None


def _answered(documents: Iterable[Address]) -> str | None:
    """The feed that answered last; of several at once the shortest address, for older pages of a feed are longer."""
    feeds = [known for known in documents if known.kind == "feed" and known.status in {200, 304} and known.checked]
    feeds.sort(key=lambda known: (len(known.url), known.url))
    return max(feeds, key=lambda known: known.checked or _NEVER).url if feeds else None
