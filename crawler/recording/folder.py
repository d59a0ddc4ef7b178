"""A recorded site on disk: page files, and an index that says which address each of them answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Self

from crawler.recording.names import file_name, kept, page_key
from pipelines.errors import MoafeedError

INDEX = "index.json"
MAX_BYTES = 5 * 1024 * 1024
"""The largest body a recording holds, in bytes."""

NO_INPUT, BROKEN_DATA = 66, 65  # EX_NOINPUT and EX_DATAERR of sysexits.h


class RecordingError(MoafeedError):
    """There is no recording (exit code 66), or its index cannot be used (65)."""

    def __init__(self, sentence: str, exit_code: int = BROKEN_DATA) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One saved answer."""

    url: str
    """The address as it was asked for when it was recorded."""
    file: str
    """Name of the page file, relative to the recording's folder, with `/`."""
    status: int
    """HTTP status."""
    headers: Mapping[str, str]
    """Headers by name, without those of the transport and without secrets."""
    folder: Path
    """Where the page file lies."""

    @property
    def body(self) -> bytes:
        """The body, decoded from gzip and the like.

        Raises:
            RecordingError: the page file is missing.
        """
        try:
            return (self.folder / self.file).read_bytes()
        except OSError as error:
            raise RecordingError(f"{self.folder / INDEX} names {self.file}, which cannot be read: {error}.") from error


class Recording:
    """The pages of one folder; `add` saves one, `write` saves the index.

    Attributes:
        folder: where it lives.
        recorded: when it was made: aware; None for a folder of several recordings.
    """

    def __init__(self, folder: Path, recorded: datetime | None = None, pages: Iterable[Recorded] = ()) -> None:
        self.folder = folder
        self.recorded = recorded
        self._pages = {page_key(page.url): page for page in pages}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the recording in *folder*, or all those in its sub-folders when it has no index itself.

        Raises:
            RecordingError: there is none (66), or an index is broken (65).
        """
        if (folder / INDEX).is_file():
            return cls(folder, *_read(folder))
        pages = [page for index in sorted(folder.glob(f"*/{INDEX}")) for page in _read(index.parent)[1]]
        if not pages:
            raise RecordingError(f"There is no recorded site in {folder}: {INDEX} is missing.", NO_INPUT)
        return cls(folder, pages=pages)

    @property
    def pages(self) -> tuple[Recorded, ...]:
        """All saved answers, by address."""
        return tuple(sorted(self._pages.values(), key=lambda page: page.url))

    def answer(self, url: str) -> Recorded | None:
        """Return what was recorded for *url*, however it is percent-encoded; None when nothing was."""
        return self._pages.get(page_key(url))

    def add(self, url: str, *, body: bytes, status: int = 200, headers: Mapping[str, str]) -> Recorded | None:
        """Save one answer; a page recorded before keeps its file. None when the body is larger than `MAX_BYTES`."""
        if len(body) > MAX_BYTES:
            return None
        key, kept_headers = page_key(url), kept(headers)
        before = self._pages.get(key)
        taken = {page.file for page in self._pages.values()}
        content_type = kept_headers.get("Content-Type", "")
        name = before.file if before else file_name(url, content_type, home=self.folder.name, taken=taken)
        page = Recorded(url=url, file=name, status=status, headers=kept_headers, folder=self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(body)
        self._pages[key] = page
        return page

    def write(self) -> Path:
        """Write the index (the same pages give the same bytes) and return its path.

        Raises:
            ValueError: nobody said when this was recorded.
        """
        if self.recorded is None:
            raise ValueError("a recording needs its time before it is written")
        pages = {p.url: {"file": p.file, "status": p.status, "headers": dict(p.headers)} for p in self.pages}
        index = {"recorded": self.recorded.isoformat(), "pages": pages}
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / INDEX
        path.write_text(json.dumps(index, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return path


def _read(folder: Path) -> tuple[datetime, list[Recorded]]:
    index = folder / INDEX
    try:
        data = json.loads(index.read_text(encoding="utf-8"))
        return datetime.fromisoformat(data["recorded"]), [_entry(folder, *item) for item in data["pages"].items()]
    except KeyError as error:
        raise RecordingError(f"{index} has no {error}; record the site again.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise RecordingError(f"{index} is no index of a recording: {error}.") from error


def _entry(folder: Path, url: str, entry: dict[str, Any]) -> Recorded:
    file = PurePosixPath(entry["file"])
    if file.is_absolute() or ".." in file.parts:
        raise ValueError(f"the file of {url} lies outside the recording")
    headers = {str(name): str(value) for name, value in entry["headers"].items()}
    return Recorded(url=url, file=str(file), status=int(entry["status"]), headers=headers, folder=folder)
