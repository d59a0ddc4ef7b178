"""One source in one crawl: what is remembered of it, and hence what is worth asking for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.discovery.feed_page import MOST_ENTRIES
from crawler.documents import Documents, Limits, number_of
from crawler.keeping import address_left_out, is_excluded, left_out_by, may_be_kept_now
from crawler.marks import keys_of, listed_of, marked
from pipelines.dates import parse_date
from pipelines.store import Address, Memory, Poll, Read
from pipelines.store.addresses import HELD, PATIENCE
from pipelines.store.departures import GONE
from pipelines.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crawler.account import Account
    from crawler.discovery import Found
    from crawler.listing import Listed
    from crawler.source import Source

_LONGEST_URL = 2000  # characters; Scrapy drops longer ones silently (URLLENGTH_LIMIT)
_YOUNGEST, _OLDEST = timedelta(hours=6), timedelta(days=30)
"""A newest post is looked at again when half its age has passed since, within these bounds."""
_AT_A_TIME = 20
"""How many of the posts that a sitemap does not name are asked for in one crawl."""
_SECOND_LOOK = timedelta(hours=1)
_DAY = timedelta(days=1)
_FELL_OUT = "is in its feed no longer, and was never read"
_LONGEST_REST = timedelta(days=30)


class Visit(Documents):
    """What is remembered of a source, and the book of this crawl.

    Attributes:
        backlog: posts that are asked for once every document has answered.
        is_counted: whether their number was told.
        read_at: where its platform has a post's text, for the address that lists name; None where that is the same.
        put_off_posts: how many came to nothing and are tried again another time.
        may_still_ask: post pages; below 0 where some must wait.
    """

    def __init__(
        self, source: Source, account: Account, limits: Limits, *, now: datetime, memory: Memory | None = None,
        documents: Mapping[str, Address] | None = None, poll: Poll | None = None,
    ) -> None:
        super().__init__(source, account, limits, now=now, documents=documents, poll=poll)
        self._memory, self.may_still_ask = memory, limits.posts
        self._current: dict[str, Address] = {}
        self._known_as: dict[str, str] = {}
        self._told: set[str] = set()
        self._left: list[Address] = []
        self._fresh: set[str] = set()
        self.read_at: Callable[[str], str] | None = None
        self.backlog: list[Address] = []
        self.is_counted, self.put_off_posts = False, 0

    # --- which posts -----------------------------------------------------------------------------------------------

    @property
    def was_visited(self) -> bool:
        """Whether anything was asked for and answered, or failed; else the source is still due."""
        return self.account.ended > self.account.left or not self.account.asked

    def done(self, post: Address, status: int, *, outcome: str | None = None) -> Address:
        """Return the record of a post's page that was read; *outcome* says why it holds no post."""
        marks = self._current.get(post.key, post).marks  # another document may have named it since
        done = replace(post, wanted=False, tries=0, checked=self.now, status=status, outcome=outcome, marks=marks)
        return self._now(done)

    def listed(self, post: Address) -> Listed | None:
        """Return what a list said of a post, now or in an earlier visit; None where none did."""
        return listed_of(known.marks for known in (self._current.get(post.key, post), post))

    def left_out(self, post: Address, status: int, why: str) -> Address:
        """Return the record of a post's page that was read, and whose post the source file does not want."""
        return self._now(left_out_by(self.source, self.done(post, status, outcome=why)))

    def put_off(self, post: Address, status: int | None) -> Address:
        """Return the record of a post's page that came to nothing: it waits on, where it is not stored already."""
        self.put_off_posts += 1
        waits, marks = post.guid is None or post.wanted, self._current.get(post.key, post).marks
        return self._now(
            replace(post, wanted=waits, tries=post.tries + 1, checked=self.now, status=status or None, marks=marks)
        )

    def unreadable(self, post: Address, status: int, why: str) -> Read:
        """Return the record of a page that should hold a post and that nobody could read."""
        self.put_off_posts += 1
        return Read(address=self.done(post, status), tries=post.tries).unreadable(why)

    def waiting(self) -> Iterator[Address]:
        """Yield the listing pages and posts that an earlier visit left behind."""
        for address in self._memory.wanted(self.source.name, self.limits.posts) if self._memory else ():
            moved = replace(address, url=self._moved(address.url))
            if address.kind == "listing":
                if self.limits.everything or number_of(address) <= self.source.pages:
                    yield self._keep(moved)
            elif not self._is_worth_trying(address) or is_excluded(self.source, moved.url):
                self.put_off_posts += 1
            elif self._may_ask():
                yield self._now(moved)

    def only_feed(self, *, waiting: bool) -> Address:
        """Return the feed of a source without pages, which is read even if it is as before where posts of it wait.

        Args:
            waiting: whether any may: a crawl was cut off, or an entry could not be kept.
        """
        feed = self.document("feed") or self.at("feed", self.source.start)
        self._left = self._memory.wanted(self.source.name, MOST_ENTRIES) if waiting and self._memory else []
        is_to_be_read = any(map(self._is_worth_trying, self._left))
        return replace(feed, etag=None, last_modified=None, fingerprint=None) if is_to_be_read else feed

    def fallen_out(self) -> Iterator[Read]:
        """Yield the records of what waits, once its feed was read, and is no longer in it."""
        for address in self._left:
            if address.key not in self.account.found:
                outcome = _FELL_OUT if address.kind == "post" and not address.guid else None
                yield Read(address=self.done(address, HTTPStatus.OK, outcome=outcome))

    def revisits(self) -> Iterator[Address]:
        """Yield the newest stored posts whose time has come to be looked at again."""
        if self._memory is None or self.poll is None or self.poll.revisit is None or self.poll.revisit > self.now:
            return
        if self.source.takes_entries:
            return  # the feed shows what was edited
        for address, dated in self._newest(self._memory):
            if next_look(address, dated) <= self.now and address.key not in self._current:
                yield self._now(replace(address, url=self._moved(address.url)))

    def next_revisit(self) -> datetime | None:
        """Return when the first of the newest posts is to be looked at again; None where there is none."""
        if self._memory is None or self.source.takes_entries:
            return None
        return min((next_look(address, dated) for address, dated in self._newest(self._memory)), default=None)

    def _newest(self, memory: Memory) -> list[tuple[Address, datetime]]:
        newest = memory.newest(self.source.name, self.limits.recheck)
        return [(address, dated) for address, dated in newest if not is_excluded(self.source, address.url)]

    def unnamed(self, found: Iterable[Found]) -> Iterator[Address]:
        """Yield stored posts that a blog's whole list of its posts does not name: they may be deleted.

        A few at a time, those that were not asked for longest first; none where the list names less than half of what
        is stored, and hence is no list of all.
        """
        keys = {key for post in found for key in keys_of(post)}
        if self._memory is None or not keys:
            return
        known = len(set(self._memory.recognised(self.source.name, keys).values()))
        missing = self._memory.unnamed(self.source.name, keys, known)
        if len(missing) >= known:
            return
        for address in missing[:_AT_A_TIME]:
            if self.is_stale(address, _DAY) and address.key not in self._current:
                yield self._now(replace(address, url=self._moved(address.url)))

    def judge(self, kind: str, found: Iterable[Found], *, unknown_too: Callable[[Found], bool] | None = None) -> Judged:
        """Tell which of the posts that a document names are to be read, and what to remember of them.

        Args:
            kind: of the document: `feed`, `sitemap`, `listing`.
            found: the posts it names.
            unknown_too: tells of a post that nobody knows whether it is worth reading; all are where left out.
        """
        posts = list(self._usable(found))
        keys = {key for post in posts for key in keys_of(post)}
        guids = self._memory.recognised(self.source.name, keys) if self._memory and keys else {}
        rows = self._memory.addresses(self.source.name, keys) if self._memory and keys else {}
        ask, notes = list[Address](), list[Address]()
        new = named = 0
        for post in posts:
            own = keys_of(post)
            first_named = self.account.found.isdisjoint(own)
            self.account.found.update(own)
            self.account.posts += first_named
            named += first_named
            known = next((self._current[self._known_as[key]] for key in own if key in self._known_as), None)
            if known is not None:  # another document of this visit named it, and settled whether it is read
                new += known.key in self._fresh and not self.is_first  # a feed that overflowed hides what is behind it
                notes += [self._now(marked(known, kind, post), *own)] if post.mark else []
                continue
            guid = next((guids[key] for key in own if key in guids), None)
            row = next((rows[key] for key in own if key in rows), None)
            address = self._judged(kind, post, row, guid, unknown_too)
            if guid is None and row is None:
                new += 1
                self._fresh.update(own)
            if address is None:
                continue
            notes.append(self._now(address, *own))
            if address.wanted and self._may_ask():
                ask.append(address)
        return Judged(ask=tuple(ask), notes=tuple(notes), new=new, named=named)

    def _judged(
        self, kind: str, post: Found, row: Address | None, guid: str | None,
        unknown_too: Callable[[Found], bool] | None,
    ) -> Address | None:
        """What to remember of one post, wanted where it is to be read; None where there is nothing new."""
        known = row or Address(source=self.source.name, key=keys_of(post)[0], url=post.url, kind="post", guid=guid)
        if row is None and guid is None:
            is_worth_it = not self.is_too_old(post) and (unknown_too is None or unknown_too(post))
            return replace(marked(known, kind, post), wanted=True) if is_worth_it else None
        is_back = known.status in GONE and not known.wanted and self.is_stale(known, _DAY)  # since it is named again
        if is_back or may_be_kept_now(self.source, known):
            return replace(marked(known, kind, post), url=post.url, wanted=True)
        is_as_before = post.mark is None or known.marks.get(kind) == post.mark
        if known.wanted and not self.source.has_pages:  # there is no page of it that was asked for
            is_tried = not is_as_before or self._is_worth_trying(known)
            return replace(marked(known, kind, post), url=post.url) if is_tried else None
        if is_as_before:
            return None
        if known.wanted:  # what waits was asked for when this visit began, unless it failed too often
            return replace(marked(known, kind, post), url=post.url, tries=0) if kind in known.marks else None
        # A sign given for the first time tells nothing: there is none to compare it with.
        return replace(marked(known, kind, post), url=post.url, wanted=kind in known.marks)

    def is_too_old(self, post: Found) -> bool:
        """Tell whether a post is older than this visit goes back, as far as its document tells."""
        if self.limits.since is None or not post.published:
            return False
        dated = parse_date(post.published, self.source.zone or "Asia/Seoul", self.now)
        return dated is not None and dated.date() < self.limits.since

    def _now(self, address: Address, *keys: str) -> Address:
        """Remember what is known of a post in this visit, and under which addresses."""
        self._current[address.key] = address
        self._known_as.update(dict.fromkeys((address.key, *keys), address.key))
        return address

    def _usable(self, found: Iterable[Found]) -> Iterator[Found]:
        for post in found:
            if len(post.url) > _LONGEST_URL or absolute(post.url, post.url) is None:
                self.account.fail(post.url[:200], "is no address that can be asked for")
            elif why := address_left_out(self.source, post.url):
                if post.url not in self._told:
                    self.account.skip(post.url, why)
                self._told.add(post.url)
            else:
                yield self._read_at(post)

    def _read_at(self, post: Found) -> Found:
        url = self.read_at(post.url) if self.read_at else post.url
        return post if url == post.url else replace(post, url=url, addresses=(post.url, *post.addresses))

    def _moved(self, url: str) -> str:
        if self.is_here(url):
            return url
        home = urlsplit(self.source.url)
        return urlunsplit((home.scheme, home.netloc, *urlsplit(url)[2:]))

    def _may_ask(self) -> bool:
        if self._memory is not None and not self.source.has_pages:
            return True  # an entry costs no request
        self.may_still_ask -= 1
        return self.may_still_ask >= 0

    def _is_worth_trying(self, address: Address) -> bool:
        if address.outcome == HELD:
            return self.is_stale(address, _SECOND_LOOK)
        if address.status in GONE and address.guid:
            return self.is_stale(address, _DAY)
        if address.tries <= PATIENCE or address.checked is None:
            return True
        rest = min(_DAY * 2 ** min(address.tries - PATIENCE - 1, 10), _LONGEST_REST)
        return self.is_stale(address, rest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What a document's posts come to."""

    ask: tuple[Address, ...]
    """To be read now."""
    notes: tuple[Address, ...]
    """To be remembered: those to be read, now or later, and new signs of change."""
    new: int
    """How many nobody knew before this visit."""
    named: int
    """How many there were that no other document had named in this visit."""


def next_look(address: Address, dated: datetime) -> datetime:
    """Return when a newest post is to be looked at again: when half its age has passed since the last look."""
    looked = address.checked or dated
    return looked + min(max((looked - dated) / 2, _YOUNGEST), _OLDEST)
