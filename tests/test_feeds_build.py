"""A build: from stored posts to the files of the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from feeds_fixtures import Shelf, combined, documents, feed, post, posts
from lxml import etree

from feeds import opml
from feeds.build import build
from feeds.publish import PublishError


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_feed_in_every_format_and_what_lists_them(tmp_path: Path):
    shelf = Shelf([*posts(3), post(9, source="mint", guid="tag:mint.example.org,2026:1")])
    published = build(shelf, [feed(), combined(), feed(name="mint", formats=("atom",))], tmp_path, "모음")
    expected = {"all.rss", "all.atom", "all.json", "bori.rss", "bori.atom", "bori.json", "mint.atom"}
    pages = {"all.html", "bori.html", "mint.html", "index.html"}
    assert set(_files(tmp_path)) == expected | pages | {"feeds.opml", "feed.css"}
    assert published.written == tuple(sorted(_files(tmp_path)))
    assert (tmp_path / "all.rss").read_text(encoding="utf-8").count("<item>") == 4
    assert (tmp_path / "bori.rss").read_text(encoding="utf-8").count("<item>") == 3


def test_a_second_build_with_nothing_new_writes_nothing(tmp_path: Path):
    shelf = Shelf(posts(3))
    build(shelf, [feed(), combined()], tmp_path, "모음")
    again = build(shelf, [feed(), combined()], tmp_path, "모음")
    assert (again.written, again.unchanged) == ((), 11)


def test_a_new_post_touches_only_the_feeds_it_is_in(tmp_path: Path):
    shelf = Shelf(posts(3))
    mint = feed(name="mint", sources=("mint",))
    build(shelf, [feed(), mint], tmp_path, "모음")
    shelf.kept.append(post(4))
    written = build(shelf, [feed(), mint], tmp_path, "모음").written
    assert written == ("bori.atom", "bori.html", "bori.json", "bori.rss", "index.html")


def test_lists_that_come_out_the_same_are_not_made_again_at_each_build(tmp_path: Path):
    shelf = Shelf(posts(3))
    build(shelf, [feed(limit=1)], tmp_path, "모음")
    before, page = shelf.publications.all()[""], (tmp_path / "index.html").stat().st_ino
    shelf.kept.append(post(0))  # older than what the list of feeds shows
    build(shelf, [feed(limit=1)], tmp_path, "모음")
    assert (tmp_path / "index.html").stat().st_ino == page  # a file that is written is another one
    assert shelf.publications.all()[""].key != before.key  # what was made of the new state is written down


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
    with pytest.raises(PublishError, match=r"bori\.atom would be written twice"):
        build(Shelf(posts(1)), [feed(), combined(name="bori")], tmp_path / "out", "모음")
    assert not (tmp_path / "out").exists()


def test_a_feed_that_takes_the_place_of_the_list_is_refused(tmp_path: Path):
    with pytest.raises(PublishError, match=r"index\.html would be written twice: give a feed another name"):
        build(Shelf(posts(1)), [feed(name="index")], tmp_path / "out", "모음")
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
