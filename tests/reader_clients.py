"""The feed readers that tests read our feeds with, as their users run them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

READERS = Path(__file__).parent / "readers"


def need(found: object, what: str, how: str) -> None:
    """Skip where a reader is not installed, but never in CI."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: {how}")
    pytest.skip(f"{what} is missing: {how}")


def reader_of(url: str) -> tuple[Any, Callable[[], tuple[int, int, int] | None]]:
    """lemon24's reader, subscribed to *url*; each poll tells how many entries are new, modified, unmodified."""
    reader = pytest.importorskip("reader").make_reader(":memory:")
    reader.add_feed(url)

    def poll() -> tuple[int, int, int] | None:
        results = list(reader.update_feeds_iter(scheduled=False))
        counts = results[0].value
        assert not isinstance(counts, Exception), counts
        return counts and (counts.new, counts.modified, counts.unmodified)

    return reader, poll


def newsboat(home: Path, url: str) -> Callable[[], list[sqlite3.Row]]:
    """newsboat, subscribed to *url* in a home of its own; each reload gives all items it has, newest first."""
    need(shutil.which("newsboat"), "newsboat", "apt-get install newsboat")
    home.mkdir()
    (home / "urls").write_text(f"{url}\n", encoding="utf-8")
    (home / "config").write_text("", encoding="utf-8")

    def reload() -> list[sqlite3.Row]:
        files = ["-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config")]
        env = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, env=env, timeout=60)
        connection = sqlite3.connect(home / "cache.db")
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute("SELECT * FROM rss_item ORDER BY pubDate DESC").fetchall()
        finally:
            connection.close()

    return reload


def node(parser: str, url: str) -> dict[str, Any]:
    """What a parser of the npm world finds at *url*."""
    found = shutil.which("node") and (READERS / "node_modules" / parser).is_dir()
    need(found, f"npm {parser}", "run `npm ci` in tests/readers")
    command = ["node", "read.mjs", parser, url]
    run = subprocess.run(command, cwd=READERS, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@contextmanager
def node_polls(parser: str) -> Iterator[Callable[[str, str], dict[str, Any]]]:
    """A program of the npm world that stays: each poll gives status, ETag and what the parser finds."""
    found = shutil.which("node") and (READERS / "node_modules" / parser).is_dir()
    need(found, f"npm {parser}", "run `npm ci` in tests/readers")
    with subprocess.Popen(["node", "read.mjs", parser], cwd=READERS, text=True, bufsize=1, encoding="utf-8",
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:  # fmt: skip
        assert program.stdin
        assert program.stdout
        given, told = program.stdin, program.stdout

        def poll(url: str, etag: str) -> dict[str, Any]:
            given.write(f"{url} {etag}\n")
            answer: dict[str, Any] = json.loads(told.readline())
            return answer

        yield poll
        given.close()
