"""Which feeds a workspace publishes: one per source, and the combined ones of `moafeed.toml`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.automatic import automatic_feeds, wanted_of
from crawler.platforms import load_platforms
from crawler.question import members
from feeds import publish as files
from feeds.build import build
from feeds.feed import Feed, Origin
from feeds.selection import line
from feeds.websub import announce
from pipelines.language import language
from pipelines.store import Store
from pipelines.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crawler.source import Loaded, Source
    from crawler.workspace import Workspace
    from feeds.publish import Published
    from pipelines.site import Site


def publish(workspace: Workspace, loaded: Loaded) -> Published:
    """Build every feed from the store, write those that changed, and tell their hub.

    Raises:
        StoreError: the store can't be read.
        PublishError: the output folder can't be written; what was published before stays.
        WorkspaceError: a combined feed names a source that is none.
    """
    with Store.open(workspace.store_url) as store:
        sites = store.sites()
        untouched = broken(workspace, loaded, sites)
        feeds = catalogue(workspace, loaded, sites, untouched)
        more, as_it_is = _automatic(workspace, store, feeds, untouched, loaded.names)
        feeds, untouched = feeds + more, untouched + as_it_is
        config = workspace.config
        done = build(store, feeds, workspace.output, config.title, untouched=untouched, most=config.gate.entries)
    return replace(done, untold=announce(workspace.output, feeds, done.written))


def check_output(workspace: Workspace) -> None:
    """Make sure that feeds can be written, before a crawl changes the store.

    Raises:
        PublishError: the output folder can't be made or written.
    """
    files.publish(workspace.output, {})


def catalogue(
    workspace: Workspace, loaded: Loaded, sites: Mapping[str, Site], untouched: Sequence[Feed]
) -> list[Feed]:
    """Return the combined feeds, then one feed per source that was ever read, each group by name.

    A source whose file is broken just now, one of *untouched*, stays in the combined feeds: its posts must not vanish
    and come back.
    """
    own = [_own(workspace, source, sites[source.name]) for source in loaded.sources if source.name in sites]
    origins = {feed.name: _origin(feed) for feed in (*own, *untouched)}
    workspace.check_feeds(loaded.names)
    read_as = read_as_platform(loaded, sites)
    return [_combined(workspace, name, read_as, origins) for name in sorted(workspace.config.feeds)] + own


def broken(workspace: Workspace, loaded: Loaded, sites: Mapping[str, Site]) -> list[Feed]:
    """Return the feeds of sources whose file is broken just now, by name: still subscribed to, so still listed."""
    names = sorted(loaded.names - {source.name for source in loaded.sources})
    return [
        Feed(
            name=name, title=line(site.title), home=site.home, description=line(site.description),
            language=_language(site), icon=_icon(site), zone=_zone(workspace, site.platform), sources=(name,),
            base_url=_base(workspace),
        )
        for name in names if (site := sites.get(name))
    ]


def _own(workspace: Workspace, source: Source, site: Site) -> Feed:
    """The feed of one source whose blog was read before."""
    defaults = workspace.config.defaults
    return Feed(
        name=source.name, title=source.title or line(site.title), home=source.home(site),
        description=line(site.description), language=source.language or _language(site), icon=_icon(site),
        sources=(source.name,),
        zone=source.zone or _zone(workspace, site.platform),
        formats=source.formats or defaults.formats, limit=source.limit or defaults.limit,
        base_url=_base(workspace), hub=workspace.config.hub,
    )


def _combined(
    workspace: Workspace, name: str, read_as: Mapping[str, str | None], origins: Mapping[str, Origin]
) -> Feed:
    wanted, defaults = workspace.config.feeds[name], workspace.config.defaults
    asked = wanted.question(defaults.zone)
    sources = members(asked, read_as)
    return Feed(
        name=name, title=wanted.title or name, home=_base(workspace), description=wanted.description or "",
        language=defaults.language, zone=defaults.zone, sources=sources, query=asked.query,
        formats=wanted.formats or defaults.formats, limit=asked.limit or defaults.limit, base_url=_base(workspace),
        hub=workspace.config.hub,
        origins={source: origins[source] for source in sources if source in origins},
    )


def read_as_platform(loaded: Loaded, sites: Mapping[str, Site]) -> dict[str, str | None]:
    """Return of every source the platform that it is read as; None for one that was never read."""
    named = {source.name: source.platform for source in loaded.sources}
    found = {name: site.platform for name, site in sites.items()}
    return {name: named.get(name) or found.get(name) for name in loaded.names}


def _automatic(
    workspace: Workspace, store: Store, feeds: Sequence[Feed], untouched: Sequence[Feed], names: Collection[str]
) -> tuple[list[Feed], list[Feed]]:
    """The feeds of categories and tags; then, to be left as they are, those that sources with a broken file have."""
    asked, left = workspace.config.automatic, {feed.name for feed in untouched}
    own = {feed.name: feed for feed in (*feeds, *untouched) if feed.name in names}
    wanted = wanted_of(asked, list(own.values()))
    if not wanted:
        return [], []
    taken, published = {name.casefold() for name in (*names, *workspace.config.feeds)}, store.publications.names()
    labels = store.publications.labels(wanted)
    found = [
        (name in left, feed) for name in wanted
        for feed in automatic_feeds(asked, own[name], labels.get(name, []), taken, published)
    ]
    return (
        [feed for is_left, feed in found if not is_left],
        [feed for is_left, feed in found if is_left and feed.name in published],
    )


def _language(site: Site) -> str | None:
    """The language of a blog: skins say what their template did, or what is no language."""
    return language(site.language, f"{site.title} {site.description}")


def _icon(site: Site) -> str | None:
    """Its picture, as a feed may name it: pages write anything there."""
    url = absolute(site.icon, site.home) or ""
    return url if url.startswith("http") else None


def _origin(feed: Feed) -> Origin:
    # It doubles as the id of an Atom source, which must not change with the formats that a feed is written in.
    return Origin(title=feed.title, home=feed.home, feed_url=feed.url(".atom"))


def _zone(workspace: Workspace, platform: str) -> str:
    known = load_platforms().get(platform)
    return (known.zone if known else None) or workspace.config.defaults.zone


def _base(workspace: Workspace) -> str:
    return workspace.config.base_url
