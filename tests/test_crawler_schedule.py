"""Due times: never too often, never too late, and sooner the likelier a blog has news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.schedule import EAGER, FEWER, KINDS, NAMES, OURS, SPARING, Figures, figures, not_beaten
from crawler.habit import habit
from crawler.schedule import Rhythm, news_rate, next_due, order

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def posts(*ago: timedelta, at: datetime = NOON) -> tuple[datetime, ...]:
    return tuple(at - each for each in ago)


def every(gap: timedelta, count: int = 10, newest: timedelta = MINUTE) -> tuple[datetime, ...]:
    """Posts that follow each other at one interval, the hours of the day mixed."""
    return posts(*(newest + gap * number for number in range(count)))


def wait(newest: tuple[datetime, ...] = (), name: str = "blog", polled: datetime = NOON, **more: object) -> timedelta:
    return next_due(Rhythm(newest=newest, polled=polled, **more), name) - polled  # type: ignore[arg-type]


# --- the learnt interval ---------------------------------------------------------------------------------------------


def test_who_posts_more_is_asked_more() -> None:
    waits = [wait(every(gap)) for gap in (HOUR, 7 * HOUR, 31 * HOUR, 7 * DAY, 29 * DAY)]
    assert waits == sorted(waits)
    assert waits[0] < 45 * MINUTE
    assert 4 * HOUR < waits[-1] <= 1.1 * DAY


def test_a_blog_that_has_fallen_silent_is_asked_less_and_less() -> None:
    waits = [wait(every(31 * HOUR, newest=age)) for age in (HOUR, 10 * DAY, 60 * DAY, 365 * DAY)]
    assert waits == sorted(waits)
    assert waits[-1] > 20 * HOUR


def test_one_post_of_a_burst_brings_the_next_poll_forward() -> None:
    """Three posts within an hour, then a week of nothing: just after the first, and two days after the last."""
    bursts = [start + step for start in (7 * DAY, 14 * DAY, 21 * DAY) for step in (0 * MINUTE, 30 * MINUTE, HOUR)]
    just_after, later = wait(posts(5 * MINUTE, *bursts)), wait(posts(2 * DAY, *bursts))
    assert just_after * 2 < later


def test_an_author_of_the_morning_is_asked_then_and_left_alone_at_night() -> None:
    mornings = tuple(datetime(2026, 11, day, 8, 7 * day % 60, tzinfo=UTC) for day in range(21, 31))
    before = next_due(Rhythm(newest=mornings, polled=datetime(2026, 12, 1, 7, tzinfo=UTC)), "blog")
    after = next_due(Rhythm(newest=mornings, polled=datetime(2026, 12, 1, 14, tzinfo=UTC)), "blog")
    assert before < datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert after > datetime(2026, 12, 1, 18, tzinfo=UTC)


def test_days_without_a_time_are_no_habit_of_midnight() -> None:
    assert not habit(tuple(datetime(2026, 11, day, 15, tzinfo=UTC) for day in range(1, 11))).by_hour
    assert habit(tuple(datetime(2026, 11, day, 15, day, tzinfo=UTC) for day in range(1, 11))).by_hour


def test_only_the_ten_newest_posts_count() -> None:
    assert wait(every(31 * HOUR) + every(HOUR, newest=100 * DAY)) == wait(every(31 * HOUR))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_ten_posts_of_one_minute_are_no_reason_to_ask_for_ever(count: int) -> None:
    """An import: all dates are one."""
    assert wait(posts(*[count * DAY] * 10)) >= 13.5 * MINUTE
    assert wait(posts(*[30 * DAY] * 10)) > 3 * HOUR


# --- blogs without dates ---------------------------------------------------------------------------------------------


def test_a_blog_without_dates_is_asked_hourly_for_a_day_then_by_its_age() -> None:
    assert 54 * MINUTE <= wait() <= 66 * MINUTE
    assert 54 * MINUTE <= wait(first_polled=NOON - 23 * HOUR) <= 66 * MINUTE
    aged = [wait(first_polled=NOON - age) for age in (DAY, 30 * DAY, 700 * DAY)]
    assert HOUR < aged[0] < aged[1] < aged[2]


# --- what the server, the feed and the file ask for ------------------------------------------------------------------


def test_no_blog_is_asked_before_its_server_or_its_feed_wants() -> None:
    often = every(HOUR)
    assert wait(often, ttl=5 * HOUR) == 5 * HOUR
    assert wait(often, resting_until=NOON + 7 * HOUR, ttl=5 * HOUR) == 7 * HOUR
    assert wait(often, resting_until=NOON - HOUR) == wait(often)
    assert wait(often, every=15 * MINUTE, resting_until=NOON + 7 * HOUR) == 7 * HOUR


def test_how_long_a_server_calls_its_feed_good_counts_up_to_five_hours_and_never_against_the_file() -> None:
    often = every(HOUR)
    assert wait(often, fresh_for=3 * HOUR) == 3 * HOUR
    assert wait(often, fresh_for=3 * HOUR, ttl=4 * HOUR) == 4 * HOUR
    assert wait(often, fresh_for=timedelta(seconds=1)) == wait(often)
    assert wait(often, fresh_for=DAY) == 5 * HOUR
    assert wait(often, every=HOUR, fresh_for=3 * HOUR) == wait(often, every=HOUR)


def test_wishes_of_more_than_a_day_count_as_a_day() -> None:
    assert wait(every(HOUR), ttl=400 * DAY) == DAY
    assert wait(every(HOUR), resting_until=NOON + 3650 * DAY) == DAY


@pytest.mark.parametrize("asked", [HOUR, 2 * HOUR, 30 * DAY])
def test_an_hourly_cron_finds_an_hourly_blog_due(asked: timedelta) -> None:
    """The poll ends a minute after cron's full hour; exactly an hour later would be one run too late."""
    assert all(0.9 * asked <= wait(every(HOUR), f"blog-{n}", every=asked) <= 0.95 * asked for n in range(50))


# --- failures --------------------------------------------------------------------------------------------------------


def test_a_failing_blog_is_asked_half_as_often_each_time_and_for_ever() -> None:
    waits = [wait(every(7 * HOUR), failures=count) for count in (0, 1, 2, 3, 30, 10**9)]
    assert [after / waits[0] for after in waits[1:4]] == pytest.approx([2, 4, 8], rel=1e-6)
    assert 0.9 * DAY <= waits[4] == waits[5] <= 1.1 * DAY


def test_a_failing_blog_of_every_third_day_is_still_asked_every_third_day() -> None:
    assert wait(every=3 * DAY, failures=9) == wait(every=3 * DAY)


# --- clocks and properties -------------------------------------------------------------------------------------------

times = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(0), timedelta(days=3650))
rhythms = st.builds(
    Rhythm,
    newest=st.lists(times, max_size=12).map(tuple),
    polled=times,
    first_polled=st.none() | times,
    failures=st.integers(0, 40),
    ttl=st.none() | lengths,
    fresh_for=st.none() | lengths,
    resting_until=st.none() | times,
    every=st.none(),
)


@given(rhythms, st.text(max_size=9))
def test_a_poll_follows_within_bounds_whatever_clocks_and_dates_say(rhythm: Rhythm, name: str) -> None:
    due = next_due(rhythm, name)
    assert due.utcoffset() == timedelta(0)
    assert 13.5 * MINUTE - timedelta(seconds=1) <= due - rhythm.polled <= 1.1 * DAY + timedelta(seconds=1)
    assert next_due(replace(rhythm, newest=tuple(reversed(rhythm.newest))), name) == due


@given(rhythms, st.text(max_size=9))
def test_one_more_failure_is_never_sooner(rhythm: Rhythm, name: str) -> None:
    assert next_due(replace(rhythm, failures=rhythm.failures + 1), name) >= next_due(rhythm, name)


@given(rhythms)
def test_equal_moments_in_another_zone_give_an_equal_time(rhythm: Rhythm) -> None:
    seoul = timezone(9 * HOUR)
    assert next_due(replace(rhythm, polled=rhythm.polled.astimezone(seoul)), "x") == next_due(rhythm, "x")


@given(rhythms, lengths, lengths)
def test_news_only_adds_up(rhythm: Rhythm, first: timedelta, second: timedelta) -> None:
    soon, late = (news_rate(rhythm, rhythm.polled + length) for length in sorted((first, second)))
    assert 0 <= soon <= late
    assert news_rate(rhythm, rhythm.polled - first) == 0


def test_a_thousand_blogs_of_one_rhythm_are_not_due_in_one_minute() -> None:
    dues = [wait(every(31 * HOUR), f"blog-{number}") for number in range(1000)]
    assert max(dues) / min(dues) > 1.2
    assert len({due // MINUTE for due in dues}) > 20


def test_posts_from_the_future_are_not_believed() -> None:
    assert wait((*every(31 * HOUR), NOON + 400 * DAY)) == wait(every(31 * HOUR))
    assert 54 * MINUTE <= wait((NOON + DAY, NOON + 2 * DAY)) <= 66 * MINUTE


# --- the order, where time is short ----------------------------------------------------------------------------------


def rhythm(gap: timedelta, polled: timedelta = DAY, **more: int) -> Rhythm:
    at = NOON - polled
    return Rhythm(newest=posts(*(MINUTE + gap * n for n in range(10)), at=at), polled=at, **more)  # type: ignore[arg-type]


def test_the_likeliest_to_have_news_come_first_and_who_is_not_due_does_not() -> None:
    known = {"monthly": rhythm(30 * DAY), "hourly": rhythm(HOUR), "daily": rhythm(DAY), "asked": rhythm(HOUR, MINUTE)}
    assert order(known, NOON) == ["hourly", "daily", "monthly"]
    assert news_rate(known["hourly"], NOON) > news_rate(known["daily"], NOON) > news_rate(known["monthly"], NOON)


def test_a_failing_blog_waits_behind_a_healthy_one() -> None:
    assert order({"a": rhythm(HOUR, 1.2 * DAY, failures=9), "b": rhythm(2 * HOUR, 1.2 * DAY)}, NOON) == ["b", "a"]


def test_who_is_overdue_for_more_than_a_day_gets_every_second_place() -> None:
    known = {f"busy-{n}": rhythm(HOUR) for n in range(6)}
    known |= {"quiet": rhythm(365 * DAY, 4 * DAY), "quieter": rhythm(365 * DAY, 5 * DAY)}
    asked = order(known, NOON)
    assert [asked[0], asked[2]] == ["quieter", "quiet"]
    assert asked[1] == "busy-0"


def test_none_waits_for_ever_where_each_run_reaches_a_tenth() -> None:
    known = {f"busy-{n}": rhythm(20 * MINUTE) for n in range(20)} | {"quiet": rhythm(365 * DAY)}
    now = NOON
    for _ in range(24 * 5):
        now += HOUR
        for name in order(known, now)[:2]:
            known[name] = replace(known[name], polled=now)
    assert known["quiet"].polled > NOON


def test_times_that_were_settled_before_are_kept() -> None:
    known = {"hourly": rhythm(HOUR), "daily": rhythm(DAY)}
    assert order(known, NOON, {"hourly": NOON + MINUTE, "daily": NOON}) == ["daily"]


def test_a_clock_that_was_ten_years_ahead_costs_nothing() -> None:
    known = {"blog": Rhythm(newest=every(DAY), polled=NOON + 3650 * DAY)}
    assert order(known, NOON) == ["blog"]
    assert news_rate(known["blog"], NOON) == 0


# --- the promise -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_simulation_keeps_the_promise(kind: str) -> None:
    """With a few blogs; `python -m bench.schedule` has a thousand."""
    found = {name: figures(kind, name, FEWER) for name in NAMES if name not in {EAGER, SPARING}}
    own, rivals = found[OURS], found
    assert own.polls < 4.3
    assert own.polls * 5 < rivals["fixed 1 h"].polls
    assert own.median * 2 < rivals["fixed 6 h"].median
    assert own.p90 < rivals["fixed 6 h"].p90
    assert own.median * 4 < rivals["miniflux entry_frequency"].median
    assert own.p90 * 3 < rivals["miniflux entry_frequency"].p90


def test_a_broken_promise_would_be_told() -> None:
    slow = Figures(polls=4.0, median=9.0, p90=20.0)
    assert not_beaten(dict.fromkeys(NAMES, slow)) == ["fixed 1 h", "fixed 6 h", "miniflux entry_frequency"]
