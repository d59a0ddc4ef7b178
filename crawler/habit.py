"""Habit: how likely a blog is to post at any moment, read off the dates of its newest posts.

Three things are learnt, each from at most ten dates: how often it posts, how soon one post follows another (some
write three in an evening, then nothing for a week), and at which hours of the day. `python -m bench.schedule` shows
what each is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOST = 10
"""Dates that count: older ones tell what the blog once was."""
_ENOUGH = 5
"""Dates that a habit of hours can be read from."""
_DAY = 24
_SHORTEST = 0.25
"""Hours: shorter gaps are one sitting, and nothing is polled more often."""
_UNKNOWN = 24.0
"""Hours between two posts of a blog that has shown no gap yet."""
_AROUND = 4.0
"""A gap tells of quiet times up to so many times shorter or longer."""
_AVERAGE = 2.0
"""Gaps that the average alone counts for, beside those that were seen."""
_CHANCE = 3.0
"""Posts at any hour that are assumed beside those that were seen: no hour is ever ruled out."""
_SURE = 2.0
"""How much better (log likelihood) the other posts must foretell each post's hour than mere chance does."""
_DOUBT = 0.3
"""Share of posts at odd hours while that is asked: one of them must not outweigh nine."""
_NEAR = ((-1, 0.25), (0, 0.5), (1, 0.25))
"""Hours around a post that it speaks for, and how loud; wide enough for a change of daylight time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """When a blog posts. Times are hours since 1970 (UTC), as floats."""

    newest: float
    """Time of its newest post."""
    gaps: tuple[float, ...]
    """Hours between neighbouring posts, at most nine."""
    by_hour: tuple[float, ...]
    """A factor for each hour of the UTC day, never 0 and 1 in the mean; empty where it has no hours of its own."""

    def rate(self, age: float) -> float:
        """Return posts per hour to be expected *age* hours after the newest one, the hour of the day aside.

        That is how often gaps of about this length ended, and the average gap where there were few; a blog that is
        quiet for longer than ever is taken to stay quiet for half as long again.
        """
        age = max(age, _SHORTEST)
        low, high = age / _AROUND if age > _SHORTEST else 0.0, age * _AROUND
        mean = sum(self.gaps) / len(self.gaps) if self.gaps else _UNKNOWN
        ended, waited = _AVERAGE, _AVERAGE * max(mean, age / 2, _SHORTEST)
        for gap in self.gaps:
            if gap >= low:
                waited += min(gap, high) - low
                ended += gap < high
        return ended / waited

    def expected(self, start: float, end: float) -> float:
        """Return how many posts are to be expected between two times, in hours since 1970."""
        day = start + _DAY
        news = sum(length * rate for length, rate in self._stretches(start, min(end, day)))
        return news + max(0.0, end - day) * self.rate(day - self.newest)

    def hours_until(self, start: float, waiting: float) -> float:
        """Return after how many hours the posts to be expected since *start* have together waited *waiting* hours.

        At most 24. Ten expected posts an hour ago count as much as one ten hours ago: what is likely is looked for
        soon, and what is unlikely is not put off without end.
        """
        passed = news = waited = 0.0
        for length, rate in self._stretches(start, start + _DAY):
            full = waited + news * length + rate * length * length / 2
            if full >= waiting:
                left = waiting - waited
                return passed + 2 * left / (news + math.sqrt(news * news + 2 * rate * left))
            passed, waited, news = passed + length, full, news + rate * length
        return _DAY

    def _stretches(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        """Yield lengths (hours) and rates (posts per hour): what lies between two times, cut where the rate changes."""
        while start < end:
            age = max(start - self.newest, _SHORTEST)
            rate = self.rate(age)
            same = min(end, start + age / 2)  # it changes as slowly as the blog grows old
            while self.by_hour and start < same:
                hour = math.floor(start)
                until = min(hour + 1.0, same)
                yield until - start, rate * self.by_hour[hour % _DAY]
                start = until
            if start < same:
                yield same - start, rate
                start = same


@lru_cache(maxsize=64)
def habit(dates: tuple[datetime, ...]) -> Habit:
    """Return the habit behind posts of these *dates* (aware, in any order, at least one); the newest ten count."""
    times = sorted(date.timestamp() / 3600 for date in dates)[-MOST:]
    gaps = tuple(later - earlier for earlier, later in pairwise(times))
    return Habit(newest=times[-1], gaps=gaps, by_hour=_by_hour(times))


def _by_hour(times: list[float]) -> tuple[float, ...]:
    """Return a factor for each hour of the day; none where the posts show no habit.

    Posts that all carry one time of the day carry none: their page prints the day alone, and midnight is made up.
    """
    if len(times) < _ENOUGH or len({round(time * 3600) % (_DAY * 3600) for time in times}) == 1:
        return ()
    hours = [math.floor(time) % _DAY for time in times]
    weight = [0.0] * _DAY
    for hour in hours:
        for away, share in _NEAR:
            weight[(hour + away) % _DAY] += share
    own = max(share for _, share in _NEAR)
    foretold = [(weight[hour] - own) * _DAY / (len(hours) - 1) for hour in hours]
    if sum(math.log(_DOUBT + (1 - _DOUBT) * odds) for odds in foretold) < _SURE:
        return ()
    return tuple((_CHANCE + each * _DAY) / (_CHANCE + len(hours)) for each in weight)
