"""How feeds write dates: always UTC, in whole seconds, the same in every locale and time zone of the machine."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc(moment: datetime) -> datetime:
    """Return *moment* in UTC without microseconds; one without a zone is taken as UTC, as everything here is."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def day(moment: datetime, zone: str) -> str:
    """Return the day of *moment* in an IANA *zone*, as people write it: `2026-03-01`."""
    return utc(moment).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d")


def rfc822(moment: datetime) -> str:
    """Return an RFC 822 date with a year of four digits, as RSS 2.0 asks: `Sat, 07 Sep 2002 00:00:01 +0000`."""
    at = utc(moment)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day}, {at.day:02} {month} {at.year:04} {at.hour:02}:{at.minute:02}:{at.second:02} +0000"


def rfc3339(moment: datetime) -> str:
    """Return an RFC 3339 date in UTC, as JSON Feed 1.1 asks: `2002-09-07T00:00:01Z`."""
    return utc(moment).isoformat().replace("+00:00", "Z")
