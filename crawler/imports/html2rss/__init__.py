"""A configuration of html2rss (YAML): each of its feeds becomes a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.imports._file_text import file_text
from crawler.imports._wanted import follow_all
from feeds.exports import ExportError

from .config import wanted
from .yaml_text import YamlError, yaml_value

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.imports import Imported, Intake

options = ()


def read(place: Path, intake: Intake) -> Imported:
    """Write a source file for each feed that the configuration *place* describes; nothing is asked.

    Raises:
        ExportError: it can't be read, or describes none.
        PublishError: the source files can't be written.
    """
    try:
        value = yaml_value(file_text(place))
    except YamlError as error:
        raise ExportError(f"{place}: {error}") from error
    feeds = list(wanted(value))
    if not feeds:
        raise ExportError(f"{place} is no configuration of html2rss: it has neither a channel nor feeds")
    return follow_all(feeds, intake)
