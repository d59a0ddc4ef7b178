"""The archive: a new subscriber reads a blog to its first post, and what was written stays as it is."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import feedparser
import pytest
from feeds_fixtures import START, Shelf, combined, feed, post, posts, served
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds import archive
from feeds.build import build
from feeds.documents import Work
from feeds.paging import paging
from feeds.record import unpack_shown
from pipelines.post import Post

NS = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}


def links(folder: Path, name: str) -> dict[str, str]:
    """The archive links of a document, as file names."""
    root = etree.parse(folder / name)
    found = root.xpath("//a:link[contains(@rel, 'archive') or @rel='current' or @rel='self'][not(ancestor::a:source)]",
                       namespaces=NS)  # fmt: skip
    return {link.get("rel"): unquote(link.get("href")).rpartition("/")[2] for link in found}


@pytest.mark.parametrize("suffix", [".rss", ".atom"])
def test_a_new_subscriber_reads_to_the_first_post(tmp_path: Path, suffix: str):
    build(Shelf(posts(230)), [feed()], tmp_path, "모음")
    name, read, visited = f"bori{suffix}", [], []
    while name:
        visited.append(name)
        parsed = feedparser.parse((tmp_path / name).read_bytes())
        assert not parsed.bozo
        read += [entry.id for entry in parsed.entries]
        assert links(tmp_path, name)["self"] == name
        name = links(tmp_path, name).get("prev-archive", "")
    assert visited == [f"bori{suffix}", *(f"bori.page-{number}{suffix}" for number in (4, 3, 2, 1))]
    assert set(read) == {each.guid for each in posts(230)}
    middle = links(tmp_path, f"bori.page-2{suffix}")
    assert middle == {"self": f"bori.page-2{suffix}", "current": f"bori{suffix}",
                      "next-archive": f"bori.page-3{suffix}", "prev-archive": f"bori.page-1{suffix}"}  # fmt: skip
    assert etree.parse(tmp_path / f"bori.page-2{suffix}").xpath("count(//fh:archive)", namespaces=NS) == 1
    assert etree.parse(tmp_path / f"bori{suffix}").xpath("count(//fh:*)", namespaces=NS) == 0


def test_json_leads_on_too(tmp_path: Path):
    build(Shelf(posts(120)), [feed()], tmp_path, "모음")
    name, read = "bori.json", []
    while name:
        document = json.loads((tmp_path / name).read_text("utf-8"))
        assert document["feed_url"].endswith("/" + name)
        read += [item["id"] for item in document["items"]]
        name = document.get("next_url", "").rpartition("/")[2]
    assert set(read) == {each.guid for each in posts(120)}


def test_a_small_blog_is_complete(tmp_path: Path):
    build(Shelf([*posts(30), post(31, source="mint", guid="tag:mint,2026:1")]), [feed(), combined()], tmp_path, "모음")
    for suffix in (".rss", ".atom"):
        assert etree.parse(tmp_path / f"bori{suffix}").xpath("count(//fh:complete)", namespaces=NS) == 1
        assert etree.parse(tmp_path / f"all{suffix}").xpath("count(//fh:*)", namespaces=NS) == 0
    assert not list(tmp_path.glob("*.page-*"))


def test_a_new_post_rewrites_the_head_alone_and_a_page_when_it_is_full(tmp_path: Path):
    shelf = Shelf(posts(198)[::-1])
    build(shelf, [feed()], tmp_path, "모음")
    heads = {"bori.atom", "bori.html", "bori.json", "bori.rss", "index.html"}
    full = {"bori.page-4.atom", "bori.page-4.json", "bori.page-4.rss"}
    before_it = {"bori.page-3.atom", "bori.page-3.rss"}  # learns that there is a next one
    for number, pages in ((199, set()), (200, full | before_it), (201, set())):
        shelf.kept.append(post(number))
        assert set(build(shelf, [feed()], tmp_path, "모음").written) == heads | pages


def test_an_edit_and_a_deletion_change_their_own_page(tmp_path: Path):
    shelf = Shelf(posts(230)[::-1])
    build(shelf, [feed()], tmp_path, "모음")
    shelf.kept[60] = replace(shelf.kept[60], title="고친 제목")
    written = build(shelf, [feed()], tmp_path, "모음").written
    assert set(written) == {f"bori.page-2{suffix}" for suffix in (".atom", ".json", ".rss")}
    del shelf.kept[3]
    written = build(shelf, [feed()], tmp_path, "모음").written
    assert set(written) == {f"bori.page-1{suffix}" for suffix in (".atom", ".json", ".rss")}
    assert (tmp_path / "bori.page-1.rss").read_text("utf-8").count("<item>") == 49


def test_a_page_that_was_lost_is_written_again_at_the_next_change(tmp_path: Path):
    shelf = Shelf(posts(120))
    build(shelf, [feed()], tmp_path, "모음")
    (tmp_path / "bori.page-1.rss").unlink()
    shelf.kept.append(post(121))
    build(shelf, [feed()], tmp_path, "모음")
    assert (tmp_path / "bori.page-1.rss").exists()


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["new", "new", "new", "between", "edit", "redate", "delete", "back", "limit", "lose"]),
              st.integers(0, 30)),
    min_size=1, max_size=6,
)  # fmt: skip


@given(st.integers(0, 12), OPERATIONS)
@settings(max_examples=25)
def test_whatever_happened_between_builds_the_pages_are_those_of_the_posts_as_they_are(
    count: int, operations: list[tuple[str, int]]
):
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as place:
        patch.setattr(archive, "PAGE", 3)
        shelf, limit, gone = Shelf([small(number) for number in range(count)]), 2, list[Post]()
        build(shelf, [feed(limit=limit)], Path(place, "a"), "모음", most=1000)
        for turn, (what, which) in enumerate(operations, start=100):
            limit = which if what == "limit" and which else limit
            happen(shelf, gone, what, turn, which)
            if what == "lose" and (lost := sorted(Path(place, "a").glob("*.page-*"))):
                lost[which % len(lost)].unlink()
            build(shelf, [feed(limit=limit)], Path(place, "a"), "모음", most=1000)
        shelf.kept.append(small(1000))  # what was lost is only noticed at the next change
        build(shelf, [feed(limit=limit)], Path(place, "a"), "모음", most=1000)
        forget(shelf, "bori")
        build(shelf, [feed(limit=limit)], Path(place, "b"), "모음", most=1000)
        kept, whole = ({path.name: path.read_bytes() for path in Path(place, each).iterdir()} for each in "ab")
        assert {name: kept.get(name) for name in whole} == whole


def small(number: float, **values: Any) -> Post:
    return post(int(number * 2), content_html="<p>글</p>", aliases=(f"id:{number}",), guid=f"tag:{number}", **values)


def happen(shelf: Shelf, gone: list[Post], what: str, turn: int, which: int) -> None:
    """Let something happen to a blog."""
    at = which % len(shelf.kept) if shelf.kept else None
    if what == "new":
        shelf.kept += [small(turn + 0.1 * each) for each in range(which % 3 + 1)]
    elif what == "between":
        shelf.kept.append(small(which / 4 + turn / 1000))
    elif what == "back" and gone:
        shelf.kept.append(gone.pop())
    elif at is not None and what == "delete":
        gone.append(shelf.kept.pop(at))
    elif at is not None and what in {"edit", "redate"}:
        moved = {"published": START + timedelta(days=which)} if what == "redate" else {}
        shelf.kept[at] = replace(shelf.kept[at], title=f"고친 제목 {turn}", content_html=f"<p>{turn}</p>", **moved)


def forget(shelf: Shelf, name: str) -> None:
    """Let nothing be known of an archive, so that the next build looks at all of it."""
    last, shown = shelf.publications.all()[name], shelf.publications.shown([name])[name]
    shelf.publications.put([replace(last, shown={**shown, "archived": None, "pages": {}})])


def test_where_only_news_came_the_older_pages_are_not_looked_at(tmp_path: Path):
    shelf = Shelf(posts(230)[::-1])
    for number in (231, 232):
        build(shelf, [feed()], tmp_path, "모음")
        shelf.kept.append(post(number))
    work = Work(store=shelf, folder=tmp_path, title="모음", most=20, changes=shelf.publications.changes())
    shown = {each.guid for each in shelf.kept[-50:]}
    before = unpack_shown(shelf.publications.shown(["bori"])["bori"])
    assert paging(work, feed(), shown, before).same == 3
    assert paging(work, feed(title="anders"), shown, before).same == 0  # every page shows it
    assert [page.number for page in paging(work, feed(), shown, before).pages] == [4]


def test_a_deleted_post_leaves_a_tombstone_in_atom_and_nothing_elsewhere(tmp_path: Path):
    shelf = Shelf(posts(30))
    build(shelf, [feed(), combined()], tmp_path, "모음")
    dead = shelf.kept.pop(4)
    build(shelf, [feed(), combined()], tmp_path, "모음")
    for name in ("bori", "all"):
        root = etree.parse(tmp_path / f"{name}.atom").getroot()
        (tomb,) = root.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        assert (tomb.get("ref"), tomb.get("when")) == (dead.guid, "2026-05-02T09:30:15+00:00")
        assert dead.guid not in (tmp_path / f"{name}.rss").read_text("utf-8")
        assert dead.guid not in (tmp_path / f"{name}.json").read_text("utf-8")
    shelf.kept.append(dead)
    build(shelf, [feed(), combined()], tmp_path, "모음")
    assert b"deleted-entry" not in (tmp_path / "bori.atom").read_bytes()


def test_a_post_that_one_of_two_blogs_deleted_is_no_dead_one(tmp_path: Path):
    shelf = Shelf([*posts(5), post(3, source="mint")])  # the same blog, followed under two names
    build(shelf, [combined()], tmp_path, "모음")
    del shelf.kept[-1]
    assert build(shelf, [combined()], tmp_path, "모음").held == ()
    assert b"deleted-entry" not in (tmp_path / "all.atom").read_bytes()
    assert (tmp_path / "all.atom").read_text("utf-8").count("<entry") == 5


def test_a_full_page_may_be_kept_for_a_week(tmp_path: Path):
    build(Shelf(posts(120)), [feed(name="보리")], tmp_path, "모음")
    with served(tmp_path) as running:
        for name, age in (("보리.page-1.rss", 604800), ("보리.page-2.rss", 900), ("보리.rss", 900), ("feed.css", 900)):
            response, _ = running.ask("/" + quote(name))
            assert (response.status, response.headers["Cache-Control"]) == (200, f"public, max-age={age}")
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
