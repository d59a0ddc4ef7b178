"""The permanent id of a post that was first read from a Jekyll folder: its site's host and its file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pipelines.post import Post

_PREFIX = "jekyll:"


def imported_key(url: str, name: str) -> str:
    """Return the id of the post at *url* whose file is called *name*; with the host, for `index` is in many folders."""
    return f"{_PREFIX}{urlsplit(url).netloc}/{name}"


def was_imported(post: Post) -> bool:
    """Tell whether a post was first read from a Jekyll folder, whose closing lines may lead anywhere."""
    return any(alias.partition(":")[2].startswith(_PREFIX) for alias in post.aliases)
