"""The subscription list (OPML) of a feed reader: each blog in it becomes a source, unless it is followed already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.imports import Imported
from crawler.own_feeds import own_feeds
from crawler.source import Source
from feeds.exports import ExportError
from feeds.publish import publish

from .following import follow
from .outlines import read_outlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crawler.imports import Intake

    from .following import Followed

options = ()

_MOST_BYTES = 64 * 2**20


def read(place: Path, intake: Intake) -> Imported:
    """Write a source file for each blog that the file *place* lists and that nobody follows yet; nothing is asked.

    All files are written, or none.

    Raises:
        ExportError: the file can't be read, or is no subscription list.
        PublishError: the source files can't be written.
    """
    outlines = read_outlines(_bytes(place))
    if outlines is None:
        raise ExportError(f"{place} is no subscription list (OPML)")
    folder, sources = intake.workspace.sources_folder, intake.loaded.sources
    there = {path.stem for path in folder.iterdir()} if folder.is_dir() else set()
    taken = intake.loaded.names | intake.workspace.config.feeds.keys() | there
    followed = follow(outlines.lines, sources, own_feeds(sources, intake.store), taken)
    files = {f"{new.source}.toml": _file(new) for new in followed if new.keys is not None}
    if files:
        publish(folder, files)
    failures = [] if outlines.is_whole else [f"{place}: damaged or cut short; what could be read of it was taken"]
    failures += [f"{_called(each)}: {each.why}" for each in followed if each.source is None]
    return Imported(failures=failures, told=list(_told(followed)))


def _bytes(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            document = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ExportError(f"{place} can't be read: {error.strerror}") from error
    if len(document) > _MOST_BYTES:
        raise ExportError(f"{place} is larger than any subscription list: more than {_MOST_BYTES // 2**20} MiB")
    return document


def _file(new: Followed) -> bytes:
    """A source file, which we can read: its keys were checked by the model."""
    title = {"title": new.outline.title} if new.outline.title else {}
    keys = dict(new.keys or {}) | title
    Source.model_validate({"name": new.source, **keys})
    # A JSON string is a TOML basic string.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items()).encode()


def _told(followed: Iterable[Followed]) -> Iterator[str]:
    new = old = lost = 0
    for each in followed:
        if each.keys is not None:
            yield f"{each.source}: new, {_called(each)}"
        elif each.source is not None:
            yield f"{each.source}: followed already, {_called(each)}"
        new += each.keys is not None
        lost += each.source is None
        old += each.keys is None and each.source is not None
    refused = f", {lost} can't be followed" if lost else ""
    yield f"{new} new, {old} followed already{refused}"


def _called(each: Followed) -> str:
    return each.outline.title or each.outline.page or each.outline.feed
