"""What people read feeds with, reading ours: real clients over real HTTP on the loopback interface."""

from __future__ import annotations

import json
import sqlite3
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from feeds_fixtures import START, Served, Shelf, combined, feed, post, posts, served
from reader_clients import newsboat, node, reader_of

from feeds.build import build

HERE = Path(__file__).parent
TITLE = "{}번째 기록: HTML <b>태그</b>와 <div> &nbsp; 이야기 👩‍💻"


class Blog:
    """A blog whose feeds are published in a served folder, as after each `moafeed update`."""

    def __init__(self, site: Served, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.shelf = Shelf(posts(3))
        self.publish()

    def publish(self) -> None:
        base = {"base_url": self.site.url}
        build(self.shelf, [feed(**base), combined(**base)], self.folder, "모음")

    def url(self, name: str) -> str:
        return self.site.url + name

    def statuses(self, name: str) -> list[int]:
        return [status for path, status in self.site.answers if path == f"/{name}"]


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Blog]:
    folder = tmp_path / "out"
    folder.mkdir()
    with served(folder) as site:
        yield Blog(site, folder)


# --- feedparser: the parser behind many readers


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_reads_every_field(blog: Blog, suffix: str):
    import feedparser

    found = feedparser.parse(blog.url(f"bori.{suffix}"))
    assert found.bozo == 0
    assert found.status == 200
    assert found.encoding == "utf-8"
    assert (found.feed.title, found.feed.subtitle, found.feed.link) == (
        "보리의 개발 <노트>",
        "파이썬 & 크롤링",
        "https://bori.example.org/",
    )
    assert (found.feed.language, found.feed.generator) == ("ko", "moafeed")
    assert timegm(found.feed.updated_parsed) == (START + timedelta(days=2)).timestamp()
    assert {link.rel: link.href for link in found.feed.links}["self"] == blog.url(f"bori.{suffix}")
    assert [entry.title for entry in found.entries] == [TITLE.format(number) for number in (3, 2, 1)]
    _check_first_post(found.entries[2])


def _check_first_post(entry: Any) -> None:
    assert entry.id == "tag:bori.example.org,2026:1"
    assert entry.link == "https://bori.example.org/1"
    assert entry.author == "보리"
    assert timegm(entry.published_parsed) == (START + timedelta(hours=1)).timestamp()
    assert [tag.term for tag in entry.tags] == ["개발", "파이썬", "크롤링", "RSS & Atom"]
    assert unescape(entry.summary) == "1번째 글의 첫 문장이다. 1 < 2 & 3 > 2."
    body = entry.content[0].value
    assert "<h2>둘째 문단</h2>" in body
    assert "if a[0]]&gt;b &amp;&amp; c:" in body
    assert "data-ke" not in body
    assert entry.media_thumbnail == [{"url": "https://img.example.org/1.png"}]
    assert [(media.href, media.type, media.length) for media in entry.enclosures] == [
        ("https://media.example.org/1.mp3", "audio/mpeg", "12345")
    ]


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_is_answered_304_by_either_validator(blog: Blog, suffix: str):
    import feedparser

    url = blog.url(f"bori.{suffix}")
    first = feedparser.parse(url)
    assert feedparser.parse(url, etag=first.etag).status == 304
    assert feedparser.parse(url, modified=first.modified).status == 304
    blog.shelf.kept.append(post(4))
    blog.publish()
    again = feedparser.parse(url, etag=first.etag, modified=first.modified)
    assert (again.status, len(again.entries)) == (200, 4)


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_feedparser_sees_where_entries_of_a_combined_feed_come_from(blog: Blog, suffix: str):
    import feedparser

    found = feedparser.parse(blog.url(f"all.{suffix}"))
    assert found.bozo == 0
    assert [entry.source.title for entry in found.entries] == ["보리의 개발 노트"] * 3


# --- lemon24/reader: counts what is new and what changed


@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_reader_polls(blog: Blog, suffix: str):
    url = blog.url(f"bori.{suffix}")
    reader, poll = reader_of(url)
    assert poll() == (3, 0, 0)
    blog.publish()
    assert poll() is None
    assert blog.statuses(f"bori.{suffix}") == [200, 304]
    blog.shelf.kept.append(post(4))
    blog.publish()
    assert poll() == (1, 0, 3)
    edit = {"updated": START + timedelta(days=9), "content_html": "<p>고쳐 썼다.</p>"}
    blog.shelf.kept[0] = replace(blog.shelf.kept[0], **edit)
    blog.publish()
    assert poll() == (0, 1, 3)
    _check_entries(reader, url)


def _check_entries(reader: Any, url: str) -> None:
    assert reader.get_feed(url).title == "보리의 개발 <노트>"
    entries = {entry.id: entry for entry in reader.get_entries()}
    assert len(entries) == 4
    first, edited = entries["tag:bori.example.org,2026:1"], entries["tag:bori.example.org,2026:3"]
    assert (first.title, first.authors_str, first.link) == (TITLE.format(1), "보리", "https://bori.example.org/1")
    assert first.published.astimezone(UTC) == START + timedelta(hours=1)
    assert [(media.href, media.type, media.length) for media in first.enclosures] == [
        ("https://media.example.org/1.mp3", "audio/mpeg", 12345)
    ]
    assert edited.get_content(prefer_summary=False).value == "<p>고쳐 썼다.</p>"


# --- newsboat: a reader of its own make, in C++


@pytest.mark.readers
@pytest.mark.parametrize("name", ["bori.rss", "all.atom"])
def test_newsboat_reloads_four_times(blog: Blog, tmp_path: Path, name: str):
    reload = newsboat(tmp_path / "newsboat", blog.url(name))
    first = reload()
    reload()  # it keeps validators from its second reload on
    third = reload()
    blog.shelf.kept.append(post(4))
    blog.publish()
    fourth = reload()
    assert blog.statuses(name) == [200, 200, 304, 200]
    assert [sum(item["unread"] for item in items) for items in (first, third, fourth)] == [3, 3, 4]
    assert [item["guid"].rpartition(":")[2] for item in fourth] == ["4", "3", "2", "1"]
    _check_newsboat_item(fourth[3])


def _check_newsboat_item(item: sqlite3.Row) -> None:
    assert item["url"] == "https://bori.example.org/1"
    assert item["author"] == "보리"
    assert item["pubDate"] == (START + timedelta(hours=1)).timestamp()
    assert "HTML <b>태그</b>와 <div>" in item["title"]
    assert "둘째 문단" in item["content"]
    assert (item["enclosure_url"], item["enclosure_type"]) == ("https://media.example.org/1.mp3", "audio/mpeg")


# --- the npm world: a parser that types every field, and the one most programs use


@pytest.mark.readers
@pytest.mark.parametrize(
    ("parser", "name"),
    [
        *(("feedsmith", name) for name in ("bori.rss", "bori.atom", "bori.json", "all.rss", "all.atom", "all.json")),
        *(("rss-parser", name) for name in ("bori.rss", "bori.atom", "all.rss", "all.atom")),
    ],
)
def test_npm_parsers_find_every_field(blog: Blog, parser: str, name: str, request: pytest.FixtureRequest):
    read = json.dumps(node(parser, blog.url(name)), ensure_ascii=False, indent=1, sort_keys=True)
    read = read.replace(blog.site.url, "https://feeds.example.org/out/") + "\n"
    golden = HERE / "golden" / f"feed-{parser}-{name.replace('.', '-')}.json"
    missing = not golden.exists()
    if missing or request.config.getoption("--update-golden", default=False):
        golden.write_text(read, encoding="utf-8")
    assert not missing, f"{golden} was missing and is written now: look at it, then run again"
    assert read == golden.read_text(encoding="utf-8")


@pytest.mark.readers
def test_naive_parsers_see_categories_as_plain_names(blog: Blog):
    items = node("rss-parser", blog.url("bori.rss"))["found"]["items"]
    assert items[0]["categories"] == ["개발", "파이썬", "크롤링", "RSS & Atom"]
    assert items[0]["title"] == TITLE.format(3)
    assert items[0]["creator"] == "보리"
    assert datetime.fromisoformat(items[0]["isoDate"]) == START + timedelta(hours=3)
