"""The formats a feed comes in: one file of this folder each, or an entry point of the group `moafeed.formats`.

A format is a module with three names: `suffix` (such as `.rss`), `media_type` (without a charset: documents are
UTF-8), and `render(feed, posts) -> bytes`. Render must be pure: same feed and posts, same bytes. The posts it is given
by a build are those of `feeds.selection.select`, newest first, with bodies made for readers. The module's name, or the
entry point's, is the name that a feed's `formats` uses.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from feeds.feed import Feed
from pipelines.errors import MoafeedError
from pipelines.post import Post

GROUP = "moafeed.formats"
"""Entry-point group through which an installed package adds a format."""


class FormatError(MoafeedError):
    """A format that cannot be used; the text names it and what is wrong."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One way to write a feed."""

    name: str
    """What a feed's `formats` calls it."""
    suffix: str
    """End of its files' names, beginning with a dot."""
    media_type: str
    """Media type, without a charset."""
    render: Callable[[Feed, Sequence[Post]], bytes]
    """Writes a document. Pure: same feed and posts, same bytes."""


def load_formats() -> dict[str, Format]:
    """Return every format by name, in order of name.

    Raises:
        FormatError: a format lacks a name, cannot be imported, or two claim one name or one suffix.
    """
    return dict(_loaded(tuple(__path__), tuple(sys.path)))


@lru_cache(maxsize=4)  # looking through all installed packages takes longer than writing a feed
def _loaded(_folders: tuple[str, ...], _search_path: tuple[str, ...]) -> dict[str, Format]:
    formats: dict[str, Format] = {}
    for name, module in sorted(_modules(), key=lambda found: found[0]):
        added = _format(name, module)
        for other in formats.values():
            if name == other.name or added.suffix == other.suffix:
                raise FormatError(f"The format {name!r} ({added.suffix}) clashes with {other.name!r}: rename one.")
        formats[name] = added
    return formats


def _modules() -> Iterator[tuple[str, Any]]:
    for found in pkgutil.iter_modules(__path__):
        yield found.name, importlib.import_module(f"{__name__}.{found.name}")
    for point in entry_points(group=GROUP):
        try:
            yield point.name, point.load()
        except (ImportError, AttributeError) as error:
            raise FormatError(f"The format {point.name!r} of {point.value!r} cannot be loaded: {error}.") from error


def _format(name: str, module: Any) -> Format:
    try:
        made = Format(name=name, suffix=module.suffix, media_type=module.media_type, render=module.render)
    except AttributeError as error:
        needed = "it needs suffix, media_type and render"
        raise FormatError(f"The format {name!r} lacks `{error.name}`: {needed}.") from error
    if not made.suffix.startswith(".") or "/" in made.suffix:
        raise FormatError(f"The format {name!r} has the suffix {made.suffix!r}: it must begin with a dot.")
    return made
