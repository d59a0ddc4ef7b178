"""Pages made to stall a crawl: each is read in a moment or refused by name, and the blog's other posts are kept."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import worst_pages
from command_line import ROOT, unmeasured, workspace
from crawl_once import crawl_once
from small_site import listing, site
from worst_pages import WORST, Attack, page

SECONDS, MEGABYTES = 2, 150
Reading = Callable[[str], dict[str, Any]]

@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    """Read a page of `WORST` in a process of its own; tell what became of it."""
    command = [sys.executable, worst_pages.__file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                          env=unmeasured() | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def read(name: str) -> dict[str, Any]:
            asked.write(f"{name}\n")
            asked.flush()
            return dict(json.loads(told.readline()))

        yield read


@pytest.mark.parametrize("name", WORST)
def test_a_page_is_read_whole_in_a_moment_or_refused(reading: Reading, name: str) -> None:
    found = reading(name)
    if found.get("seconds", 0) > SECONDS:  # a busy machine is slow; a page that is, is so twice
        found = min(found, reading(name), key=lambda one: one.get("seconds", float("inf")))
    assert "bug" not in found, found["bug"]
    assert "stalled" not in found
    assert found["seconds"] <= SECONDS
    assert found["memory"] <= MEGABYTES
    assert found.get("refused") or (found["before"] and (found["after"] or not WORST[name]().whole)), found


def test_an_ordinary_page_is_read_and_a_refusal_says_why(reading: Reading) -> None:
    """The control: the same reading, told apart."""
    plain = page(Attack())
    assert worst_pages.read(plain) == {"size": 35, "before": True, "after": True}
    assert "200,000 tags" in reading("nested 200k")["refused"]
    assert "64 KiB" in reading("100k attributes")["refused"]


IN_A_CRAWL = ("nested 200k", "100k attributes", "tag of 1 MB", "ampersands", "text of 10 MB", "table of cells",
              "deep JSON-LD", "metas", "open tags")


def test_a_crawl_goes_on_over_bad_pages_and_tells_of_each(tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(1, 2 * len(IN_A_CRAWL) + 2)]
    with site({"/": listing(*paths)}) as blog:
        # A good post before, between and after the bad ones.
        bad = dict(zip(paths[1::2], IN_A_CRAWL, strict=True))
        for path in paths:
            attack = WORST[bad[path]]() if path in bad else Attack()
            content = page(attack, base=blog.url, number=int(path[1:]))
            blog.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, content)
        here = workspace(tmp_path, blog=blog.url + "/")
        result = crawl_once(here, RETRY_TIMES=0)["blog"]
        assert {path for path in paths if path not in blog.asked} == set()
    refused = {path: name for path, name in bad.items() if name not in {"deep JSON-LD", "metas", "open tags"}}
    counted = {skipped["reason"]: skipped["count"] for skipped in result["skipped"]}
    told = [*result["failures"], *(f"{skipped['example']}: {skipped['reason']}" for skipped in result["skipped"])]
    assert len(result["failures"]) + sum(counted.values()) == len(refused)
    for name, reason in {
        "nested 200k": "200,000 tags", "100k attributes": "longer than 64 KiB", "ampersands": "1,000,000 ampersands",
        "table of cells": "tags, more than the 100,000", "text of 10 MB": "download max size",
    }.items():
        path = next(path for path in refused if refused[path] == name)
        assert any(line.startswith(f"{blog.url}{path}: ") and reason in line for line in told), (name, told)
    with closing(sqlite3.connect(here / "state/moafeed.db")) as store:
        kept = {url.rpartition("/")[2] for (url,) in store.execute("SELECT url FROM posts")}
    assert kept == {path[1:] for path in paths if path not in refused}
    assert result["new"] == len(kept)
