"""Site configs of Full-Text RSS and wallabag (HOST.txt), a file or a folder of them: each becomes a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.imports._file_text import file_text
from crawler.imports._wanted import follow_all
from feeds.exports import ExportError

from .site_config import wanted

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.imports import Imported, Intake
    from crawler.imports._wanted import Wanted

options = ()

SUFFIX = ".txt"
_MOST_FILES = 10_000


def read(place: Path, intake: Intake) -> Imported:
    """Write a source file for each site config that *place* is or holds; nothing is asked.

    Raises:
        ExportError: there is none.
        PublishError: the source files can't be written.
    """
    found: list[Wanted] = []
    failures: list[str] = []
    for file in _files(place):
        try:
            found.append(wanted(file.name.removesuffix(SUFFIX), file_text(file)))
        except ExportError as error:
            if file == place:
                raise
            failures.append(str(error))
    return follow_all(found, intake, failures)


def _files(place: Path) -> list[Path]:
    try:
        if not place.is_dir():
            return [place]
        files = sorted(path for path in place.iterdir() if path.suffix == SUFFIX and _is_host(path.name))
    except OSError as error:
        raise ExportError(f"{place} can't be read: {error.strerror}") from error
    if not files:
        raise ExportError(f"{place} has no site config: a file such as example.com{SUFFIX}")
    if len(files) > _MOST_FILES:
        raise ExportError(f"{place} has more than {_MOST_FILES} files; divide it")
    return files


def _is_host(name: str) -> bool:
    """Tell whether a file is named after a host: others are notes, or rules for all sites (`global.txt`)."""
    return "." in name.removesuffix(SUFFIX)
