"""After a crawl: when each source is due again, and what its server said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.manners.politeness import site_of
from crawler.schedule import Rhythm, next_due
from pipelines.store import Poll

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.spider import BlogSpider
    from crawler.visit import Visit
    from crawler.workspace_keys import RawPages
    from pipelines.store import Memory, RunRecord, SourceResult, Store

_NEWEST = 10
"""Of how many posts the dates tell a blog's habit."""


def remember(memory: Memory, spider: BlogSpider, run: RunRecord) -> None:
    """Keep when the sources of a run are due, and what their servers said of robots and rest.

    Args:
        memory: what is written.
        spider: the one that ran.
        run: what became of each source.
    """
    now = spider.now
    asked = [result for result in run.results if spider.visits[result.source].was_visited]
    polls = [_poll(memory, spider, spider.visits[result.source], result, now) for result in asked]
    memory.keep(polls=polls, hosts=spider.changed_hosts())


def prune(store: Store, run: RunRecord, raw: RawPages, now: datetime) -> None:
    """Let go of the pages that there is no room for, of the sources of which pages were read.

    Args:
        store: what is written.
        run: what became of each source.
        raw: how much may be kept.
        now: aware, UTC.
    """
    for result in run.results:
        if result.new or result.edited or result.unchanged:
            oldest = now - timedelta(days=raw.days) if raw.days else None
            most = raw.megabytes * 10**6 if raw.keep else 0
            store.prune_pages(result.source, most_bytes=most, older_than=oldest)


def _poll(memory: Memory, spider: BlogSpider, visit: Visit, result: SourceResult, now: datetime) -> Poll:
    before, name = visit.poll, visit.source.name
    failures = (before.failures if before else 0) + 1 if result.failures else 0
    started = before.started if before and before.started else now
    # Two questions for each source are dear where a thousand are quiet: then the answers are the last ones.
    is_quiet = before is not None and not (visit.account.posts_asked or result.failures)
    newest = before.newest if before and is_quiet else tuple(memory.dates(name, _NEWEST))
    revisit = before.revisit if before and is_quiet else visit.next_revisit()
    host = spider.hosts.get(site_of(visit.source.start))
    rhythm = Rhythm(
        newest=newest, polled=now, first_polled=started, failures=failures, ttl=visit.ttl,
        fresh_for=visit.fresh_for, resting_until=host.resting_until if host else None, every=visit.source.every,
    )  # fmt: skip
    # What waits because of a limit is read as soon as may be; what waits because it failed, with the rest.
    is_limited = visit.account.left > 0 or result.waiting > visit.put_off_posts + result.held
    is_unfinished = is_limited and not result.failures
    return Poll(
        source=name, polled=now, due=now if is_unfinished else next_due(rhythm, name), revisit=revisit,
        failures=failures, started=started, newest=newest,
    )
