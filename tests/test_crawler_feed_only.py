"""A source's feed that its file names, and sources that have nothing but their feed."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html import escape
from pathlib import Path

import pytest
from command_line import files, moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import Site, listing, post, site

FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}
BROKEN = (500, {"Content-Type": "text/html"}, "this page is broken")
KINDS = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


def text(number: int, more: str = "") -> str:
    return f'<p>{number}번째 글이다. {"길게 쓴 문단이다. " * 9}{more}</p><img src="/{number}.png" alt="그림">'


def rss(url: str, posts: dict[int, str]) -> str:
    items = "".join(
        f"<item><title>글 {n}</title><link>{url}/{n}</link><guid>{url}/?p={n}</guid>"
        f"<pubDate>Sun, 0{n} Mar 2026 09:00:00 +0900</pubDate><description>{escape(body)}</description></item>"
        for n, body in posts.items()
    )
    return (f'<rss version="2.0"><channel><title>피드뿐인 &amp; 블로그</title><link>{url}/</link>'
            f"<description>글만 있다</description><language>ko</language>{items}</channel></rss>")  # fmt: skip


def atom(url: str, posts: dict[int, str]) -> str:
    entries = "".join(
        f'<entry><title>글 {n}</title><link href="{url}/{n}"/><id>tag:blog.example,2026:{n}</id>'
        f"<published>2026-03-0{n}T00:00:00Z</published><updated>2026-03-0{n}T00:00:00Z</updated>"
        f'<content type="html">{escape(body)}</content></entry>'
        for n, body in posts.items()
    )
    return (f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>피드뿐인 &amp; 블로그</title>'
            f'<subtitle>글만 있다</subtitle><link href="{url}/"/>{entries}</feed>')  # fmt: skip


def json_feed(url: str, posts: dict[int, str]) -> str:
    items = [
        {"id": f"{n}", "url": f"{url}/{n}", "title": f"글 {n}", "content_html": body,
         "date_published": f"2026-03-0{n}T00:00:00Z"}
        for n, body in posts.items()
    ]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "피드뿐인 & 블로그", "language": "ko",
                       "description": "글만 있다", "home_page_url": f"{url}/", "items": items})  # fmt: skip


WRITERS = {"rss": rss, "atom": atom, "json": json_feed}


def publish(blog: Site, kind: str, posts: dict[int, str], path: str = "/feed") -> None:
    for page in ("/", "/1", "/2", "/3", "/sitemap.xml"):
        blog.pages[page] = BROKEN
    blog.pages[path] = (200, {"Content-Type": KINDS[kind]}, WRITERS[kind](blog.url, posts))


def entries(here: Path, name: str = "blog") -> dict[str, str]:
    """What subscribers have: guid by link."""
    feed = (here / f"public/{name}.rss").read_text("utf-8")
    items = re.findall(r"<item>.*?</item>", feed, re.DOTALL)
    return {re.search("<link>(.*?)<", i)[1]: re.search("<guid.*?>(.*?)<", i)[1] for i in items}  # type: ignore[index]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("form", ["front and feed", "feed alone"])
def test_the_entries_of_a_feed_are_its_posts_and_one_request_is_a_poll(tmp_path: Path, kind: str, form: str) -> None:
    with site({}) as blog:
        publish(blog, kind, {2: text(2), 1: text(1)})
        own = f'url = "{blog.url}/feed"\n'
        own = own if form == "feed alone" else f'url = "{blog.url}/"\n{own.replace("url", "feed")}'
        here = workspace(tmp_path, blog=own + 'platform = "feed-only"\n')
        moafeed("update", cwd=here)
        assert blog.asked == ["/robots.txt", "/feed"]
        feed = (here / "public/blog.rss").read_text("utf-8")
        assert "<title>피드뿐인 &amp; 블로그</title>" in feed
        assert f"<link>{blog.url}/</link>" in feed
        assert "글만 있다" in feed
        assert "2번째 글이다." in feed
        assert f'src="{blog.url}/2.png"' in feed
        assert "Sun, 01 Mar 2026 00:00:00 +0000" in feed
        before = entries(here)
        assert list(before) == [f"{blog.url}/2", f"{blog.url}/1"]

        asked = len(blog.asked)
        publish(blog, kind, {3: text(3), 2: text(2, "고친 말."), 1: text(1)})
        (result,) = crawl_once(here, **FAST, **days_later(3)).values()
        assert blog.since(asked) == ["/feed"]
        assert (result["new"], result["edited"], result["failures"]) == (1, 1, [])
        moafeed("build", cwd=here)
        after = entries(here)
        assert list(after) == [f"{blog.url}/3", f"{blog.url}/2", f"{blog.url}/1"]
        assert after | before == after
        assert "고친 말." in (here / "public/blog.rss").read_text("utf-8")
        assert "고친 말" in moafeed("log", f"{blog.url}/2", cwd=here).out

        asked, published = len(blog.asked), files(here / "public")
        (result,) = crawl_once(here, **FAST, **days_later(9)).values()
        moafeed("build", cwd=here)
        assert blog.since(asked) == ["/feed"]
        assert (result["unmodified"], result["failures"]) == (1, [])
        assert files(here / "public") == published


def test_what_a_crawl_left_behind_is_taken_from_the_feed_though_it_is_as_before(tmp_path: Path) -> None:
    with site({}) as blog:
        publish(blog, "rss", {2: text(2), 1: text(1)})
        blog.pages["/feed"][1]["ETag"] = '"as ever"'
        here = workspace(tmp_path, blog=f'url = "{blog.url}/feed"\nplatform = "feed-only"\n')
        moafeed("update", cwd=here)
        with closing(sqlite3.connect(here / "state/moafeed.db")) as store, store:  # as a kill leaves it
            store.execute("UPDATE addresses SET wanted = 1 WHERE url LIKE '%/2'")
        for unmodified, unchanged in ((0, 1), (1, 0)):
            (result,) = crawl_once(here, **FAST).values()
            assert (result["unmodified"], result["unchanged"], result["waiting"]) == (unmodified, unchanged, 0)
        assert sorted(set(blog.asked)) == ["/feed", "/robots.txt"]


def test_an_entry_that_can_not_be_kept_is_let_go_of_when_it_has_left_the_feed(tmp_path: Path) -> None:
    with site({}) as blog:
        publish(blog, "rss", {2: "", 1: text(1)})
        blog.pages["/feed"] = (*blog.pages["/feed"][:2], blog.pages["/feed"][2].replace("글 2", ""))
        here = workspace(tmp_path, blog=f'url = "{blog.url}/feed"\nplatform = "feed-only"\n')
        moafeed("update", cwd=here)
        assert list(entries(here)) == [f"{blog.url}/1"]  # an entry without title and text is no post
        publish(blog, "rss", {1: text(1)})
        for day in (3, 6):
            asked = len(blog.asked)
            (result,) = crawl_once(here, **FAST, **days_later(day)).values()
            assert blog.since(asked) == ["/feed"]
            assert (result["waiting"], result["failures"]) == (0, [])


def test_a_feed_of_titles_and_teasers_is_kept_as_long_as_it_is(tmp_path: Path) -> None:
    with site({}) as blog:
        publish(blog, "rss", {2: "짧은 소개", 1: ""})
        here = workspace(tmp_path, blog=f'url = "{blog.url}/feed"\nplatform = "feed-only"\n')
        moafeed("update", cwd=here)
        feed = (here / "public/blog.rss").read_text("utf-8")
        assert blog.asked == ["/robots.txt", "/feed"]
        assert "짧은 소개" in feed
        assert "<title>글 1</title>" in feed


def test_posts_may_be_anywhere_on_the_web(tmp_path: Path) -> None:
    with site({}) as blog:
        blog.pages["/feed"] = (200, {"Content-Type": KINDS["rss"]}, rss("https://elsewhere.example", {1: text(1)}))
        here = workspace(tmp_path, blog=f'url = "{blog.url}/feed"\nplatform = "feed-only"\n')
        moafeed("update", cwd=here)
        assert list(entries(here)) == ["https://elsewhere.example/1"]


@pytest.mark.parametrize("answer", [(404, {}, ""), (500, {}, ""), (200, {"Content-Type": "text/html"}, listing("/1"))])
def test_a_feed_that_is_none_is_a_failure_and_no_page_is_asked_for(tmp_path: Path, answer: object) -> None:
    with site({}) as blog:
        publish(blog, "rss", {1: text(1)})
        blog.pages["/feed"] = answer
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nfeed = "{blog.url}/feed"\nplatform = "feed-only"\n')
        (result,) = crawl_once(here, **FAST).values()
        assert blog.asked == ["/robots.txt", "/feed"]
        assert len(result["failures"]) == 1
        assert result["failures"][0].startswith(f"{blog.url}/feed: ")


def test_the_feed_that_a_file_names_goes_before_what_pages_say(tmp_path: Path) -> None:
    with site({}) as blog, site({}) as other:
        link = '<link rel="alternate" type="application/rss+xml" href="/wrong">'
        wrong = listing("/1").replace("</head>", f"{link}</head>")
        blog.pages |= {"/": wrong, "/1": post("글 1"), "/2": post("글 2", "피드에만 있는 글이다.")}
        blog.pages["/wrong"] = (200, {"Content-Type": KINDS["rss"]}, rss(blog.url, {3: text(3)}))
        other.pages["/moved"] = (301, {"Location": "/rss"}, "")
        other.pages["/rss"] = (200, {"Content-Type": KINDS["rss"], "ETag": '"1"'}, rss(blog.url, {2: text(2)}))
        away = other.url.replace("127.0.0.1", "localhost")
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nfeed = "{away}/moved"\n')
        moafeed("update", cwd=here)
        assert sorted(blog.asked) == ["/", "/1", "/2", "/robots.txt"]
        assert "피드에만 있는 글이다." in (here / "public/blog.rss").read_text("utf-8")
        asked, there = len(blog.asked), len(other.asked)
        crawl_once(here, MOAFEED_RECHECK=0, **FAST, **days_later(0.1))
        assert blog.since(asked) == []
        assert other.since(there) == ["/rss"]
        assert other.statuses[-1] == 304

        other.pages["/rss"] = (404, {}, "")
        (result,) = crawl_once(here, MOAFEED_RECHECK=0, **FAST, **days_later(0.2)).values()
        assert [line.split(": ")[0] for line in result["failures"]] == [f"{away}/rss"]
        assert "/" in blog.since(asked)  # the front page names posts too


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_add_takes_the_address_of_a_feed_for_what_it_is(tmp_path: Path, kind: str) -> None:
    with site({}) as blog:
        publish(blog, kind, {2: text(2), 1: text(1)})
        here = workspace(tmp_path)
        assert "글 2" in moafeed("preview", f"{blog.url}/feed", cwd=here).out
        added = moafeed("add", f"{blog.url}/feed", "--name", "blog", cwd=here).out
        assert "피드뿐인 & 블로그" in added
        assert "read as feed-only" in added
        assert sorted(set(blog.asked)) == ["/", "/feed", "/robots.txt"]  # whether the site it names has pages to read
        asked = len(blog.asked)
        moafeed("update", cwd=here)
        assert len(entries(here)) == 2
        assert set(blog.asked[asked:]) == {"/feed", "/robots.txt"}
        assert "is there already" in moafeed("add", f"{blog.url}/feed", cwd=here, code=2).err


def test_a_file_with_a_feed_for_a_front_page_is_told_what_to_write(tmp_path: Path) -> None:
    with site({}) as blog:
        publish(blog, "rss", {1: text(1)})
        here = workspace(tmp_path, blog=f"{blog.url}/feed")
        assert 'is a feed; write platform = "feed-only"' in moafeed("update", cwd=here, code=1).err


def test_two_feeds_of_one_site_are_two_sources(tmp_path: Path) -> None:
    with site({}) as blog:
        publish(blog, "rss", {1: text(1)})
        publish(blog, "atom", {2: text(2)}, path="/other")
        own = f'url = "{blog.url}/"\nplatform = "feed-only"\nfeed = "{blog.url}'
        here = workspace(tmp_path, one=f'{own}/feed"\n', two=f'{own}/other"\n', three=f'{own}/other"\n')
        ran = moafeed("update", cwd=here, code=2)
        assert "has the same" in ran.err
        assert "one.toml" not in ran.err
        assert list(entries(here, "one")) == [f"{blog.url}/1"]
