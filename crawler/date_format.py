"""A date in the form that a source file describes, by the signs of `strptime`."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_LONGEST = 200
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
# What Python's documentation names, without what another language of the machine would change (%c %x %X) and what
# stands for no day (%U %W %G %u %V %w).
_KNOWN = frozenset("aAbBdHIjmMpSfyYzZ%")
_HALVES = (("오전", "AM"), ("오후", "PM"))


def date_format(text: str) -> str:
    """Return *text* where it is a format that can be read.

    Raises:
        ValueError: it is none, or leaves out a part of the day; the text follows a key's name.
    """
    signs = _DIRECTIVE.findall(text)
    right = 'right would be one such as "%Y년 %m월 %d일 %H:%M"'
    if len(text) > _LONGEST or "%" in _DIRECTIVE.sub("", text):
        raise ValueError(f"is no date format: a single % at its end, or too long; {right}")
    if unknown := next((sign for sign in signs if sign not in _KNOWN), ""):
        raise ValueError(f"has %{unknown}, which is no part of a date that can be read; {right}")
    has_day = ("d" in signs and not set("mbB").isdisjoint(signs)) or "j" in signs
    if set("yY").isdisjoint(signs) or not has_day:
        raise ValueError(f"needs the year (%Y), the month (%m) and the day (%d); {right}")
    if len(set(signs) - {"%"}) < len([sign for sign in signs if sign != "%"]):
        raise ValueError(f"has a part twice; {right}")
    if "I" in signs and "p" not in signs:
        raise ValueError("has an hour of twelve (%I) without its half of the day (%p); add %p, or write %H")
    return text


def read_date(text: str, written: str, zone: str | None) -> str | None:
    """Return a date as ISO 8601, None where *text* is not in the form.

    Args:
        text: as printed; 오전 and 오후 are read as `%p`.
        written: the form, as `date_format` lets it pass.
        zone: IANA zone of a date without an offset; None: the result has none either.
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    if "%p" in written:
        for korean, english in _HALVES:
            text = text.replace(korean, english)
    try:
        moment = datetime.strptime(text, written)  # the zone is the next line's
    except ValueError:
        return None
    return (moment.replace(tzinfo=ZoneInfo(zone)) if zone and moment.tzinfo is None else moment).isoformat()
