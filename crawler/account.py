"""What became of every address of one source in one crawl: nothing may vanish unseen."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.store import SourceResult


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
    skipped: int = 0
    """Pages left alone on purpose: protected, private, no posts."""
    unreadable: int = 0
    """Those among them that were named as posts and are none."""
    failures: list[str] = field(default_factory=list)
    """Sentences for people."""

    def fail(self, url: str, reason: str) -> None:
        """Write down that *url* came to nothing."""
        self.failures.append(f"{url}: {reason}")

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
            failures.append(f"{self.home}: none of {self.unreadable} pages could be read as a post; did it change?")
        if not self.posts and not failures and not self.skipped:
            failures.append(f"{self.home}: no posts found there; look at it with `moafeed preview {self.home}`")
        return SourceResult(
            source=self.source, found=self.posts, new=new, edited=edited, unchanged=unchanged,
            skipped=self.skipped, failures=tuple(failures),
        )
