"""Quiet polls: a feed that says as before costs one light request, and whatever else it says goes the engine's way."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import moafeed, workspace
from crawl_once import crawl_once
from small_blog import RSS, blog_of, feed
from small_site import HTML, Site, post, site

FAST = {"DOWNLOAD_TIMEOUT": 2}
BY_THE_ENGINE = '\n[request]\nheaders = { X-Reader = "1" }\n'
"""What a source file says whose requests are unlike any other's: the engine sends them."""
HOST = "127.0.0.61"
HOURS = [{"MOAFEED_CLOCK": (datetime.now(UTC) + timedelta(hours=n)).isoformat(timespec="seconds")} for n in (1, 2)]


def source(blog: Site, *, by_the_engine: bool = False) -> str:
    return f'url = "{blog.url}/"\n' + (BY_THE_ENGINE if by_the_engine else "")


def test_who_asks_and_for_what_is_told_as_in_any_request(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1, ETag='"v1"')
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here)
        crawl_once(here)
        crawl_once(here)
        first, last = (blog.headers[n] for n in (blog.asked.index("/rss"), -1))
    assert blog.statuses[-1] == 304
    assert last.pop("if-none-match") == '"v1"'
    for headers in (first, last):
        headers.pop("connection", None)
    assert last == first


def answers(blog: Site) -> dict[str, Any]:
    """Whatever a feed can answer that is not as before."""
    whole = feed(blog.url, 3, 2, 1)
    packed = gzip.compress(whole.encode())
    return {
        "news": (200, RSS, whole),
        "news, packed": (200, RSS | {"Content-Encoding": "gzip"}, packed),
        "cut short": (200, RSS | {"Content-Encoding": "gzip"}, packed[:-20]),
        "unknown coding": (200, RSS | {"Content-Encoding": "br"}, packed),
        "as before, unasked": (304, {}, ""),
        "empty": (200, RSS, ""),
        "no feed": (200, HTML, "<html><body>hello</body></html>"),
        "moved": (301, {"Location": "/feed"}, ""),
        "moved to itself": (301, {"Location": "/rss"}, ""),
        "moved to another site": (302, {"Location": "http://127.0.0.62:9/rss"}, ""),
        "refused": (403, HTML, "no"),
        "gone": (410, HTML, "gone"),
        "broken": (500, HTML, "oops"),
        "later": (503, {"Retry-After": "7200"}, ""),
        "too often": (429, {}, ""),
        "bad header": (200, RSS | {"X-Odd": "한".encode().decode("latin-1")}, whole),
    }


CASES = tuple(answers(Site("http://x", {})))


def test_an_answer_is_dealt_with_as_the_engine_does_and_asked_for_as_often(tmp_path: Path) -> None:
    came: list[dict[str, Any]] = []
    for by_the_engine in (False, True):
        with ExitStack() as stack:
            here = tmp_path / str(by_the_engine)
            blogs = [stack.enter_context(site({}, host=f"127.0.62.{number + 1}")) for number in range(len(CASES))]
            for blog in blogs:
                blog_of(blog, 2, 1)
            sources = {f"blog-{number}": source(blog, by_the_engine=by_the_engine) for number, blog in enumerate(blogs)}
            workspace(here, **sources)
            crawl_once(here, **FAST)
            for case, blog in zip(CASES, blogs, strict=True):
                blog.pages |= {"/3": post("글 3"), "/feed": (200, RSS, feed(blog.url, 3, 2, 1))}
                blog.pages["/rss"] = answers(blog)[case]
                blog.asked.clear()
            told = [crawl_once(here, **FAST, **hour) for hour in HOURS]
            came.append({
                case: (blog.asked, str([results[name] for results in told]).replace(blog.url, "BLOG"))
                for case, name, blog in zip(CASES, sources, blogs, strict=True)
            })
    quietly, by_engine = came[0].pop("refused"), came[1].pop("refused")
    assert came[0] == came[1]
    assert quietly[1] == by_engine[1]
    assert quietly[0] == ["/rss", *by_engine[0]]  # whom it refused is not believed; at the next poll the engine asks


def test_a_server_that_refuses_the_light_request_alone_is_well(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here, **FAST)
        blog.pages["/3"] = post("글 3")
        refusals = iter([(403, HTML, "no")])
        blog.pages["/rss"] = lambda: next(refusals, (200, RSS, feed(blog.url, 3, 2, 1)))
        begun = len(blog.asked)
        told = crawl_once(here, **FAST)["blog"]
    assert (told["new"], told["failures"]) == (1, [])
    assert blog.asked[begun:] == ["/rss", "/rss", "/3"]


def test_a_feed_that_is_too_long_is_told_as_ever(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here, **FAST)
        blog.pages["/rss"] = (200, RSS, " " * 3_000_000 + feed(blog.url, 2, 1))
        begun = len(blog.asked)
        told = crawl_once(here, DOWNLOAD_MAXSIZE=2_000_000, **FAST)["blog"]["failures"]
        assert blog.asked[begun:] == ["/rss", "/rss"]  # the engine asks for itself before it refuses
    assert "larger than download max size" in str(told)


def test_a_blog_that_cannot_be_reached_is_told_as_ever_and_found_again(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here, **FAST)
        port = int(blog.url.rpartition(":")[2])
    assert "nothing listens there" in str(crawl_once(here, **FAST)["blog"]["failures"])
    with site({}, host=HOST, port=port) as blog:
        blog_of(blog, 3, 2, 1)
        assert crawl_once(here, **FAST)["blog"]["new"] == 1


def test_a_blog_that_does_not_answer_is_asked_three_times_as_ever(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here, **FAST)
        blog.pages["/rss"] = lambda: (time.sleep(2), (200, RSS, feed(blog.url, 2, 1)))[1]
        begun = len(blog.asked)
        told = crawl_once(here, DOWNLOAD_TIMEOUT=0.5)["blog"]["failures"]
        assert blog.asked[begun:] == ["/rss"] * 3
    assert "it does not answer in time" in str(told)


def test_between_the_feed_and_the_news_in_it_the_pause_is_kept(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        crawl_once(here)
        blog_of(blog, 4, 3, 2, 1)
        begun = len(blog.asked)
        slots = {HOST: {"concurrency": 1, "delay": 0.7}}
        assert crawl_once(here, DOWNLOAD_SLOTS=slots)["blog"]["new"] == 2
        assert blog.asked[begun:] == ["/rss", "/4", "/3"]
        times = blog.times[begun:]
    assert all(later - earlier > 0.5 for earlier, later in pairwise(times))  # a busy machine sends late


def test_what_robots_txt_forbids_since_yesterday_is_not_asked_for(tmp_path: Path) -> None:
    with site({}, host=HOST) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=source(blog))
        blog.pages["/robots.txt"] = (200, {}, "User-agent: moafeed\nDisallow: /rss\n")
        crawl_once(here)
        begun = len(blog.asked)
        crawl_once(here)
        assert "/rss" not in blog.asked
        assert blog.since(begun) == ["/"]


def test_two_sources_of_one_host_are_asked_one_after_the_other(tmp_path: Path) -> None:
    with site({}, host=HOST, seconds=0.1) as blog:
        blog_of(blog, 2, 1)
        other = feed(blog.url, 1)
        blog.pages |= {"/category/a": blog.pages["/"], "/category/a/rss": (200, RSS, other)}
        part = f'url = "{blog.url}/category/a"\nfeed = "{blog.url}/category/a/rss"\n'
        here = workspace(tmp_path, blog=source(blog), part=part)
        for _ in range(3):
            begun = len(blog.asked)
            crawl_once(here)
        assert sorted(blog.asked[begun:]) == ["/category/a/rss", "/rss"]
        assert blog.most_at_once == 1


# --- a crawl that is stopped on the way -----------------------------------


def slow_blogs(stack: ExitStack, here: Path, count: int, *, by_the_engine: bool = False) -> list[Site]:
    """Blogs that were read once, each on a host of its own, and whose feeds are slow from now on."""
    blogs = [stack.enter_context(site({}, host=f"127.0.61.{n + 1}")) for n in range(count)]
    for blog in blogs:
        blog_of(blog, 1)
    workspace(here, **{f"blog-{n}": source(blog, by_the_engine=by_the_engine) for n, blog in enumerate(blogs)})
    crawl_once(here)
    for blog in blogs:
        blog.pages["/rss"] = lambda blog=blog: (time.sleep(1.5), (200, RSS, feed(blog.url, 1)))[1]
        blog.asked.clear()
    return blogs


@pytest.mark.parametrize("by_the_engine", [False, True], ids=["quiet", "by the engine"])
def test_what_an_update_has_no_time_for_is_no_failure_and_still_due(tmp_path: Path, *, by_the_engine: bool) -> None:
    with ExitStack() as stack:
        blogs = slow_blogs(stack, tmp_path, 12, by_the_engine=by_the_engine)
        results = crawl_once(tmp_path, MOAFEED_SECONDS=2.2, MOAFEED_IN_TURNS=True, CONCURRENT_REQUESTS=3)
        assert [why for result in results.values() for why in result["failures"]] == []
        first = [bool(blog.asked) for blog in blogs]
        assert 3 <= sum(first) < 12
        before = [len(blog.asked) for blog in blogs]
        moafeed("update", cwd=tmp_path)
        asked = [len(blog.asked) - known for blog, known in zip(blogs, before, strict=True)]
        assert asked == [1] * 12


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_a_signal_it_ends_at_once_and_nothing_is_lost(tmp_path: Path, sign: signal.Signals) -> None:
    with ExitStack() as stack:
        blogs = slow_blogs(stack, tmp_path, 4)
        process = subprocess.Popen([sys.executable, "-m", "crawler", "update"], cwd=tmp_path, stderr=subprocess.PIPE,
                                   text=True)  # fmt: skip
        while not all(blog.asked for blog in blogs) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(sign)
        _, told = process.communicate(timeout=30)
        assert "Traceback" not in told
        assert "never retrieved" not in told
        for blog in blogs:
            blog_of(blog, 2, 1)
        assert sum(result["new"] for result in crawl_once(tmp_path).values()) == 4
