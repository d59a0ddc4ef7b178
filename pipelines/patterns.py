"""Regular expressions that people write into their files and queries: RE2, which no text can make slow."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 500
"""Characters of a pattern."""
_MOST_MEMORY = 2**20  # bytes of one compiled pattern: `(a{1000}){1000}` is refused
_LOOKS_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])")
_REFERS_BACK = re.compile(r"\\[1-9]|\(\?P=|\\k[<{]")
_GROUP = re.compile(r"\\(?:(\d{1,2})|g<(\w+)>|(.))", re.DOTALL)


class Pattern:
    """One pattern, compiled; it takes time in proportion to the text, whatever the text."""

    def __init__(self, text: str, *, any_case: bool = False) -> None:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not any_case
        options.max_mem = _MOST_MEMORY
        self._pattern: Any = re2.compile(f"(?m){text}" if any_case else text, options)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern is found anywhere in *text*."""
        return self._pattern.search(text) is not None

    def first(self, text: str) -> str:
        """Return what is found first: its first group where it has one, else all of it; empty where there is none."""
        return next(self.all(text), "")

    def all(self, text: str) -> Iterator[str]:
        """Yield what is found, each as `first` returns it."""
        for found in self._pattern.finditer(text):
            yield (found.group(1) or "") if self._pattern.groups else found.group()

    def replaced(self, text: str, by: str, most: int) -> tuple[str, int]:
        r"""Return *text* with the first *most* of what is found replaced, and how many; `\1` in *by* is a group."""
        replaced, number = self._pattern.subn(lambda found: _filled(by, found), text, count=most)
        return str(replaced), int(number)

    def unknown_group(self, by: str) -> str:
        """Return the first group that *by* names and the pattern has not; empty where it has all of them."""
        known = {str(number) for number in range(self._pattern.groups + 1)} | set(self._pattern.groupindex)
        named = (number or name for number, name, _ in _GROUP.findall(by))
        return next((group for group in named if group and group not in known), "")


def _filled(by: str, found: Any) -> str:
    def one(sign: re.Match[str]) -> str:
        number, name, other = sign.groups()
        if other is not None:
            return str(other)
        return found.group(int(number) if number else name) or ""

    return _GROUP.sub(one, by)


@lru_cache(maxsize=1024)
def compiled(text: str, *, any_case: bool = False) -> Pattern:
    """Return the pattern that *text* writes.

    Args:
        text: the regular expression.
        any_case: whether upper and lower case are one, and `^` and `$` the ends of each line.

    Raises:
        ValueError: it writes none, or one of a kind that can be slow; the text says which, to follow a key's name.
    """
    if not text or len(text) > LONGEST:
        raise ValueError(f"is empty or longer than {LONGEST} characters; a short regular expression would be right")
    try:
        return Pattern(text, any_case=any_case)
    except re2.error as error:
        raise ValueError(_why(text, error.args[0] if error.args else "")) from None


def pattern(text: str) -> str:
    """Return *text* where it is a pattern that can be compiled; raises as `compiled` does."""
    compiled(text)
    return text


def _why(text: str, reason: object) -> str:
    said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    if _LOOKS_AROUND.search(text):
        return "looks ahead or behind, as in (?=…); such patterns can take for ever; write what is to be found itself"
    if _REFERS_BACK.search(text):
        return r"refers back to a group, as \1 does; such patterns can take for ever; write out what is repeated"
    if "too large" in said:
        return "is too large a pattern: its counts, as in {1000}, multiply; use * or smaller numbers"
    return f"is no regular expression: {said[:100]}; a \\ goes before a sign that is meant itself, as in \\("
