"""The engine against sites that answer oddly: what is told, what is kept, and how long it may take."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from full_disk import needs_shim, on_full_disk
from small_site import HTML, listing, post, site

FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}
PACKED = HTML | {"Content-Encoding": "gzip"}
APP = '<html><head><title>새 모습</title></head><body><div id="app"></div><script src="/app.js"></script></body></html>'


def stored(here: Path) -> dict[str, str]:
    """Body by title."""
    with closing(sqlite3.connect(here / "state/moafeed.db")) as store:
        return dict(store.execute("SELECT title, content_html FROM posts"))


def test_an_error_without_a_body_may_call_itself_packed(tmp_path: Path) -> None:
    """nginx and several CDNs leave `Content-Encoding: gzip` on an empty 404: that is no answer cut short."""
    missing = (404, PACKED, "")
    with site({"/": listing("/1", "/2"), "/1": post("글"), "/2": missing, "/robots.txt": missing}) as blog:
        result = crawl_once(workspace(tmp_path, blog=blog.url + "/"), **FAST)["blog"]
    assert result["new"] == 1, result
    assert result["failures"] == []
    assert result["skipped"] == [{"reason": "is gone", "count": 1, "example": f"{blog.url}/2"}]


@pytest.mark.parametrize("status", [429, 503])
def test_later_is_heard_though_it_calls_itself_packed(tmp_path: Path, status: int) -> None:
    posts = [f"/{number}" for number in range(12)]
    with site({"/": listing(*posts)} | dict.fromkeys(posts, (status, PACKED, ""))) as blog:
        result = crawl_once(workspace(tmp_path, blog=blog.url + "/"), **FAST)["blog"]
        assert len(set(blog.asked) & set(posts)) <= 2  # one may be on its way when the answer comes
    assert str(status) in result["failures"][0]


@pytest.mark.parametrize(("coding", "pack"), [("br", brotli.compress), ("deflate", zlib.compress)])
def test_half_an_answer_does_not_shorten_a_stored_post(tmp_path: Path, coding: str, pack: object) -> None:
    """As for gzip: a proxy that gives up leaves a stream without its end and a length that fits."""
    assert callable(pack)
    text = " ".join(f"낱말{number * number % 9973}" for number in range(9000))
    half = pack(post("글", text).encode())
    half = half[: len(half) // 2]
    with site({"/": listing("/1"), "/1": post("글", text)}) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        before = stored(here)
        blog.pages["/1"] = (200, HTML | {"Content-Encoding": coding}, half)
        result = crawl_once(here, **FAST, **days_later(35))["blog"]  # its newest posts are looked at again
        assert blog.asked.count("/1") == 2
    assert stored(here) == before
    assert [f for f in result["failures"] if f.startswith(f"{blog.url}/1: ")], result


def test_a_blog_none_of_whose_pages_can_be_read_is_red(tmp_path: Path) -> None:
    """A new look that only a browser can draw: silence here means a feed that stands still for ever."""
    pages = {"/": listing("/1", "/2", "/3"), "/1": post("하나"), "/2": post("둘"), "/3": post("셋")}
    with site(pages) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        moafeed("update", cwd=here)
        before = stored(here)
        blog.pages |= {"/": listing("/5", "/4", "/1", "/2", "/3"), "/4": APP, "/5": APP}
        ran = moafeed("update", cwd=here, code=None)
    assert stored(here) == before
    assert ran.code == 1, "exit 0 and not a word"
    assert blog.url in ran.err


def test_a_host_that_never_answers_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """Feeds are written when all blogs are read: 1,000 posts x 30 s x 3 tries on one of them would be a day."""
    def silent() -> tuple[int, dict[str, str], str]:
        time.sleep(1.2)
        return 200, HTML, ""

    posts = [f"/{number}" for number in range(25)]
    with site({"/": listing(*posts)} | dict.fromkeys(posts, silent)) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        result = crawl_once(here, DOWNLOAD_TIMEOUT=0.7, RETRY_TIMES=0)["blog"]
        assert len(result["failures"]) == len(posts)
        assert len(set(blog.asked) & set(posts)) <= 10


def test_a_redirect_does_not_lead_around_robots_txt(tmp_path: Path) -> None:
    pages = {"/": listing("/1", "/2"), "/1": post("글"), "/2": (302, {"Location": "/shut/2"}, ""),
             "/shut/2": post("닫힌 글"), "/robots.txt": (200, {}, "User-agent: *\nDisallow: /shut/\n")}
    with site(pages) as blog:
        result = crawl_once(workspace(tmp_path, blog=blog.url + "/"), **FAST)["blog"]
        assert "/shut/2" not in blog.asked
    assert result["failures"] == [f"{blog.url}/2: its robots.txt forbids this address"]


def test_a_post_that_describes_itself_in_nonsense_costs_no_other_one(tmp_path: Path) -> None:
    """Posts are stored in batches: one value that a database refuses would take its neighbours along, every time."""
    bad = "\\ud800\\u0000"
    data = json.dumps({
        "@type": "BlogPosting", "headline": "T@", "url": "http://127.0.0.1/@", "image": "http://127.0.0.1/@.png",
        "author": {"name": "A@"}, "keywords": ["k@"], "articleSection": "s@", "datePublished": "2024-01-01@",
        "dateModified": "@", "description": "d@", "inLanguage": "@", "identifier": "@",
    }).replace("@", bad)
    poison = post("나쁜 글").replace("</head>", f'<script type="application/ld+json">{data}</script></head>')
    with site({"/": listing("/1", "/p", "/2"), "/1": post("하나"), "/2": post("둘"), "/p": poison}) as blog:
        here = workspace(tmp_path, blog=blog.url + "/")
        moafeed("update", cwd=here)
    assert {"하나", "둘"} < set(stored(here))
    assert len(stored(here)) == 3


@needs_shim
def test_a_store_that_fails_on_the_way_ends_the_crawl(tmp_path: Path) -> None:
    """What can't be kept must not be asked for: not 200 pages against a full disk."""
    posts = [f"/{number:03}" for number in range(200)]
    with site({"/": listing(*posts)} | {path: post(f"글 {path}") for path in posts}) as blog:
        here = workspace(tmp_path / "ws", blog=blog.url + "/")
        moafeed("build", cwd=here)  # makes the store
        ran = on_full_disk("update", "write", here / "state/moafeed", cwd=here, at=70, code=74)
        assert len(ran.err.splitlines()) == 1
        assert len(blog.asked) < 120
        assert stored(here) == {}
        moafeed("update", cwd=here)
    assert len(stored(here)) == len(posts)
