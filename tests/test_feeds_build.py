"""A build: from stored posts to the files of the output folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from feeds_fixtures import Shelf, combined, feed, post, posts
from lxml import etree, html

from feeds import opml
from feeds.build import build, documents
from feeds.publish import PublishError


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_feed_in_every_format_and_what_lists_them(tmp_path: Path):
    shelf = Shelf([*posts(3), post(9, source="mint", guid="tag:mint.example.org,2026:1")])
    published = build(shelf, [feed(), combined(), feed(name="mint", formats=("atom",))], tmp_path, "모음")
    expected = {"all.rss", "all.atom", "all.json", "bori.rss", "bori.atom", "bori.json", "mint.atom"}
    assert set(_files(tmp_path)) == expected | {"feeds.opml", "index.html"}
    assert published.written == tuple(sorted(_files(tmp_path)))
    assert (tmp_path / "all.rss").read_text(encoding="utf-8").count("<item>") == 4
    assert (tmp_path / "bori.rss").read_text(encoding="utf-8").count("<item>") == 3


def test_a_second_build_with_nothing_new_writes_nothing(tmp_path: Path):
    shelf = Shelf(posts(3))
    build(shelf, [feed(), combined()], tmp_path, "모음")
    again = build(shelf, [feed(), combined()], tmp_path, "모음")
    assert (again.written, again.unchanged) == ((), 8)


def test_a_new_post_touches_only_the_feeds_it_is_in(tmp_path: Path):
    shelf = Shelf(posts(3))
    mint = feed(name="mint", sources=("mint",))
    build(shelf, [feed(), mint], tmp_path, "모음")
    shelf.kept.append(post(4))
    written = build(shelf, [feed(), mint], tmp_path, "모음").written
    assert written == ("bori.atom", "bori.json", "bori.rss", "index.html")


def test_a_feed_that_is_gone_keeps_its_files(tmp_path: Path):
    build(Shelf(posts(1)), [feed(), combined()], tmp_path, "모음")
    before = _files(tmp_path)
    build(Shelf(posts(1)), [combined()], tmp_path, "모음")
    after = _files(tmp_path)
    assert {name: after[name] for name in before if name.startswith("bori")} == {
        name: content for name, content in before.items() if name.startswith("bori")
    }
    assert b"bori.rss" not in after["feeds.opml"]


def test_documents_are_those_of_the_feeds_alone():
    assert sorted(documents(Shelf(posts(2)), [feed()])) == ["bori.atom", "bori.json", "bori.rss"]


def test_two_feeds_of_one_name_are_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(PublishError, match=r"Two feeds would write bori\.atom"):
        build(Shelf(posts(1)), [feed(), combined(name="bori")], tmp_path / "out", "모음")
    assert not (tmp_path / "out").exists()


def test_the_subscription_list_holds_every_feed():
    feeds = [feed(), combined(), feed(name="보리 2", formats=("atom", "json"))]
    root = etree.fromstring(opml.render("모음 & <글>\x00", feeds))
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "모음 & <글>"
    assert dict(root.find("body/outline").attrib) == {
        "text": "보리의 개발 <노트>",
        "title": "보리의 개발 <노트>",
        "type": "rss",
        "xmlUrl": "https://feeds.example.org/out/bori.rss",
        "htmlUrl": "https://bori.example.org/",
        "description": "파이썬 & 크롤링",
        "language": "ko",
    }
    assert [outline.get("xmlUrl").rpartition("/")[2] for outline in root.iter("outline")] == [
        "bori.rss",
        "all.rss",
        "%EB%B3%B4%EB%A6%AC%202.atom",
    ]


def test_the_page_shows_every_feed_to_people_and_to_browsers(tmp_path: Path):
    build(Shelf(posts(7)), [feed(), feed(name="new", title="", sources=())], tmp_path, "모음 & <글>")
    page = html.fromstring((tmp_path / "index.html").read_bytes().decode())
    assert page.findtext(".//h1") == "모음 & <글>"
    assert [title.text_content() for title in page.iterfind(".//h2")] == ["보리의 개발 <노트>", "new"]
    alternates = [(link.get("type"), link.get("href")) for link in page.iterfind(".//link[@rel='alternate']")]
    assert alternates[:3] == [
        ("application/rss+xml", "https://feeds.example.org/out/bori.rss"),
        ("application/atom+xml", "https://feeds.example.org/out/bori.atom"),
        ("application/feed+json", "https://feeds.example.org/out/bori.json"),
    ]
    assert page.find(".//input").get("value") == "https://feeds.example.org/out/bori.rss"
    shown = [link.get("href") for link in page.xpath("//p[@class='formats']/a")]
    assert shown == [url for _, url in alternates]
    newest = [link.text for link in page.xpath("//section[1]//li/a")]
    assert len(newest) == 5
    assert newest[0] == posts(7)[0].title
    assert "No posts yet." in page.text_content()


def test_the_page_runs_nothing(tmp_path: Path):
    evil = replace(post(), title="<script>alert(1)</script>", url='https://e.org/"onclick="alert(1)')
    build(Shelf([evil]), [feed(title="<img src=x onerror=alert(1)>")], tmp_path, "모음")
    page = html.fromstring((tmp_path / "index.html").read_bytes().decode())
    assert not page.xpath("//script | //img | //@onclick | //@onerror")
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")


def test_a_page_without_feeds_says_so(tmp_path: Path):
    build(Shelf(), [], tmp_path, "모음")
    assert "No feeds yet." in (tmp_path / "index.html").read_text(encoding="utf-8")
