"""What a crawl did, source by source: the record of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """Pages that were left alone for one reason."""

    reason: str
    """What they are instead of posts, such as `asks for a password`."""
    count: int
    """How many."""
    example: str
    """Address of the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceResult:
    """One source in one run."""

    source: str
    """Name of the source."""
    asked: int = 0
    """Requests that were sent, robots.txt aside."""
    unmodified: int = 0
    """Answers that said that nothing changed, by their status or by their content."""
    found: int = 0
    """Posts that discovery named."""
    new: int = 0
    """Posts stored for the first time."""
    edited: int = 0
    """Stored posts whose text changed."""
    unchanged: int = 0
    """Stored posts that were read again and said the same."""
    held: int = 0
    """Stored posts whose new version says much less, and waits for a second look."""
    waiting: int = 0
    """Posts that are left for the next crawl."""
    skipped: tuple[Skipped, ...] = ()
    """Pages left alone, by the reason: protected or private posts, notices, what can't be kept whole."""
    failures: tuple[str, ...] = ()
    """What went wrong, one sentence each, with the address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """One run over some sources."""

    started: datetime
    """Aware, UTC."""
    ended: datetime
    """Aware, UTC."""
    results: tuple[SourceResult, ...]
    """One per source that was crawled."""
