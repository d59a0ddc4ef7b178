r"""A query as people type it: `tag:여행 -category:광고 "맑은 날" since:2024 /v\d+/`.

What stands side by side is all wanted; a `-` before it: none of it. `|` between values: one of them. A value with
blanks stands in quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crawler.question import Among, Question
from crawler.toml.error import did_you_mean
from pipelines.errors import MoafeedError
from pipelines.patterns import pattern
from pipelines.query import Query, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

_TERM = re.compile(
    r"""\s*(?P<no>-?)(?:(?P<key>[a-z]+):(?=\S))?
    (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?<![^\s-])/(?P<pattern>(?:[^/\\\n]|\\.)+)/(?=\s|$)|(?P<bare>[^\s"]+))""",
    re.VERBOSE,
)
_TERMS = {
    "tag": "tags", "category": "categories", "author": "authors", "language": "languages", "lang": "languages",
    "source": "sources", "platform": "platforms",
}
_ONCE = ("since", "limit", "order", "copies")
_ORDERS, _COPIES = ("published", "updated"), ("once", "all")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)
_MOST = 500


class QueryError(MoafeedError, ValueError):
    """A query that can't be understood; the text says what is wrong."""

    exit_code = 2


def question(text: str, zone: str = "UTC") -> Question:
    """Return what *text* asks for.

    Args:
        text: the query.
        zone: IANA time zone in which a day of `since` begins.

    Raises:
        QueryError: it can't be understood.
    """
    found = _Found()
    for term in _terms(text):
        found.take(term, zone)
    return Question(
        among=tuple(found.among), without=tuple(found.without), limit=found.once.pop("limit", None),
        query=Query(wanted=tuple(found.wanted), unwanted=_together(found.unwanted), **found.once),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Term:
    key: str
    """What is asked for, as a query names it; `word` or `pattern` where it names nothing."""
    value: str
    """What follows it."""
    no: bool
    """Whether it is unwanted."""
    whole: bool
    """Whether it stands in quotes: a `|` in it means nothing."""


@dataclass(kw_only=True, slots=True)
class _Found:
    wanted: list[Terms] = field(default_factory=list)
    unwanted: list[Terms] = field(default_factory=list)
    among: list[Among] = field(default_factory=list)
    without: list[Among] = field(default_factory=list)
    once: dict[str, Any] = field(default_factory=dict)

    def take(self, term: _Term, zone: str) -> None:
        """Add one term."""
        if term.key in _ONCE:
            if term.no or term.key in self.once:
                raise QueryError(f"{term.key}: stands once in a query, and without a -")
            self.once[term.key] = _single(term, zone)
        elif term.key in {"source", "platform"}:
            (self.without if term.no else self.among).append(Among(**{_TERMS[term.key]: _values(term)}))
        else:
            (self.unwanted if term.no else self.wanted).append(_asked(term))


def _terms(text: str) -> Iterator[_Term]:
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            rest = text[at:].strip()[:40]
            raise QueryError(f"the query can't be read from {rest!r} on; is a quotation mark missing?")
        at = found.end()
        key, no = found["key"] or "", bool(found["no"])
        if found["pattern"] is not None and not key:
            yield _Term(key="pattern", value=found["pattern"].replace("\\/", "/"), no=no, whole=True)
            continue
        whole = found["quoted"] is not None
        value = re.sub(r"\\(.)", r"\1", found["quoted"]) if whole else found["bare"] or f"/{found['pattern']}/"
        if key and key not in _TERMS and key not in _ONCE:
            if not whole and not value.startswith("//"):
                raise QueryError(f"{key}: is nothing that can be asked for{did_you_mean(key, [*_TERMS, *_ONCE])}")
            key, value = "", f"{key}:{value}"  # an address
        if not key and not whole and value.endswith(":") and value[:-1] in {*_TERMS, *_ONCE}:
            raise QueryError(f"{value} has no value after it")
        if not value.strip():
            raise QueryError("a query asks for nothing by an empty value; take it out")
        yield _Term(key=key or "word", value=value, no=no, whole=whole)


def _values(term: _Term) -> tuple[str, ...]:
    values = [term.value] if term.whole else term.value.split("|")
    if not all(values):
        raise QueryError(f"{term.key}: has an empty value beside a |")
    return tuple(values)


def _asked(term: _Term) -> Terms:
    match term.key:
        case "word":
            return Terms(words=(term.value,))
        case "pattern":
            try:
                pattern(term.value)
            except ValueError as error:
                raise QueryError(f"/{term.value}/ {error}") from None
            return Terms(patterns=(term.value,))
        case "category":
            return Terms(categories=tuple(category(value) for value in _values(term)))
        case _:
            asked: dict[str, Any] = {_TERMS[term.key]: _values(term)}
            return Terms(**asked)


def category(text: str) -> tuple[str, ...]:
    """Return the names of a category and the parents that are named before it: `여행/일본`."""
    return tuple(name.strip() for name in text.split("/") if name.strip())


def _together(terms: list[Terms]) -> Terms:
    """Return one of several: for what is unwanted, each of them alone is enough."""
    return Terms(**{name: tuple(v for each in terms for v in getattr(each, name)) for name in Terms.__slots__})


def _single(term: _Term, zone: str) -> Any:
    match term.key:
        case "since":
            return since(term.value, zone)
        case "limit":
            if not term.value.isdecimal() or not 1 <= int(term.value) <= _MOST:
                raise QueryError(f"limit: is a number from 1 to {_MOST}, not {term.value!r}")
            return int(term.value)
        case key:
            known = _ORDERS if key == "order" else _COPIES
            if term.value not in known:
                raise QueryError(f"{key}: is one of {', '.join(known)}, not {term.value!r}")
            return term.value


def since(text: str, zone: str) -> datetime:
    """Return when the year, month or day that *text* names begins in *zone*: aware, UTC.

    Raises:
        QueryError: it names none.
    """
    found = _DAY.fullmatch(text)
    try:
        year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
        begins = date(year, month, day)
        return datetime.combine(begins, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise QueryError(f"since: is a day, such as 2024-03-05 or 2024, not {text!r}") from None
