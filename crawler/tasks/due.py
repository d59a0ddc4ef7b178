"""Which sources an update asks: those that are due, the likeliest to have news first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.fields import duration
from crawler.manners.politeness import is_own
from crawler.schedule import SKEW, Rhythm, order
from pipelines.errors import MoafeedError
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.source import Source
    from crawler.workspace import Workspace
    from pipelines.store import Poll


class DurationError(MoafeedError):
    """No length of time."""

    exit_code = 2


def due_sources(workspace: Workspace, sources: Sequence[Source], now: datetime) -> tuple[Source, ...]:
    """Return those of *sources* that are due at *now* (aware), the likeliest to have news first.

    A source is due when its time has come, when it was never crawled, or when its file is newer than its last crawl. A
    blog on this machine is due always, unless its file says how often: there is nobody to be spared.

    Raises:
        StoreError: there is a store, and it can't be read.
    """
    if workspace.store_file is not None and not workspace.store_file.exists():
        return tuple(sources)
    with Store.open(workspace.store_url) as store:
        polls = store.memory.polls()
        due = [source for source in sources if _is_due(source, polls.get(source.name), now)]
        rhythms = {
            source.name: Rhythm(
                newest=poll.newest, polled=poll.polled, first_polled=poll.started,
                failures=poll.failures, every=source.every,
            )
            for source in due if (poll := polls.get(source.name))
        }  # fmt: skip
    likely = order(rhythms, now, {name: min(polls[name].due, now) for name in rhythms})
    places = {name: place for place, name in enumerate(likely)}
    return tuple(sorted(due, key=lambda source: (places.get(source.name, -1), source.name)))


def time_limit(text: str | None) -> dict[str, Any]:
    """Return the settings of a crawl that ends after a time such as `5m`; none for None.

    Raises:
        DurationError: *text* is no time.
    """
    if text is None:
        return {}
    try:
        seconds = duration(text).total_seconds()
    except ValueError as error:
        raise DurationError(f"--max {text!r} {error}") from None
    return {"MOAFEED_SECONDS": seconds, "MOAFEED_IN_TURNS": True}


def _is_due(source: Source, poll: Poll | None, now: datetime) -> bool:
    if poll is None or (is_own(source.host) and source.every is None):
        return True
    changed = source.path and datetime.fromtimestamp(source.path.stat().st_mtime, UTC) > poll.polled
    return bool(changed) or poll.due <= now or poll.polled > now + SKEW
