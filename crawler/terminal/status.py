"""What the last crawl of each source came to, as a person wants to see it, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.terminal.report import waits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.source import Source
    from crawler.tasks.standing import Standing
    from pipelines.store import Poll, SourceResult


def show(sources: Sequence[Source], stand: Standing, *, as_json: bool) -> None:
    """Print how each of *sources* is.

    Args:
        sources: in the order to show them.
        stand: how all sources stand.
        as_json: a JSON object by source instead of lines for people.
    """
    if as_json:
        json.dump({source.name: _record(source.name, stand) for source in sources}, sys.stdout,
                  ensure_ascii=False, indent=2)  # fmt: skip
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for source in sources:
        console.print(Text.assemble((source.name, "bold"), f": {stand.counts.get(source.name, 0)} posts stored"))
        for line, style in (*_lines(stand.results.get(source.name)), *_due(stand.polls.get(source.name))):
            console.print(Text(f"  {line}", style))
    for name, why in stand.held.items():
        console.print(Text.assemble((name, "bold"), ": ", (waits(why, is_lacking=name in stand.lacking), "red")))


def _record(name: str, stand: Standing) -> dict[str, object]:
    result, poll = stand.results.get(name), stand.polls.get(name)
    return {
        "posts": stand.counts.get(name, 0),
        "last_crawl": {k: v for k, v in asdict(result).items() if k != "source"} if result else None,
        "asked": poll and poll.polled.isoformat(), "due": poll and poll.due.isoformat(),
        "failures_in_a_row": poll.failures if poll else 0, "held": stand.held.get(name),
    }  # fmt: skip


def _due(poll: Poll | None) -> list[tuple[str, str]]:
    if poll is None:
        return []
    failing = f", failed {poll.failures} times in a row" if poll.failures > 1 else ""
    asked, due = (time.astimezone().strftime("%Y-%m-%d %H:%M") for time in (poll.polled, poll.due))
    return [(f"asked {asked}, due {due}{failing}", "dim")]


def _lines(result: SourceResult | None) -> list[tuple[str, str]]:
    if result is None:
        return [("never crawled", "dim")]
    sums = f"last crawl: {result.new} new, {result.edited} edited, {result.unchanged} unchanged"
    waiting = [(f"{result.waiting} posts wait for the next crawl", "")] if result.waiting else []
    left = [
        (f"left alone: {s.example} {s.reason}" + (f", and {s.count - 1} more" if s.count > 1 else ""), "")
        for s in result.skipped
    ]
    return [(sums, ""), *waiting, *left, *((failure, "red") for failure in result.failures)]
