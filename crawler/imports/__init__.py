"""What can be read into a workspace: one file (or package) of this folder for each format of other programs.

A format is a module with two names: `options` (which of `source` and `url` it takes; a person who gives another is
told) and `read(place, intake) -> Imported`. Its name is the format's, the first line of its docstring what
`moafeed import --help` says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.registry import Registry

if TYPE_CHECKING:
    from crawler.source import Loaded
    from crawler.workspace import Workspace
    from pipelines.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """Where an import puts what it reads, and what it was told to do; the workspace is locked for it."""

    workspace: Workspace
    """The workspace."""
    loaded: Loaded
    """Its source files."""
    store: Store
    """Its store, open."""
    source: str | None = None
    """Name of the source that the posts become; None for what the file says."""
    url: str | None = None
    """Address of the site, absolute; None for what the file says."""


@dataclass(kw_only=True, slots=True)
class Imported:
    """What an import came to."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """For each source how many posts were `new`, `edited` and `unchanged`."""
    failures: list[str] = field(default_factory=list)
    """One sentence for each part that could not be taken, beginning with where it stands; the command ends with 65."""
    told: list[str] = field(default_factory=list)
    """Other sentences a person should read."""
    without_file: tuple[str, ...] = ()
    """Sources that have no file, so that no feed is made of them yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One format that can be read."""

    name: str
    """What `moafeed import` calls it."""
    options: frozenset[str]
    """Which of `source` and `url` it takes."""
    read: Callable[[Path, Intake], Imported]
    """Takes a file or folder into a workspace."""


IMPORTS = Registry(__name__, __path__)
"""Every import format, by name."""


def load_import(name: str) -> Import:
    """Return the format called *name*, which is one of `IMPORTS.names()`; no other is imported."""
    module = IMPORTS.load(name)
    return Import(name=name, options=frozenset(module.options), read=module.read)
