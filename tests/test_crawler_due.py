"""Which blogs an update asks, and what becomes of those for which its time did not suffice."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import moafeed, workspace
from small_site import listing, post, site

from crawler.source import load_sources
from crawler.tasks.due import due_sources
from crawler.workspace import find_workspace
from pipelines.store import Poll, Store

NOON = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
PAGES = {"/": listing("/1"), "/1": post("글 1")}


def pages(here: Path) -> Path:
    """The source file, as old as its last crawl at least."""
    file = here / "sources/blog.toml"
    past = time.time() - 60
    os.utime(file, (past, past))
    return file


def test_a_blog_that_says_how_often_is_asked_so_often(tmp_path: Path) -> None:
    with site(PAGES) as blog:
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nevery = "2h"\n')
        pages(here)
        moafeed("update", cwd=here)
        asked = len(blog.asked)
        ran = moafeed("update", cwd=here)
        assert (len(blog.asked), ran.out, ran.err) == (asked, "", "")
        assert "due" in moafeed("status", cwd=here).out
        moafeed("update", "--now", cwd=here)
        assert len(blog.asked) == asked + 1
        (here / "sources/blog.toml").write_text(f'url = "{blog.url}/"\nevery = "3h"\n')  # a file that was changed
        moafeed("update", cwd=here)
        assert len(blog.asked) == asked + 2


@pytest.mark.parametrize(("text", "words"), [("1m", "15m"), ("soon", "30m"), ("0h", "30m"), ("400d", "30d")])
def test_an_interval_that_is_none_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    here = workspace(tmp_path, blog=f'url = "http://127.0.0.1:9/"\nevery = "{text}"\n')
    ran = moafeed("update", cwd=here, code=2)
    assert "sources/blog.toml, line 2" in ran.err
    assert words in ran.err


def test_sources_are_due_by_the_book_and_the_likeliest_come_first(tmp_path: Path) -> None:
    names = ("never", "due", "later", "jumped", "own", "newer")
    here = workspace(tmp_path, **{name: f"https://{name}.example/" for name in names if name != "own"},
                     own="http://127.0.0.1:9/")
    for file in (here / "sources").iterdir():
        stamp = (NOON + timedelta(hours=1 if file.stem == "newer" else -9)).timestamp()
        os.utime(file, (stamp, stamp))
    found = find_workspace(here)
    before = NOON - timedelta(hours=2)
    due = {"due": NOON - timedelta(hours=1), "later": NOON + timedelta(hours=1), "own": NOON + timedelta(days=1),
           "newer": NOON + timedelta(days=1)}
    polls = [Poll(source=name, polled=before, due=when) for name, when in due.items()]
    polls.append(Poll(source="jumped", polled=NOON + timedelta(days=3650), due=NOON + timedelta(days=3651)))
    with Store.open(found.store_url) as store:
        store.memory.keep(polls=polls)
    asked = due_sources(found, load_sources(found.sources_folder).sources, NOON)
    assert {source.name for source in asked} == {"never", "due", "jumped", "own", "newer"}
    assert asked[0].name == "never"


def test_what_an_update_has_no_time_for_comes_first_in_the_next_one(tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(1, 16)]
    with site({"/": listing(*paths)} | {path: post(f"글 {path}") for path in paths}, seconds=0.3) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        ran = moafeed("update", "--max", "2s", cwd=here)
        assert ran.err == ""  # no failure: that is what was asked for
        first = len(blog.asked)
        assert first < 14
        assert "wait for the next crawl" in moafeed("status", cwd=here).out
        moafeed("update", cwd=here)
        read = [path for path in blog.asked if path in paths]
        assert sorted(set(read)) == sorted(paths)
        assert len(read) <= len(paths) + 1  # one may have been on its way
    assert "15 posts" in moafeed("status", cwd=here).out


def test_a_time_that_is_none_is_told(tmp_path: Path) -> None:
    here = workspace(tmp_path, blog="http://127.0.0.1:9/")
    assert "--max 'soon'" in moafeed("update", "--max", "soon", cwd=here, code=2).err
