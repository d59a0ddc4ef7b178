"""`reprocess`: a rule that was wrong is corrected, and with it every stored post, without a request or a new guid."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
import zstandard
from command_line import files, moafeed, workspace
from sqlalchemy import create_engine, update
from stored_pages import FETCHED, crawled, page, recorded, reprocess, reprocess_offline, stored

from crawler.workspace import load_workspace
from pipelines.post import Post
from pipelines.store import tables

TISTORY = "bom-sanchaek.tistory.com"
NOTES = "www.notes.example"
IDENTITY = {"guid", "first_seen", "aliases"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "ws"


def source(here: Path, text: str) -> Path:
    return workspace(here, blog=text)


def said(posts: list[Post]) -> list[dict[str, object]]:
    """What posts say, without who they are."""
    return [{k: v for k, v in p.to_record().items() if k not in IDENTITY} for p in sorted(posts, key=lambda p: p.url)]


def changed(here: Path, **values: object) -> None:
    """Change every stored post behind everybody's back."""
    engine = create_engine(load_workspace(here).store_url)
    with engine.begin() as connection:
        connection.execute(update(tables.posts).values(**values))
    engine.dispose()


def fill(here: Path, host: str, wrong: str, right: str) -> list[Post]:
    """A store of what a *wrong* source file read, then the *right* file; returns the posts as they are stored."""
    source(here, f'url = "https://{host}/"\n{wrong}')
    crawled(here, recorded(host))
    source(here, f'url = "https://{host}/"\n{right}')
    return stored(here)


# --- repaired --------------------------------------------------------------------------------------------------------


def test_a_corrected_platform_repairs_every_stored_post(here: Path, tmp_path: Path) -> None:
    before = fill(here, TISTORY, 'platform = "generic"', "")
    ran = reprocess(here)
    after = stored(here)
    source(tmp_path / "fresh", f'url = "https://{TISTORY}/"')
    right = crawled(tmp_path / "fresh", recorded(TISTORY))
    assert said(before) != said(right)
    # That a post was edited once is no news: where nobody knew, subscribers are not told now.
    edited = {post.url for post in before if post.updated}
    assert said(after) == said([post if post.url in edited else replace(post, updated=None) for post in right])
    assert [post.guid for post in after] == [post.guid for post in before]
    assert [post.first_seen for post in after] == [post.first_seen for post in before]
    assert "6 stored pages read again, 6 posts changed" in ran.out
    assert ran.err == ""


def test_subscribers_see_posts_corrected_not_new(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    moafeed("build", cwd=here)
    before = feedparser.parse((here / "public/blog.atom").read_bytes()).entries
    reprocess(here)
    moafeed("build", cwd=here)
    after = feedparser.parse((here / "public/blog.atom").read_bytes()).entries
    assert [entry.id for entry in after] == [entry.id for entry in before]
    assert [entry.updated for entry in after] == [entry.updated for entry in before]
    tags = {entry.title: [tag.term for tag in entry.get("tags", ())] for entry in after}
    assert "골목" in tags["계단을 세는 사람"]
    assert "'일상다반사'" not in str(tags)


def test_a_second_one_changes_nothing(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    reprocess(here)
    before = files(here)
    assert reprocess(here).out.strip() == "6 stored pages read again, nothing changed"
    assert files(here) == before


def test_a_dry_run_says_the_same_and_changes_no_byte(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    before = files(here)
    dry = reprocess(here, "--dry-run").out
    assert files(here) == before
    assert "6 posts would change" in dry
    listed, _, _ = dry.rpartition("\n6 stored")
    assert reprocess(here).out.startswith(listed)


def test_what_changes_is_listed_post_by_post(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    changed(here, title="(제목 없음)", author=None, content_html="<p>도서관 뒤 계단은 모두</p>", digest="?")
    out = reprocess(here, "--dry-run").out
    assert re.search(r"title +\n    - \(제목 없음\)\n    \+ 계단을 세는 사람\n", out)
    assert re.search(r"author +\n    - \(nothing\)\n    \+ 모퉁이\n", out)
    assert re.search(r"categories +\n    - '일상다반사'\n    \+ 골목, 계단\n", out)
    assert re.search(r"text +12 → \d+ characters\n    - 도서관 뒤 계단은 모두\n    \+ 도서관 뒤 계단은 모두 아흔", out)
    assert out.count("\n  title ") == 6


def test_only_the_named_sources_are_read(here: Path) -> None:
    for name, host in (("blog", TISTORY), ("notes", NOTES)):
        workspace(here, **{name: f'url = "https://{host}/"\nplatform = "generic"'})
        crawled(here, recorded(host), name)
    changed(here, title="?")
    reprocess(here, "notes")
    assert {post.title for post in stored(here)} == {"?"}
    assert "?" not in {post.title for post in stored(here, "notes")}


def test_no_network_is_needed(here: Path) -> None:
    """The process that repairs runs behind a guard that ends whatever asks for one; which it does."""
    fill(here, TISTORY, 'platform = "generic"', "")
    assert "6 posts changed" in reprocess_offline(here).out
    ask = "import socket; socket.create_connection(('127.0.0.1', 9))"
    env = {"PYTHONPATH": str(here.parent / "offline")}
    assert subprocess.run([sys.executable, "-c", ask], env=env, check=False, stderr=subprocess.PIPE).returncode == 99


def test_the_way_back_is_the_old_rule(here: Path) -> None:
    before = fill(here, TISTORY, 'platform = "generic"', "")
    reprocess(here)
    assert said(stored(here)) != said(before)
    source(here, f'url = "https://{TISTORY}/"\nplatform = "generic"')
    reprocess(here)
    assert said(stored(here)) == said(before)


# --- dates -----------------------------------------------------------------------------------------------------------

DATED = (
    '<html lang="ko"><head><meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="article">'
    '<meta property="og:title" content="담장 위"></head><body id="tt-body-page"><h1>담장 위</h1>'
    '<span class="date">{date}</span><div class="contents_style">{body}</div></body></html>'
)
BODY = "<p>고양이가 있다. 꼬리가 길다.</p><p>" + "담장은 높고 길은 좁다. " * 20 + "</p>"
LOCK = '<form action="/7"><input type="password" name="entry7password"></form>'
URL = "https://golmok.tistory.com/7"


def one(here: Path, *, date: str = "2026. 3. 1. 09:30", body: str = BODY, text: str = "") -> Post:
    """A store with one post."""
    source(here, f'url = "https://golmok.tistory.com/"\n{text}')
    crawled(here, page(URL, DATED.format(date=date, body=body)))
    (post,) = stored(here)
    return post


def test_a_corrected_zone_moves_the_dates(here: Path) -> None:
    before = one(here, text='zone = "UTC"')
    source(here, 'url = "https://golmok.tistory.com/"\nzone = "Asia/Seoul"')
    assert "published" in reprocess(here).out
    (after,) = stored(here)
    assert after.dated == before.dated - timedelta(hours=9)


def test_hours_ago_are_still_those_before_the_page_was_read(here: Path) -> None:
    before = one(here, date="3시간 전")
    assert before.published == FETCHED - timedelta(hours=3)
    assert "nothing changed" in reprocess(here).out
    assert stored(here) == [before]


def test_to_be_read_again_is_no_edit(here: Path) -> None:
    """A text that better rules read is the author's old text."""
    before = one(here)
    changed(here, content_html="<p>고양이가 있다.</p>", digest="?")
    assert "1 post changed" in reprocess(here).out
    (after,) = stored(here)
    assert after.content_html == before.content_html
    assert after.digest == before.digest
    assert after.updated is None


def test_when_an_edit_was_noticed_stays(here: Path) -> None:
    one(here)
    edited = FETCHED + timedelta(days=2)
    crawled(here, page(URL, DATED.format(date="2026. 3. 1. 09:30", body=BODY + "<p>덧붙임</p>"), fetched=edited))
    changed(here, title="?")
    reprocess(here)
    (after,) = stored(here)
    assert (after.title, after.updated, after.first_seen) == ("담장 위", edited, FETCHED)


# --- identity --------------------------------------------------------------------------------------------------------


def test_a_page_whose_address_is_now_another_stays_its_posts(here: Path) -> None:
    source(here, f'url = "https://{TISTORY}/"\nplatform = "generic"')
    crawled(here, recorded(TISTORY))
    before = stored(here)
    changed(here, url="https://elsewhere.example/1")
    source(here, f'url = "https://{TISTORY}/"')
    reprocess(here)
    after = stored(here)
    assert [post.guid for post in after] == [post.guid for post in before]
    for old, new in zip(before, after, strict=True):
        assert set(old.aliases) < set(new.aliases)  # the platform's own id is known now
        assert new.url == old.url


def test_an_alias_stays_its_owners(here: Path) -> None:
    """Though today's rules give the id of one post to another's page."""
    source(here, 'url = "https://golmok.tistory.com/"')
    html = DATED.format(date="2026. 3. 1. 09:30", body=BODY)
    crawled(here, page(URL, html) | page(URL + "8", html.replace("담장 위", "담장 밑")))
    first, second = sorted(stored(here), key=lambda post: post.url)
    engine = create_engine(load_workspace(here).store_url)
    with engine.begin() as connection:
        connection.execute(update(tables.addresses).values(guid=first.guid))
    engine.dispose()
    changed(here, title="?")
    reprocess(here)
    again = {post.guid: set(post.aliases) for post in stored(here)}
    assert again == {first.guid: set(first.aliases), second.guid: set(second.aliases)}


def test_a_crawl_after_it_finds_the_same_posts(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    reprocess(here)
    before = stored(here)
    crawled(here, recorded(TISTORY))
    assert [p.guid for p in stored(here)] == [p.guid for p in before]
    assert [p.updated for p in stored(here)] == [p.updated for p in before]


# --- what can't be read ----------------------------------------------------------------------------------------------


def damage(here: Path, key: str, **values: object) -> None:
    """Change one stored page."""
    engine = create_engine(load_workspace(here).store_url)
    with engine.begin() as connection:
        connection.execute(update(tables.bodies).where(tables.bodies.c.key == key).values(**values))
    engine.dispose()


@pytest.mark.parametrize("blob", [b"", b"\x00" * 40, b"(\xb5/\xfd\x04", b"<html>"])
def test_a_damaged_page_is_told_and_the_others_go_on(blob: bytes, here: Path) -> None:
    before = fill(here, TISTORY, 'platform = "generic"', "")
    damage(here, f"at:{TISTORY}/12", body=blob)
    ran = reprocess(here, code=1)
    assert ran.err.strip() == (f"blog: https://{TISTORY}/12 can't be read: its stored page is damaged;"
                               " the stored post stays as it is")
    assert "5 posts changed, 1 can't be read" in ran.out
    assert [post for post in stored(here) if post.url.endswith("/12")] == before[:1]


@pytest.mark.parametrize(
    ("html", "why", "code"),
    [
        (DATED.format(date="", body="").replace('<div class="contents_style"></div>', ""), "where its text stands", 1),
        ("<html><body><p>없습니다</p></body></html>", "is no post by today's rules", 1),
        (DATED.format(date="", body=LOCK), "asks for a password by today's rules", 0),
        (DATED.format(date="", body=""), "has no text by today's rules", 1),
        ("<html>" + "<b>" * 210_000, "can't be read: ", 1),
    ],
)
def test_a_page_without_a_post_leaves_the_stored_one_alone(html: str, why: str, code: int, here: Path) -> None:
    before = one(here)
    answered = html.encode()
    damage(here, "at:golmok.tistory.com/7", size=len(answered), body=zstandard.compress(answered))
    ran = reprocess(here, code=code)
    assert f"blog: {URL} " in ran.out + ran.err
    assert why in ran.out + ran.err
    assert stored(here) == [before]


def test_text_that_is_lost_is_marked(here: Path) -> None:
    before = one(here)
    changed(here, content_html=before.content_html + "<p>" + "끝이 없다. " * 5 + "</p>", digest="?")
    assert "characters  shorter" in reprocess(here, "--dry-run").out
    changed(here, content_html=before.content_html * 3, digest="?")
    assert "LESS THAN HALF IS LEFT" in reprocess(here).out
    assert stored(here) == [before]


def test_a_post_whose_poorer_version_waits_is_left_alone(here: Path) -> None:
    one(here)
    changed(here, title="?", held={"title": "?"})
    assert "waits for a second look; the stored post stays as it is" in reprocess(here).out
    assert [post.title for post in stored(here)] == ["?"]


# --- nothing to do ---------------------------------------------------------------------------------------------------


def test_before_the_first_crawl_there_is_nothing_to_read(here: Path) -> None:
    source(here, f'url = "https://{TISTORY}/"')
    before = files(here)
    assert "no page is stored" in reprocess(here, "--dry-run").out
    assert files(here) == before
    assert "no page is stored" in reprocess(here).out
    assert not (here / "state/moafeed.db").exists()


def test_a_source_that_is_none(here: Path) -> None:
    source(here, f'url = "https://{TISTORY}/"')
    assert "no source is called 'blgo'" in reprocess(here, "blgo", code=2).err


def test_a_broken_source_file_stops_only_itself(here: Path) -> None:
    fill(here, TISTORY, 'platform = "generic"', "")
    workspace(here, broken="colour = 3")
    ran = reprocess(here, code=2)
    assert "broken.toml" in ran.err
    assert "6 posts changed" in ran.out
