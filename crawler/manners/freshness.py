"""For how long a server says that its answer is good, so that nobody need ask again before (RFC 9111)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

_MAX_AGE = re.compile(r'max-age\s*=\s*"?(\d{1,9})"?', re.IGNORECASE)
_AGE = re.compile(r"\s*(\d{1,9})\s*")
_NEVER = ("no-cache", "no-store")
_LONGEST = 7 * 24 * 60 * 60
"""Seconds: who says more means files in general, pictures and scripts, and no feed."""


def says_freshness(response: Response) -> bool:
    """Tell whether an answer has a `Cache-Control`; a 304 without one leaves what the last one said (section 4.3.4)."""
    return "Cache-Control" in response.headers


def fresh_seconds(response: Response) -> int:
    """Return for how many seconds an answer says that it is good still; 0 where it says nothing that can be meant.

    That is its `max-age` less the time it lay in others' caches (`Age`; section 4.2.3). `s-maxage` is for caches that
    many share, and we are none.
    """
    said = ",".join(value.decode("latin-1") for value in response.headers.getlist("Cache-Control"))
    directives = [directive.strip() for directive in said.split(",")]
    if any(directive.lower().startswith(_NEVER) for directive in directives):
        return 0
    ages = [int(found[1]) for directive in directives if (found := _MAX_AGE.fullmatch(directive))]
    if not ages or min(ages) > _LONGEST:  # of several the least is safe (section 4.2.1)
        return 0
    age = _AGE.fullmatch((response.headers.get("Age") or b"").decode("latin-1"))
    return max(0, min(ages) - (int(age[1]) if age else 0))
