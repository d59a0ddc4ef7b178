"""Posts that nothing names: which numbers a walk to the first post still asks for, down from the newest known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.keeping import address_left_out, may_be_kept_now
from pipelines.identity import address_alias
from pipelines.store import Address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crawler.visit import Visit
    from pipelines.store import Memory

_LONGEST_GAP = 100
"""Missing numbers in a row after which none is asked for down to the next post that is known; often there is none."""
_OLD = 5
"""Posts in a row from before the day that the walk goes back to, after which it ends: one date may be made up."""
_FAILURES = 3
_AT_ONCE = 500
_LONGEST_NUMBER = 6  # digits; what has eight is a day
_DAY = timedelta(days=1)


class Came(Enum):
    """What came of a number, now or in an earlier walk."""

    THERE = auto()
    OLD = auto()
    MISSING = auto()
    FAILED = auto()


_KNOWN = (Came.THERE, Came.OLD)


class Numbers:
    """The numbers of one walk, in the order to ask for them."""

    def __init__(self, steps: Iterable[Address | Came] = ()) -> None:
        """Begin.

        Args:
            steps: one for each number, the newest first: the address to ask for, or what came of it before.
        """
        steps = tuple(steps)
        self.count = sum(isinstance(step, Address) for step in steps)
        self._steps = iter(steps)
        self._missing = self._old = self._failed = 0

    def came(self, what: Came) -> None:
        """Write down what came of the number that was asked for last."""
        self._missing = self._missing + 1 if what is Came.MISSING else 0
        self._failed = self._failed + 1 if what is Came.FAILED else 0
        self._old += what is Came.OLD
        if what is Came.THERE:
            self._old = 0

    def stop(self) -> None:
        """Ask for nothing more."""
        self._steps = iter(())

    def next(self) -> Address | None:
        """Return what to ask for next; None at the end of the walk, or after several failures."""
        for step in self._steps:
            if self._old >= _OLD or self._failed >= _FAILURES:
                break
            if self._missing >= _LONGEST_GAP and step not in _KNOWN:
                continue
            if isinstance(step, Address):
                return step
            self.came(step)
        return None


@dataclass(slots=True)
class Walk:
    """What the lists of a blog told on a walk to its first post."""

    numbered: str | None = None
    """Where its front page's platform has posts by their numbers; None before that page was read."""
    goes_on: bool = False
    """Whether a sitemap named posts, or a list led to a further page: what those do not name is not there."""
    met: set[str] = field(default_factory=set)
    """Aliases of the posts that were read."""
    numbers: Numbers | None = None
    """Which numbers are asked for; None before every list has answered and what it named was read."""


def numbers_of(visit: Visit, memory: Memory | None) -> Numbers:
    """Return the numbers that a walk has to ask for: none where the lists told all that there is.

    Args:
        visit: all of whose documents have answered, and all posts that they named.
        memory: of the store; without one nothing could be gone on with.
    """
    source, numbered = visit.source, visit.walk.numbered
    is_whole_blog = urljoin(source.url, "/").rstrip("/") == source.url.rstrip("/") and not source.listing.address
    if memory is None or numbered is None or visit.walk.goes_on or not visit.has_no_sitemap:
        return Numbers()
    return Numbers(_steps(visit, memory, numbered) if is_whole_blog and not source.takes_entries else ())


def _steps(visit: Visit, memory: Memory, numbered: str) -> Iterator[Address | Came]:
    """Yield a step for each number, down to the first or the last that may be asked for; long gaps are cut short."""
    name, start = visit.source.name, urljoin(visit.source.url, numbered)
    prefix = address_alias(f"{start}0").removesuffix("0")
    stored, named = memory.dated(name), visit.account.found | visit.walk.met
    known = sorted({number for key in (*stored, *named) if (number := _number(key, prefix))}, reverse=True)
    top = known[0] if known else 0
    asked = missing = 0
    while top:
        numbers = range(top, max(top - _AT_ONCE, 0), -1)
        rows = memory.addresses(name, [f"{prefix}{number}" for number in numbers])
        for number in numbers:
            key = f"{prefix}{number}"
            row = rows.get(key) or Address(source=name, key=key, url=f"{start}{number}", kind="post")
            step = _dated(stored[key], visit) if key in stored else Came.THERE if key in named else _unnamed(row, visit)
            if missing >= _LONGEST_GAP and step not in _KNOWN:
                top, missing = next((there for there in known if there < number), 0), 0
                break
            asked += isinstance(step, Address)
            if asked > visit.may_still_ask:
                return
            missing = missing + 1 if step is Came.MISSING else 0
            top = number - 1
            yield step


def _dated(post: datetime, visit: Visit) -> Came:
    return Came.OLD if visit.limits.since is not None and post.date() < visit.limits.since else Came.THERE


def _unnamed(row: Address, visit: Visit) -> Address | Came:
    """The step for a number that nothing names: each is asked for once, and again a day after it failed."""
    if row.checked is None and not row.wanted:
        return Came.THERE if address_left_out(visit.source, row.url) else row
    if row.tries and not row.wanted:
        return row if visit.is_stale(row, _DAY) else Came.FAILED
    if may_be_kept_now(visit.source, row):
        return row
    return Came.THERE if row.guid or row.wanted or row.outcome else Came.MISSING


def _number(key: str, prefix: str) -> int:
    """Return the number that an alias ends with; 0 where it is no post's by its number."""
    rest = key.removeprefix(prefix) if key.startswith(prefix) else ""
    return int(rest) if rest.isascii() and rest.isdigit() and len(rest) <= _LONGEST_NUMBER else 0
