"""When a blog is due: from its habit, from what it asked for, and from how often it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from crawler.habit import Habit, habit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

WAITING = timedelta(minutes=6)
"""The one dial: how long the posts to be expected may together have waited until a blog is looked at."""
SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(days=1)
FRESH = timedelta(hours=5)
"""How much of a server's `max-age` counts: it is often a rule for all files of a host, and no word about its feed."""
JITTER = 0.1
"""Share by which a learnt interval is longer or shorter, so that a thousand blogs are not asked in one minute."""
EARLY = 0.1
"""Share by which `every` is shorter at most: an hourly cron must not find an hourly blog due in a few seconds."""
SKEW = timedelta(minutes=5)
"""Clocks of two machines may differ by so much; a poll that ended later than that was noted by a wrong clock."""
_HOUR = timedelta(hours=1)
_MOST_DOUBLINGS = 7  # 15 minutes are then more than a day


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """What is known of one blog's polls and posts. All times are aware."""

    newest: tuple[datetime, ...]
    """Dates of its newest posts, in any order; ten count, and none later than the poll. Empty where none has a date."""
    polled: datetime
    """When the last poll ended."""
    first_polled: datetime | None = None
    """When the first poll ended; None where that was the last one."""
    failures: int = 0
    """How many polls in a row failed, the last one included."""
    ttl: timedelta | None = None
    """For how long its feed says that it is good (`<ttl>`); a day counts."""
    fresh_for: timedelta | None = None
    """For how long its server says that the feed is good (`Cache-Control: max-age`); five hours count."""
    resting_until: datetime | None = None
    """Until when its server asked to be left alone (`Retry-After`); a day after the poll counts."""
    every: timedelta | None = None
    """The interval its source file asks for; None where it is learnt."""


def next_due(rhythm: Rhythm, name: str, waiting: timedelta = WAITING) -> datetime:
    """Return when the blog is due, in the zone of `polled`.

    A blog is due when the posts to be expected since the last poll would together have waited six minutes: 15
    minutes to a day later, and a tenth more or less. Each failure doubles that, up to a day; it is never given up.
    Nothing is due before its server or its feed wants to be asked again (RFC 9110 section 10.2.3, RSS 2.0 `<ttl>`),
    `every` included. For how long the server says that an answer is good (RFC 9111 section 5.2.2.1) counts up to five
    hours, and not against `every`.

    Args:
        rhythm: what is known of the blog.
        name: the source's name; equal names and polls give equal times.
        waiting: the dial: less means more polls.

    Returns:
        Where the interval is learnt, 13.5 minutes to 26.4 hours after `polled`.
    """
    usual = rhythm.every or _learnt(rhythm, waiting)
    interval = min(usual * (1 << _doublings(rhythm)), max(usual, LONGEST))
    chance = _chance(name, rhythm.polled)
    if rhythm.every:
        interval *= 1 - EARLY * (1 + chance) / 2
    else:
        interval *= 1 - JITTER + 2 * JITTER * chance
    wishes = [rhythm.ttl, rhythm.resting_until and rhythm.resting_until - rhythm.polled]
    if rhythm.fresh_for and not rhythm.every:
        wishes.append(min(rhythm.fresh_for, FRESH))
    return rhythm.polled + max([interval, *(min(wish, LONGEST) for wish in wishes if wish)])


def news_rate(rhythm: Rhythm, now: datetime) -> float:
    """Return how many new posts are to be expected at the blog at *now* (aware); 0 just after a poll."""
    start, end = (time.timestamp() / 3600 for time in (rhythm.polled, max(now, rhythm.polled)))
    return _habit(rhythm).expected(start, end)


def order(rhythms: Mapping[str, Rhythm], now: datetime, due: Mapping[str, datetime] | None = None) -> list[str]:
    """Return the names of the sources that are due at *now* (aware), in the order to ask them where time is short.

    Those with most news to be expected come first (each failure in a row halves that), but every second place, the
    first one included, goes to who is overdue by more than a day, the longest wait first: so none waits for ever.
    A source whose poll lies in the future is due: the clock was wrong then, or is now.

    Args:
        rhythms: the sources that were polled before, by name.
        now: when they are to be asked.
        due: when each of them is due (aware), where that was settled before; else by `next_due`.
    """
    due = due if due is not None else {name: next_due(rhythm, name) for name, rhythm in rhythms.items()}
    ready = [name for name, rhythm in rhythms.items() if due[name] <= now or rhythm.polled > now + SKEW]
    starving = sorted((name for name in ready if due[name] < now - LONGEST), key=lambda name: (due[name], name))
    news = {name: _promise(rhythms[name], now) for name in ready}
    likely = sorted(ready, key=lambda name: (-news[name], name))
    in_turns: Iterable[str | None] = chain.from_iterable(zip_longest(starving, likely))
    return list(dict.fromkeys(name for name in in_turns if name is not None))


def _learnt(rhythm: Rhythm, waiting: timedelta) -> timedelta:
    if not _dated(rhythm) and rhythm.polled - _first(rhythm) < LONGEST:
        return _HOUR
    hours = _habit(rhythm).hours_until(rhythm.polled.timestamp() / 3600, waiting / _HOUR)
    return max(SHORTEST, min(LONGEST, timedelta(hours=hours)))


def _habit(rhythm: Rhythm) -> Habit:
    """Return the blog's habit; one without any dated post is taken to have posted when it was met."""
    return habit(_dated(rhythm) or (_first(rhythm),))


def _dated(rhythm: Rhythm) -> tuple[datetime, ...]:
    """Return the dates that can be: a post from the future says nothing about when the next one comes."""
    if not rhythm.newest or max(rhythm.newest) <= rhythm.polled:
        return rhythm.newest
    return tuple(date for date in rhythm.newest if date <= rhythm.polled)


def _first(rhythm: Rhythm) -> datetime:
    return min(rhythm.first_polled or rhythm.polled, rhythm.polled)


def _doublings(rhythm: Rhythm) -> int:
    return min(max(rhythm.failures, 0), _MOST_DOUBLINGS)


def _promise(rhythm: Rhythm, now: datetime) -> float:
    return news_rate(rhythm, now) / (1 << _doublings(rhythm))


def _chance(name: str, polled: datetime) -> float:
    """Return a number in 0..1 that only the name and the time decide: a run that is repeated says the same."""
    seed = f"{polled.timestamp():.6f} {name}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(seed, digest_size=4).digest()) / 2**32
