"""The books of all runs: opened when one begins, closed when it ends, forgotten after three months."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from pipelines.store import tables
from pipelines.store.runs import RunRecord, Skipped, SourceResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_REMEMBERED = timedelta(days=92)
_COLUMNS = tuple(c for c in tables.run_sources.c if c.name != "run")


def begin_run(connection: Connection, started: datetime, sources: Iterable[str]) -> int:
    """Record that a run over *sources* has begun, and return its number."""
    connection.execute(delete(tables.runs).where(tables.runs.c.started < started - _REMEMBERED))
    done = connection.execute(insert(tables.runs).values(started=started, ended=started))
    number: int = (done.inserted_primary_key or (0,))[0]
    unfinished = ("the last crawl was cut off before its end",)
    rows = [{"run": number} | asdict(SourceResult(source=source, failures=unfinished)) for source in sources]
    if rows:
        connection.execute(insert(tables.run_sources), rows)
    return number


def end_run(connection: Connection, number: int, run: RunRecord) -> None:
    """Record what the run of that *number* did."""
    connection.execute(update(tables.runs).where(tables.runs.c.id == number).values(ended=run.ended))
    sources = [result.source for result in run.results]
    mine = tables.run_sources.c.run == number
    for start in range(0, len(sources), 500):
        connection.execute(
            delete(tables.run_sources).where(mine, tables.run_sources.c.source.in_(sources[start : start + 500]))
        )
    if run.results:
        connection.execute(insert(tables.run_sources), [{"run": number} | asdict(result) for result in run.results])


def last_results(connection: Connection) -> dict[str, SourceResult]:
    """Return what each source's latest run came to."""
    newest_run = func.max(tables.run_sources.c.run).label("run")
    latest = select(tables.run_sources.c.source, newest_run).group_by(tables.run_sources.c.source).subquery()
    both = and_(tables.run_sources.c.source == latest.c.source, tables.run_sources.c.run == latest.c.run)
    rows = connection.execute(select(*_COLUMNS).join(latest, both)).mappings().all()
    return {row["source"]: _result(row) for row in rows}


def newest_runs(connection: Connection, limit: int) -> list[tuple[int, RunRecord]]:
    """Return the *limit* newest runs with their numbers, newest first."""
    runs = connection.execute(select(tables.runs).order_by(tables.runs.c.id.desc()).limit(limit)).all()
    found: dict[int, list[SourceResult]] = {run.id: [] for run in runs}
    query = select(tables.run_sources.c.run, *_COLUMNS).where(tables.run_sources.c.run.in_(found))
    for row in connection.execute(query.order_by(tables.run_sources.c.source)).mappings():
        found[row["run"]].append(_result({name: value for name, value in row.items() if name != "run"}))
    return [(run.id, RunRecord(started=run.started, ended=run.ended, results=tuple(found[run.id]))) for run in runs]


def _result(row: RowMapping | dict[str, Any]) -> SourceResult:
    skipped = tuple(Skipped(**each) for each in row["skipped"])
    return SourceResult(**{**row, "skipped": skipped, "failures": tuple(row["failures"])})
