"""Dates that a page prints for people: found by how they look and where they stand."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from crawler.document import Element, words
from pipelines.body.tree import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CLOCK = r"(?:(?:오전|오후|AM|PM)\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?(?:AM|PM))?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = (
    r"(?:19|20)\d{2}\s?(?:[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}|[년年]\s?\d{1,2}[월月]\s?\d{1,2}[일日])"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d{{2}}|\d{{1,2}}(?:st|nd|rd|th|\.)?\s{_MONTH},?\s(?:19|20)\d{{2}}"
)
_AGO = r"방금(?:\s?전)?|\d{1,2}\s?(?:초|분|시간|일|주|개월|달|년)\s?전|오늘|어제|그저께"
PRINTED = re.compile(rf"(?<!\d)(?:{_DAY})(?!\d)\.?(?:[\s,T]{{1,3}}{_CLOCK})?", re.IGNORECASE)
# Alone in its element only: a sentence may speak of yesterday, and a headline of 12:30.
_WHOLE = re.compile(
    rf"\W{{0,3}}(?:(?:{_DAY})\.?(?:[\s,T]{{1,3}}{_CLOCK})?|(?:{_AGO})(?:\s?{_CLOCK})?|{_CLOCK})\W{{0,3}}", re.IGNORECASE
)
_ONLY_CLOCK = re.compile(rf"\W{{0,3}}{_CLOCK}\W{{0,3}}", re.IGNORECASE)
_IN_PATH = re.compile(
    rf"/((?:19|20)\d{{2}})[/-](0?[1-9]|1[0-2]|{_MONTH})[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)", re.IGNORECASE
)
_NUMBERS = re.compile(r"(?:\d|\W|오전|오후|AM|PM){,60}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_LABEL = re.compile(r"date|time|publish|posted|날짜|se_publishDate", re.IGNORECASE)
_LONGEST = 60
_FEW = 4
_IN_CLOCK = 3  # numbers in a clock, at most


def printed_date(elements: Iterable[Element]) -> str | None:
    """Return the first printed date among short texts of *elements*, those labelled as a date before all others.

    Args:
        elements: elements in page order; only each one's own short text is looked at, not whole paragraphs.
    """
    unlabelled = None
    for element in elements:
        if is_comment(element):
            continue
        labelled = element.tag == "time" or bool(_LABEL.search(f"{element.get('class', '')} {element.get('id', '')}"))
        text = element.get("datetime") or _short(element, whole=labelled)
        if not text or (_ONLY_CLOCK.fullmatch(text) and _is_part_of_date(element)):
            continue
        if labelled and (found := _WHOLE.fullmatch(text) or PRINTED.search(text)):
            return found[0].strip()
        if unlabelled is None and (found := _WHOLE.fullmatch(text)) and not text.isdigit():
            unlabelled = found[0].strip(" ·|-,()ㆍ")
    return unlabelled


def _is_part_of_date(clock: Element) -> bool:
    """Whether a clock stands in a line of numbers, which are a day's: alone it would be read as today's."""
    parent = clock.getparent()
    line = words(parent) if parent is not None and len(parent) <= _FEW else ""
    return _NUMBERS.fullmatch(line) is not None and len(_NUMBER.findall(line)) > _IN_CLOCK


def day_in(address: str) -> str | None:
    """Return the day that the path of an address names, as `2024/03/05` and `2024/Mar/5` do."""
    found = _IN_PATH.search(address)
    return "-".join(found.groups()) if found else None


def without_date(line: str) -> str:
    """Return a line such as "Jane Doe, March 5, 2024" without the date at its end."""
    found = PRINTED.search(line)
    return line[: found.start()].rstrip(" ,:|·•-–—(") if found and found.end() == len(line) else line


def _short(element: Element, *, whole: bool) -> str:
    """Return the element's own words where they are few enough to be a date and nothing else."""
    if whole:
        text = words(element) if len(element) <= _FEW else " ".join((element.text or "").split())
    else:
        parts = [element.text, *(child.tail for child in islice(element, 8))]
        text = next((line for part in parts if (line := " ".join((part or "").split()))), "")
        text = text if _WHOLE.fullmatch(text) else _dated_part(parts)
    return text if len(text) <= _LONGEST else ""


def _dated_part(parts: Iterable[str | None]) -> str:
    lines = (" ".join((part or "").split()).strip(" ·|,ㆍ") for part in parts)
    return next((line for line in lines if line and len(line) <= _LONGEST and _WHOLE.fullmatch(line)), "")


def few_words(element: Element, *, most: int) -> str:
    """Return the visible text of *element* on one line; nothing where it has more than *most* words.

    Wrappers of a whole page are asked too, one in the other: what is too long is not put together.
    """
    found = etree.tostring(element, method="text", encoding="unicode", with_tail=False).split(maxsplit=most)
    return "" if len(found) > most else " ".join(found)


def around(element: Element, *, before: int = 40, after: int = 40) -> Iterator[Element]:
    """Yield elements in reading order from a little before *element* to a little behind it.

    Climbs at most five levels, since the date stands in the headline's own block or in the one around it.
    """
    block = element
    for parent in islice(element.iterancestors(), 5):
        if parent.tag in ("body", "html") and block is not element:
            break
        block = parent
        if parent.tag in ("article", "header", "main"):
            break
    inside = list(islice(block.iter(), 4000))
    place = next((number for number, found in enumerate(inside) if found is element), 0)
    yield from inside[place : place + after]
    yield from reversed(inside[max(0, place - before) : place])
