"""Whose file stands in a document's place: ours is replaced, somebody else's never."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from feeds.publish import PublishError

# What stands near the beginning of everything we write, and of hardly anything else. It tells our files even where the
# store that knows their names was lost, or left behind on another machine.
_XML = b"<generator>moafeed</generator>"
_SIGNS = {
    ".rss": _XML,
    ".atom": _XML,
    ".json": b'{\n "version": "https://jsonfeed.org/version/1.1",\n "title": "',
    ".html": b"content=\"default-src 'none'; img-src https: http:; style-src 'sha256-",
    ".opml": b"<?xml version='1.0' encoding='UTF-8'?>\n<opml version=\"2.0\">\n  <head>\n    <title>",
    ".jsonl": b'{"moafeed":',
    ".css": b"/* What a browser shows of a feed's source text",
}
_BEGINNING = 20_000


def check(folder: Path, names: Iterable[str], known: Collection[str]) -> None:
    """Refuse to write over a file that is not ours.

    Args:
        folder: the output folder.
        names: what is going to be written.
        known: names of the files that were written before: ours, whatever became of them.

    Raises:
        PublishError: somebody else's file has one of the names; it stays.
    """
    for name in names:
        path = folder / name
        if name not in known and path.is_file() and not path.is_symlink() and not _is_ours(path):
            raise PublishError(
                f"{path} is in the way, and it is no file of moafeed's: move it, or give the feed or the output folder "
                "another name."
            )


def _is_ours(path: Path) -> bool:
    sign = _SIGNS.get(path.suffix)
    with suppress(OSError), path.open("rb") as file:
        return sign is not None and sign in file.read(_BEGINNING)
    return False
