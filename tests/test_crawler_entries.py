"""A source whose own feed holds its posts whole: they are taken from there, and no page is asked for."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from command_line import moafeed, workspace
from crawl_once import crawl_once, days_later
from small_site import Site, listing, post, site

from crawler.discovery import feed_posts

HEAD = ('<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>블로그</title>')  # fmt: skip
FAST = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}


def item(blog: Site, number: int, body: str) -> str:
    return (f"<item><title>글 {number}</title><link>{blog.url}/{number}</link><guid>{blog.url}/{number}</guid>"
            f"<dc:creator>보리</dc:creator><category>산책</category>"
            f"<pubDate>Sun, 0{number} Mar 2026 09:00:00 +0900</pubDate>"
            f"<description>짧게</description><content:encoded>{escape(body)}</content:encoded></item>")  # fmt: skip


def body(number: int, more: str = "") -> str:
    return f'<p onclick="x()">{number}번째 글이다. {"길게 쓴 문단이다. " * 20}{more}</p><img src="/{number}.png">'


def publish(blog: Site, *items: str) -> None:
    blog.pages["/rss"] = (200, {"Content-Type": "application/rss+xml"}, f"{HEAD}{''.join(items)}</channel></rss>")


def test_a_feed_that_holds_posts_whole_is_all_that_is_asked_for(tmp_path: Path) -> None:
    with site({}) as blog:
        blog.pages["/"] = listing("/1", "/2").replace("</head>", '<link rel="alternate" type="application/rss+xml"'
                                                      ' href="/rss"></head>')  # fmt: skip
        publish(blog, *(item(blog, number, body(number)) for number in (2, 1)))
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nentries = "whole"\n')
        moafeed("update", cwd=here)
        assert sorted(blog.asked) == ["/", "/robots.txt", "/rss"]
        feed = (here / "public/blog.rss").read_text("utf-8")
        assert re.findall(r"<pubDate>(.*?)</pubDate>", feed) == ["Mon, 02 Mar 2026 00:00:00 +0000",
                                                                "Sun, 01 Mar 2026 00:00:00 +0000"]  # fmt: skip
        assert "2번째 글이다." in feed
        assert f'src="{blog.url}/2.png"' in feed
        assert "onclick" not in feed
        assert "<dc:creator>보리</dc:creator>" in feed
        assert "<category>산책</category>" in feed
        before = len(blog.asked)
        publish(blog, item(blog, 3, body(3)), item(blog, 2, body(2, "고친 말.")), item(blog, 1, body(1)))
        crawl_once(here, **FAST, **days_later(3))
        moafeed("build", cwd=here)
        assert set(blog.asked[before:]) <= {"/robots.txt", "/rss"}
        feed = (here / "public/blog.rss").read_text("utf-8")
        assert feed.count("<item>") == 3
        assert "고친 말." in feed


def test_an_entry_without_text_is_read_from_its_page(tmp_path: Path) -> None:
    with site({}) as blog:
        blog.pages["/"] = listing("/1").replace("</head>", '<link rel="alternate" type="application/rss+xml"'
                                                ' href="/rss"></head>')  # fmt: skip
        blog.pages["/2"] = post("글 2", "이 글은 제 쪽에만 있다. " * 20)
        bare = f"<item><title>글 2</title><link>{blog.url}/2</link></item>"
        publish(blog, bare, item(blog, 1, body(1)))
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\nentries = "whole"\n')
        moafeed("update", cwd=here)
        assert sorted(blog.asked) == ["/", "/2", "/robots.txt", "/rss"]
        feed = (here / "public/blog.rss").read_text("utf-8")
        assert "이 글은 제 쪽에만 있다." in feed
        assert "1번째 글이다." in feed


def test_every_format_gives_the_words_of_an_entry() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>a:1</id><title>글</title>
        <link href="https://a.example/1"/><updated>2026-03-02T00:00:00Z</updated><author><name>보리</name></author>
        <category term="walk" label="산책"/><content type="html">&lt;p&gt;글이다.&lt;/p&gt;</content></entry>
        <entry><id>a:2</id><title>둘</title><link href="https://a.example/2"/><summary>1 &lt; 2</summary>
        </entry></feed>"""
    json = """{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "title": "글",
        "url": "https://a.example/1", "content_html": "<p>글이다.</p>", "authors": [{"name": "보리"}],
        "date_modified": "2026-03-02T00:00:00Z", "tags": ["산책"]}]}"""
    for document in (atom, json, atom.replace("<title>t</title>", "<title>t & u</title>")):
        words = feed_posts(document.encode(), "https://a.example/feed")[0].words
        assert words is not None
        assert (words.body, words.author, words.categories) == ("<p>글이다.</p>", "보리", ("산책",))
        assert words.updated == "2026-03-02T00:00:00Z"
    (_, second) = feed_posts(atom.encode(), "https://a.example/feed")
    assert second.words is not None
    assert second.words.body == "1 &lt; 2"
