"""What a recorded site's posts must look like: expected.json, and the differences from it, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.recording.folder import NO_INPUT, RecordingError

EXPECTED = "expected.json"
# The moment of the crawl is another one at every run; a digest follows from the rest, and tells a person nothing.
_LEFT_OUT = frozenset({"first_seen", "digest"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One value that is not what it should be."""

    url: str
    """The post's address."""
    field: str | None
    """The field's name in the schema; None when the whole post is missing or too many."""
    expected: object
    """What expected.json says; None for a post it does not know."""
    found: object
    """What the crawl found; None for a post it did not."""

    def __str__(self) -> str:
        if self.field is None:
            return f"{self.url}: {'not found' if self.found is None else 'not expected'}"
        return f"{self.url}: {self.field} should be {self.expected!r}, is {self.found!r}"


def compare(expected: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """Return every difference between two lists of post records, by address and field.

    Args:
        expected: records as `read_expected` gives them.
        found: records of `Post.to_record()`; `first_seen` and `digest` do not count on either side.
    """
    wanted, got = _by_url(expected), _by_url(found)
    differences: list[Difference] = []
    for url in sorted(wanted.keys() | got.keys()):
        if url not in wanted or url not in got:
            pair = {"expected": wanted.get(url), "found": got.get(url)}
            differences.append(Difference(url=url, field=None, **pair))
        else:
            differences.extend(_fields(url, wanted[url], got[url]))
    return differences


def _fields(url: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterable[Difference]:
    names = list(dict.fromkeys([*wanted, *got]))
    return (
        Difference(url=url, field=name, expected=wanted.get(name), found=got.get(name))
        for name in names
        if name not in wanted or name not in got or wanted[name] != got[name]
    )


def _by_url(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        str(record["url"]): {name: value for name, value in record.items() if name not in _LEFT_OUT}
        for record in records
    }


def read_expected(folder: Path) -> list[dict[str, Any]]:
    """Return the records of the folder's expected.json.

    Raises:
        RecordingError: it is missing (66), or not a list of posts (65).
    """
    path = folder / EXPECTED
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return list(_by_url(records).values())
    except FileNotFoundError as error:
        raise RecordingError(f"{path} is missing; `moafeed check NAME --accept` writes one.", NO_INPUT) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordingError(f"{path} is no list of posts: {error!r}.") from error


def write_expected(folder: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write *records* (of `Post.to_record()`) sorted by address as expected.json and return its path."""
    by_url = _by_url(records)
    path = folder / EXPECTED
    text = json.dumps([by_url[url] for url in sorted(by_url)], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    return path
