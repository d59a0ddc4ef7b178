"""Blogs that were looked at become sources: the shortest files that work, and what the blogs answered beside them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from crawler.recording import write_expected
from crawler.source import load_source
from crawler.source_file import written
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crawler.source import Source
    from crawler.tasks.looking import Look, Looked
    from crawler.workspace import Workspace


class CannotAddError(MoafeedError):
    """The source file can't be written."""

    exit_code = 73  # EX_CANTCREAT


def follow(workspace: Workspace, looked: Looked) -> list[Path]:
    """Write a source file for each blog that can be followed, and keep what it answered for `check`; return the files.

    Raises:
        CannotAddError: a file can't be written; those before it are there.
    """
    return [_follow(workspace, looked, look) for look in looked.looks if look.source is not None]


def _follow(workspace: Workspace, looked: Looked, look: Look) -> Path:
    source = look.source
    if source is None:
        raise ValueError("a look without a source can't be followed")
    file = workspace.sources_folder / f"{source.name}.toml"
    kept = workspace.recorded_folder / source.name
    write_expected(looked.recorded / source.name, [post.to_record() for post in look.posts])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(_text(look, source, looked.keys))
        shutil.rmtree(kept, ignore_errors=True)  # of a source of that name that was deleted
        shutil.copytree(looked.recorded / source.name, kept)
    except OSError as error:
        raise CannotAddError(f"{error.filename or file} can't be written: {error.strerror}") from error
    load_source(file)  # what we write, we can read
    return file


def _text(look: Look, source: Source, keys: Mapping[str, Any]) -> str:
    """Return a source file: what it is called for people, then what is no default."""
    title = " ".join((look.site.title if look.site else "").split())
    said = {"url": source.url, "platform": source.platform, "feed": source.feed} | dict(keys)
    return written(said, title if title.isprintable() else "")
