"""For how long a server says that its feed is good, and when the blog is due then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import workspace
from crawl_once import crawl_once
from scrapy.http import Response
from small_site import listing, post, site

from crawler.manners.freshness import fresh_seconds
from pipelines.store import Store

FRESH_POST = datetime(2026, 3, 1, 0, 20, tzinfo=UTC)
"""Twenty minutes after the posts of `small_site`: their blog is due in less than three hours, if nobody says more."""


@pytest.mark.parametrize(("said", "seconds"), [
    ({"Cache-Control": "max-age=600"}, 600),
    ({"Cache-Control": "Public, Max-Age = 600 , must-revalidate"}, 600),
    ({"Cache-Control": 'max-age="600"'}, 600),
    ({"Cache-Control": "max-age=600", "Age": "200"}, 400),
    ({"Cache-Control": "max-age=600", "Age": "9000"}, 0),
    ({"Cache-Control": "max-age=600", "Age": "-1"}, 600),
    ({"Cache-Control": ["max-age=900", "max-age=600"]}, 600),
    ({"Cache-Control": "s-maxage=600"}, 0),
    ({"Cache-Control": "max-age=0, s-maxage=86400"}, 0),
    ({"Cache-Control": "no-cache, no-store, max-age=0"}, 0),
    ({"Cache-Control": "max-age=600, no-cache"}, 0),
    ({"Cache-Control": "max-age=-5"}, 0),
    ({"Cache-Control": "max-age=soon"}, 0),
    ({"Cache-Control": "max-age=31536000, immutable"}, 0),
    ({"Cache-Control": f"max-age={'9' * 5000}"}, 0),
    ({"Cache-Control": "x-max-age=600"}, 0),
    ({"Cache-Control": ""}, 0),
    ({"Expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, 0),
    ({}, 0),
])  # fmt: skip
def test_what_a_server_can_say_of_it(said: dict[str, str | list[str]], seconds: int) -> None:
    assert fresh_seconds(Response("https://dal.kr/rss", headers=said)) == seconds


def wait(here: Path) -> timedelta:
    """After how long the blog is due again."""
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        poll = store.memory.polls()["blog"]
    return poll.due - poll.polled


@pytest.mark.parametrize("more", ["", '[request]\nheaders = { X-Reader = "1" }\n'], ids=["quiet", "engine"])
def test_a_blog_is_due_when_its_servers_word_is_over(tmp_path: Path, more: str) -> None:
    """Asked beside the engine and by it: a 304 says it anew, or leaves what was said last."""
    with site({}, host="127.0.0.63") as blog:
        rss = f"<rss version='2.0'><channel><title>b</title><item><link>{blog.url}/1</link></item></channel></rss>"
        named = '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
        blog.pages |= {"/1": post("글 1"), "/": listing("/1").replace("</head>", named)}
        here = workspace(tmp_path, blog=f'url = "{blog.url}/"\n{more}')

        def after_a_crawl(minutes: int, said: str | None) -> timedelta:
            headers = {"Content-Type": "application/rss+xml", "ETag": '"1"'} | ({"Cache-Control": said} if said else {})
            blog.pages["/rss"] = (200, headers, rss)
            clock = FRESH_POST + timedelta(minutes=minutes)
            assert crawl_once(here, MOAFEED_CLOCK=clock.isoformat())["blog"]["failures"] == []
            return wait(here)

        assert after_a_crawl(0, None) < timedelta(hours=3)
        assert after_a_crawl(1, "max-age=14400") == timedelta(hours=4)
        assert after_a_crawl(2, None) == timedelta(hours=4)
        assert after_a_crawl(3, "max-age=86400") == timedelta(hours=5)
        assert after_a_crawl(4, "no-cache, no-store, max-age=0") < timedelta(hours=3)
    assert blog.statuses[-4:] == [304] * 4
    assert blog.asked[-4:] == ["/rss"] * 4
