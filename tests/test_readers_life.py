"""The life of a feed as its subscribers count it: the demo's and a real blog's, from `update` to real readers."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from command_line import moafeed, workspace
from feeds_fixtures import Served, served
from lxml import etree
from reader_clients import need, newsboat, node, reader_of
from test_crawler_real_input import FOUND, Blog, record

from crawler.demo import DemoBlog, demo_posts

TITLES = sorted(post.title for post in demo_posts())
COUNT = len(TITLES)


class Subscription:
    """A workspace whose output folder is served: what `moafeed update` and a web server are together."""

    def __init__(self, here: Path, site: Served) -> None:
        self.here, self.site = here, site

    def update(self, *args: object, code: int | None = 0) -> None:
        moafeed("update", *args, cwd=self.here, code=code)

    def follow(self, address: str) -> None:
        (self.here / "sources/blog.toml").write_text(f'url = "{address}"\n', encoding="utf-8")

    def url(self, suffix: str) -> str:
        return f"{self.site.url}blog.{suffix}"


@pytest.fixture
def subscription(tmp_path: Path) -> Iterator[Subscription]:
    here = workspace(tmp_path / "ws")
    (here / "public").mkdir()
    with served(here / "public") as site:
        (here / "moafeed.toml").write_text(f'base_url = "{site.url}"\n[feeds.all]\n', encoding="utf-8")
        yield Subscription(here, site)


def test_every_reader_counts_a_life_of_the_demo_feed_right(subscription: Subscription) -> None:
    polls: dict[str, Callable[[], Any]] = {s: reader_of(subscription.url(s))[1] for s in ("rss", "atom", "json")}

    def poll() -> set[Any]:
        return {look() for look in polls.values()}

    with DemoBlog() as blog:
        subscription.follow(blog.url + "/")
        subscription.update()
        assert poll() == {(COUNT, 0, 0)}
        subscription.update()
        assert poll() == {None}  # nothing new, and not a byte more than that was sent
        _publish_one(blog)
        subscription.update()
        assert poll() == {(1, 0, COUNT)}
        blog.edit(demo_posts()[0].id, title="고친 제목")
        subscription.update()
        assert poll() == {(0, 1, COUNT)}
        moved = blog.posts
    with DemoBlog(moved) as elsewhere:
        subscription.follow(elsewhere.url + "/")
        subscription.update()
        for new, _, _ in poll():
            assert new == 0  # every address changed, no post is new


def _publish_one(blog: DemoBlog) -> None:
    newest = max(demo_posts(), key=lambda post: post.published)
    blog.publish(replace(newest, id=900, title="막 올라온 글", slug="막-올라온-글", updated=None,
                         published=newest.published + timedelta(days=1)))


@pytest.mark.readers
@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_newsboat_reloads_the_demo_feed_four_times(subscription: Subscription, tmp_path: Path, suffix: str) -> None:
    reload = newsboat(tmp_path / "newsboat", subscription.url(suffix))
    with DemoBlog() as blog:
        subscription.follow(blog.url + "/")
        subscription.update()
        first = reload()
        assert sorted(item["title"] for item in first) == TITLES
        reload()  # it keeps validators from its second reload on
        third = reload()
        _publish_one(blog)
        subscription.update()
        fourth = reload()
    assert [status for path, status in subscription.site.answers if path == f"/blog.{suffix}"] == [200, 200, 304, 200]
    assert [sum(item["unread"] for item in items) for items in (first, third, fourth)] == [COUNT, COUNT, COUNT + 1]
    assert fourth[0]["title"] == "막 올라온 글"


@pytest.mark.readers
def test_parsers_read_the_demo_feeds_whole(subscription: Subscription) -> None:
    with DemoBlog() as blog:
        subscription.follow(blog.url + "/")
        subscription.update()
    _check_documents(subscription, TITLES)
    opml = etree.parse(subscription.here / "public/feeds.opml")
    assert opml.xpath("//outline/@xmlUrl") == [subscription.site.url + name for name in ("all.rss", "blog.rss")]


def _check_documents(subscription: Subscription, titles: list[str]) -> None:
    for suffix in ("rss", "atom"):
        read = feedparser.parse(subscription.url(suffix))
        assert not read.bozo, read.get("bozo_exception")
        assert sorted(entry.title for entry in read.entries) == titles
        assert all(entry.id and entry.published_parsed and entry.author for entry in read.entries)
        assert feedparser.parse(subscription.url(suffix), etag=read.etag).status == 304
        items = node("rss-parser", subscription.url(suffix))["found"]["items"]
        assert sorted(item["title"] for item in items) == titles
        assert all(isinstance(name, str) for item in items for name in item.get("categories", []) if suffix == "rss")
    for suffix, name in (("rss", "items"), ("atom", "entries"), ("json", "items")):
        found = node("feedsmith", subscription.url(suffix))["found"]["feed"][name]
        assert sorted(item["title"]["value"] if suffix == "atom" else item["title"] for item in found) == titles
    grammar = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
    for name in ("blog.atom", "all.atom"):
        grammar.assertValid(etree.parse(subscription.here / "public" / name))
    need(shutil.which("xmllint"), "xmllint", "apt-get install libxml2-utils")
    documents = [p for p in (subscription.here / "public").iterdir() if p.suffix in {".rss", ".atom", ".opml"}]
    subprocess.run(["xmllint", "--noout", *documents], check=True)


@pytest.mark.readers
@pytest.mark.parametrize("blog", [param for param in FOUND if len(getattr(param.values[0], "posts", "12")) > 1])
def test_every_reader_counts_a_real_blogs_posts_right(subscription: Subscription, tmp_path: Path, blog: Blog) -> None:
    site = record(blog, tmp_path / "site")
    truth = {url: page["ground_truth"]["title"] for url, page in blog.posts.items()}
    newest, index = next(iter(truth)), json.loads((site / "index.json").read_text("utf-8"))
    earlier = {"recorded": index["recorded"], "pages": {u: p for u, p in index["pages"].items() if u != newest}}
    # A page that its list names and that is not there is asked for again when a day has passed.
    later = index | {"recorded": (datetime.fromisoformat(index["recorded"]) + timedelta(days=2)).isoformat()}
    subscription.follow(blog.home)
    polls = {s: reader_of(subscription.url(s))[1] for s in ("rss", "atom", "json")}

    def update_and_poll(pages: dict[str, Any]) -> set[Any]:
        (site / "index.json").write_text(json.dumps(pages), encoding="utf-8")
        subscription.update("--replay", site, code=None)  # 1 where the listing names pages that nobody saved
        return {look() for look in polls.values()}

    assert update_and_poll(earlier) == {(len(truth) - 1, 0, 0)}
    assert update_and_poll(earlier) == {None}
    assert update_and_poll(later) == {(1, 0, len(truth) - 1)}
    _check_documents(subscription, sorted(truth.values()))
