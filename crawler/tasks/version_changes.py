"""What differs between two versions of a post, in words short enough for a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipelines.excerpt import plain_text
from pipelines.store.replacing import differing

if TYPE_CHECKING:
    from pipelines.post import Post

_SHOWN = 70  # characters of a line
_LEAD_IN = 15
# They follow from the body, or are nothing that anybody reads.
_DERIVED = ("excerpt", "feature_text", "digest", "pictures")
_BETWEEN_TAGS = re.compile(r"(?<=>)(?=<)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One field that differs."""

    field: str
    """Its name in the post schema; `text` for the words of the body, `markup` where only its HTML differs."""
    before: str
    """What it was, on one line; of a body the first line that differs."""
    after: str
    """What it is."""
    characters: tuple[int, int] | None = None
    """Of a body: how many it had and has. None for other fields."""

    @property
    def shorter(self) -> bool:
        """Whether a body lost text."""
        return self.field == "text" and self.characters is not None and self.characters[1] < self.characters[0]

    @property
    def halved(self) -> bool:
        """Whether a body lost more than half of its text."""
        return self.shorter and self.characters is not None and self.characters[1] * 2 < self.characters[0]


def changes(before: Post, after: Post) -> tuple[Change, ...]:
    """Return what differs between two versions of a post, the body last.

    What follows from the body is left out unless it is all that differs.
    """
    names = differing(before, after)
    plain = [name for name in names if name != "content_html"]
    told = [name for name in plain if name not in _DERIVED]
    if not told and "content_html" not in names:
        told = plain
    found = [Change(field=n, before=_line(getattr(before, n)), after=_line(getattr(after, n))) for n in told]
    if "content_html" in names:
        found.append(_body_change(before.content_html, after.content_html))
    return tuple(found)


def _body_change(before: str, after: str) -> Change:
    old, new = plain_text(before), plain_text(after)
    if old != new:
        first = _first_difference(old.split("\n"), new.split("\n"))
        return Change(field="text", before=first[0], after=first[1], characters=(len(old), len(new)))
    first = _first_difference(_BETWEEN_TAGS.split(before), _BETWEEN_TAGS.split(after))
    return Change(field="markup", before=first[0], after=first[1], characters=(len(before), len(after)))


def _first_difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """The first line that differs, cut to where it begins to."""
    old, new = next(((old or "", new or "") for old, new in zip_longest(before, after) if old != new), ("", ""))
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _LEAD_IN)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int = 0) -> str:
    shown = text[start : start + _SHOWN]
    return ("…" if start and shown else "") + shown + ("…" if len(text) > start + _SHOWN else "")


def _line(value: object) -> str:
    if isinstance(value, tuple):
        return _cut(", ".join(str(getattr(each, "url", each)) for each in value))
    return "" if value is None else _cut(str(value))
