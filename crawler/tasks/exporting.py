"""The stored posts as files of another program: which posts, whose blogs, which format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.lock import writing
from crawler.own_feeds import own_feeds
from crawler.source import load_sources
from crawler.tasks.choosing import UnknownSourceError
from crawler.toml.error import did_you_mean
from feeds.exports import EXPORTS, Blog, Export, Library, load_export
from pipelines.errors import MoafeedError
from pipelines.site import Site
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What of the stored posts to export, and how."""

    sources: tuple[str, ...] = ()
    """Names of the sources; all where empty."""
    theme: str | None = None
    """One of the format's themes; None for its default."""
    limit: int | None = None
    """How many of the newest posts; None for as many as a feed has."""


def export(workspace: Workspace, name: str, place: Path, wanted: Wanted) -> tuple[Exported, Loaded]:
    """Write what is *wanted* of the stored posts to *place* in the format called *name*.

    Returns:
        What was done, and the source files: posts of one that is broken are left as they were exported last.

    Raises:
        UnknownFormatError: there is no such format, or no such theme or option of it.
        UnknownSourceError: a source is named that has neither a file nor posts.
        NothingStoredError: there are no posts of these sources.
        ExportError: the place holds something that would be lost.
        PublishError: the place can't be written.
    """
    chosen, theme = _format(name, wanted.theme)
    if wanted.limit is not None and "limit" not in chosen.options:
        raise UnknownFormatError(f"export {name} takes no --limit: it has every post")
    loaded = load_sources(workspace.sources_folder)
    limit = wanted.limit or workspace.config.defaults.limit
    with writing(workspace), Store.open(workspace.store_url) as store:
        find = _followed if chosen.lists_blogs else _stored
        names = find(loaded, store, wanted.sources)
        feeds = own_feeds(loaded.sources, store)
        blogs = {
            source: replace(blog_of(workspace, loaded, store, source), feed=feeds.get(source)) for source in names
        }  # fmt: skip
        title = blogs[names[0]].site.title if len(names) == 1 == len(wanted.sources) else workspace.config.title
        library = Library(
            blogs=blogs, posts=lambda: store.each(names), kept=store.exchange.kept,
            newest=lambda: store.newest(names, limit), title=title,
        )
        return chosen.write(place, library, theme), loaded


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
    title, home = (source.title or site.title, source.home(site)) if source else (site.title, site.home)
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


def _followed(loaded: Loaded, store: Store, names: Sequence[str]) -> list[str]:
    """The blogs to list: those named, else all that have a file; of a broken file, what the store knows."""
    _check(loaded, loaded.names, names)
    there = {source.name for source in loaded.sources} | store.sites().keys()
    return [name for name in sorted(set(names) or loaded.names) if name in there]


def _check(loaded: Loaded, known: AbstractSet[str], names: Sequence[str]) -> None:
    broken = {error.file.stem: error for error in loaded.errors}
    for name in names:
        if name in broken:
            raise broken[name]
        if name not in known:
            raise UnknownSourceError(f"no source is called {name!r}{did_you_mean(name, known) or ''}")


def _stored(loaded: Loaded, store: Store, names: Sequence[str]) -> list[str]:
    """The sources to export: those named, else all that have posts and no broken file."""
    stored = store.counts()
    _check(loaded, loaded.names | stored.keys(), names)
    broken = {error.file.stem for error in loaded.errors}
    wanted = [name for name in sorted(set(names) or stored.keys()) if name in stored and name not in broken]
    if not wanted and not loaded.errors:
        raise NothingStoredError("there are no posts to export; read the blogs with `moafeed crawl`")
    return wanted
