"""A Jekyll folder read: its files as front matter and body, its `_config.yml`; nothing in them is believed."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from feeds.exports import ExportError

from .names import ENDINGS, POSTS
from .scalars import LOADER

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_FILE = 16 * 2**20
"""Bytes of a file that is read: twice what a body may have."""
LONGEST_YAML = 2**20
"""Bytes of front matter."""
_DEEPEST = 20
_FRONT = re.compile(r"---[ \t]*\n(?P<front>.*?)^(?:---|\.\.\.)[ \t]*$\n?(?P<body>.*)", re.DOTALL | re.MULTILINE)
_DATED = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-(?P<slug>.+)")


class UnreadableError(ExportError):
    """One file of a Jekyll folder that is no post; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One post's file, as written."""

    name: str
    """Its file's name without the ending."""
    date: str | None
    """The date its name begins with, `2024-06-28`; None where it has none."""
    slug: str
    """The rest of its name."""
    front: dict[str, Any]
    """Front matter: a text, None, or a list of texts by key; what is nested deeper is left out."""
    body: str
    """All below the front matter."""


def post_files(folder: Path) -> list[Path]:
    """Return the files of the posts in a Jekyll folder, by name: those in `_posts`, or its own where that is missing.

    Raises:
        ExportError: there is no such folder, or it can't be listed.
    """
    place = folder / POSTS if (folder / POSTS).is_dir() else folder
    endings = ENDINGS if place != folder else ENDINGS[:1]
    try:
        return sorted(path for path in place.iterdir() if path.suffix in endings and not path.name.startswith("."))
    except OSError as error:
        raise ExportError(f"{place} can't be read: {error.strerror}") from error


def read_entry(path: Path) -> Entry:
    """Return what the file at *path* says.

    Raises:
        UnreadableError: it is no regular file, no UTF-8 text, too long, or has no usable front matter.
    """
    text = _text(path, LONGEST_FILE)
    match = _FRONT.fullmatch(text)
    if match is None:
        raise UnreadableError("it has no front matter (it would begin and end with a line ---)")
    name = path.name.removesuffix(path.suffix)
    dated = _DATED.fullmatch(name)
    return Entry(
        name=name, date=dated["date"] if dated else None, slug=dated["slug"] if dated else name,
        front=_mapping(match["front"]), body=match["body"],
    )


def read_config(folder: Path) -> dict[str, Any]:
    """Return what `_config.yml` says, as `Entry.front` does; nothing where there is none.

    Raises:
        ExportError: it can't be read.
    """
    file = folder / "_config.yml"
    if not file.exists():
        return {}
    try:
        return _mapping(_text(file, LONGEST_YAML))
    except UnreadableError as error:
        raise ExportError(f"{file}: {error}") from error


def _text(path: Path, longest: int) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnreadableError("it is a link or no regular file")
        with path.open("rb") as file:
            raw = file.read(longest + 1)
    except OSError as error:
        raise UnreadableError(f"it can't be read: {error.strerror}") from error
    if len(raw) > longest:
        raise UnreadableError(f"it is longer than {longest // 2**20} MiB")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is not UTF-8 text") from error


def _mapping(text: str) -> dict[str, Any]:
    """Read YAML as texts: no date, number or object is made of anything."""
    if len(text.encode()) > LONGEST_YAML:
        raise UnreadableError("its front matter is longer than 1 MiB")
    try:
        _refuse_tricks(text)
        node = yaml.compose(text, LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        reason = getattr(error, "problem", None) or str(error)
        raise UnreadableError(f"its front matter is no YAML{where}: {reason}") from error
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableError("its front matter is no list of keys and values")
    return {key.value: _value(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _refuse_tricks(text: str) -> None:
    """Refuse references, which can make a gigabyte of a line, and nesting that no front matter has."""
    depth = 0
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableError("its front matter has anchors or aliases (& or *), which are not read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UnreadableError("its front matter is nested too deep")


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
    if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
        return None
    return node.value
