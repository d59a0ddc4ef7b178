"""The books of past crawls, a line each, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from crawler.terminal.console import show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.store import RunRecord, SourceResult

_SUMS = ("asked", "unmodified", "new", "edited", "unchanged", "waiting")


def show(runs: Sequence[tuple[int, RunRecord]], *, as_json: bool) -> None:
    """Print *runs*, each with its number."""
    if as_json:
        json.dump([_record(number, run) for number, run in runs], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    table = Table("run", "began", "took", "sources", *_SUMS, "left alone", "failed", box=None, pad_edge=False)
    for number, run in runs:
        sums = [str(sum(getattr(result, name) for result in run.results)) for name in _SUMS]
        alone = sum(skipped.count for result in run.results for skipped in result.skipped)
        failed = [result.source for result in run.results if result.failures]
        table.add_row(
            str(number), f"{run.started.astimezone():%Y-%m-%d %H:%M}", _length(run), str(len(run.results)), *sums,
            str(alone), Text(", ".join(failed[:3]) + (f" and {len(failed) - 3} more" if failed[3:] else ""), "red"),
        )
    show_table(table)


def _length(run: RunRecord) -> str:
    seconds = round((run.ended - run.started).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def _record(number: int, run: RunRecord) -> dict[str, Any]:
    times = {"started": run.started.isoformat(), "ended": run.ended.isoformat()}
    return {"run": number, **times, "sources": {result.source: _own(result) for result in run.results}}


def _own(result: SourceResult) -> dict[str, Any]:
    return {name: value for name, value in asdict(result).items() if name != "source"}
