"""What is remembered of a blog: each of its addresses, its pages as they were, its server, when it is due."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.identity import address_alias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PATIENCE = 5
"""Failed readings in a row after which a post is tried again less and less often, but for ever."""

HELD = "says less than before, and waits for a second look"
"""What is remembered of a page whose new version was not taken yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address of a source: what it is, what it answered last, whether it waits to be read."""

    source: str
    """Name of the source."""
    key: str
    """The address without what does not make it another page: see `identity.address_alias`."""
    url: str
    """The address, absolute."""
    kind: str
    """`front`, `feed`, `sitemap`, `listing` or `post`."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """The last sign of change of a post, by the kind of the document that gave it (a sitemap's lastmod, …)."""
    wanted: bool = False
    """Whether it waits to be read."""
    tries: int = 0
    """How many readings failed in a row."""
    checked: datetime | None = None
    """When it last answered: aware, UTC. None before that."""
    status: int | None = None
    """HTTP status of that answer."""
    outcome: str | None = None
    """Why it holds no post (`asks for a password`); None where it does, or is none."""
    etag: str | None = None
    """`ETag` of the last whole answer, verbatim."""
    last_modified: str | None = None
    """`Last-Modified` of the last whole answer, verbatim."""
    fingerprint: str | None = None
    """Hash of the last whole answer without what a server changes each time."""
    guid: str | None = None
    """The post it holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A page as it was answered."""

    source: str
    """Name of the source."""
    key: str
    """Key of the address that was asked for."""
    url: str
    """Where it was answered, after redirects."""
    fetched: datetime
    """When: aware, UTC."""
    encoding: str | None
    """What its Content-Type said of its letters."""
    size: int
    """Bytes, as answered."""
    body: bytes
    """The bytes, zstandard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """What one server allows, and until when it wants to be left alone."""

    site: str
    """`scheme://host` with its port, where it is not the usual one."""
    robots_checked: datetime | None = None
    """When its robots.txt was asked for: aware, UTC."""
    robots_status: int | None = None
    """What that answered; None where nothing did."""
    robots: str | None = None
    """Its text, at most 500 KiB."""
    resting_until: datetime | None = None
    """Nothing is asked before: aware, UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """When a source was last asked, and when it is due again."""

    source: str
    """Name of the source."""
    polled: datetime
    """When its last crawl ended: aware, UTC."""
    due: datetime
    """When it is to be asked again: aware, UTC."""
    revisit: datetime | None = None
    """When one of its newest posts is to be looked at for silent edits: aware, UTC. None: never."""
    failures: int = 0
    """How many crawls in a row failed."""
    backfill: str | None = None
    """Empty once all listing pages were walked to the first post; None before that."""
    started: datetime | None = None
    """Its first crawl: aware, UTC."""
    newest: tuple[datetime, ...] = ()
    """Dates of its newest posts, ten at most, newest first: aware, UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawPage:
    """A page as it was answered, before it is packed for keeping."""

    url: str
    """Where it was answered, after redirects."""
    fetched: datetime
    """When: aware, UTC."""
    encoding: str | None
    """What its Content-Type said of its letters."""
    body: bytes
    """The bytes; empty where pages are not kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What came of asking for one post's page."""

    address: Address
    """What is now known of it; its post's guid is put in when that is stored."""
    page: RawPage | None = None
    """The page, where it holds a post."""
    tries: int = 0
    """How many readings of it had failed before."""

    @property
    def place(self) -> str:
        """Alias of the address where it was answered: its post is known by that, whatever was asked for."""
        return address_alias(self.page.url) if self.page else self.address.key

    def unreadable(self, why: str) -> Read:
        """Return the record of a page that should hold a post and that nobody could read: *why* not.

        It is tried again after a day, then less and less often: a better rule, or the blog, may mend it.
        """
        tries = max(self.tries, PATIENCE) + 1
        return Read(address=replace(self.address, wanted=True, tries=tries, outcome=why))


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """What a document of a blog (front page, feed, sitemap, listing) said about its posts."""

    document: Address
    """The document, with the validators of the answer that said it."""
    posts: tuple[Address, ...] = ()
    """The posts that are new, changed, or whose signs of change are."""
    backfill: str | None = None
    """Empty at the end of a walk to the first post; else None."""
