"""Tistory's ways to print a date."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime


def article_date(moment: datetime) -> str:
    """Return the date over an article: `2026. 3. 1. 09:05`."""
    return f"{moment.year}. {moment.month}. {moment.day}. {moment:%H:%M}"


def list_date(moment: datetime) -> str:
    """Return the date in a list: `2026.03.01`."""
    return f"{moment:%Y.%m.%d}"


def rss_date(moment: datetime) -> str:
    """Return the date in `/rss`: RFC 822, since 2024 without a zero before the day."""
    return format_datetime(moment).replace(", 0", ", ")


def reg_date(moment: datetime) -> str:
    """Return `og:regDate`, which Tistory prints on a 12-hour clock."""
    return f"{moment:%Y%m%d%I%M%S}"
