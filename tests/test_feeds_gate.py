"""The gate: what may surprise subscribers, and what waits until somebody decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from feeds_fixtures import START, Shelf, combined, feed, post, posts

from feeds.build import build
from feeds.gate import judge, rejected
from feeds.head import presentable
from feeds.record import Shown, entries_of, pack_shown, unpack_shown
from pipelines.post import Post


def known(*shown: Post, **values: object) -> Shown:
    return Shown(sources=frozenset({"bori"}), entries=entries_of(shown), **values)  # type: ignore[arg-type]


def guids(folder: Path, name: str = "bori.rss") -> list[str]:
    return re.findall(r">(tag:[^<]*)</guid>", (folder / name).read_text("utf-8"))


@pytest.mark.parametrize(("change", "why"), [
    (lambda n, p: replace(p, guid=f"{p.guid}b"), "21 new entries at once (bori)"),
    (lambda n, p: replace(p, updated=START + timedelta(days=9)), "30 changed entries at once (bori)"),
    (lambda n, p: replace(p, published=p.dated + timedelta(hours=3)), "30 newly dated entries at once (bori)"),
    (lambda n, p: replace(p, guid=f"{p.guid}b", published=START + timedelta(days=99, seconds=n)), "30 new entries"),
])  # fmt: skip
def test_the_same_posts_shown_as_news_wait(change: Callable[[int, Post], Post], why: str):
    before = posts(30)
    after = [change(number, each) for number, each in enumerate(before)]
    verdict = judge(known(*before), entries_of(after if "21" not in why else after[:21] + before[21:]))
    assert verdict.why.startswith(why.removesuffix(" (bori)"))
    assert not judge(known(*before), entries_of(after[:20] + before[20:])).why
    accepted = [entry.guid for entry in verdict.entries]
    assert not judge(known(*before), entries_of(after[:21] + before[21:]), accepted=accepted).why


def test_a_blog_that_writes_much_is_no_flood():
    month = [post(100 + 5 * n) for n in range(40)]  # one every five hours, while nobody looked
    assert not judge(known(*posts(30)), entries_of(month)).why


def test_a_blog_that_joins_a_combined_feed_is_no_flood_and_brings_ten_posts():
    joining = [post(n, source="mint", guid=f"tag:mint,2026:{n}") for n in range(30, 0, -1)]
    before = known(*posts(30))
    seen = presentable(feed(), [*joining, *posts(30)], before, (), 20)
    assert sum(each.source == "mint" for each in seen) == 10
    assert not judge(before, entries_of(seen)).why


def test_an_id_that_changes_its_owner_waits():
    stolen = replace(post(1), source="mint")
    assert judge(known(post(1)), entries_of([stolen])).why == f"an entry of another blog under the id {stolen.guid}"
    assert judge(None, entries_of([post(1), post(1)])).why == "two entries under one id"


def test_what_was_rejected_stays_quiet_until_it_changes_again():
    before = known(*posts(30))
    edited = [replace(each, updated=START + timedelta(days=9)) for each in posts(30)]
    strangers = [replace(each, guid=f"{each.guid}b") for each in posts(30)]
    refused = entries_of([*edited, *strangers])
    quiet = replace(before, quiet=rejected(before, refused, hide=False))
    assert unpack_shown(pack_shown(quiet)) == quiet
    assert not judge(quiet, entries_of(presentable(feed(), [*edited, *strangers], quiet, (), 20))).why
    again = replace(edited[4], updated=START + timedelta(days=12))
    assert again in presentable(feed(), [again, *edited], quiet, (), 20)


def test_old_posts_found_late_appear_only_while_they_are_few():
    before = known(*posts(9)[:4])  # posts 9 to 6
    late = {each.guid for each in posts(9)[4:]}
    assert len(presentable(feed(), posts(9), before, late, 5)) == 9
    assert len(presentable(feed(), posts(9), before, late, 4)) == 4  # the rest is the archive's
    assert len(presentable(feed(), posts(9), before, (), 20)) == 4  # stored before: each was in the feed once


def test_a_feed_that_waits_keeps_its_files_until_somebody_decides(tmp_path: Path):
    shelf = Shelf(posts(30))
    build(shelf, [feed(), combined()], tmp_path, "모음")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shelf.kept[:] = [replace(each, updated=START + timedelta(days=9)) for each in posts(30)]
    for _ in range(2):
        done = build(shelf, [feed(), combined()], tmp_path, "모음")
        assert [held.feed for held in done.held] == ["bori", "all"]
        assert done.held[0].why == "30 changed entries at once (bori)"
        assert done.written == ()
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert build(shelf, [feed(), combined()], tmp_path, "모음", most=30).held == ()
    assert b"Mon, 09 Mar" not in before["bori.rss"]
    assert b"2026-03-10T09:30:15" in (tmp_path / "bori.atom").read_bytes()


def test_the_archive_of_a_feed_that_waits_is_brought_into_another_folder(tmp_path: Path):
    shelf, some = Shelf(posts(130)), replace(feed(), limit=30)
    build(shelf, [some], tmp_path / "old", "모음")
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
    assert "bori.page-1.rss" in before
    shelf.kept[:] = [replace(each, updated=START + timedelta(days=9)) for each in posts(130)]
    done = build(shelf, [some], tmp_path / "new", "모음")
    assert [(held.feed, held.is_lacking) for held in done.held] == [("bori", False)]
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == before
    assert set(done.written) == set(before)


def test_a_document_that_readers_would_choke_on_is_not_published(tmp_path: Path):
    shelf = Shelf(posts(2))
    build(shelf, [feed()], tmp_path, "모음")
    before = (tmp_path / "bori.rss").read_bytes()
    shelf.kept.append(post(3, url="javascript:alert(1)"))
    done = build(shelf, [feed()], tmp_path, "모음")
    assert done.held[0].why == (
        "a broken document (bori.rss is no valid feed: 'javascript:alert(1)' is no absolute address)"
    )
    assert (tmp_path / "bori.rss").read_bytes() == before


def test_posts_of_a_walk_to_the_first_one_go_to_the_archive(tmp_path: Path):
    shelf = Shelf(posts(200)[:12])
    build(shelf, [feed()], tmp_path, "모음")
    shelf.kept += posts(200)[12:]
    assert build(shelf, [feed()], tmp_path, "모음").held == ()
    assert len(guids(tmp_path)) == 12
    pages = [guids(tmp_path, f"bori.page-{number}.rss") for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50] * 4
    assert set(guids(tmp_path)).union(*pages) == {each.guid for each in posts(200)}
