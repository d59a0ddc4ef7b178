"""What one answer about one page is worth."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from dateutil import parser as dates
from lxml import html

if TYPE_CHECKING:
    from bench.saved import SavedPage

_SPACE = re.compile(r"[\s\u00a0\u200b\u200c\u200d\ufeff]+")
_NO_LETTER = re.compile(r"[\W_]+")
_GRAM = 4
_SEOUL = timezone(timedelta(hours=9))


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """One answer compared with the truth. None: the page's truth is silent, or the extractor has no such field."""

    f1: float | None
    """Of the body's text, 0..1: see `text_f1`."""
    leaked: tuple[str, ...] | None
    """What stands on the page outside the post and came along."""
    images: int
    """True images of the body that were found."""
    true_images: int
    """Images the body has."""
    extra_images: int
    """Images found that are none of the body's."""
    title: bool | None
    """Whether it is right but for white space, as are all texts."""
    second: bool | None
    """Whether the date is right to the second."""
    day: bool | None
    """Whether the date is right by day."""
    author: bool | None
    """Whether it is the name the page shows."""
    tags: bool | None
    """Whether they are all there and no others."""
    lead: bool | None
    """Whether the lead image is right."""
    cpu: float
    """CPU seconds."""
    error: str | None
    """Why there is no post."""
    wrong: str
    """What is not right, for people."""


def judge(page: SavedPage, answer: dict[str, Any], offers: frozenset[str]) -> Marks:
    """Compare *answer* with what is true of *page*; *offers* are the fields its extractor has at all."""
    truth = page.truth
    tree = html.fromstring(f"<div>{answer.get('html') or ''}</div>")
    for element in tree.xpath(".//script | .//style"):
        element.drop_tree()
    text = squeeze(answer["text"] if "text" in answer else tree.text_content())
    kept, wanted, extra, missing = _images(page, tree)
    published = truth.get("published")
    date = _date(answer.get("date"), published) if published else None
    marks: dict[str, Any] = {
        "f1": None if page.text is None else text_f1(page.text, text, truth.get("optional_text_len") or 0),
        "leaked": _leaked(page, text),
        "title": squeeze(answer.get("title")) == squeeze(truth["title"]) if "title" in truth else None,
        "second": date == datetime.fromisoformat(published) if published and "T" in published else None,
        "day": _same_day(date, published) if published else None,
        "author": squeeze(answer.get("author")) == squeeze(truth["author"]) if truth.get("author") else None,
        "tags": _set(answer.get("tags")) == _set(truth["tags"]) if truth.get("tags") is not None else None,
        "lead": _picture(answer.get("image"), page.url) == _picture(truth["lead_image"], page.url)
        if "lead_image" in truth else None,
    }  # fmt: skip
    for name, field in (("second", "date"), ("day", "date"), ("author", "author"), ("tags", "tags"), ("lead", "image")):
        if field not in offers:
            marks[name] = None
    notes = [f"{name}: {answer.get(_FIELD.get(name, name))!r}" for name in _TOLD if marks[name] is False]
    notes += [f"images missing: {missing}"] if missing else []
    return Marks(
        **marks, images=kept, true_images=wanted, extra_images=extra, cpu=answer["cpu"], error=answer.get("error"),
        wrong="; ".join(notes),
    )  # fmt: skip


_TOLD = ("title", "second", "day", "author", "tags", "lead")
_FIELD = {"second": "date", "day": "date", "lead": "image"}


def squeeze(text: str | None) -> str:
    """Return *text* without any white space: blocks are set apart differently by each extractor."""
    return _SPACE.sub("", text or "")


def text_f1(true: str, found: str, optional: int) -> float:
    """Return the F1 of *found* against *true*: of the multisets of all runs of four letters or digits.

    Words would be the wrong tokens: where two blocks meet, extractors join or part them as they like. Signs don't
    count, since some write a list as lines with hyphens.

    Args:
        true: the body's text.
        found: what was taken for it.
        optional: letters of *true* that may be missing (captions of videos, link cards, file boxes).
    """
    wanted, got = (_grams(_NO_LETTER.sub("", text)) for text in (true, found))
    common = (wanted & got).total()
    missing = max(0, wanted.total() - common - optional)
    return 2 * common / (2 * common + missing + got.total() - common) if common else 0.0


def _grams(text: str) -> Counter[str]:
    return Counter(text[at : at + _GRAM] for at in range(max(1, len(text) - _GRAM + 1))) if text else Counter()


def _leaked(page: SavedPage, text: str) -> tuple[str, ...] | None:
    junk = page.truth.get("must_not_contain")
    if junk is None:
        return None
    known = squeeze(page.text)
    return tuple(line for line in junk if squeeze(line) in text and squeeze(line) not in known)


def _images(page: SavedPage, tree: html.HtmlElement) -> tuple[int, int, int, list[str]]:
    """True images found, true images, images that are none of them; which are missing (where they are known)."""
    found = Counter(_picture(str(src), page.url) for src in tree.xpath(".//img/@src") if not src.startswith("data:"))
    images = page.truth.get("body_images")
    if images is None and "body_image_count" not in page.truth:
        return 0, 0, 0, []
    if images is None:  # only their number is known
        wanted = page.truth["body_image_count"] or 0
        return min(wanted, found.total()), wanted, max(0, found.total() - wanted), []
    true = Counter(_picture(src, page.url) for src in images)
    kept = (true & found).total()
    return kept, true.total(), found.total() - kept, sorted(map(str, (true - found).elements()))


def _picture(src: str | None, base: str) -> str | None:
    """The original behind a thumbnail, without scheme and signature: what the truth names."""
    if not src:
        return None
    try:
        parts = urlsplit(urljoin(base, src))
    except ValueError:
        return src
    if "/thumb/" in parts.path and "fname" in (query := parse_qs(parts.query)):
        return _picture(unquote(query["fname"][0]), base)
    signed = "signature=" in parts.query or "credential=" in parts.query
    return (parts.netloc + parts.path + (f"?{parts.query}" if parts.query and not signed else "")).lower()


def _date(text: str | None, published: str) -> datetime | None:
    """*text* as a datetime; without a zone it is meant in that of the truth."""
    try:
        found = dates.parse(text or "")
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.fromisoformat(published).tzinfo or _SEOUL)


def _same_day(date: datetime | None, published: str) -> bool:
    if date is None:
        return False
    true = datetime.fromisoformat(published)
    zone = true.tzinfo
    # Where the truth is only a day, its zone is unknown: as printed, or as read in Korea.
    found = {date.astimezone(zone).date()} if zone else {date.date(), date.astimezone(_SEOUL).date()}
    return true.date() in found


def _set(texts: list[str] | None) -> set[str]:
    return {squeeze(text) for text in texts or []}
