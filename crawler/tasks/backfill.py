"""How far back a crawl goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.errors import MoafeedError


class DepthError(MoafeedError):
    """What was asked for is no depth."""

    exit_code = 2


def backfill(*, everything: bool, since: str | None, limit: int | None) -> dict[str, Any]:
    """Return the settings of a crawl that goes back so far; none where it reads the newest posts as usual.

    Args:
        everything: back to the first post.
        since: back to the posts of that day, `YYYY-MM-DD`; asks for *everything* from there.
        limit: posts of each blog, at most.

    Raises:
        DepthError: *since* is no day.
    """
    settings: dict[str, Any] = {}
    if everything or since:
        settings["MOAFEED_ALL"] = True
    if since:
        try:
            settings["MOAFEED_SINCE"] = date.fromisoformat(since).isoformat()
        except ValueError:
            raise DepthError(f"--since {since!r} is no day; write it as 2024-01-31") from None
    if limit:
        settings["MOAFEED_POSTS"] = limit
    return settings
