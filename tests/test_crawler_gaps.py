"""A blog that wrote more than its feed holds since the last visit: what stands behind is read too."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import HTML, Site, listing, post, site

from pipelines.store import Store

FAST = {"DOWNLOAD_DELAY": 0.01, "RETRY_TIMES": 0}


def wrote(blog: Site, count: int, a_page: int = 10) -> None:
    """The blog has that many posts: a feed and list pages of ten, the newest first, each with its ETag."""
    posts = [f"/{number}" for number in range(count, 0, -1)]
    blog.pages |= {path: post(f"글 {path}", f"{path}번째 글이다. " * 20) for path in posts}
    items = "".join(f"<item><title>글 {p}</title><link>{blog.url}{p}</link></item>" for p in posts[:a_page])
    rss = f"<rss version='2.0'><channel><title>b</title><link>{blog.url}/</link>{items}</channel></rss>"
    blog.pages["/feed"] = (200, {"Content-Type": "application/rss+xml", "ETag": f'"f{count}"'}, rss)
    for number, start in enumerate(range(0, count, a_page), 1):
        page = listing(*posts[start : start + a_page])
        links = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        links += f'<link rel="next" href="/page/{number + 1}">' if start + a_page < count else ""
        path = "/" if number == 1 else f"/page/{number}"
        blog.pages[path] = (200, HTML | {"ETag": f'"{number}-{count}"'}, page.replace("</head>", f"{links}</head>"))


def stored(here: Path) -> int:
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        return store.counts()["blog"]


def test_what_overflowed_the_feed_is_found_on_the_list_pages(tmp_path: Path) -> None:
    with site({}, host="127.0.0.41") as blog:
        wrote(blog, 12)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **FAST)
        wrote(blog, 35)
        asked = len(blog.asked)
        crawl_once(here, **FAST, **days_later(2))
        assert stored(here) == 35
        assert {"/page/2", "/page/3"} <= set(blog.asked[asked:])
        wrote(blog, 36)  # one post is no overflow
        asked = len(blog.asked)
        crawl_once(here, **FAST, **days_later(3))
        assert blog.since(asked) == ["/feed", "/36"]


def test_a_walk_to_the_first_post_never_stops_at_an_answer_as_before(tmp_path: Path) -> None:
    with site({}, host="127.0.0.41") as blog:
        wrote(blog, 60)
        here = workspace(tmp_path, blog=f"url = '{blog.url}/'\npages = 1\n")
        crawl_once(here, **FAST)
        assert stored(here) < 60
        crawl_once(here, **FAST, MOAFEED_ALL=True)
        assert stored(here) == 60


def test_a_walk_goes_over_more_list_pages_than_an_ordinary_crawl_is_deep(tmp_path: Path) -> None:
    with site({}, host="127.0.0.41") as blog:
        wrote(blog, 70, a_page=1)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        assert crawl_once(here, **FAST, MOAFEED_ALL=True)["blog"]["failures"] == []
        assert stored(here) == 70


def test_a_board_with_a_next_page_for_ever_is_walked_to_its_first_empty_page(tmp_path: Path) -> None:
    with site({}, host="127.0.0.41") as blog:
        wrote(blog, 20)
        empty = '<html><title>b</title><a rel="next" href="/page/{}">next</a></html>'
        blog.pages["/page/2"] = (*blog.pages["/page/2"][:2], blog.pages["/page/2"][2].replace(
            "</head>", '<link rel="next" href="/page/3"></head>'))  # fmt: skip
        blog.pages |= {f"/page/{n}": empty.format(n + 1) for n in range(3, 99)}
        result = crawl_once(workspace(tmp_path, blog=f"{blog.url}/"), **FAST, MOAFEED_ALL=True)["blog"]
        assert result["failures"] == []
        assert "/page/3" in blog.asked
        assert "/page/4" not in blog.asked


def test_a_crawl_that_is_stopped_twice_ends_without_a_traceback(tmp_path: Path) -> None:
    with site({}, host="127.0.0.41", seconds=0.4) as blog:
        wrote(blog, 40)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        command = [sys.executable, "-m", "crawler", "crawl", "--all"]
        process = subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True)
        while not blog.asked and process.poll() is None:
            time.sleep(0.05)
        time.sleep(1)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.15)
        _, told = process.communicate(timeout=60)
        assert "Traceback" not in told
        assert "KeyError" not in told
        blog_again = moafeed("status", cwd=here)
        assert blog_again.code == 0
