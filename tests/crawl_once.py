"""One crawl with settings of a test's own, in a process of its own: python crawl_once.py FOLDER SETTINGS-AS-JSON."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import forked
from empty_store import copied

MEMORY = 500 * 1024
"""KiB that no crawl may take, whatever it meets."""


def days_later(days: float) -> dict[str, object]:
    """Settings of a crawl that takes place so much later than now."""
    return {"MOAFEED_CLOCK": (datetime.now(UTC) + timedelta(days=days)).isoformat()}


def crawl_once(folder: Path, **settings: object) -> dict[str, dict[str, Any]]:
    """What became of each source of the workspace in *folder*, by its name.

    A store that is not there yet is copied: how `moafeed` makes one is seen wherever a test runs the command line.
    """
    if not (folder / "state/moafeed.db").exists():
        copied(folder / "state")
    done = forked.python(__file__, str(folder), json.dumps(settings))
    assert done.peak < MEMORY, f"{done.peak} KiB"
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return {result["source"]: result for result in json.loads(done.stdout)}


if __name__ == "__main__":
    gc.disable()  # until the crawl begins
    from crawler.run import crawl
    from crawler.source import load_sources
    from crawler.workspace import find_workspace

    gc.enable()
    workspace = find_workspace(Path(sys.argv[1]))
    crawled = crawl(workspace, load_sources(workspace.sources_folder).sources, **json.loads(sys.argv[2]))
    print(json.dumps([asdict(result) for result in crawled.run.results]))  # noqa: T201
