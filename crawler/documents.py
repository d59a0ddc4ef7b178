"""What is remembered of the documents of a source that name posts: its front page, feed, sitemap and listing pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.manners.politeness import hosts_of
from crawler.numbers import Walk
from pipelines.identity import address_alias
from pipelines.store import Address, Noted, Poll

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crawler.account import Account
    from crawler.discovery import Found
    from crawler.listing import ListPage
    from crawler.source import Source

NEWEST = 5
"""Of how many of the newest posts silent edits are looked for: those that a feed does not tell."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_ALIVE = frozenset({200, 304})
_NAMED = "named"
"""Mark of a feed that the source's file or platform names: that address, which may have led to another one."""
_OF = "of"
"""Mark of the same: the front page whose feed it is."""
_WHOLE = "whole"
"""Mark of a document: when all of it was answered last, ISO 8601."""
FRESH = "fresh"
"""Mark of a feed: for how many seconds its server said last that the answer is good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much of one blog one crawl reads."""

    posts: int
    """Post pages, at most."""
    recheck: int = NEWEST
    """Of the newest stored posts, how many are looked at again for silent edits."""
    everything: bool = False
    """Walk to the first post."""
    since: date | None = None
    """Or to the posts of that day."""


class Documents:
    """The documents of one source in one crawl.

    Attributes:
        source: what is visited.
        account: what became of each address.
        limits: how much is read.
        poll: when it was visited last; None before the first visit.
        now: when this visit began: aware, UTC.
        documents_open: documents that were asked for and have not answered.
        walk: what they told on the way to the first post.
    """

    def __init__(
        self, source: Source, account: Account, limits: Limits, *, now: datetime,
        documents: Mapping[str, Address] | None = None, poll: Poll | None = None,
    ) -> None:
        self.source, self.account, self.limits, self.now, self.poll = source, account, limits, now, poll
        self.is_first = not documents
        # A blog that moved is asked at its new address alone.
        self._documents = {
            key: known for key, known in (documents or {}).items()
            if self.is_here(known.url) or self._is_its_feed(known)
        }  # fmt: skip
        self._asked: set[str] = set()
        self.documents_open = 0
        self.walk = Walk()

    def is_here(self, url: str) -> bool:
        """Tell whether an address is on the source's own server."""
        parts = urlsplit(url)
        return parts.hostname in hosts_of(self.source.url) and parts.port == urlsplit(self.source.url).port

    def home_of(self, address: Address) -> str:
        """Return the address whose site a request for *address* may not leave: a feed may have its own."""
        return address.marks.get(_NAMED, self.source.url) if self._is_its_feed(address) else self.source.url

    def _is_its_feed(self, document: Address) -> bool:
        """Tell whether a document is the feed of the source's file, else its own by its platform; or where that led."""
        named, known = document.marks.get(_NAMED), self.source.known_feed
        is_own = named == known if known else document.marks.get(_OF) == self.source.url
        return named is not None and document.kind == "feed" and is_own

    def is_shown(self, address: Address) -> bool:
        """Tell whether an address is one of those that the browser shows: a page, where the source's file wants it."""
        return self.source.request.browser and address.kind not in {"feed", "sitemap"}

    def document(self, kind: str) -> Address | None:
        """Return the front page, feed or sitemap that answered last; None where none is known to.

        A feed that the source's file names is the only one; until it answered it is a blank record.
        """
        known = (d for d in self._documents.values() if d.kind == kind and d.status in _ALIVE and d.checked)
        if kind != "feed" or self.source.known_feed is None:
            return max(known, key=_last_asked, default=None)
        blank = self.named_feed(self.source.known_feed)
        return max(filter(self._is_its_feed, known), key=_last_asked, default=blank)

    def named_feed(self, url: str) -> Address:
        """Return the record of a feed that is the source's own by its file or its platform, wherever it lies."""
        feed = self.at("feed", url)
        return replace(feed, marks={**feed.marks, _NAMED: url, _OF: self.source.url})

    def at(self, kind: str, url: str) -> Address:
        """Return what is remembered of the document at *url*, a blank record for a new one."""
        key = address_alias(url)
        known = self._documents.get(key)
        return known if known and known.kind == kind else Address(
            source=self.source.name, key=key, url=url, kind=kind
        )

    def is_stale(self, document: Address | None, after: timedelta) -> bool:
        """Tell whether a document was asked for so long ago, or will have been by a clock that jumped."""
        if document is None or document.checked is None:
            return True
        return not timedelta(0) <= self.now - document.checked < after

    @property
    def reads_front(self) -> bool:
        """Whether the front page is asked for: where no feed is known, and once a week for its title and its feed."""
        if not self.source.has_pages:
            return False
        is_told = bool(self.source.listing.items or self.source.listing.also)  # the file says where posts are named
        is_needed = is_told or self.limits.everything or self.document("feed") is None
        return is_needed or self.is_stale(self.document("front"), _WEEK)

    @property
    def ttl(self) -> timedelta | None:
        """For how long its feed says that it is good; None where it does not say."""
        return timedelta(minutes=minutes) if (minutes := self._number_at("ttl")) else None

    @property
    def fresh_for(self) -> timedelta | None:
        """For how long the server of its feed said that the answer is good; None where it did not say."""
        return timedelta(seconds=seconds) if (seconds := self._number_at(FRESH)) else None

    def _number_at(self, mark: str) -> int:
        feed = self.document("feed")
        said = feed.marks.get(mark, "") if feed else ""
        return int(said) if said.isdigit() else 0

    def next_sitemap(self) -> Address | None:
        """Return the sitemap, where it is to be asked for: once a day, for edits and for what no feed told.

        One that is not there is asked for once a week; a source of today has just been read.
        """
        known = max((d for d in self._documents.values() if d.kind == "sitemap"), key=_last_asked, default=None)
        if not self.source.has_pages or known is None or (self._is_young and not self.limits.everything):
            return None
        rest = _DAY if known.status in _ALIVE or known.checked is None else _WEEK
        return known if self.limits.everything or self.is_stale(known, rest) else None

    @property
    def has_no_sitemap(self) -> bool:
        """Whether every sitemap that was asked for answered that there is none, or with something else."""
        asked = (d for d in self._documents.values() if d.kind == "sitemap" and self.was_asked(d))
        return all(d.status and d.status < HTTPStatus.INTERNAL_SERVER_ERROR for d in asked)

    @property
    def _is_young(self) -> bool:
        started = self.poll.started if self.poll else None
        return started is None or self.now - started < _DAY

    def is_worth_reading(self, sitemap: Address) -> Callable[[Found], bool]:
        """Tell which unknown posts of a sitemap are to be read: all on the way to the first post and after it.

        Else only those whose date says that they are newer than the last look: before a walk, most are older than
        what the source was added for.
        """
        if self.limits.everything or (self.poll is not None and self.poll.backfill == ""):
            return lambda _: True
        last = sitemap.checked
        return lambda post: last is not None and (post.mark or "")[:10] >= (last - _DAY).date().isoformat()

    def document_asked(self, document: Address) -> None:
        """Write down that a document is asked for."""
        self._asked.add(document.key)
        self.documents_open += 1

    def was_asked(self, document: Address) -> bool:
        """Tell whether a document was asked for in this visit."""
        return document.key in self._asked

    def document_ended(self) -> None:
        """Write down that a document answered, or failed."""
        self.account.ended += 1
        self.documents_open -= 1

    def unchanged(self, document: Address, *, status: int) -> Noted:
        """Return the record of a document that said: as before."""
        self.account.unmodified += 1
        is_whole = status == HTTPStatus.OK  # it was read, and says what it said
        marks = {**document.marks, _WHOLE: self.now.isoformat()} if is_whole else document.marks
        return Noted(document=self._keep(replace(document, checked=self.now, status=status, tries=0, marks=marks)))

    def read(self, document: Address, fingerprint: str | None) -> Address:
        """Return the record of a document that was read; None for the *fingerprint* of one that was cut short."""
        marks = {**document.marks, _WHOLE: self.now.isoformat()}
        return self._keep(replace(
            document, checked=self.now, status=200, fingerprint=fingerprint, tries=0, marks=marks, wanted=False
        ))  # fmt: skip

    def further_page(self, url: str, number: int) -> Address:
        """Return the record of a listing page that is to be read: a visit that is cut off goes on with it."""
        known = self.at("listing", url)
        return replace(known, wanted=True, marks={**known.marks, "number": str(number)})

    def failed(self, document: Address, status: int | None) -> Noted:
        """Return the record of a document that came to nothing."""
        return Noted(document=self._keep(replace(document, checked=self.now, status=status, tries=document.tries + 1)))

    def _keep(self, document: Address) -> Address:
        self._documents[document.key] = document
        return document

    def is_to_be_read_whole(self, document: Address) -> bool:
        """Tell whether a document is asked for without conditions: once a day, since some always say "as before".

        On a walk to the first post always: there it is asked for what it leads to, and not for what is new. And a page
        that the browser shows: what it shows changes while the page does not.
        """
        if self.is_shown(document):
            return True
        if document.kind == "post":
            return False
        if self.limits.everything:
            return True
        try:
            whole = datetime.fromisoformat(document.marks.get(_WHOLE, ""))
        except ValueError:
            return True
        return not timedelta(0) <= self.now - whole < _DAY


def number_of(listing: Address) -> int:
    """Return which page of the listing it is, from 1."""
    return int(listing.marks.get("number", "1"))


def listing_fingerprint(page: ListPage) -> str:
    """Return a hash of what a listing lists; the page around it says something else each time."""
    said = ((link, f"\t{link.listed.written()}" if link.listed else "") for link in page.posts)
    lines = "\n".join(f"{link.url}\t{link.title}\t{link.printed_date or ''}{listed}" for link, listed in said)
    return blake2b(f"{page.next_page or ''}\n{lines}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _last_asked(document: Address) -> datetime:
    return document.checked or datetime.min.replace(tzinfo=UTC)
