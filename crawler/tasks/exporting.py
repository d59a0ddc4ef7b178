"""The stored posts as files of another program: which posts, whose blogs, which format."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.lock import writing
from crawler.source import load_sources
from crawler.tasks.choosing import UnknownSourceError
from crawler.toml.error import did_you_mean
from feeds.exports import EXPORTS, Blog, Export, Library, load_export
from pipelines.errors import MoafeedError
from pipelines.site import Site
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.source import Loaded, Source
    from crawler.workspace import Workspace
    from feeds.exports import Exported


class UnknownFormatError(MoafeedError):
    """A command names a format or a theme that does not exist."""

    exit_code = 2


class NothingStoredError(MoafeedError):
    """There is no post to export."""

    exit_code = 66  # EX_NOINPUT


def export(
    workspace: Workspace, name: str, folder: Path, sources: Sequence[str], theme: str | None
) -> tuple[Exported, Loaded]:
    """Write the stored posts of *sources* (all if none is named) to *folder* in the format called *name*.

    Returns:
        What was done, and the source files: posts of one that is broken are left as they were exported last.

    Raises:
        UnknownFormatError: there is no such format, or no such theme of it.
        UnknownSourceError: a source is named that has neither a file nor posts.
        NothingStoredError: there are no posts of these sources.
        ExportError: the folder holds something that would be lost.
        PublishError: the folder can't be written.
    """
    chosen, theme = _format(name, theme)
    loaded = load_sources(workspace.sources_folder)
    with writing(workspace), Store.open(workspace.store_url) as store:
        blogs = {source: blog_of(workspace, loaded, store, source) for source in _wanted(loaded, store, sources)}
        library = Library(blogs=blogs, posts=lambda: store.each(tuple(blogs)), kept=store.exchange.kept)
        return chosen.write(folder, library, theme), loaded


def blog_of(workspace: Workspace, loaded: Loaded, store: Store, name: str, found: Site | None = None) -> Blog:
    """Return what an export needs to know of a source, from its file, else from what its blog said, else a guess.

    Args:
        workspace: gives what its file is silent about.
        loaded: the source files.
        store: knows what the blog said.
        name: the source; it needs no file.
        found: what to believe of a blog that the store does not know.
    """
    defaults = workspace.config.defaults
    source = next((source for source in loaded.sources if source.name == name), None)
    site = store.site(name) or found or _guess(store, name, source)
    title, home = (source.title or site.title, source.url) if source else (site.title, site.home)
    closing = source.closing if source and source.closing is not None else defaults.closing
    site = Site(source=name, title=title, home=home, platform=site.platform, description=site.description,
                language=site.language, icon=site.icon)
    return Blog(site=site, zone=(source.zone if source else None) or defaults.zone, closing=closing)


def _guess(store: Store, name: str, source: Source | None) -> Site:
    posts = store.newest([name], 1)
    home = source.url if source else urljoin(posts[0].url, "/") if posts else ""
    return Site(source=name, title=urlsplit(home).hostname or name, home=home, platform="generic")


def _format(name: str, theme: str | None) -> tuple[Export, str | None]:
    if name not in EXPORTS.names():
        raise UnknownFormatError(f"there is no export format {name!r}{did_you_mean(name, EXPORTS.names())}")
    chosen = load_export(name)
    if theme is not None and theme not in chosen.themes:
        raise UnknownFormatError(f"{name} has no theme {theme!r}{did_you_mean(theme, chosen.themes)}")
    return chosen, theme or next(iter(chosen.themes), None)


def _wanted(loaded: Loaded, store: Store, names: Sequence[str]) -> list[str]:
    """The sources to export: those named, else all that have posts and no broken file."""
    stored = store.counts()
    broken = {error.file.stem: error for error in loaded.errors}
    known = loaded.names | stored.keys()
    for name in names:
        if name in broken:
            raise broken[name]
        if name not in known:
            raise UnknownSourceError(f"no source is called {name!r}{did_you_mean(name, known) or ''}")
    wanted = [name for name in sorted(set(names) or stored.keys()) if name in stored and name not in broken]
    if not wanted and not loaded.errors:
        raise NothingStoredError("there are no posts to export; read the blogs with `moafeed crawl`")
    return wanted
