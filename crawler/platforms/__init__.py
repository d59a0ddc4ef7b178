"""Blog platforms: each file of this folder is one, and other packages may bring more."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from itertools import chain
from pkgutil import iter_modules
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.document import host
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from crawler.listing import ListPage
    from crawler.page import Document, PostPage

ENTRY_POINTS = "moafeed.platforms"
LAST_RESORT = "generic"
FEED_ONLY = "feed-only"


class PlatformError(MoafeedError):
    """A platform's file or entry point can't be used."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """How one blog platform is recognised and read."""

    recognise: Callable[[Document], bool]
    """Tells whether a page is this platform's; must not raise on any page."""
    post_page: Callable[[Document], PostPage]
    """Reads a page as a post: a subclass of PostPage."""
    list_page: Callable[[Document], ListPage]
    """Reads a page as a listing: a subclass of ListPage."""
    feed: str | Callable[[str], str | None] | None = None
    """Where its blogs have their own feed, relative to the front page, or what gives it for a front page's address
    (which may be on another host of the platform); None where a page must name it."""
    sitemap: str | None = None
    """Where its blogs have their sitemap, relative to the front page."""
    domain: str | None = None
    """Domain whose every subdomain is one of its blogs, such as `tistory.com`; None where addresses don't tell."""
    home_of: Callable[[str], str | None] | None = None
    """Gives for any address of one of its blogs that blog's front page, where many share one host; None elsewhere."""
    numbered: str | None = None
    """Where its blogs have their posts by number, up to the number, where those count up from 1 with few gaps: `/` for
    `/1`, `/2`, …; None where they do not."""
    zone: str | None = None
    """IANA time zone of dates that it prints without one."""
    is_post_url: Callable[[str], bool] | None = None
    """Tells from an address alone whether it is a post's; None where addresses don't tell."""
    has_pages: bool = True
    """Whether its posts have pages to be read; False where a source's own feed is all there is."""
    read_at: Callable[[str], str] | None = None
    """Gives where a post's text is for the address that lists name; None where that is the same."""
    owns_feed: Callable[[str, str], bool] | None = None
    """Tells of a feed that a front page names, and of that front page's address, whether it is of that blog alone,
    though its address does not begin as the blog's; None where such a feed may be of more."""

    def feed_of(self, home: str) -> str | None:
        """Return where the blog at *home* has its own feed; None where its pages must name it."""
        if callable(self.feed):
            return self.feed(home)
        return urljoin(home, self.feed) if self.feed else None

    def owns(self, feed: str, home: str) -> bool:
        """Tell whether a feed is of the blog at *home* alone, wherever it lies."""
        told = callable(self.feed) and feed == self.feed(home)
        return told or (self.owns_feed is not None and self.owns_feed(feed, home))


def home_of(url: str) -> str | None:
    """Return the front page of the blog that an address is of, where the address alone tells: `host/@name/…`."""
    told = (platform.home_of(url) for platform in load_platforms().values() if platform.home_of)
    return next(filter(None, told), None)


def load_platforms() -> dict[str, Platform]:
    """Return every platform by name, in the order they are tried; `generic`, which reads anything, is the last.

    A file of this folder is a platform: its name is the platform's, with `-` for `_`, its `PLATFORM` the platform
    itself (names that start with `_` are parts of others). Installed packages add theirs by the entry-point group
    `moafeed.platforms`, and are tried before ours, since they know something more particular; they cannot replace
    a file.
    """
    packages, files = _loaded(tuple(__path__), tuple(sys.path))
    return packages | files


@lru_cache(maxsize=4)
def _loaded(folders: tuple[str, ...], _search_path: tuple[str, ...]) -> tuple[dict[str, Platform], dict[str, Platform]]:
    files = dict(_from_files(folders))
    packages = {name: platform for name, platform in _from_packages() if name not in files}
    files[LAST_RESORT] = files.pop(LAST_RESORT)
    return packages, files


def _from_files(folders: tuple[str, ...]) -> Iterator[tuple[str, Platform]]:
    for name in sorted(module.name for module in iter_modules(folders)):
        if not name.startswith("_"):
            yield name.replace("_", "-"), _platform(name, import_module(f"{__name__}.{name}"))


def _from_packages() -> Iterator[tuple[str, Platform]]:
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        loaded = point.load()
        yield point.name, _platform(point.name, loaded)


def _platform(name: str, loaded: object) -> Platform:
    found = getattr(loaded, "PLATFORM", loaded)
    if not isinstance(found, Platform):
        raise PlatformError(f"the platform {name!r} has no PLATFORM = Platform(…); see CONTRIBUTING")
    return found


def of_address(url: str) -> tuple[str, Platform] | None:
    """Return the name and the platform that an address alone tells of; None where it tells of none."""
    return next(_at(url, load_platforms()), None)


def _at(url: str, platforms: Mapping[str, Platform]) -> Iterator[tuple[str, Platform]]:
    named = ((name, known) for name, known in platforms.items() if known.domain)
    return (found for found in named if host(url).endswith(f".{found[1].domain}"))


def detect(document: Document) -> str:
    """Return the name of the platform that *document* is a page of; `generic` where no other knows it.

    Of our own platforms, the one on whose domain the page is goes first: that proves more than what a skin mentions.
    """
    packages, files = _loaded(tuple(__path__), tuple(sys.path))
    tried = chain(packages.items(), _at(document.url, files), files.items())
    return next(name for name, platform in tried if platform.recognise(document))
