"""When sites, disks and processes fail: every address is accounted for, and nothing wrong is kept or published."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from command_line import files, moafeed, unmeasured, workspace
from crawl_once import crawl_once
from full_disk import needs_shim, on_full_disk
from lxml import etree
from small_site import HTML, listing, post, site

from crawler.demo import DemoBlog, demo_posts

SHARED = Path(__file__).resolve().parents[2] / "shared"
FAST = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 0}


def bad_pages(elsewhere: str) -> dict[str, object]:
    bomb = gzip.compress(b"<p>" + b"\0" * (20 << 20))
    return {
        "/1/loop": (302, {"Location": "/1/loop"}, ""),
        "/1/ring": (302, {"Location": "/1/ring2"}, ""),
        "/1/ring2": (302, {"Location": "/1/ring"}, ""),
        "/1/nowhere": (302, {"Location": "http://"}, ""),
        "/1/slashes": (302, {"Location": "//"}, ""),
        "/1/bracket": (302, {"Location": "http://[/"}, ""),
        "/1/script": (302, {"Location": "javascript:alert(1)"}, ""),
        "/1/file": (302, {"Location": "file:///etc/passwd"}, ""),
        "/1/away": (302, {"Location": elsewhere}, ""),
        "/1/gone": (410, HTML, ""),
        "/1/missing": (404, HTML, post()),
        "/1/refused": (403, HTML, ""),
        "/1/broken": (500, HTML, ""),
        "/1/lie": (200, HTML | {"Content-Encoding": "gzip"}, "<p>not gzip"),
        "/1/bomb": (200, HTML | {"Content-Encoding": "gzip"}, bomb),
        "/1/empty": (200, HTML, ""),
        "/1/tag": (200, HTML, b"<div " + b"a=1 " * 40000 + b">x"),
        "/1/list": listing("/1/a", "/1/b", "/1/c"),
        # The last two: what comes after "later" is not asked for.
        "/1/later": (503, HTML | {"Retry-After": "9999999"}, ""),
        "/1/never": post(),
    }


def test_every_bad_page_is_told_and_none_is_kept(tmp_path: Path) -> None:
    with site({"/": "elsewhere"}, host="127.0.0.2") as other:
        pages = bad_pages(other.url + "/")
        named = [path for path in pages if path != "/1/ring2"]
        with site({"/": listing("/1/good", *named), "/1/good": post("좋은 글")} | pages) as blog:
            here = workspace(tmp_path, blog=blog.url + "/")
            result = crawl_once(here, **FAST)["blog"]
            assert blog.asked.count("/1/later") == 1  # no invitation to try again
            assert "/1/never" not in blog.asked
        assert other.asked == []
    told = "\n".join(result["failures"])
    left = {skipped["reason"]: skipped["count"] for skipped in result["skipped"]}
    assert left.pop("is gone") == 2
    assert left == {"it holds a tag longer than 64 KiB, which would stop the crawl, so it was not read": 1}
    untold = [path for path in named if path not in told]
    assert untold == ["/1/gone", "/1/missing", "/1/tag"]
    assert len(result["failures"]) == len(named) - 3
    assert "another site" in told
    assert "internal error" not in told
    assert "vanished" not in told
    assert result["new"] == 1
    with closing(sqlite3.connect(here / "state/moafeed.db")) as store:
        assert store.execute("SELECT title FROM posts").fetchall() == [("좋은 글",)]


BADSITE = SHARED / "tools/badsite.py"
PATHS = ["reset-before", "reset-mid", "short", "chunk-bad", "chunk-trunc", "garbage", "empty", "header-1mb", "gzip-lie",
         "enc-unknown", "1gb", "no-answer", "slow-headers", "bomb/gzip/100", "bomb/br/100", "bomb-nested"]


@pytest.mark.skipif(not BADSITE.exists(), reason="the hostile site is not beside this checkout")
def test_a_hostile_site_ends_in_sentences(tmp_path: Path) -> None:
    hostile = subprocess.Popen([sys.executable, str(BADSITE), "60"], stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.DEVNULL)
    assert hostile.stdout
    try:
        port = int(hostile.stdout.readline().split()[0])
        sources = {f"s{n}": f"http://127.0.0.1:{port}/{path}" for n, path in enumerate(PATHS)}
        here = workspace(tmp_path, **sources)
        results = crawl_once(here, DOWNLOAD_SLOTS={"127.0.0.1": {"concurrency": 8, "delay": 0.01}}, **FAST)
    finally:
        hostile.kill()
        hostile.wait()
        hostile.stdout.close()
    for name, result in results.items():
        assert result["failures"], sources[name]
        assert "vanished" not in str(result["failures"]), result
        assert result["new"] == 0, sources[name]


def test_killed_at_any_moment_the_next_run_is_whole(tmp_path: Path) -> None:
    with DemoBlog() as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        for moment in (0.6, 0.9, 1.2, 1.5, 1.9):
            run = subprocess.Popen([sys.executable, "-m", "crawler", "update"], cwd=here, stderr=subprocess.DEVNULL,
                                   env=unmeasured())
            time.sleep(moment)
            run.send_signal(signal.SIGKILL)
            run.wait()
            _whole(here)
        moafeed("update", cwd=here)
    items = json.loads((here / "public/blog.json").read_text("utf-8"))["items"]
    assert sorted(item["title"] for item in items) == sorted(p.title for p in demo_posts())
    assert [name for name in files(here) if ".tmp-" in name] == []


def _whole(here: Path) -> None:
    """Whatever is published can be read."""
    for file in (here / "public").glob("*") if (here / "public").exists() else ():
        if file.suffix in {".rss", ".atom", ".opml"}:
            etree.parse(file)


@needs_shim
@pytest.mark.parametrize(("operation", "under", "code"), [
    ("write", "state", 74), ("fsync", "state", 74), ("write", "public", 73), ("fsync", "public", 73),
    ("rename", "public", 73),
])
def test_a_full_disk_leaves_the_feeds_as_they_were(tmp_path: Path, operation: str, under: str, code: int) -> None:
    with DemoBlog(demo_posts()[:4]) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        moafeed("update", cwd=here)
        before = files(here / "public")
        blog.publish(demo_posts()[5])
        ran = on_full_disk("update", operation, here / under, cwd=here, code=code)
        assert len(ran.err.splitlines()) == 1
        assert files(here / "public") == before
        moafeed("update", cwd=here)
    assert len(json.loads((here / "public/blog.json").read_text("utf-8"))["items"]) == 5
