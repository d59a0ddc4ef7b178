"""Which sources a command is about: the ones it names, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.manners.politeness import is_own_server
from crawler.source import load_sources
from crawler.toml.error import did_you_mean
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.source import Loaded, Source
    from crawler.workspace import Workspace


class UnknownSourceError(MoafeedError):
    """A command names a source that does not exist, or there is none at all."""

    exit_code = 2


def all_sources(workspace: Workspace) -> Loaded:
    """Check every source file of *workspace* and what its combined feeds name, before anything is asked of a site.

    Raises:
        UnknownSourceError: there is no source file at all.
        WorkspaceError: a combined feed names a source that is none.
    """
    loaded = load_sources(workspace.sources_folder)
    workspace.check_feeds(loaded.names)
    if not loaded.sources and not loaded.errors:
        raise UnknownSourceError("there are no sources yet; add a blog with `moafeed add URL`")
    return loaded


def chosen(loaded: Loaded, names: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources called *names*; all usable ones where none is named.

    Raises:
        UnknownSourceError: a name is no source's.
        SourceError: a named source's file is broken.
    """
    if not names:
        return loaded.sources
    return tuple(one(loaded, name) for name in dict.fromkeys(names))


def source_at(workspace: Workspace, url: str) -> Source | None:
    """Return the source whose file says how the page at *url* is read, begun there; None where there is none."""
    sources = load_sources(workspace.sources_folder).sources
    named = next((source for source in sources if source.is_odd and is_own_server(url, source.url)), None)
    return named.at(url) if named else None


def one(loaded: Loaded, name: str) -> Source:
    """Return the source called *name*; raises as `chosen` does."""
    for source in loaded.sources:
        if source.name == name:
            return source
    for error in loaded.errors:
        if error.file.stem == name:
            raise error
    known = sorted(loaded.names)
    raise UnknownSourceError(f"no source is called {name!r}{did_you_mean(name, known) or '; see `moafeed list`'}")
