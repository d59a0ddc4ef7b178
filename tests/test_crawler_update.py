"""`update` over a living blog on this machine: what a subscriber gets, and what happens when things go wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from command_line import ROOT, files, moafeed, workspace
from filelock import FileLock
from small_site import listing, post, site

from crawler.demo import DemoBlog, demo_posts


@pytest.fixture
def blog():
    with DemoBlog() as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, blog: DemoBlog) -> Path:
    return workspace(tmp_path / "ws", blog=blog.url + "/")


def entries(folder: Path, name: str = "blog.rss") -> dict[str, str]:
    """guid to title, as a feed reader sees them."""
    feed = feedparser.parse((folder / "public" / name).read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    return {entry.id: entry.title for entry in feed.entries}


def test_the_feed_holds_exactly_the_blogs_posts(here: Path, blog: DemoBlog) -> None:
    ran = moafeed("update", cwd=here)
    assert (ran.out, ran.err) == ("", "")  # cron mails every line
    titles = sorted(post.title for post in demo_posts())
    assert sorted(entries(here).values()) == titles
    assert sorted(entries(here, "blog.atom").values()) == titles
    items = json.loads((here / "public/blog.json").read_text("utf-8"))["items"]
    assert sorted(item["title"] for item in items) == titles
    assert entries(here, "all.rss") == entries(here)
    assert {line.split()[0] for line in blog.requests} == {"GET"}  # on Tistory a POST is a vote


def test_a_second_update_writes_nothing_and_asks_little(here: Path, blog: DemoBlog) -> None:
    moafeed("update", cwd=here)
    before, stamps = files(here / "public"), {p: p.stat().st_mtime_ns for p in (here / "public").iterdir()}
    first = len(blog.requests)
    ran = moafeed("update", "-v", cwd=here)
    assert "0 files written" in ran.out
    assert files(here / "public") == before
    assert {p: p.stat().st_mtime_ns for p in (here / "public").iterdir()} == stamps
    assert len(blog.requests) - first <= 8  # robots.txt, front page, feed and the five newest posts


def test_one_new_one_edited_one_gone(here: Path, blog: DemoBlog) -> None:
    moafeed("update", cwd=here)
    before = entries(here)
    newest = max(demo_posts(), key=lambda p: p.published)
    fresh = demo_posts()[0]
    blog.publish(replace(fresh, id=900, title="막 올라온 글", slug="막-올라온-글",
                         published=newest.published + timedelta(days=1), updated=None))
    blog.edit(newest.id, title="고친 제목")
    gone = min(demo_posts(), key=lambda p: p.published)
    blog.remove(gone.id)
    moafeed("update", cwd=here)
    after = entries(here)
    assert set(before) < set(after)  # no guid changed, none vanished though one post fell out of the blog
    assert [after[g] for g in set(after) - set(before)] == ["막 올라온 글"]
    assert [after[g] for g in before if after[g] != before[g]] == ["고친 제목"]


def test_a_site_that_is_down_fails_the_run_and_changes_no_feed(here: Path, blog: DemoBlog) -> None:
    moafeed("update", cwd=here)
    before = files(here / "public")
    blog.down = True
    ran = moafeed("update", cwd=here, code=1)
    assert "blog:" in ran.err
    assert "503" in ran.err
    assert files(here / "public") == before
    assert "503" in moafeed("list", cwd=here).out


def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    here = workspace(tmp_path, gone="http://127.0.0.1:9/")
    ran = moafeed("update", cwd=here, code=1)
    assert "gone: http://127.0.0.1:9/: the site can't be reached" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_one_broken_file_stops_only_itself(here: Path) -> None:
    (here / "sources/broken.toml").write_text('url = "https://x.tistory.com/"\nulr = "y"\n')
    ran = moafeed("update", cwd=here, code=2)
    assert 'sources/broken.toml, line 2: unknown key "ulr"; did you mean "url"?' in ran.err
    assert len(entries(here)) == len(demo_posts())


def test_a_file_that_breaks_later_keeps_its_posts_in_the_combined_feed(here: Path) -> None:
    moafeed("update", cwd=here)
    before = files(here / "public")
    (here / "sources/blog.toml").write_text("url = \n")
    moafeed("update", cwd=here, code=2)
    assert entries(here, "all.rss")
    assert files(here / "public")["all.rss"] == before["all.rss"]
    assert files(here / "public")["blog.rss"] == before["blog.rss"]
    assert files(here / "public")["feeds.opml"] == before["feeds.opml"]  # nobody's import loses the blog


def test_a_second_run_leaves_at_once_and_changes_nothing(here: Path) -> None:
    (here / "state").mkdir()
    with FileLock(here / "state/lock"):
        before = files(here)
        started = time.monotonic()
        ran = moafeed("update", cwd=here, code=75)
        assert time.monotonic() - started < 20  # it does not wait for the other one to end
        assert files(here) == before
    assert "another moafeed run works in" in ran.err
    moafeed("update", cwd=here)


def test_the_holder_killed_frees_the_lock(here: Path) -> None:
    (here / "state").mkdir()
    code = ("import sys,time,filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire()\n"
            "print('held', flush=True); time.sleep(60)")
    holder = subprocess.Popen([sys.executable, "-c", code, str(here / "state/lock")], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    moafeed("update", cwd=here, code=75)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    moafeed("update", cwd=here)


@pytest.mark.parametrize("variables", [{}, {"LC_ALL": "C", "LANG": "C", "PATH": ""}], ids=["empty", "C locale"])
def test_the_readmes_crontab_line_in_crons_environment(here: Path, variables: dict[str, str]) -> None:
    (line,) = re.findall(r"```crontab\n(.*)\n```", (ROOT / "README.md").read_text("utf-8"))
    script = str(Path(sys.executable).with_name("moafeed"))
    command = line.split(None, 5)[5].replace("/home/me/.local/bin/moafeed", script).replace("/home/me/blogs", str(here))
    ran = subprocess.run(["/bin/sh", "-c", command], cwd="/", env=variables, capture_output=True, text=True)  # noqa: PLW1510
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert len(entries(here)) == len(demo_posts())
    assert oct((here / "public/blog.rss").stat().st_mode)[-3:] == "644"


def test_output_that_cannot_be_written_touches_nothing(here: Path, blog: DemoBlog) -> None:
    (here / "public").write_text("a file where the folder should be")
    ran = moafeed("update", cwd=here, code=73)
    assert str(here / "public") in ran.err
    assert blog.requests == []
    assert not (here / "state/moafeed.db").exists()


def test_a_store_of_a_newer_version(here: Path) -> None:
    moafeed("update", cwd=here)
    with closing(sqlite3.connect(here / "state/moafeed.db")) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    before = files(here)
    ran = moafeed("update", cwd=here, code=65)
    assert "newer moafeed" in ran.err
    assert files(here) == before


class SlowBlog(DemoBlog):
    def answer(self, path: str):
        time.sleep(0.3)
        return super().answer(path)


def test_stopped_by_sigterm_it_keeps_what_it_has_and_says_so(tmp_path: Path) -> None:
    with SlowBlog() as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        run = subprocess.Popen([sys.executable, "-m", "crawler", "update"], cwd=here, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 30
        while len(blog.requests) < 6 and time.monotonic() < deadline:
            time.sleep(0.02)
        run.terminate()
        _, err = run.communicate(timeout=60)
        assert run.returncode == 130, err
        assert "the crawl was stopped" in err
        assert 0 < len(entries(here)) < len(demo_posts())
    with DemoBlog() as blog:  # the same blog on another port: every guid and post is known again
        known = set(entries(here))
        (here / "sources/blog.toml").write_text(f'url = "{blog.url}/"\n')
        moafeed("update", cwd=here)
        assert known < set(entries(here))
        assert len(entries(here)) == len(demo_posts())


def test_blogs_on_other_ports_of_one_host_share_no_guid(tmp_path: Path) -> None:
    def pages(title: str) -> dict[str, str]:
        return {"/": listing("/1"), "/1": post(title, f"{title}의 본문이다. 다른 블로그와 다르다.")}

    with site(pages("하나"), host="127.0.0.47") as one, site(pages("둘"), host="127.0.0.47") as two:
        here = workspace(tmp_path, one=f"{one.url}/", two=f"{two.url}/")
        moafeed("update", cwd=here)
        assert sorted(entries(here, "all.rss").values()) == ["둘", "하나"]
        assert entries(here, "one.rss").keys().isdisjoint(entries(here, "two.rss"))


def test_a_guid_of_an_older_release_is_kept(tmp_path: Path) -> None:
    with site({"/": listing("/1"), "/1": post("하나")}, host="127.0.0.47") as blog:
        here = workspace(tmp_path, blog=f"{blog.url}/")
        moafeed("update", cwd=here)
        with closing(sqlite3.connect(here / "state/moafeed.db")) as store, store:
            for table in ("posts", "aliases", "addresses"):
                store.execute(f"UPDATE {table} SET guid = 'tag:127.0.0.47,2026:/1' WHERE guid IS NOT NULL")  # noqa: S608
        blog.pages |= {"/": listing("/2", "/1"), "/2": post("둘", "새로 쓴 글이다. 첫 글과는 아주 다르다.")}
        moafeed("reprocess", cwd=here)
        moafeed("update", "--now", cwd=here)
        port = blog.url.rpartition(":")[2]
        assert entries(here) == {"tag:127.0.0.47,2026:/1": "하나", f"tag:127.0.0.47,2026:{port}:/2": "둘"}


def test_a_source_that_is_one_post(tmp_path: Path, blog: DemoBlog) -> None:
    here = workspace(tmp_path, one=f"{blog.url}/33")
    moafeed("update", cwd=here)
    assert len(entries(here, "one.rss")) == 1


def test_a_source_that_is_one_category_holds_only_its_posts(tmp_path: Path, blog: DemoBlog) -> None:
    category = next(post.category for post in demo_posts() if post.category)
    here = workspace(tmp_path, some=f"{blog.url}/category/{quote(category)}")
    moafeed("update", cwd=here)
    wanted = {p.title for p in demo_posts() if p.category and f"{p.category}/".startswith(f"{category}/")}
    assert set(entries(here, "some.rss").values()) == wanted


def test_no_sources_no_workspace_no_such_source(tmp_path: Path) -> None:
    assert "moafeed init" in moafeed("update", cwd=tmp_path, code=2).err
    workspace(tmp_path)
    assert "moafeed add URL" in moafeed("update", cwd=tmp_path, code=2).err
    workspace(tmp_path, dal="https://dal.tistory.com/")
    assert 'did you mean "dal"' in moafeed("crawl", "dla", cwd=tmp_path, code=2).err


def test_the_package_runs_as_a_script_and_as_scrapy(here: Path, blog: DemoBlog) -> None:
    env = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=here, env=env, capture_output=True, text=True, check=True)
    assert listed.stdout.split() == ["blog"]
    subprocess.run([*scrapy, "crawl", "blog"], cwd=here, env=env, capture_output=True, check=True)
    moafeed("build", cwd=here)
    assert len(entries(here)) == len(demo_posts())
