"""The limits of a body: what is parsed and sanitised is never big enough to stall a crawl.

lxml is quadratic in the attributes of one tag, nh3 in nesting (the walk unwraps what is too deep) and in `&` after `&`.
A body over a limit is refused, never cut: half a post would look like the whole one.
"""

from __future__ import annotations

import re
from functools import partial

LONGEST = 8 * 2**20
"""Characters of a body; no page that is read is longer."""
MOST_TAGS = 100_000
"""Tags of a body: some hundred times what a long post has."""
MOST_AMPERSANDS = 200_000
"""Ampersands of a body."""
LONGEST_TAG = 8 * 2**10
"""Characters of one tag; only inline images (`data:`), which can't be published anyway, and attacks are longer."""
_LONG_TAG = re.compile(rf"<[A-Za-z/!?][^<>]{{{LONGEST_TAG},}}>?")


class TooMuchError(ValueError):
    """A body that must not be parsed; the text says why."""


def admit(html: str) -> str:
    """Return a body as it may be parsed, without endless tags.

    Raises:
        TooMuchError: it is over a limit.
    """
    limits = (
        (len(html), LONGEST, "characters"), (html.count("<"), MOST_TAGS, "tags"),
        (html.count("&"), MOST_AMPERSANDS, "ampersands"),
    )
    for count, most, what in limits:
        if count > most:
            raise TooMuchError(f"its text has {count:,} {what}, more than the {most:,} that are read")
    return _LONG_TAG.sub("", html) if may_hold_long_tag(html, LONGEST_TAG) else html


def may_hold_long_tag(html: str | bytes, most: int) -> bool:
    """Tell whether more than *most* characters (or bytes) follow some `<` without another: nearly no page has that."""
    find = partial(html.rfind, "<") if isinstance(html, str) else partial(html.rfind, b"<")
    place = 0
    while len(html) - place > most:
        place = find(place, place + most) + 1
        if not place:
            return True
    return False
