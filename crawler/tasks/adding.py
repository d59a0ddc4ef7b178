"""A blog becomes a source: looked at first, then the shortest file that works."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.source import load_source, load_sources
from crawler.tasks.choosing import UnknownSourceError
from crawler.tasks.trial import name_for, replay_settings, trial_source, try_out
from pipelines.errors import MoafeedError
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.source import Loaded, Source
    from crawler.workspace import Workspace
    from pipelines.post import Post
    from pipelines.site import Site

_TRIED = 6  # posts fetched to see whether the blog can be read: some may be protected
_SHOWN = 3


class AlreadyThereError(UnknownSourceError):
    """The blog, or the name, is a source already."""


class CannotAddError(MoafeedError):
    """The source file can't be written."""

    exit_code = 73  # EX_CANTCREAT


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """A new source."""

    file: Path
    """The file that was written."""
    title: str
    """The blog's title."""
    platform: str
    """The platform it is read as."""
    posts: tuple[Post, ...]
    """What was read to try it, newest first."""


def add(workspace: Workspace, url: str, *, name: str | None, replay: Path | None) -> Added:
    """Try the blog at *url* and write its source file.

    Raises:
        AddressError: *url* or *name* can't be used.
        AlreadyThereError: there is such a source.
        NoBlogError: nothing there could be read as a blog.
        CannotAddError: the file can't be written.
    """
    loaded = load_sources(workspace.sources_folder)
    source = trial_source(url, name or name_for(url, loaded.names))
    _refuse_twice(loaded, source, url)
    crawled = try_out(workspace, source, posts=_TRIED, **replay_settings(replay))
    site = crawled.sites[source.name]
    file = workspace.sources_folder / f"{source.name}.toml"
    _write(file, source, site)
    return Added(file=file, title=site.title, platform=site.platform, posts=crawled.posts[:_SHOWN])


def _refuse_twice(loaded: Loaded, source: Source, url: str) -> None:
    for other in loaded.sources:
        if same_page_key(other.start) == same_page_key(source.start):
            raise AlreadyThereError(f"{url} is there already, as the source {other.name!r}")
    if source.name.casefold() in {known.casefold() for known in loaded.names}:
        raise AlreadyThereError(f"there is a source {source.name!r} already; give another name with --name")


def _write(file: Path, source: Source, site: Site) -> None:
    keys = {"url": source.url, "title": site.title}
    if site.platform != "generic":
        keys["platform"] = site.platform
    # A JSON string is a TOML basic string.
    text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise CannotAddError(f"{file} can't be written: {error.strerror}") from error
    load_source(file)  # what we write, we can read
