"""Blogs of many people on one host, each below its name: `host/@name/…`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.document import host, path

if TYPE_CHECKING:
    from collections.abc import Callable


def home_on(site: str) -> Callable[[str], str | None]:
    """Return what gives for any address on *site* the front page of the blog that it is of; None for another's."""

    def home_of(url: str) -> str | None:
        name = path(url).strip("/").partition("/")[0]
        is_blog = host(url) == site and name.startswith("@") and len(name) > 1
        return f"https://{site}/{quote(name, safe='@')}" if is_blog else None

    return home_of
