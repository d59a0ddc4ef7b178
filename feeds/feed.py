"""What a feed is: whose posts it carries, what it says of itself, which formats it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from pipelines.query import Query

# What RFC 3986 lets stand in a URL, and `%` so that encoded parts are not encoded again.
_URL_SIGNS = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The blog that an entry of a combined feed came from."""

    title: str
    """The blog's title, plain text."""
    home: str
    """The blog's home page, absolute."""
    feed_url: str
    """Address of the feed with only this blog's posts, absolute; it doubles as that feed's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """Where one document stands among all that together hold every post of a feed (RFC 5005)."""

    page: int | None = None
    """Number of the archive document, from 1 for the oldest posts; None: the one that people subscribe to."""
    previous: int | None = None
    """Number of the document with the posts before these. None where these are the first."""
    following: int | None = None
    """Number of the archive document with the posts after these. None where there is none."""
    complete: bool = False
    """Whether the document alone holds every post of the feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """One subscription: the same posts in each of its formats."""

    name: str
    """File name without its suffix; a source's name, or the one a combined feed was given."""
    title: str
    """Plain text; the name stands in when empty."""
    home: str
    """Home page of what the feed is about, absolute."""
    description: str = ""
    """One plain sentence about it; the title stands in when empty."""
    language: str | None = None
    """BCP 47 language of most posts. None when unknown or mixed."""
    icon: str | None = None
    """Square picture, absolute. None when there is none."""
    zone: str = "UTC"
    """IANA time zone of the days that pages for people show; documents are in UTC always."""
    sources: tuple[str, ...]
    """Names of the sources whose posts it carries."""
    query: Query | None = None
    """Which of their posts it carries, in which order; None: all, the newest first."""
    formats: tuple[str, ...] = ("rss", "atom", "json")
    """Names of the formats it is published in; the first is what people are shown when `rss` is not among them."""
    limit: int = 50
    """Most posts in a document; long bodies may leave room for fewer (`feeds.selection`)."""
    base_url: str
    """Where the output folder is found on the web, absolute, with a `/` at its end."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Source name to its blog. Not empty: a combined feed, whose entries say where they come from."""
    hub: str | None = None
    """WebSub hub that is told of every change, absolute. None: no hub is named."""

    archive: Archive = Archive()
    """Which of its documents is written."""
    deleted: tuple[tuple[str, datetime], ...] = ()
    """Guid of posts that their blogs have deleted, and when: aware, UTC."""

    def url(self, suffix: str) -> str:
        """Return the address that people subscribe to for the format with this *suffix* (such as `.rss`)."""
        return self._address(self.name + suffix)

    def page_url(self, page: int, suffix: str) -> str:
        """Return the address of the archive document of that number in the format with this *suffix*."""
        return self._address(page_name(self.name, page, suffix))

    def own_url(self, suffix: str) -> str:
        """Return the address of this very document in the format with this *suffix*."""
        return self.url(suffix) if self.archive.page is None else self.page_url(self.archive.page, suffix)

    def _address(self, name: str) -> str:
        return quote(self.base_url, safe=_URL_SIGNS) + quote(name, safe="")


def page_name(name: str, page: int, suffix: str) -> str:
    """Return the file name of an archive document; no source or feed can have it, for their names hold no dot."""
    return f"{name}.page-{page}{suffix}"
