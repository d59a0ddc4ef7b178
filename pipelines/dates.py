"""A printed date, the zone it is meant in, the moment of the fetch: one aware UTC datetime, or None.

Better none than a wrong one: a string is read only where the whole of it is understood. Strict patterns come
first; dateutil reads what has an English month name, and only where no part of the date was left to its guess.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from datetime import tzinfo

LONGEST = 64
"""Characters; no printed date is longer, and dateutil is slow on what is."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No blog is older. Refuses the epoch, which is what an unset date looks like."""
AHEAD = timedelta(hours=48)
"""How far a date may lie after the fetch: scheduled posts and wrong clocks, not placeholders."""
_OFFSET_LIMIT = timedelta(hours=14)
_ALL_DIGITS, _DECEMBER, _NOON, _HOUR = 4, 12, 12, 60

_CLOCK = (
    r"(?:(?P<half>오전|오후|[ap]\.?m\.?)\s*)?(?P<hour>\d{1,2})"
    r"(?:\s*시(?:\s*(?P<minute1>\d{1,2})\s*분(?:\s*(?P<second1>\d{1,2})\s*초)?)?"
    r"|:(?P<minute2>\d{2})(?::(?P<second2>\d{2})(?:[.,]\d{1,9})?)?)"
    r"(?:\s*(?P<half2>[ap]\.?m\.?|오전|오후))?"
)
_OFFSET = r"(?:\s*(?P<offset>z|utc|gmt|kst|jst|(?:utc|gmt)?[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_TIME = rf"(?:(?:\s*[T,|·]\s*|\s+)?{_CLOCK}{_OFFSET})?"
_YEAR_FIRST = r"(?P<year>\d{4}|['’]?\d{2})"

_FLAGS = re.ASCII | re.IGNORECASE
_ABSOLUTE = tuple(
    re.compile(shape + _TIME, _FLAGS)
    for shape in (
        _YEAR_FIRST + r"\s?년\s*(?P<month>\d{1,2})\s?월\s*(?P<day>\d{1,2})\s?일",
        _YEAR_FIRST + r"\s?\.\s?(?P<month>\d{1,2})\s?\.\s?(?P<day>\d{1,2})\.?",
        r"(?P<year>\d{4})(?P<sep>[-/])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})\s?年\s*(?P<month>\d{1,2})\s?月\s*(?P<day>\d{1,2})\s?日",
    )
)
# As nearly every platform writes it; RFC 3339 with a plain offset.
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-](?:0\d|1[0-3]):[0-5]\d", re.ASCII)
# The two forms without separators: `20160221T23:45:10+09:00` (Tistory's JSON-LD until 2022) and bare digits.
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2}):?(?P<minute2>\d{2})(?::?(?P<second2>\d{2}))?" + _OFFSET + ")?",
    _FLAGS,
)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})(?P<sep>[-/.])(?P<two>\d{1,2})(?P=sep)(?P<year>\d{4})" + _TIME, _FLAGS)
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})\s?월\s*(?P<day>\d{1,2})\s?일" + _TIME, _FLAGS)
_MONTH_DAY_CLOCK = re.compile(r"(?P<month>\d{2})[.-](?P<day>\d{2})\.?\s+" + _CLOCK, _FLAGS)
_BARE_CLOCK = re.compile(_CLOCK, _FLAGS)
_DAY_WORD = re.compile(r"(?P<word>오늘|어제|그저께|그제|그끄저께)(?:\s*[,·]?\s*" + _CLOCK + ")?", _FLAGS)
_DAYS_BACK = {"오늘": 0, "어제": 1, "그저께": 2, "그제": 2, "그끄저께": 3}

_JUST_NOW = re.compile(r"방금(?:\s*전)?|지금|just now", _FLAGS)
_AGO = re.compile(r"약?\s*(?P<count>\d{1,4}|한|두|세|네)\s*(?P<unit>초|분|시간|일|주일?|개월|달|년)\s*전", _FLAGS)
_AGO_ENGLISH = re.compile(
    r"(?:about\s)?(?P<count>\d{1,4}|an?)\s?(?P<unit>second|minute|min|hour|day|week|month|year)s?\sago", _FLAGS
)
_AGO_DAYS = {"하루 전": 1, "하루전": 1, "이틀 전": 2, "이틀전": 2, "사흘 전": 3, "사흘전": 3, "나흘 전": 4, "나흘전": 4}
_COUNTS = {"한": 1, "두": 2, "세": 3, "네": 4, "a": 1, "an": 1}
_UNITS = {
    "초": "seconds", "분": "minutes", "시간": "hours", "일": "days", "주": "weeks", "주일": "weeks",
    "개월": "months", "달": "months", "년": "years", "min": "minutes",
}

# Words that stand beside a date and say nothing about when.
_LABEL = re.compile(
    r"(?:작성일?|등록일?|게시일?|발행일?|수정일?|최종\s?수정|입력|업데이트|날짜|일시|date|published|posted|updated|on)"
    r"(?:\s?시간|\s?일시)?\s*(?:on\b|[:：|])?\s+|(?:작성|등록|게시|발행|입력|수정)(?:일시?)?\s*[:：|]\s*",
    _FLAGS,
)
_WEEKDAY = re.compile(
    r"\s*(?:\(\s*(?:[월화수목금토일](?:요일)?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\s*\)|[월화수목금토일]요일)[,.]?\s*",
    _FLAGS,
)
# JavaScript's own form, `Sat Mar 09 2024 01:02:03 GMT+0900 (KST)`; RFC 822 allows the comment too.
_COMMENTED_OFFSET = re.compile(r"(?:\b(?:gmt|utc))?([+-]\d{4})(?:\s*\([^()]*\))?$", _FLAGS)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))

_ENGLISH_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", _FLAGS)
_ENGLISH_WORDS = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
    r"|mon(day)?|tue(s(day)?)?|wed(nesday)?|thu(rs?(day)?)?|fri(day)?|sat(urday)?|sun(day)?"
    r"|am|pm|at|of|st|nd|rd|th|t|z|ut|utc|gmt|kst|jst|e[sd]t|c[sd]t|m[sd]t|p[sd]t", _FLAGS,
)
# A year of four digits it must have: of `09 Mar 68` and `01 Jan 0001` dateutil makes a year of its own.
_ENGLISH_SIGNS = re.compile(r"(?=.*\b(?:19|20)\d\d\b)[A-Za-z0-9\s:,.+/-]+", re.ASCII)
_BAD_OFFSET = re.compile(r"\d:\d{2}\s*[+-](?!\d{4}$|\d{2}:\d{2}$)")
# RFC 822, section 5.1, gives the American names; IST, BST and their like have more than one meaning and stay unread.
_NAMED_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "KST": 9, "JST": 9,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}
# Any part that these two leave different was not in the string.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2003, 2, 2))


def parse_date(text: str | None, zone: str, fetched: datetime) -> datetime | None:
    """Read a date as a blog prints it.

    Args:
        text: ISO 8601, RFC 822, Korean, dotted or relative; anything else is fine and gives None.
        zone: IANA zone in which a date without an offset is meant.
        fetched: aware; when the page was fetched. Relative dates count from it.

    Returns:
        Aware and UTC, from 1990 to 48 hours after the fetch; None where the text is not wholly understood.
        A date without a time is 00:00 in the zone.
    """
    local = ZoneInfo(zone)
    try:
        found = _found(text, fetched.astimezone(local))
        if found is None:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=local)
        moment = aware.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if EARLIEST <= moment <= fetched.astimezone(UTC) + AHEAD else None


def _found(text: str | None, now: datetime) -> datetime | None:
    if text and _ISO.fullmatch(text):
        return datetime.fromisoformat(text)
    cleaned = _tidy(text)
    return _read(cleaned, now) if cleaned else None


def _tidy(text: str | None) -> str:
    """Return the text without labels and weekdays, in plain signs; empty where it can't be a date."""
    if not text or len(text) > LONGEST * 4:
        return ""
    plain = unicodedata.normalize("NFKC", text.lstrip("\ufeff")).translate(_DASHES)
    plain = re.sub(r"[ \t\n\u200b]+", " ", plain).strip()
    if len(plain) > LONGEST or not (plain.isprintable() or all(map(_may_be_printed, plain))):
        return ""
    plain = _COMMENTED_OFFSET.sub(r"\1", plain)
    label = _LABEL.match(plain)
    plain = plain[label.end():] if label else plain
    return _WEEKDAY.sub(" ", plain).strip()


def _may_be_printed(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs", "Cn"}


def _read(text: str, now: datetime) -> datetime | None:
    """Try each form in turn; what comes back naive is meant in the zone of *now*."""
    for pattern in _ABSOLUTE:
        if match := pattern.fullmatch(text):
            return _from_parts(match.groupdict(), now)
    if match := _COMPACT.fullmatch(text):
        return _from_parts(match.groupdict(), now)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(match.groupdict(), now)
    for reader in (_relative, _day_word, _month_day, _bare_clock):
        if (found := reader(text, now)) is not None:
            return found
    return _english(text)


def _from_parts(parts: dict[str, str | None], now: datetime) -> datetime | None:
    year = _full_year(parts["year"] or "", now)
    if year is None:
        return None
    date = datetime(year, int(parts["month"] or 0), int(parts["day"] or 0), tzinfo=_offset(parts.get("offset")))
    hour, minute, second = _clock(parts)
    return date.replace(hour=hour, minute=minute, second=second)


def _full_year(digits: str, now: datetime) -> int | None:
    """`24` is 2024, but only in Asia: elsewhere `12.06.24` starts with the day."""
    number = int(digits.lstrip("'’"))
    if len(digits) == _ALL_DIGITS:
        return number
    if not str(now.tzinfo).startswith("Asia/"):
        return None
    return 2000 + number if number <= now.year % 100 + 1 else 1900 + number


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int]:
    """Return hour, minute, second of a matched clock; midnight where there is none."""
    hour = int(parts.get("hour") or 0)
    minute = int(parts.get("minute1") or parts.get("minute2") or 0)
    second = int(parts.get("second1") or parts.get("second2") or 0)
    half = (parts.get("half") or parts.get("half2") or "").lower().replace(".", "")
    if parts.get("half") and parts.get("half2"):
        raise ValueError("two halves of the day")
    if half and hour > _NOON:
        # `오후 15:03` is seen in the wild and can only mean 15:03; `오전 15:03` contradicts itself.
        if half in {"오전", "am"}:
            raise ValueError("an afternoon hour in the morning")
    elif half:
        hour = hour % 12 + (12 if half in {"오후", "pm"} else 0)
    return hour, minute, second


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    name = text.upper()
    if name in _NAMED_HOURS:
        return timezone(timedelta(hours=_NAMED_HOURS[name]))
    digits = re.sub(r"\D", "", name)
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    size = timedelta(hours=hours, minutes=minutes)
    if minutes >= _HOUR or size > _OFFSET_LIMIT:
        raise ValueError(text)
    return timezone(-size if "-" in name else size)


def _year_last(parts: dict[str, str | None], now: datetime) -> datetime | None:
    """`31.12.2024` and `12/31/2024` have one reading each; `03/09/2024` has two, hence none."""
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    if one != two and max(one, two) <= _DECEMBER:
        return None
    return _from_parts(parts | {"month": str(min(one, two)), "day": str(max(one, two))}, now)


def _relative(text: str, now: datetime) -> datetime | None:
    """Read `3시간 전`, `방금`, `2 days ago`."""
    if _JUST_NOW.fullmatch(text):
        return now
    if text in _AGO_DAYS:
        return now - timedelta(days=_AGO_DAYS[text])
    match = _AGO.fullmatch(text) or _AGO_ENGLISH.fullmatch(text)
    if not match:
        return None
    word = match["count"].lower()
    unit = match["unit"].lower()
    amount: dict[str, Any] = {_UNITS.get(unit, unit + "s"): _COUNTS.get(word) or int(word)}
    # An elapsed time is counted in UTC: at a change of the clocks "1 hour ago" is still 3,600 seconds.
    return now.astimezone(UTC) - relativedelta(**amount)


def _day_word(text: str, now: datetime) -> datetime | None:
    match = _DAY_WORD.fullmatch(text)
    if not match:
        return None
    day = now.replace(tzinfo=None) - timedelta(days=_DAYS_BACK[match["word"]])
    hour, minute, second = _clock(match.groupdict())
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)


def _month_day(text: str, now: datetime) -> datetime | None:
    """A date without its year: the last such day, not one to come."""
    match = _MONTH_DAY.fullmatch(text) or _MONTH_DAY_CLOCK.fullmatch(text)
    if not match:
        return None
    parts = match.groupdict()
    found = _from_parts(parts | {"year": str(now.year)}, now)
    if found and found.replace(tzinfo=None) > now.replace(tzinfo=None) + timedelta(days=1):
        found = _from_parts(parts | {"year": str(now.year - 1)}, now)
    return found


def _bare_clock(text: str, now: datetime) -> datetime | None:
    """Tistory prints only the time of a post of today."""
    match = _BARE_CLOCK.fullmatch(text)
    if not match:
        return None
    hour, minute, second = _clock(match.groupdict())
    today = now.replace(tzinfo=None, hour=hour, minute=minute, second=second, microsecond=0)
    # A page rendered just before midnight and fetched just after it: its clock is yesterday's.
    rendered_yesterday = today > now.replace(tzinfo=None) + timedelta(hours=12)
    return today - timedelta(days=1) if rendered_yesterday else today


def _english(text: str) -> datetime | None:
    """Read `Sat, 09 Mar 2024 01:02:03 +0900` and `March 9, 2024`; None where a part of the date is missing."""
    if not _ENGLISH_MONTH.search(text) or not _ENGLISH_SIGNS.fullmatch(text) or _BAD_OFFSET.search(text):
        return None
    if not all(_ENGLISH_WORDS.fullmatch(word) for word in re.findall("[A-Za-z]+", text)):
        return None
    first, second = (parser.parse(text, default=default, tzinfos=_named_zone) for default in _DEFAULTS)
    return first if first == second and _sane_offset(first) else None


def _named_zone(name: str | None, seconds: int | None) -> tzinfo | None:
    """Give dateutil a zone for each name we know, so that it never asks the machine for its own."""
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    return timezone(timedelta(hours=_NAMED_HOURS[name.upper()])) if name else None


def _sane_offset(moment: datetime) -> bool:
    offset = moment.utcoffset()
    return offset is None or abs(offset) <= _OFFSET_LIMIT
