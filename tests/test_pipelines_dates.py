"""Printed dates: read rightly, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dates import AHEAD, EARLIEST, parse_date

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEOUL = "Asia/Seoul"
FETCHED = datetime(2024, 7, 1, 3, 0, tzinfo=UTC)
"""Noon of Monday, 1 July 2024, in Seoul."""


def seoul(text: str, zone: str = SEOUL) -> str | None:
    """The date as a clock in Seoul shows it, for reading the table below."""
    found = parse_date(text, zone, FETCHED)
    return found and (found + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(("text", "expected"), [
    # ISO 8601, with the forms of Tistory's JSON-LD through the years
    ("2016-02-21T23:45:10+09:00", "2016-02-21 23:45:10"),
    ("20160221T23:45:10+09:00", "2016-02-21 23:45:10"),
    ("20160221T234510Z", "2016-02-22 08:45:10"),
    ("2023-01-16T14:23:56", "2023-01-16 14:23:56"),
    ("2023-01-16T14:23", "2023-01-16 14:23:00"),
    ("2023-01-16T05:23:56.789Z", "2023-01-16 14:23:56"),
    ("2023-01-16 14:23:56 +0900", "2023-01-16 14:23:56"),
    ("2023-01-16T00:23:56-05:00", "2023-01-16 14:23:56"),
    ("2023-01-16T14:23:56+14:00", "2023-01-16 09:23:56"),
    ("2023-01-16", "2023-01-16 00:00:00"),
    ("2023/1/6 14:23", "2023-01-06 14:23:00"),
    ("20230116", "2023-01-16 00:00:00"),
    ("20230116142356", "2023-01-16 14:23:56"),
    # RFC 822 and its neighbours
    ("Tue, 9 Jan 2024 10:15:00 +0900", "2024-01-09 10:15:00"),
    ("Tue, 09 Jan 2024 10:15:00 GMT", "2024-01-09 19:15:00"),
    ("9 Jan 2024 10:15 EST", "2024-01-10 00:15:00"),
    ("Tue Jan 09 2024 10:15:00 GMT+0900 (대한민국 표준시)", "2024-01-09 10:15:00"),
    ("January 9, 2024", "2024-01-09 00:00:00"),
    ("Jan 9, 2024 3:05 PM", "2024-01-09 15:05:00"),
    ("9th January 2024", "2024-01-09 00:00:00"),
    # Korean
    ("2024년 6월 28일", "2024-06-28 00:00:00"),
    ("2024년 6월 28일 금요일 오후 3시 5분", "2024-06-28 15:05:00"),
    ("2024년06월28일 03:05", "2024-06-28 03:05:00"),
    ("2024. 6. 28. 10:15", "2024-06-28 10:15:00"),
    ("2024. 6. 28.", "2024-06-28 00:00:00"),
    ("2024.06.28 10:15:59", "2024-06-28 10:15:59"),
    ("2024.06.28. 오전 12:10", "2024-06-28 00:10:00"),
    ("2024. 6. 28. 오후 12:10", "2024-06-28 12:10:00"),
    ("2024. 6. 28. PM 3:05", "2024-06-28 15:05:00"),
    ("2024.06.28(금) 10:15", "2024-06-28 10:15:00"),
    ("24.06.28", "2024-06-28 00:00:00"),
    ("'24. 6. 28 10:15", "2024-06-28 10:15:00"),
    ("98.03.02", "1998-03-02 00:00:00"),
    ("작성일 2024.06.28 10:15", "2024-06-28 10:15:00"),
    ("등록일: 2024-06-28", "2024-06-28 00:00:00"),
    ("2024년\u00a06월\u00a028일", "2024-06-28 00:00:00"),
    ("２０２４．０６．２８", "2024-06-28 00:00:00"),
    # relative
    ("방금", "2024-07-01 12:00:00"),
    ("방금 전", "2024-07-01 12:00:00"),
    ("30초 전", "2024-07-01 11:59:30"),
    ("5분 전", "2024-07-01 11:55:00"),
    ("3시간전", "2024-07-01 09:00:00"),
    ("이틀 전", "2024-06-29 12:00:00"),
    ("2주일 전", "2024-06-17 12:00:00"),
    ("한 달 전", "2024-06-01 12:00:00"),
    ("3개월 전", "2024-04-01 12:00:00"),
    ("1년 전", "2023-07-01 12:00:00"),
    ("2 hours ago", "2024-07-01 10:00:00"),
    ("오늘", "2024-07-01 00:00:00"),
    ("오늘 09:30", "2024-07-01 09:30:00"),
    ("어제 오후 3:05", "2024-06-30 15:05:00"),
    ("어제", "2024-06-30 00:00:00"),
    ("그저께", "2024-06-29 00:00:00"),
    # parts of a date
    ("6월 28일", "2024-06-28 00:00:00"),
    ("12월 31일 오후 11:59", "2023-12-31 23:59:00"),
    ("06.28 10:15", "2024-06-28 10:15:00"),
    ("11:21:47", "2024-07-01 11:21:47"),
    ("오전 9:05", "2024-07-01 09:05:00"),
    # the day or the month first, where only one reading is left
    ("31.12.2023", "2023-12-31 00:00:00"),
    ("12/31/2023 10:15", "2023-12-31 10:15:00"),
])
def test_dates_as_blogs_print_them(text, expected):
    assert seoul(text) == expected


@pytest.mark.parametrize("text", [
    None, "", "  ", "-", "2024", "2024-06", "2024년 6월", "6월", "May 2024", "Jun 28", "작년", "5월의 신부", "v1.2.3",
    "1.2.3", "조회수 1234",
    "댓글 3", "3", "2024. 6. 31.", "2023-02-29", "2024-13-01", "2024-06-28T25:00", "2024-06-28T10:60", "오전 15:00",
    "오후 25:00",
    "03/09/2024", "09.03.2024", "1970-01-01T09:00:00+09:00", "1970-01-01", "1989-12-31", "1719543300",
    "1719543300000", "17195433001",
    "2024-07-05", "2040-01-01", "2024-06-28T10:15+25:00", "2024-06-28T10:15:00+14:30", "2023-02-29T10:15:00+09:00",
    "2024-06-28T24:00:00+09:00", "2024-06-28T10:15 IST", "28 Jun 2024 10:15 -9900",
    "09 Mar 68 10:00",
    "01 Jan 0001 00:00:00 +0000", "today", "null", "undefined", "[##_date_##]", "2024-06-28<script>",
    "2024-06-28\r\nX: 1", "\x002024-06-28",
    "2024-06-28 or 2024-06-29", "9999년 전", "9999999분 전", "엊그제", "\ud800", "²⁰²⁴-06-28x",
    "9" * 5_000, " " * 5_000,
])
def test_what_is_no_date_or_could_be_two_is_none(text):
    assert parse_date(text, SEOUL, FETCHED) is None


def test_a_date_without_a_zone_is_meant_in_the_zone_of_the_source():
    assert parse_date("2024-03-10 12:00", "America/New_York", FETCHED) == datetime(2024, 3, 10, 16, tzinfo=UTC)
    assert parse_date("2024-03-10T12:00+09:00", "America/New_York", FETCHED) == datetime(2024, 3, 10, 3, tzinfo=UTC)
    assert parse_date("오늘", "Pacific/Honolulu", FETCHED) == datetime(2024, 6, 30, 10, tzinfo=UTC)


def test_two_digits_of_a_year_stand_first_only_in_asia():
    assert parse_date("12.06.24", SEOUL, FETCHED) == datetime(2012, 6, 23, 15, tzinfo=UTC)
    assert parse_date("12.06.24", "Europe/Berlin", FETCHED) is None


def test_a_month_and_day_to_come_are_last_years():
    newyear = datetime(2023, 12, 31, 15, 30, tzinfo=UTC)  # half past midnight of 1 January in Seoul
    assert parse_date("12월 31일", SEOUL, newyear) == datetime(2023, 12, 30, 15, tzinfo=UTC)
    assert parse_date("1월 1일", SEOUL, newyear) == datetime(2023, 12, 31, 15, tzinfo=UTC)
    assert parse_date("2월 29일", SEOUL, datetime(2025, 3, 1, tzinfo=UTC)) is None


def test_a_clock_printed_before_midnight_and_fetched_after_it_is_yesterdays():
    after_midnight = datetime(2024, 6, 30, 15, 1, tzinfo=UTC)
    assert parse_date("23:58", SEOUL, after_midnight) == datetime(2024, 6, 30, 14, 58, tzinfo=UTC)


@pytest.mark.filterwarnings("error")
def test_a_zone_name_dateutil_does_not_know_is_neither_guessed_nor_warned_of():
    assert parse_date("28 Jun 2024 10:15 XYZ", SEOUL, FETCHED) is None


# These the collection expects to be read or refused otherwise than this project decided: a number is never a date,
# and a relative one is as good as the time of the fetch, which is known here.
_DECIDED = {"1709946123000": None, "어제": "2024-06-29T15:00:00Z", "3분 전": "2024-07-01T02:57:00Z"}


def test_the_collection_of_hostile_dates():
    collection = SHARED / "vectors" / "dates.json"
    if not collection.exists():
        pytest.skip("needs the shared folder with the date vectors")
    rows = json.loads(collection.read_text("utf-8"))
    wrong = []
    for row in rows:
        found = parse_date(row["input"], SEOUL, FETCHED)
        shown = found and found.strftime("%Y-%m-%dT%H:%M:%SZ")
        expected = {"reject": None, "any": shown}.get(row["expect"], row["expect"])
        if shown != _DECIDED.get(row["input"], expected):
            wrong.append((row["id"], row["input"], shown))
    assert len(rows) > 50
    assert wrong == []


_zones = st.sampled_from([SEOUL, "UTC", "America/New_York"])
_noise = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="0123456789-./: T+Z년월일오전후분시 전APM가,", max_size=40),
    st.lists(st.sampled_from(["2024", "6", "31", "12", ".", "-", "/", " ", "년", "월", "일", "오후", "3:05", "Jun",
    "Sat,", "+0900", "GMT", "전", "시간",
                              "99999", "+99:99", "어제", "PM", "T"]), max_size=10).map("".join),
)


@settings(max_examples=500, deadline=None)
@given(_noise, _zones, st.datetimes(datetime(1991, 1, 1), datetime(2100, 1, 1)))
def test_never_an_exception_never_outside_the_window(text, zone, fetched):
    fetched = fetched.replace(tzinfo=UTC)
    found = parse_date(text, zone, fetched)
    assert found is None or (found.utcoffset() == timedelta(0) and EARLIEST <= found <= fetched + AHEAD)


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1990, 1, 2), datetime(2024, 6, 30)))
def test_what_is_written_is_read_back(moment):
    moment = moment.replace(microsecond=0)
    half, hour = ("오전", "오후")[moment.hour >= 12], moment.hour % 12 or 12
    expected = (moment - timedelta(hours=9)).replace(tzinfo=UTC)
    for text in (
        moment.isoformat(), moment.isoformat() + "+09:00", moment.strftime("%Y. %m. %d. %H:%M:%S"),
        f"{moment.year}년 {moment.month}월 {moment.day}일 {half} {hour}:{moment:%M:%S}",
        moment.strftime("%d Jan %Y %H:%M:%S +0900") if moment.month == 1 else moment.strftime("%Y/%m/%d %H:%M:%S"),
    ):
        found = parse_date(text, SEOUL, FETCHED)
        # Korea had summer time in 1987 and 1988 only, so nine hours always hold here.
        assert found == expected, text
