"""What a library of posts can be written to: one file (or package) of this folder for each format.

A format is a module with two names: `themes` (what its `--theme` may be, the default first; empty where it has none)
and `write(place, library, theme) -> Exported`. `options = ("limit",)` says that it takes the newest posts alone, and
`lists_blogs = True` that it lists all blogs that are followed, also those of which there is no post yet. Its name is
the format's, the first line of its docstring what `moafeed export --help` says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.registry import Registry
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from pipelines.post import Post
    from pipelines.site import Site
    from pipelines.store import Kept


class ExportError(MoafeedError):
    """A folder that posts can't be written to or read from; the text names it and what is wrong."""

    exit_code = 65  # EX_DATAERR


@dataclass(frozen=True, kw_only=True, slots=True)
class Blog:
    """What an export needs to know of one source beside its posts."""

    site: Site
    """What the blog is called and where it lives."""
    zone: str
    """IANA time zone whose calendar day dates a file."""
    closing: str
    """Template of the line that leads back to the blog (see `feeds.closing`); empty for none."""
    feed: str | None = None
    """Address of its own feed; None where it is not known."""


def _nothing(_source: str) -> Iterator[Kept]:
    return iter(())


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """The posts to export."""

    blogs: dict[str, Blog]
    """Every source among them, by name."""
    posts: Callable[[], Iterator[Post]]
    """Begins a new walk over all posts, oldest first, aliases included; without those that their blogs deleted."""
    kept: Callable[[str], Iterator[Kept]] = _nothing
    """Begins a new walk over every post of one source, oldest first, with what became of it: deleted ones too."""
    newest: Callable[[], list[Post]] = list
    """Gives as many of the newest posts as are wanted, newest first."""
    title: str = ""
    """What all of it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What one export did."""

    written: int
    """Posts whose file is new or changed."""
    unchanged: int
    """Posts whose file held these bytes already and was not touched."""
    told: tuple[str, ...] = ()
    """Sentences a person should read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """One format of a folder."""

    name: str
    """What `moafeed export` calls it."""
    themes: tuple[str, ...]
    """Looks it can be written for, the default first; empty where there are none."""
    write: Callable[[Path, Library, str | None], Exported]
    """Makes a folder or a file hold a library; files whose bytes stay the same are not touched."""
    options: frozenset[str] = frozenset()
    """Which further options it takes: `limit`."""
    lists_blogs: bool = False
    """Whether blogs without a post belong to it."""


EXPORTS = Registry(__name__, __path__)
"""Every export format, by name."""


def load_export(name: str) -> Export:
    """Return the format called *name*, which is one of `EXPORTS.names()`; no other is imported."""
    module = EXPORTS.load(name)
    return Export(
        name=name, themes=tuple(module.themes), write=module.write,
        options=frozenset(getattr(module, "options", ())), lists_blogs=getattr(module, "lists_blogs", False),
    )
