"""The other commands, and every mistake a user can make: one clear sentence each, and nothing is touched."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from command_line import SITES, files, home_of, moafeed, workspace

from crawler.demo import DemoBlog
from pipelines.store import Store


@pytest.fixture(scope="module")
def blog():
    with DemoBlog() as running:
        yield running


def test_help_reads_like_a_table_of_contents(tmp_path: Path) -> None:
    text = moafeed("--help", cwd=tmp_path).out
    shown = re.findall(r"^(?:╭─ (.*?) ─|│ ([a-z][\w-]*) )", text, re.MULTILINE)
    assert [heading or name for heading, name in shown] == [
        "Options", "Start here", "demo", "init", "add", "Every day", "update", "crawl", "build", "serve",
        "accept", "reject",
        "Look closer", "status", "list", "runs", "preview", "explain", "log", "check", "record", "reprocess",
        "search", "query",
        "Take along", "export", "import", "move-store",
    ]
    assert moafeed("--version", cwd=tmp_path).out.startswith("moafeed 0.")


LOADED = """
import atexit, sys
from crawler.__main__ import main
atexit.register(lambda: print(*(name for name in sys.modules if name.startswith("crawler.commands."))))
main()
"""


@pytest.mark.parametrize(("words", "alone"), [(["list"], True), (["-C", ".", "list"], False)])
def test_a_command_that_is_the_first_word_is_all_that_is_loaded(
    tmp_path: Path, words: list[str], *, alone: bool
) -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED, *words], cwd=workspace(tmp_path), text=True,
                         capture_output=True, check=False)
    loaded = ran.stdout.splitlines()[-1].split()
    assert "crawler.commands.list_" in loaded
    assert (len(loaded) == 1) == alone


def test_from_nothing_to_a_feed(tmp_path: Path, blog: DemoBlog) -> None:
    moafeed("init", "ws", cwd=tmp_path)
    here = tmp_path / "ws"
    assert json.loads((here / "schemas/source.schema.json").read_text("utf-8"))["required"] == ["url"]
    ran = moafeed("add", blog.url, "--name", "dongne", cwd=here)
    assert "sources/dongne.toml" in ran.out
    assert len((here / "sources/dongne.toml").read_text("utf-8").splitlines()) <= 3
    moafeed("update", cwd=here)
    wanted = {"dongne.rss", "dongne.atom", "dongne.json", "all.rss", "feeds.opml", "index.html"}
    wanted |= {"dongne.html", "all.html"}
    assert wanted <= set(files(here / "public"))
    assert "14" in moafeed("list", cwd=here).out


def test_init_leaves_a_workspace_alone(tmp_path: Path) -> None:
    moafeed("init", cwd=tmp_path)
    before = files(tmp_path)
    assert "already" in moafeed("init", cwd=tmp_path, code=73).err
    assert files(tmp_path) == before


def test_add_refuses_the_same_blog_twice(tmp_path: Path) -> None:
    here = workspace(tmp_path, dal="https://dal.tistory.com/")
    before = files(here)
    assert "'dal'" in moafeed("add", "http://dal.tistory.com", cwd=here, code=2).err
    assert "--name" in moafeed("add", "https://other.example/", "--name", "DAL", cwd=here, code=2).err
    assert files(here) == before


@pytest.mark.parametrize(("url", "code", "words"), [
    ("http://127.0.0.1:9/", 69, "can't be reached"),
    ("ftp://dal.example/", 2, "web address"),
    ("https://", 2, "web address"),
])
def test_add_an_address_that_is_no_blog(tmp_path: Path, url: str, code: int, words: str) -> None:
    here = workspace(tmp_path)
    before = files(here)
    ran = moafeed("add", url, cwd=here, code=code)
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert files(here) == before


def test_add_a_page_without_posts_and_one_that_leads_away(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    (site / "empty.html").write_text("<html><title>회사</title><body><p>안녕하세요</p></body></html>", "utf-8")
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = {
        "https://company.example/": {"file": "empty.html", "status": 200, "headers": html},
        "https://moved.example/": {"file": "empty.html", "status": 301,
                                   "headers": html | {"Location": "https://elsewhere.example/"}},
    }
    (site / "index.json").write_text(json.dumps({"recorded": "2026-11-01T00:00:00+00:00", "pages": pages}), "utf-8")
    assert "no posts found" in moafeed("add", "https://company.example/", "--replay", site, cwd=here, code=69).err
    moved = moafeed("add", "https://moved.example/", "--replay", site, cwd=here, code=69).err
    assert "elsewhere.example" in moved
    assert list((here / "sources").iterdir()) == []


@pytest.mark.parametrize(("text", "words"), [
    (b"", "url"),
    (b"\xff\xfe\x00", "UTF-8"),
    (b'url = "https://a.example/"\nurl = 3', "line 2"),
    (b"url = 3\n", "url"),
    (b'url = "https://a.example/"\nclass = "os.system"\n', '"class"'),
    (b'url = "https://a.example/"\nplatform = "myspace"\n', "tistory"),
    (b'url = "https://a.example/"\n[request]\ndelay = 0.1\n', "delay"),
], ids=["empty", "not UTF-8", "not TOML", "wrong type", "unknown key", "unknown platform", "impolite"])
def test_a_broken_source_file_is_told_before_any_request(tmp_path: Path, text: bytes, words: str) -> None:
    here = workspace(tmp_path)
    (here / "sources/odd.toml").write_bytes(text)
    ran = moafeed("update", cwd=here, code=2)
    assert "sources/odd.toml" in ran.err
    assert words in ran.err
    assert "odd" not in " ".join(files(here / "public"))


def test_two_sources_with_one_url(tmp_path: Path) -> None:
    here = workspace(tmp_path, a="https://dal.tistory.com/", b="http://dal.tistory.com")
    ran = moafeed("update", cwd=here, code=2)
    assert "same url" in ran.err
    assert "a.toml" in ran.err
    assert "b.toml" in ran.err


def test_a_combined_feed_of_no_source_is_told_before_any_request(tmp_path: Path, blog: DemoBlog) -> None:
    here = workspace(tmp_path, '[feeds.best]\nsources = ["blg"]\n', blog=blog.url + "/")
    asked = len(blog.requests)
    assert '"blg"' in moafeed("update", cwd=here, code=2).err
    assert len(blog.requests) == asked


def test_preview_of_a_source_an_address_and_a_file(tmp_path: Path, blog: DemoBlog) -> None:
    here = workspace(tmp_path, blog=blog.url + "/")
    posts = json.loads(moafeed("preview", "blog", "--json", "--limit", "2", cwd=here).out)
    assert [sorted(post) for post in posts] == [sorted(posts[0])] * 2
    one = json.loads(moafeed("preview", posts[0]["url"], "--json", cwd=here).out)
    assert [one[k] for k in ("title", "url", "content_html")] == [posts[0][k] for k in ("title", "url", "content_html")]
    page = SITES / "bom-sanchaek.tistory.com/24.html"
    saved = json.loads(moafeed("preview", page, "--url", "https://bom-sanchaek.tistory.com/24", "--json", cwd=here).out)
    assert saved["url"] == "https://bom-sanchaek.tistory.com/24"
    shown = moafeed("preview", page, "--url", "https://bom-sanchaek.tistory.com/24", cwd=tmp_path).out
    assert saved["title"] in shown
    assert "<p" not in shown
    assert not (here / "state").exists()  # nothing is stored


def test_preview_of_what_is_no_post(tmp_path: Path) -> None:
    listing = SITES / "bom-sanchaek.tistory.com/index.html"
    ran = moafeed("preview", listing, "--url", "https://bom-sanchaek.tistory.com/", cwd=tmp_path, code=65)
    assert "list of" in ran.err
    assert "no file" in moafeed("preview", "gone.html", cwd=tmp_path, code=66).err


def test_record_then_check(tmp_path: Path, blog: DemoBlog) -> None:
    here = workspace(tmp_path, blog=blog.url + "/")
    moafeed("record", "blog", "--posts", "4", cwd=here)
    expected = json.loads((here / "recorded/blog/expected.json").read_text("utf-8"))
    assert len(expected) == 4
    asked = len(blog.requests)
    assert "4 posts as expected" in moafeed("check", "blog", cwd=here).out
    assert len(blog.requests) == asked  # offline
    expected[0]["title"] = "다른 제목"
    (here / "recorded/blog/expected.json").write_text(json.dumps(expected), "utf-8")
    ran = moafeed("check", "blog", cwd=here, code=1)
    assert "title should be '다른 제목'" in ran.err
    assert not (here / "state").exists()


def test_check_without_a_recording(tmp_path: Path) -> None:
    here = workspace(tmp_path, dal="https://dal.tistory.com/")
    assert "moafeed record dal" in moafeed("check", "dal", cwd=here, code=66).err


def test_demo_twice_gives_the_same_files(tmp_path: Path) -> None:
    said = moafeed("demo", cwd=tmp_path)
    assert "14 posts" in said.out
    assert said.err == ""
    first = files(tmp_path / "demo/public")
    moafeed("demo", cwd=tmp_path)
    second = files(tmp_path / "demo/public")
    assert set(second) == set(first)
    guids = [{item["id"] for item in json.loads(f["demo.json"])["items"]} for f in (first, second)]
    assert guids[0] == guids[1]
    assert len(guids[0]) == 14


def test_demo_refuses_a_folder_that_is_something_else(tmp_path: Path) -> None:
    here = workspace(tmp_path / "demo")
    before = files(here)
    assert "already" in moafeed("demo", cwd=tmp_path, code=73).err
    assert files(here) == before


@pytest.mark.parametrize("site", sorted(p.name for p in SITES.iterdir() if (p / "index.json").exists()))
def test_recorded_sites_add_and_update(tmp_path: Path, site: str) -> None:
    """Every folder of tests/sites is added without a question, by a short file; what was shown then is what is stored.

    Crawled and published, its feed holds exactly what expected.json says.
    """
    here = workspace(tmp_path)
    moafeed("add", home_of(SITES / site), "--name", "x", "--replay", SITES / site, cwd=here)
    assert len((here / "sources/x.toml").read_text("utf-8").splitlines()) <= 5
    shown = json.loads((here / "recorded/x/expected.json").read_text("utf-8"))
    moafeed("update", "--replay", SITES / site, cwd=here)
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        stored = {record["url"]: record for record in (p.to_record() for p in store.newest(["x"], 500))}
    for record in shown:
        later = {key: value for key, value in stored[record["url"]].items() if key not in {"first_seen", "digest"}}
        assert record == later
    assert "as expected" in moafeed("check", cwd=here).out  # what add has recorded
    shutil.rmtree(here / "recorded/x")
    shutil.copytree(SITES / site, here / "recorded/x")
    ran = moafeed("check", "x", cwd=here)
    count = len(json.loads((SITES / site / "expected.json").read_text("utf-8")))
    assert f"{count} posts as expected" in ran.out
    assert len(json.loads((here / "public/x.json").read_text("utf-8"))["items"]) == count


def test_serve_shows_the_output_folder_until_it_is_stopped(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    assert "build the feeds first" in moafeed("serve", cwd=here, code=69).err
    (here / "public").mkdir()
    (here / "public/dal.rss").write_bytes(b"<rss/>")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "crawler", "serve", "--port", str(port)], cwd=here,
                              stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/dal.rss") as answer:
                    assert answer.read() == b"<rss/>"
                    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
                break
            except urllib.error.URLError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert str(port) in moafeed("serve", "--port", port, cwd=here, code=69).err  # taken
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0


def test_build_alone_asks_nobody_and_list_tells_of_broken_files(tmp_path: Path) -> None:
    with DemoBlog() as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        moafeed("crawl", cwd=here)
        assert not (here / "public").exists()
        asked = len(blog.requests)
        assert "files written" in moafeed("build", "-v", cwd=here).out
        assert len(blog.requests) == asked
    (here / "sources/odd.toml").write_text("")
    ran = moafeed("list", cwd=here, code=2)
    assert "14" in ran.out
    assert "odd.toml" in ran.err


def test_scrapy_tells_of_a_broken_workspace(tmp_path: Path) -> None:
    here = workspace(tmp_path, "titel = 3\n", dal="https://dal.tistory.com/")
    env = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    ran = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=here, env=env, capture_output=True, text=True,
                         check=False)
    assert ran.returncode != 0
    assert '"titel"' in ran.stderr
