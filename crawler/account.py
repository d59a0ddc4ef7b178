"""What became of every address of one source in one crawl: nothing may vanish unseen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipelines.store import Skipped, SourceResult


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
    found: set[str] = field(default_factory=set)
    """Aliases of the posts that discovery named."""
    posts: int = 0
    """Posts that discovery named, each once."""
    read: int = 0
    """Pages that were read as posts."""
    rechecked: int = 0
    """Known posts read again for edits."""
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

    def skip(self, url: str, reason: str, *, unreadable: bool = False) -> None:
        """Write down that *url* was left alone; *unreadable* where everybody should see a post there."""
        seen = self.skips.get(reason, Skipped(reason=reason, count=0, example=url))
        self.skips[reason] = replace(seen, count=seen.count + 1)
        self.unreadable += unreadable

    def result(self, *, stopped: bool, stored: bool, new: int, edited: int, unchanged: int) -> SourceResult:
        """Close the book: a request that never ended and a blog without a post are failures too.

        Args:
            stopped: whether the crawl was ended before it was done.
            stored: whether posts were to be stored; then every one that was read must have been.
            new: posts that the store had not.
            edited: posts whose text changed.
            unchanged: posts read again that said the same.
        """
        failures = list(self.failures)
        if missing := self.asked - self.ended:
            why = "the crawl was stopped first" if stopped else "they vanished"
            failures.append(f"{self.home}: {missing} of {self.asked} requests came to no answer, {why}")
        if stored and (lost := self.read - new - edited - unchanged):
            failures.append(f"{self.home}: {lost} posts were read but not stored")
        if self.unreadable and not self.read:
            why = ", ".join(skipped.reason for skipped in self.skips.values())
            failures.append(f"{self.home}: none of {self.unreadable} pages could be read as a post ({why})")
        if not self.posts and not failures and not self.skips:
            failures.append(f"{self.home}: no posts found there; look at it with `moafeed preview {self.home}`")
        return SourceResult(
            source=self.source, found=self.posts, new=new, edited=edited, unchanged=unchanged,
            skipped=tuple(self.skips.values()), failures=tuple(failures),
        )
