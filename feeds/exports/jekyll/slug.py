"""A title as part of a file name: letters of every script kept, nothing a file system or a shell minds."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote

LONGEST_NAME = 255
"""Bytes of a file name that every file system takes."""
_DATE, _SUFFIX, _ENDING = len("2024-06-28-"), len("-") + 8, len(".md")
LONGEST_SLUG = LONGEST_NAME - _DATE - _SUFFIX - _ENDING
"""Bytes that a slug may have in UTF-8, so that date, a suffix and `.md` still fit."""
_KEPT = {"L", "M", "N"}
# Letters and marks by their category, but nobody sees them (Unicode's Default_Ignorable_Code_Point).
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Windows has devices of these names, whatever the ending; `index` would take the place of a folder's own page.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index")


def slug(title: str, guid: str) -> str:
    """Return *title* in lower case with single hyphens, at most `LONGEST_SLUG` bytes in UTF-8, composed (NFC).

    Args:
        title: any text; `../`, control, bidirectional and format characters and emoji leave nothing behind.
        guid: of its post; its last part, or a hash of it, stands in for a title without letters and digits.
    """
    return _slug(title) or _slug(unquote(re.split("[:/]", guid)[-1])) or hashed(guid)


def hashed(text: str, digits: int = 8) -> str:
    """Return the first hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def same_file_key(name: str) -> str:
    """Return a key equal for names that are one file where upper and lower case, or NFC and NFD, do not differ."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _slug(text: str) -> str:
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    signs = "".join(map(_sign, _UNSEEN.sub("", composed)))
    words = [word for part in signs.split("-") if (word := _without_loose_marks(part))]
    cut = _cut("-".join(words))
    return f"{cut}-post" if _RESERVED.fullmatch(cut) else cut


def _sign(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in _KEPT:
        return character
    return "" if category in {"Cf", "Cc", "Cs"} and not character.isspace() else "-"


def _without_loose_marks(word: str) -> str:
    """Drop marks that stand on nothing: they would be drawn over the hyphen before them."""
    while word and unicodedata.category(word[0])[0] == "M":
        word = word[1:]
    return word


def _cut(text: str) -> str:
    return text.encode("utf-8")[:LONGEST_SLUG].decode("utf-8", "ignore").strip("-")
