"""What the last crawl of each source came to, as a person wants to see it, or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.source import Source
    from pipelines.store import SourceResult


def show(
    sources: Sequence[Source], counts: Mapping[str, int], results: Mapping[str, SourceResult], *, as_json: bool
) -> None:
    """Print how each of *sources* is.

    Args:
        sources: in the order to show them.
        counts: stored posts by source.
        results: what each source's last crawl came to.
        as_json: a JSON object by source instead of lines for people.
    """
    if as_json:
        told = {
            source.name: {"posts": counts.get(source.name, 0), "last_crawl": _record(results.get(source.name))}
            for source in sources
        }
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    console = Console(soft_wrap=True)
    for source in sources:
        console.print(Text.assemble((source.name, "bold"), f": {counts.get(source.name, 0)} posts stored"))
        for line, style in _lines(results.get(source.name)):
            console.print(Text(f"  {line}", style))


def _record(result: SourceResult | None) -> dict[str, object] | None:
    return None if result is None else {k: v for k, v in asdict(result).items() if k != "source"}


def _lines(result: SourceResult | None) -> list[tuple[str, str]]:
    if result is None:
        return [("never crawled", "dim")]
    sums = f"last crawl: {result.new} new, {result.edited} edited, {result.unchanged} unchanged"
    left = [
        (f"left alone: {s.example} {s.reason}" + (f", and {s.count - 1} more" if s.count > 1 else ""), "")
        for s in result.skipped
    ]
    return [(sums, ""), *left, *((failure, "red") for failure in result.failures)]
