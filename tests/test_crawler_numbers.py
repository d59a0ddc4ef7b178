"""A walk to the first post of a Tistory blog whose older posts nothing names: their numbers are tried, each once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import HTML, Site, site

from pipelines.store import Store

FAST = {"DOWNLOAD_DELAY": 0.01, "RETRY_TIMES": 0}
ALL = FAST | {"MOAFEED_ALL": True}
THERE = tuple(n for n in range(1, 41) if n not in {1, 7, 8, 9, 21, 33})
"""Numbers of the posts; the others were deleted, or never published."""
NOTHING = (404, HTML, "<html><head><title>b</title></head><body><p>존재하지 않는 페이지입니다.</p></body></html>")


def post(base: str, number: int, path: str, day: str = "2026-03-01", body: str = "") -> str:
    text = body or f'<div class="tt_article_useless_p_margin contents_style"><p>{number}번째 글. 비가 왔다.</p></div>'
    return (
        f'<html lang="ko"><head><title>글 {number}</title><meta name="twitter:site" content="@TISTORY">'
        f'<meta property="og:type" content="article"><meta property="og:title" content="글 {number}">'
        f'<meta property="og:url" content="{base}{path}"><meta property="article:txid" content="77_{number}">'
        f'<meta property="article:published_time" content="{day}T09:00:00+09:00"></head>'
        f'<body id="tt-body-page"><article>{text}</article></body></html>'
    )


def index(*paths: str, more: str = "") -> str:
    items = "".join(f'<li><a href="{path}"><strong class="tit_post">글 {path}</strong></a></li>' for path in paths)
    return (
        '<html lang="ko"><head><title>b</title><meta name="twitter:site" content="@TISTORY"></head>'
        f'<body id="tt-body-index"><main><ul>{items}</ul>{more}</main></body></html>'
    )


def fill(blog: Site, *numbers: int, slugs: bool = False, days: dict[int, str] | None = None) -> None:
    """The blog has these posts: a front page and a feed that name the newest five, no sitemap, no further page."""
    path = {n: f"/entry/post-{n}" if slugs else f"/{n}" for n in numbers}
    blog.pages |= {f"/{n}": NOTHING for n in range(1, max(numbers) + 1)}
    if slugs:
        blog.pages |= {f"/{n}": (301, {"Location": path[n]}, "") for n in numbers}
    blog.pages |= {path[n]: post(blog.url, n, path[n], (days or {}).get(n, "2026-03-01")) for n in numbers}
    newest = sorted(numbers, reverse=True)[:5]
    blog.pages["/"] = index(*(path[n] for n in newest))
    items = "".join(
        f"<item><title>글 {n}</title><link>{blog.url}{path[n]}</link><guid>{blog.url}/{n}</guid></item>" for n in newest
    )
    rss = f"<rss version='2.0'><channel><title>b</title><link>{blog.url}/</link>{items}</channel></rss>"
    blog.pages["/rss"] = (200, {"Content-Type": "application/rss+xml"}, rss)


def asked(blog: Site, since: int = 0) -> list[int]:
    """The numbers that were asked for, in their order."""
    return [int(path[1:]) for path in blog.asked[since:] if path[1:].isdigit()]


def stored(here: Path) -> list[str]:
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        return sorted(found.title for found in store.each(["blog"]))


def texts(*numbers: int) -> list[str]:
    return sorted(f"글 {n}" for n in numbers)


@pytest.mark.parametrize("slugs", [False, True], ids=["numbers", "slugs"])
def test_all_posts_are_found_and_what_is_not_there_is_asked_for_once(tmp_path: Path, *, slugs: bool) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE, slugs=slugs)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **FAST)
        assert stored(here) == texts(*range(36, 41))
        assert min(asked(blog), default=40) > 35  # no walk was asked for
        first = crawl_once(here, **ALL)["blog"]
        assert stored(here) == texts(*THERE)
        assert (first["failures"], first["new"]) == ([], len(THERE) - 5)
        assert len(asked(blog)) == len(set(asked(blog)))
        assert [s["count"] for s in first["skipped"]] == [6]
        before = len(blog.asked)
        second = crawl_once(here, **ALL)["blog"]
        assert (asked(blog, before), second["failures"], second["skipped"]) == ([], [], [])
        assert "is not there" not in moafeed("status", cwd=here).out  # none of them is a post that nobody could read
        crawl_once(here, **FAST, **days_later(40))  # nor later, for no reason
        assert {1, 7, 8, 9, 21, 33}.isdisjoint(asked(blog, before))


def test_a_walk_at_once_reads_no_post_twice_that_lists_name_by_a_slug(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE, slugs=True)
        blog.pages["/"] = index(*(f"/entry/post-{n}" for n in range(40, 33, -1)))  # two more than the feed
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE)
        assert max(asked(blog)) == 32 + 1


def test_what_a_limit_or_a_stop_left_is_asked_for_by_the_next_walk(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71", seconds=0.08) as blog:
        fill(blog, *THERE)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **ALL, MOAFEED_POSTS=12)
        assert asked(blog) == list(range(40, 28, -1))
        command = [sys.executable, "-m", "crawler", "crawl", "--all"]
        process = subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True)
        while 27 not in asked(blog) and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "28 requests at most, in about 1 minutes" in told
        assert len(stored(here)) < 20
        crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE)
        numbers = asked(blog)
        assert len(numbers) <= len(set(numbers)) + 1  # one may have been on its way
        assert "wait for" not in moafeed("status", cwd=here).out


def further(blog: Site, has: str) -> None:
    """Let the blog name its older posts as healthy ones do."""
    older = [f"/{n}" for n in THERE if n < 36]
    if has == "sitemap":
        urls = "".join(f"<url><loc>{blog.url}/{n}</loc></url>" for n in THERE)
        blog.pages["/sitemap.xml"] = (200, {"Content-Type": "text/xml"}, f"<urlset>{urls}</urlset>")
    else:
        blog.pages["/"] = index(*(f"/{n}" for n in range(40, 35, -1)), more='<a href="/?page=2">2</a>')
        blog.pages["/?page=2"] = index(*older)


@pytest.mark.parametrize("has", ["sitemap", "pages"])
def test_a_healthy_blog_is_asked_for_no_number_that_nothing_names(tmp_path: Path, has: str) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        further(blog, has)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE)
        assert set(asked(blog)) == set(THERE)


def test_a_sitemap_that_fails_is_none_that_is_not_there(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        blog.pages["/sitemap.xml"] = (500, HTML, "")
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **ALL)
        assert stored(here) == texts(*range(36, 41))
        del blog.pages["/sitemap.xml"]
        crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE)


def test_one_category_of_a_blog_is_no_reason_to_read_all_of_it(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        blog.pages["/category/골목"] = blog.pages["/category/%EA%B3%A8%EB%AA%A9"] = index("/40", "/38")
        here = workspace(tmp_path, blog=f"{blog.url}/category/골목")
        crawl_once(here, **ALL)
        assert stored(here) == texts(40, 38)


def test_a_long_run_of_missing_numbers_ends_the_walk_and_is_not_asked_for_again(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, 3, 300, 301, 302, 303, 304)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        for _ in range(2):
            crawl_once(here, **ALL)
            assert asked(blog) == list(range(304, 199, -1))


def test_a_gap_between_posts_that_are_known_is_no_end(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **FAST)
        fill(blog, *THERE, *range(300, 305))
        crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE, *range(300, 305))
        assert {n for n in asked(blog) if n > 40} == set(range(200, 305))


def test_an_address_that_only_looks_like_a_number_ends_no_walk(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        blog.pages["/"] = index("/202401", *(f"/{n}" for n in range(40, 35, -1)))
        here = workspace(tmp_path, blog=f"{blog.url}/")
        for _ in range(2):
            crawl_once(here, **ALL)
        assert stored(here) == texts(*THERE)
        assert len([n for n in asked(blog) if n > 40]) == 101


def test_a_walk_back_to_a_day_ends_there(tmp_path: Path) -> None:
    days = {n: "2026-03-01" if n > 25 else "2020-01-01" for n in THERE} | {30: "2001-01-01"}  # one date is made up
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE, days=days)
        here = workspace(tmp_path, blog=f"{blog.url}/")
        for _ in range(2):
            crawl_once(here, **ALL, MOAFEED_SINCE="2026-01-01")
            assert set(texts(*(n for n in THERE if n > 25))) <= set(stored(here))
            assert min(asked(blog)) == 20  # five posts before that day; 21 is missing
        assert len(asked(blog)) == len(set(asked(blog)))


LOCKED = '<div class="entry"><input type="password" name="entry12password"><p>보호되어 있는 글입니다.</p></div>'


@pytest.mark.parametrize(("answer", "words"), [
    ("protected", "asks for a password"), ("notice", "is a notice"), ((403, HTML, ""), "is private"),
    ((302, {"Location": "http://127.0.0.72:9/login"}, ""), "is not there"),
    ((302, {"Location": "/"}, ""), "is not there"),
    ((200, HTML, NOTHING[2]), "is not there"),
])  # fmt: skip
def test_whatever_else_is_at_a_number_is_left_alone(tmp_path: Path, answer: Any, words: str) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, 20, 19, 18, 17, 16, 15, 3)
        blog.pages["/12"] = answer
        if answer == "protected":
            blog.pages["/12"] = post(blog.url, 12, "/12", body=LOCKED)
        elif answer == "notice":
            blog.pages |= {"/12": (302, {"Location": "/notice/12"}, ""), "/notice/12": post(blog.url, 12, "/notice/12")}
        here = workspace(tmp_path, blog=f"{blog.url}/")
        result = crawl_once(here, **ALL)["blog"]
        assert (result["failures"], stored(here)) == ([], texts(3, 15, 16, 17, 18, 19, 20))
        assert any(words in skipped["reason"] for skipped in result["skipped"])
        crawl_once(here, **ALL)
        crawl_once(here, **ALL, **days_later(2))
        assert asked(blog).count(12) == 1


def test_a_server_that_fails_is_told_and_asked_again_a_day_later(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *THERE)
        blog.pages |= {f"/{n}": (500, HTML, "") for n in (30, 29, 28)}
        here = workspace(tmp_path, blog=f"{blog.url}/")
        failures = crawl_once(here, **ALL)["blog"]["failures"]
        assert [failure.partition(": ")[0] for failure in failures] == [f"{blog.url}/{n}" for n in (30, 29, 28)]
        assert min(asked(blog)) == 28
        before = len(blog.asked)
        assert crawl_once(here, **ALL)["blog"]["failures"] == []
        assert asked(blog, before) == []
        fill(blog, *THERE)
        crawl_once(here, **ALL, **days_later(2))
        assert stored(here) == texts(*THERE)


def test_a_post_that_is_published_at_an_old_number_is_read_when_it_is_named(tmp_path: Path) -> None:
    with site({}, host="127.0.0.71") as blog:
        fill(blog, *(n for n in THERE if n > 25))
        here = workspace(tmp_path, blog=f"{blog.url}/")
        crawl_once(here, **ALL)
        fill(blog, *(n for n in THERE if n > 25))
        blog.pages["/33"] = post(blog.url, 33, "/33")
        blog.pages["/"] = index("/33", "/40")
        crawl_once(here, **FAST, **days_later(9))
        assert "글 33" in stored(here)
