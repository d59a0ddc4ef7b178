"""A date format of PHP (`DateTime::createFromFormat`) by the signs of `strptime`."""

from __future__ import annotations

# php.net, "DateTimeImmutable::createFromFormat"; G and H differ only in a zero that strptime does without.
_SIGNS = {
    "d": "%d", "j": "%d", "m": "%m", "n": "%m", "Y": "%Y", "X": "%Y", "x": "%Y", "y": "%y", "H": "%H", "G": "%H",
    "h": "%I", "g": "%I", "i": "%M", "s": "%S", "A": "%p", "a": "%p", "D": "%a", "l": "%A", "M": "%b", "F": "%B",
    "u": "%f", "v": "%f", "O": "%z", "P": "%z", "p": "%z", "T": "%Z", "e": "%Z", "z": "%j", "%": "%%",
}  # fmt: skip
_RESET = "!|"


def strptime_format(php: str) -> str | None:
    """Return the format for `strptime`; None where *php* has a sign that none of those stands for (S, U, ?, *)."""
    written, signs = "", iter(php)
    for sign in signs:
        if sign == "\\":
            written += next(signs, "")
        elif sign in _SIGNS:
            written += _SIGNS[sign]
        elif sign.isascii() and (sign.isalpha() or sign in "?*+#"):
            return None
        elif sign not in _RESET:
            written += sign
    return written
