"""Ctrl-C ends what is under way, and no blog is to blame for it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import moafeed, unmeasured, workspace
from small_site import site
from test_crawler_gaps import wrote


def stopped(*args: str, cwd: Path, when: Callable[[], object], times: int = 1) -> tuple[int, str, str]:
    """Run a command and press Ctrl-C as soon as *when* says so; what it ended with and what it said."""
    command = [sys.executable, "-m", "crawler", *args]
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=unmeasured())  # fmt: skip
    end = time.monotonic() + 60
    while not when() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    out, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    return process.returncode, out, told


@pytest.mark.parametrize("times", [1, 2])
def test_a_stop_counts_against_no_blog(times: int, tmp_path: Path) -> None:
    with site({}, host="127.0.0.44", seconds=0.3) as blog, site({}, host="127.0.0.45", seconds=0.3) as other:
        wrote(blog, 12)
        wrote(other, 12)
        every = "every = '1h'\n"  # else a blog on this machine is always due
        here = workspace(tmp_path, blog=f"url = '{blog.url}/'\n{every}", other=f"url = '{other.url}/'\n{every}")
        code, _, told = stopped("update", "--now", cwd=here, when=lambda: "/9" in blog.asked, times=times)
        assert code == 130
        assert told == "the crawl was stopped; the next one goes on there\n"
        said = moafeed("status", cwd=here).out
        assert "failed" not in said
        assert "no answer" not in said
        assert moafeed("list", cwd=here).out.count(" ok ") == 2
        for state in json.loads(moafeed("status", "--json", cwd=here).out).values():
            assert state["failures_in_a_row"] == 0
            assert state["last_crawl"]["failures"] == []
        asked, others = len(blog.asked), len(other.asked)
        blog_pages = set(blog.asked)
        moafeed("update", cwd=here)  # due at once
        assert blog.since(asked)
        assert other.since(others)
        assert blog_pages | set(blog.asked[asked:]) >= {f"/{number}" for number in range(1, 13)}
        assert json.loads(moafeed("status", "--json", cwd=here).out)["blog"]["posts"] == 12


def test_a_look_that_is_stopped_writes_nothing(tmp_path: Path) -> None:
    with site({}, host="127.0.0.44", seconds=0.5) as blog:
        wrote(blog, 4)
        here = workspace(tmp_path)
        code, out, told = stopped("add", "--yes", blog.url, cwd=here, when=lambda: len(blog.asked) > 2)
        assert (code, out) == (130, "")
        assert told == "stopped before anything was decided or written\n"
        assert list((here / "sources").iterdir()) == []


@pytest.mark.parametrize("module", ["importlib.metadata", "typer.models", "rich.console", "crawler.run"])
def test_a_stop_while_the_program_starts_is_quiet(module: str, tmp_path: Path) -> None:
    here = workspace(tmp_path)
    command = [sys.executable, "-X", "importtime", "-m", "crawler", "update"]  # tells each module once it is imported
    with subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True, env=unmeasured()) as process:
        assert process.stderr
        assert any(line.split()[-1] == module for line in process.stderr)
        process.send_signal(signal.SIGINT)
        told = [line for line in process.stderr if not line.startswith("import time:")]
    assert (process.returncode, told) == (130, [])
