"""The rule of due times against others, simulated: polls per blog per day, and how long a new post waits for one."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import product
from random import Random

from crawler.schedule import WAITING, Rhythm, next_due

HOURS = 60 * 24
BLOGS = 1000
FEWER = 150
"""Blogs for the row that polls most: enough, and it would take as long as all others."""
OURS, EAGER, SPARING = "ours", "ours, the dial at 18 seconds", "ours, the dial at hours"
_EAGER = timedelta(seconds=18)
_SPARING = {
    "at any time": timedelta(hours=7), "in bursts": timedelta(hours=4.2), "at their hours": timedelta(hours=4.5),
}  # fmt: skip
"""As many polls as the rival's: `entry_frequency` sends nearly the one a day that both send at least."""
_EQUAL = 1.005
"""Polls within half a percent are as many."""
_START = datetime(2026, 1, 1, tzinfo=UTC)
_DORMANT = 0.4
_RATE, _SPREAD = 0.2 / 24, 1.2  # posts per hour of the median blog; sigma of the logarithm


@dataclass(frozen=True, kw_only=True, slots=True)
class Blog:
    name: str
    posts: list[float]
    """Hours since the simulation began, sorted; those from before are below 0."""
    first: float
    """Hour of the first poll."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    polls: float
    """Per blog and day."""
    median: float
    """Hours from a post to the poll that finds it."""
    p90: float


Policy = Callable[[Blog], Iterator[float]]
"""From a blog to the hours of its polls."""


# --- blogs -----------------------------------------------------------------------------------------------------------


def by_chance(random: Random, rate: float, start: float, end: float) -> list[float]:
    """Posts at any time (Poisson)."""
    posts: list[float] = []
    while (start := start + random.expovariate(rate)) < end:
        posts.append(start)
    return posts


def in_bursts(random: Random, rate: float, start: float, end: float) -> list[float]:
    """Three posts in a row on average, two hours between them."""
    posts = []
    for time in by_chance(random, rate / 3, start, end):
        posts.append(time)
        while random.random() < 2 / 3:
            time += random.expovariate(1 / 2)  # noqa: PLW2901
            posts.append(time)
    return sorted(time for time in posts if time < end)


def at_hours(random: Random, rate: float, start: float, end: float) -> list[float]:
    """Authors with one or two hours of the day of their own, kept to some minutes or to some hours."""
    hours = [random.uniform(0, 24) for _ in range(random.choice((1, 1, 2)))]
    spread = random.choice((0.1, 0.5, 1.5, 3))
    posts = (
        time // 24 * 24 + random.choice(hours) + random.gauss(0, spread)
        for time in by_chance(random, rate, start, end)
    )
    return sorted(time for time in posts if start < time < end)


KINDS = {"at any time": by_chance, "in bursts": in_bursts, "at their hours": at_hours}


@cache
def blogs(kind: str, count: int = BLOGS) -> list[Blog]:
    """Blogs of one kind, the same ones each time; two of five have been silent for 60 days to four years."""
    found = []
    for number in range(count):
        random = Random(f"{kind} {number}")  # noqa: S311 - the same blogs each time
        rate = _RATE * math.exp(_SPREAD * random.gauss(0, 1))
        silent = number % 5 < 5 * _DORMANT
        posts = KINDS[kind](random, rate, -max(90 * 24, 15 / rate), 0 if silent else HOURS)
        away = random.uniform(60, 1500) * 24 if silent else 0
        found.append(Blog(name=f"blog-{number}", posts=[post - away for post in posts], first=random.uniform(0, 24)))
    return found


# --- policies --------------------------------------------------------------------------------------------------------


def fixed(hours: float, blog: Blog) -> Iterator[float]:
    now = blog.first % hours
    while now < HOURS:
        yield now
        now += hours


def entry_frequency(blog: Blog, factor: int = 1) -> Iterator[float]:
    """As miniflux does it: a week divided by the posts of the last week, five minutes to a day."""
    now = blog.first
    while now < HOURS:
        yield now
        count = bisect_right(blog.posts, now) - bisect_left(blog.posts, now - 168)
        now += min(24.0, max(1 / 12, 168 / (count * factor))) if count else 24.0


def halving(blog: Blog) -> Iterator[float]:
    """Half the interval after news, one and a half times after none."""
    now, interval, known = blog.first, 6.0, bisect_right(blog.posts, blog.first)
    while now < HOURS:
        yield now
        posts = bisect_right(blog.posts, now)
        interval = min(24.0, max(0.25, interval * (0.5 if posts > known else 1.5)))
        now, known = now + interval, posts


def ours(waiting: timedelta, blog: Blog) -> Iterator[float]:
    dates = [_START + timedelta(hours=post) for post in blog.posts]
    now = first = _START + timedelta(hours=blog.first)
    end = _START + timedelta(hours=HOURS)
    known, newest = -1, ()
    while now < end:
        yield (now - _START).total_seconds() / 3600
        if (posts := bisect_right(dates, now)) != known:
            known, newest = posts, tuple(dates[max(0, posts - 10) : posts])
        now = next_due(Rhythm(newest=newest, polled=now, first_polled=first), blog.name, waiting)


# --- figures ---------------------------------------------------------------------------------------------------------


def simulate(found: Sequence[Blog], policy: Policy) -> Figures:
    count, waits = 0, []
    for blog in found:
        polls = list(policy(blog))
        count += len(polls)
        at = bisect_right(blog.posts, polls[0])
        for poll in polls:
            while at < len(blog.posts) and blog.posts[at] <= poll:
                waits.append(poll - blog.posts[at])
                at += 1
    waits.sort()
    median, p90 = waits[len(waits) // 2], waits[len(waits) * 9 // 10]
    return Figures(polls=count * 24 / HOURS / len(found), median=median, p90=p90)


def policy(kind: str, name: str) -> Policy:
    return {
        "fixed 1 h": partial(fixed, 1),
        "fixed 6 h": partial(fixed, 6),
        "miniflux entry_frequency": entry_frequency,
        "miniflux, factor 14": partial(entry_frequency, factor=14),
        "half / one and a half": halving,
        OURS: partial(ours, WAITING),
        EAGER: partial(ours, _EAGER),
        SPARING: partial(ours, _SPARING[kind]),
    }[name]


RIVALS = {"fixed 1 h": EAGER, "fixed 6 h": OURS, "miniflux entry_frequency": SPARING}
"""Each rival, and where the dial of ours stands to be held against it."""
NAMES = (*RIVALS, "miniflux, factor 14", "half / one and a half", OURS, EAGER, SPARING)


def figures(kind: str, name: str, count: int = BLOGS) -> Figures:
    return simulate(blogs(kind, min(count, FEWER) if name == EAGER else count), policy(kind, name))


def not_beaten(found: dict[str, Figures]) -> list[str]:
    """The rivals that ours, sending no more polls, does not beat in both the median and the slowest tenth."""
    return [
        rival
        for rival, own in RIVALS.items()
        if found[own].polls > _EQUAL * found[rival].polls
        or found[own].median >= found[rival].median
        or found[own].p90 >= found[rival].p90
    ]


def main() -> int:
    """Print a table for each kind of blog; 1 where the promise is not kept."""
    jobs = list(product(KINDS, NAMES))
    with ProcessPoolExecutor() as processes:
        found = dict(zip(jobs, processes.map(figures, *zip(*jobs, strict=True)), strict=True))
    failed = False
    for kind in KINDS:
        print(f"\n{BLOGS} blogs that post {kind}, two of five silent; 60 days")
        print(f"{'':34} polls/blog/day   median h   p90 h")
        table = {name: found[kind, name] for name in NAMES}
        for name, row in table.items():
            print(f"{name:34} {row.polls:14.2f} {row.median:10.2f} {row.p90:7.2f}")
        for rival in not_beaten(table):
            print(f"The rule does not beat {rival}.")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
