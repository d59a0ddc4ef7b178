"""The address at which Jekyll publishes a post: `/:categories/:year/:month/:day/:title.html`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .reading import Entry

_SAFE = "-._~!$&'()+,;=@"


def permalink(site: str, entry: Entry, categories: Sequence[str]) -> str:
    """Return the absolute address of the post in a file, percent-encoded; `/:title.html` where it has no date.

    Args:
        site: address of the Jekyll site.
        entry: the file.
        categories: the post's, in order.
    """
    parts = [f"{entry.slug}.html"]
    if entry.date:
        year, month, day = entry.date.split("-")
        folders = dict.fromkeys(category.lower() for category in categories)
        parts = [*folders, year, month.zfill(2), day.zfill(2), *parts]
    return site.rstrip("/") + "/" + "/".join(quote(part, safe=_SAFE) for part in parts)
