"""What became of every address of one source in one crawl: nothing may vanish unseen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.store import Skipped, SourceResult

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Account:
    """The open book of one source; `result` closes it."""

    source: str
    """Name of the source."""
    home: str
    """Address the source starts from."""
    asked: int = 0
    """Requests the spider sent off."""
    ended: int = 0
    """Requests that came to a callback or an errback."""
    left: int = 0
    """Requests among them that were not sent, because the crawl ended."""
    posts_asked: int = 0
    """Post pages among them."""
    unmodified: int = 0
    """Answers that said that nothing changed."""
    found: set[str] = field(default_factory=set)
    """Aliases of the posts that discovery named."""
    posts: int = 0
    """Posts that discovery named, each once."""
    read: int = 0
    """Pages that were read as posts."""
    skips: dict[str, Skipped] = field(default_factory=dict)
    """Pages left alone, by the reason: protected, private, gone, no posts."""
    unreadable: int = 0
    """Those among them that were named as posts, and that nobody could read as such."""
    lasting: dict[str, str] = field(default_factory=dict)
    """Lasting forms of picture addresses that the blog's feed and pages named: see `pictures.lasting_forms`."""
    failures: list[str] = field(default_factory=list)
    """Sentences for people."""

    def fail(self, url: str, reason: str) -> None:
        """Write down that *url* came to nothing."""
        self.failures.append(f"{url}: {reason}")

    def rest(self, until: datetime) -> None:
        """Write down that nothing was asked, since the server wants to be left alone *until* then (UTC)."""
        self.fail(self.home, f"it wants to be left alone until {until:%Y-%m-%d %H:%M} UTC, so it was not asked")

    def skip(self, url: str, reason: str, *, unreadable: bool = False) -> None:
        """Write down that *url* was left alone; *unreadable* where everybody should see a post there."""
        seen = self.skips.get(reason, Skipped(reason=reason, count=0, example=url))
        self.skips[reason] = replace(seen, count=seen.count + 1)
        self.unreadable += unreadable

    def result(
        self, *, stopped: bool, stored: bool, new: int, edited: int, unchanged: int, held: int = 0, waiting: int = 0,
        known: bool = False, may_be_left: bool = False, alarm: int = 0,
    ) -> SourceResult:
        """Close the book: a request that never ended and a blog without a post are failures too.

        Args:
            stopped: whether the crawl was ended before it was done.
            stored: whether posts were to be stored; then every one that was read must have been.
            new: posts that the store had not.
            edited: posts whose text changed.
            unchanged: posts read again that said the same.
            held: posts read again that said less than before, and wait for a second look.
            waiting: posts that are left for the next crawl.
            alarm: stored posts that were not there, among too many to be believed.
            may_be_left: whether a crawl that ends before its end is none that failed: a person stopped it, or its time
                was short on purpose. What has no answer yet is then left for the next one.
            known: whether the source was crawled before: then no news are good news.
        """
        failures = list(self.failures)
        if may_be_left:
            self.left, self.ended = self.left + self.asked - self.ended, self.asked
        elif missing := self.asked - self.ended + self.left:
            why = "the crawl was stopped first" if stopped else "they vanished"
            failures.append(f"{self.home}: {missing} of {self.asked} requests came to no answer, {why}")
        if stored and (lost := self.read - new - edited - unchanged - held):
            failures.append(f"{self.home}: {lost} posts were read but not stored")
        if self.unreadable and not self.read:
            why = ", ".join(skipped.reason for skipped in self.skips.values())
            failures.append(f"{self.home}: none of {self.unreadable} pages could be read as a post ({why})")
        if alarm:
            failures.append(f"{self.home}: more than 30 % of its posts are gone at once; none of them was deleted here")
        if not (self.posts or failures or self.skips or known or self.left):
            failures.append(f"{self.home}: no posts found there; look at it with `moafeed preview {self.home}`")
        return SourceResult(
            source=self.source, asked=self.asked, unmodified=self.unmodified, waiting=waiting, held=held,
            found=self.posts,
            new=new, edited=edited, unchanged=unchanged, skipped=tuple(self.skips.values()), failures=tuple(failures),
        )
