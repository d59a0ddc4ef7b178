"""What a crawl remembers: a quiet blog costs one request, what was named is not forgotten, nothing is read twice."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import SITES, files, home_of, moafeed, workspace
from crawl_once import crawl_once
from small_blog import RSS, blog_of, feed, front
from small_site import HTML, Site, listing, post, site

FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}


def later(**time: float) -> dict[str, object]:
    """Settings of a crawl that takes place so much later than now."""
    return FAST | {"MOAFEED_CLOCK": (datetime.now(UTC) + timedelta(**time)).isoformat()}


def titles(here: Path) -> list[str]:
    store = sqlite3.connect(here / "state/moafeed.db")
    try:
        return sorted(title for (title,) in store.execute("SELECT title FROM posts WHERE deleted IS NULL"))
    finally:
        store.close()


def texts(*numbers: int) -> list[str]:
    return sorted(f"글 {n}" for n in numbers)


# --- a quiet blog -----------------------------------


@pytest.mark.parametrize("headers", [
    {}, {"ETag": 'W/"v1"'}, {"Last-Modified": "never, said the server"},
], ids=["no validators", "etag", "odd date"])
def test_a_quiet_blog_costs_one_request_and_writes_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    with site({}) as blog:
        blog_of(blog, 3, 2, 1, **headers)
        here = workspace(tmp_path, blog=blog.url + "/")
        moafeed("update", cwd=here)
        assert titles(here) == texts(1, 2, 3)
        crawl_once(here, **FAST)
        before = len(blog.asked)
        ran = moafeed("update", "-v", cwd=here)
        assert blog.asked[before:] == ["/rss"]
        assert "0 files written" in ran.out
    assert blog.statuses[-1] == (304 if headers else 200)


def test_a_quiet_blog_without_a_feed_costs_one_request(tmp_path: Path) -> None:
    count = iter(range(1000))
    with site({"/1": post("글 1"), "/2": post("글 2")}) as blog:
        blog.pages["/"] = lambda: listing("/2", "/1").replace("</main>", f"<p>방문 {next(count)}</p></main>")
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        before = len(blog.asked)
        result = crawl_once(here, **FAST)["blog"]
        assert blog.asked[before:] == ["/"]
    assert (result["asked"], result["unmodified"], result["failures"]) == (1, 1, [])


def test_rules_are_asked_for_once_a_day(tmp_path: Path) -> None:
    with site({"/robots.txt": (200, {}, "User-agent: *\nDisallow: /2\n")}) as blog:
        blog_of(blog, 3, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        crawl_once(here, **later(hours=20))
        assert blog.asked.count("/robots.txt") == 1
        assert "/2" not in blog.asked
        blog.pages["/robots.txt"] = (200, {}, "")
        crawl_once(here, **later(hours=25))
        assert blog.asked.count("/robots.txt") == 2
        assert titles(here) == texts(1, 2, 3)  # what was forbidden waited


FRAMES = {"blog.daum.net"}  # without a feed, it takes the frame and the list in it


@pytest.mark.parametrize("recorded", sorted(SITES.iterdir()), ids=lambda folder: folder.name)
def test_a_second_look_at_a_recorded_site_asks_for_one_document(tmp_path: Path, recorded: Path) -> None:
    here = workspace(tmp_path, blog=home_of(recorded))
    moafeed("update", "--replay", recorded, cwd=here, code=None)  # 1 where a list names pages that were not saved
    before = files(here / "public")
    moafeed("update", "--replay", recorded, cwd=here)
    second, _ = json.loads(moafeed("runs", "--json", cwd=here).out)
    (result,) = second["sources"].values()
    documents = 2 if recorded.name in FRAMES else 1
    assert (result["asked"], result["unmodified"], result["waiting"]) == (documents, documents, 0), result
    assert files(here / "public") == before


# --- news -----------------------------------


def test_a_new_post_costs_the_feed_and_its_page(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 3, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        before = len(blog.asked)
        blog_of(blog, 4, 3, 2, 1)
        crawl_once(here, **FAST)
        assert blog.asked[before:] == ["/rss", "/4"]
    assert titles(here) == texts(1, 2, 3, 4)


def test_what_the_feed_says_anew_is_read_anew(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 3, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        before = len(blog.asked)
        blog.pages["/2"] = post("고친 글")
        blog.pages["/rss"] = (200, RSS, feed(blog.url, 3, 2, 1, titles={2: "고친 글"}))
        result = crawl_once(here, **FAST)["blog"]
        assert blog.asked[before:] == ["/rss", "/2"]
    assert (result["edited"], titles(here)) == (1, ["고친 글", "글 1", "글 3"])


def test_a_silent_edit_of_a_new_post_is_found_within_the_day(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 3, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog.pages["/2"] = post("글 2", "아무 말 없이 고친 본문이다.")
        assert crawl_once(here, **later(hours=1))["blog"]["edited"] == 0
        assert crawl_once(here, **later(days=35))["blog"]["edited"] == 1  # its date is months ago: a month is soon


def test_more_new_posts_than_the_feed_holds_are_all_found(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        numbers = tuple(range(25, 0, -1))
        blog_of(blog, *numbers)
        blog.pages["/"] = front(*numbers[:15]).replace("</head>", '<link rel="next" href="/page/2"></head>')
        blog.pages["/page/2"] = listing(*(f"/{n}" for n in numbers[15:]))
        crawl_once(here, **FAST)
    assert titles(here) == texts(*numbers)


@pytest.mark.parametrize("answer", [(404, HTML, "gone"), (200, HTML, "<html><p>로그인</p></html>"), (410, HTML, "")])
def test_a_feed_that_is_no_more_is_replaced_by_the_front_page(tmp_path: Path, answer: Any) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog_of(blog, 3, 2, 1)
        blog.pages["/rss"] = answer
        result = crawl_once(here, **FAST)["blog"]
    assert (titles(here), result["failures"]) == (texts(1, 2, 3), [])


def test_a_feed_that_fails_is_told_and_the_next_poll_finds_the_news(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog.pages["/rss"] = (500, HTML, "")
        assert "answers 500" in crawl_once(here, **FAST)["blog"]["failures"][0]
        blog_of(blog, 3, 2, 1)
        assert crawl_once(here, **FAST)["blog"]["new"] == 1
    assert titles(here) == texts(1, 2, 3)


def test_half_a_feed_is_no_reason_to_wait_for_its_change(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 3, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog_of(blog, 5, 4, 3, 2, 1)
        whole = feed(blog.url, 5, 4, 3, 2, 1)
        blog.pages["/rss"] = (200, RSS | {"ETag": '"half"'}, whole[: whole.index("<title>글 4")])
        crawl_once(here, **FAST)
        blog.pages["/rss"] = (200, RSS | {"ETag": '"half"'}, whole)  # a proxy that broke off had the right validator
        crawl_once(here, **FAST)
    assert titles(here) == texts(1, 2, 3, 4, 5)


# --- servers that lie -----------------------------------


def test_a_server_that_says_as_before_to_everything(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1, ETag='"v1"')
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog_of(blog, 3, 2, 1, ETag='"v1"')  # new, but with the old validator
        assert crawl_once(here, **later(hours=1))["blog"]["new"] == 0
        assert crawl_once(here, **later(hours=25))["blog"]["new"] == 1  # once a day the whole feed is asked for
        blog.pages = dict.fromkeys(blog.pages, (304, {}, ""))
        told = crawl_once(here, **later(hours=51))["blog"]["failures"]
    assert "304" in str(told)
    assert titles(here) == texts(1, 2, 3)


def test_a_quiet_feed_is_asked_for_whole_once_a_day_and_else_conditionally(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1, ETag='"v1"')
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        begun = len(blog.asked)
        for hours in (1, 25, 26, 27, 51, 52):
            crawl_once(here, **later(hours=hours))
        asked = [(path, "if-none-match" in headers) for path, headers in zip(blog.asked, blog.headers, strict=True)]
    conditional = [condition for path, condition in asked[begun:] if path == "/rss"]
    assert conditional == [True, False, True, True, False, True]


# --- nothing is forgotten -----------------------------------


def test_another_address_of_a_stored_post_is_no_post_that_waits(tmp_path: Path) -> None:
    one, two = (
        post(f"글 {own}", f"{own}번 글의 본문이다.").replace("<head>", f'<head><link rel="canonical" href="{own}">')
        for own in ("/1", "/2")
    )
    pages = {"/": listing("/m/1", "/1", "/2"), "/m/1": one, "/1": one, "/2": two}
    with site(pages, host="127.0.0.21") as blog:
        here = workspace(tmp_path, blog=f"{blog.url}/")
        moafeed("crawl", "--limit", "1", cwd=here)
        assert "1 posts stored" in (told := moafeed("status", cwd=here).out)
        assert "1 posts wait for the next crawl" in told
        moafeed("crawl", cwd=here)
        assert "2 posts stored" in (told := moafeed("status", cwd=here).out)
        assert "wait for" not in told


def test_what_a_limit_left_is_read_by_the_next_crawls(tmp_path: Path) -> None:
    numbers = tuple(range(10, 0, -1))
    with site({}) as blog:
        blog_of(blog, *numbers)
        here = workspace(tmp_path, blog=blog.url + "/")
        waiting = [crawl_once(here, MOAFEED_POSTS=4, **FAST)["blog"]["waiting"] for _ in range(3)]
        read = [path for path in blog.asked if path[1:].isdigit()]
    assert waiting == [6, 2, 0]
    assert sorted(read, key=lambda path: int(path[1:])) == [f"/{n}" for n in sorted(numbers)]  # each once
    assert titles(here) == texts(*numbers)


def test_a_post_that_fell_out_of_the_feed_before_it_could_be_read(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        blog.pages["/2"] = (500, HTML, "")
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog_of(blog, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4)
        blog.pages["/2"] = post("글 2")
        crawl_once(here, **FAST)
    assert "글 2" in titles(here)


def test_a_protected_post_is_asked_for_again_only_when_it_changes(tmp_path: Path) -> None:
    locked = ('<html><head><meta property="og:type" content="article"><meta name="generator" content="tistory">'
              "<title>글 2</title></head><body><p>찾을 수 없습니다</p></body></html>")
    with site({}) as blog:
        blog_of(blog, 2, 1)
        blog.pages["/2"] = (404, HTML, locked)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        crawl_once(here, **FAST)
        assert blog.asked.count("/2") == 1
        assert "left alone" in moafeed("status", cwd=here).out  # and still told
        blog.pages["/2"] = post("열린 글")
        blog.pages["/rss"] = (200, RSS, feed(blog.url, 2, 1, titles={2: "열린 글"}))
        crawl_once(here, **FAST)
    assert "열린 글" in titles(here)


def test_a_page_that_nobody_could_read_is_tried_again_after_a_day_and_rarely(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        empty = '<html><head><meta property="og:type" content="article"></head><body></body></html>'
        blog.pages["/2"] = (200, HTML, empty)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        crawl_once(here, **later(hours=3))
        assert blog.asked.count("/2") == 1
        assert crawl_once(here, **later(hours=25))["blog"]["failures"] == []  # told when it was new, and by `status`
        crawl_once(here, **later(hours=50))
        assert blog.asked.count("/2") == 2
        assert "left alone" in moafeed("status", cwd=here).out
        blog.pages["/2"] = post("글 2")
        crawl_once(here, **later(days=4))
    assert titles(here) == texts(1, 2)


def test_a_page_that_is_named_and_not_there_is_asked_for_again_less_and_less_often(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        del blog.pages["/2"]
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        asked = [(crawl_once(here, **later(hours=hours)), blog.asked.count("/2"))[1] for hours in (25, 50, 75)]
    assert asked == [2, 2, 3]  # after a day, then after two more


def test_a_blog_that_moved_to_another_host_is_asked_there_alone(tmp_path: Path) -> None:
    with site({}) as old:
        blog_of(old, 3, 2, 1)
        old.pages["/2"] = (500, HTML, "")
        here = workspace(tmp_path, blog=old.url + "/")
        crawl_once(here, **FAST)
        with site({}, "127.0.0.5") as new:
            blog_of(new, 4, 3, 2, 1)
            (here / "sources/blog.toml").write_text(f'url = "{new.url}/"\n')
            before = len(old.asked)
            crawl_once(here, **FAST)
            assert old.asked[before:] == []
    assert {"글 2", "글 4"} <= set(titles(here))


# --- the way to the first post -----------------------------------


def deep(blog: Site, posts: int, each: int = 10) -> None:
    """A blog of many listing pages, whose feed holds the ten newest posts."""
    numbers = tuple(range(posts, 0, -1))
    blog_of(blog, *numbers)
    pages = [numbers[start : start + each] for start in range(0, posts, each)]
    for number, shown in enumerate(pages, 1):
        more = f'<link rel="next" href="/page/{number + 1}"></head>' if number < len(pages) else "</head>"
        text = (front if number == 1 else lambda *n: listing(*(f"/{i}" for i in n)))(*shown)
        blog.pages["/" if number == 1 else f"/page/{number}"] = text.replace("</head>", more, 1)


def test_a_walk_to_the_first_post_interrupted_five_times(tmp_path: Path) -> None:
    with site({}) as blog:
        deep(blog, 60)
        here = workspace(tmp_path, blog=blog.url + "/")
        for _ in range(5):
            crawl_once(here, MOAFEED_ALL=True, MOAFEED_POSTS=10, **FAST)
        said = moafeed("crawl", "--all", cwd=here).err
        read = [path for path in blog.asked if path[1:].isdigit()]
        assert len(read) == len(set(read)) == 60
        assert titles(here) == texts(*range(1, 61))
        assert "10 posts to read" in said
        before = len(blog.asked)
        moafeed("update", cwd=here)
        assert blog.since(before) == ["/rss"]  # from now on as any other


def test_a_blog_is_added_and_read_to_its_first_post_by_one_command(tmp_path: Path) -> None:
    with site({}) as blog:
        deep(blog, 30)
        here = workspace(tmp_path, other="http://127.0.0.1:9/")
        ran = moafeed("add", blog.url, "--name", "blog", "--all", cwd=here)
        assert "30 posts to read" in ran.err
        assert titles(here) == texts(*range(1, 31))


def test_a_usual_crawl_does_not_walk_to_the_first_post(tmp_path: Path) -> None:
    with site({}) as blog:
        deep(blog, 60)
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\npages = 2\n')
        crawl_once(here, **FAST)
        assert len(titles(here)) == 20
        moafeed("crawl", "blog", "--all", "--limit", "5", cwd=here)
        assert len(titles(here)) == 25


# --- the sitemap -----------------------------------


def sitemap(base: str, **changed: str) -> tuple[int, dict[str, str], str]:
    rows = "".join(f"<url><loc>{base}/{n[1:]}</loc><lastmod>{day}</lastmod></url>" for n, day in changed.items())
    text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    return 200, {"Content-Type": "application/xml"}, text


def tistory(page: str) -> str:
    """The same page as Tistory serves it."""
    marked = page.replace("<head>", '<head><meta name="twitter:site" content="@TISTORY">')
    return marked.replace("<p>", '<div class="tt_article_useless_p_margin"><p>').replace("</p>", "</p></div>")


def test_an_edit_beyond_the_feed_is_told_by_the_sitemap_within_a_day(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, *range(12, 0, -1))
        blog.pages["/"] = front(*range(12, 0, -1))
        blog.pages = {path: page if callable(page) else tistory(page) for path, page in blog.pages.items()}
        days = {f"n{n}": "2026-03-01" for n in range(1, 13)}
        blog.pages["/sitemap.xml"] = sitemap(blog.url, **days)
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nplatform = "tistory"\n')
        crawl_once(here, **FAST)
        assert "/sitemap.xml" not in blog.asked  # its posts have just been read
        crawl_once(here, **later(hours=25))
        assert blog.asked.count("/sitemap.xml") == 1
        blog.pages["/1"] = tistory(post("글 1", "오래된 글을 고쳤다. 두 번째 문장도 다르다."))
        blog.pages["/sitemap.xml"] = sitemap(blog.url, **(days | {"n1": "2026-11-20"}))
        before = len(blog.asked)
        result = crawl_once(here, **later(hours=50))["blog"]
    assert result["edited"] == 1
    assert blog.since(before).count("/1") == 1


def test_a_post_that_is_missing_twice_a_day_apart_leaves_the_feeds(tmp_path: Path) -> None:
    with site({}) as blog:
        numbers = tuple(range(12, 0, -1))
        blog_of(blog, *numbers)
        blog.pages["/"] = front(*numbers)
        blog.pages = {path: page if callable(page) else tistory(page) for path, page in blog.pages.items()}
        blog.pages["/sitemap.xml"] = sitemap(blog.url, **{f"n{n}": "2026-03-01" for n in numbers})
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nplatform = "tistory"\n')
        crawl_once(here, **FAST)
        del blog.pages["/2"]
        blog.pages["/sitemap.xml"] = sitemap(blog.url, **{f"n{n}": "2026-03-01" for n in numbers if n != 2})
        for hours, there in ((25, True), (30, True), (50, False)):
            assert crawl_once(here, **later(hours=hours))["blog"]["failures"] == []
            assert ("글 2" in titles(here)) is there, hours
        assert blog.asked.count("/2") == 3
        blog.pages["/2"] = tistory(post("글 2"))  # it was only hidden
        days = {f"n{n}": "2026-03-01" for n in numbers} | {"n2": "2026-11-25"}
        blog.pages["/sitemap.xml"] = sitemap(blog.url, **days)
        crawl_once(here, **later(hours=75))
        assert titles(here) == texts(*numbers)


def test_a_blog_that_loses_most_of_its_posts_at_once_loses_none_here(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, *range(10, 0, -1))
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        for number in range(1, 11):
            blog.pages[f"/{number}"] = (404, HTML, "")
        numbers, count = tuple(range(10, 0, -1)), iter(range(1000))
        renamed = (dict.fromkeys(numbers, f"{number}") for number in count)
        blog.pages["/rss"] = lambda: (200, RSS, feed(blog.url, *numbers, titles=next(renamed)))
        told = [crawl_once(here, **later(hours=hours))["blog"]["failures"] for hours in (25, 50, 75)]
    assert "gone at once" in str(told[0])
    assert titles(here) == texts(*range(1, 11))


# --- servers that want rest -----------------------------------


def test_a_wish_to_be_left_alone_holds_over_runs(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog.pages["/rss"] = (429, {"Retry-After": "3600"}, "")
        crawl_once(here, **FAST)
        blog_of(blog, 3, 2, 1)
        before = len(blog.asked)
        told = crawl_once(here, **later(minutes=50))["blog"]["failures"]
        assert blog.asked[before:] == []
        assert "left alone until" in told[0]
        crawl_once(here, **later(minutes=70))
    assert titles(here) == texts(1, 2, 3)


# --- the books -----------------------------------


def test_the_runs_are_listed_with_what_became_of_every_request(tmp_path: Path) -> None:
    with site({}) as blog:
        blog_of(blog, 2, 1)
        here = workspace(tmp_path, blog=blog.url + "/")
        crawl_once(here, **FAST)
        blog.pages["/rss"] = (500, HTML, "")
        crawl_once(here, **FAST)
    shown = moafeed("runs", cwd=here).out.splitlines()
    assert [line.split()[0] for line in shown[1:]] == ["2", "1"]
    assert "blog" in shown[1]
    assert '"new": 2' in moafeed("runs", "--json", cwd=here).out
