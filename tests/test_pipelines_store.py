"""The store: one guid for ever, nothing doubled, old and foreign files refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from pipelines.post import Enclosure, Post
from pipelines.site import Site
from pipelines.store import RunRecord, SourceResult, Store, StoreError, tables
from pipelines.store.migrate import config

NOON = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def post(number: int = 1, **changes: object) -> Post:
    values: dict[str, object] = {
        "source": "dal", "guid": f"tag:dal.tistory.com,2026:tistory:7:{number}",
        "url": f"https://dal.tistory.com/{number}", "title": f"글 {number}", "content_html": "<p>본문</p>",
        "published": NOON + timedelta(days=number), "first_seen": NOON, "digest": f"d{number}",
        "aliases": (f"id:tistory:7:{number}", f"at:dal.tistory.com/{number}"),
    }
    return Post(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state/moafeed.db"


@pytest.fixture
def store(url: str):
    opened = Store.open(url)
    yield opened
    opened.close()


def test_a_post_comes_back_as_it_went_in(store: Store) -> None:
    whole = post(author="달", categories=("여행", "바다"), tags=("a", "b"), language="ko", excerpt="첫",
                 feature_text="줄", image="https://x/1.png", updated=NOON,
                 enclosures=(Enclosure(url="u", type="audio/mpeg", length=3),))
    assert [s.outcome for s in store.save([whole])] == ["new"]
    assert store.newest(["dal"], 5) == [replace(whole, aliases=())]


def test_saving_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    store.save([post()])
    before = (tmp_path / "state/moafeed.db").read_bytes()
    again = post(first_seen=NOON + timedelta(days=9))
    assert [s.outcome for s in store.save([again])] == ["unchanged"]
    assert store.newest(["dal"], 5)[0].first_seen == NOON
    assert len(store.newest(["dal"], 5)) == 1
    with closing(sqlite3.connect(":memory:")) as memory:  # the rows are equal; the file may count a transaction
        memory.deserialize(before)
        old = memory.execute("SELECT * FROM posts").fetchall()
    with closing(sqlite3.connect(tmp_path / "state/moafeed.db")) as now:
        assert now.execute("SELECT * FROM posts").fetchall() == old


def test_a_moved_post_keeps_its_guid(store: Store) -> None:
    store.save([post()])
    moved = post(guid="tag:new.example,2026:tistory:7:1", url="https://new.example/entry/a",
                 aliases=("id:tistory:7:1", "at:new.example/entry/a"))
    (saved,) = store.save([moved])
    assert saved.guid == post().guid
    assert [(p.guid, p.url) for p in store.newest(["dal"], 5)] == [(post().guid, "https://new.example/entry/a")]
    assert {"at:dal.tistory.com/1", "at:new.example/entry/a"} <= store.known("dal")


def test_an_address_used_again_is_another_post(store: Store) -> None:
    store.save([post()])
    other = post(title="다른 글", digest="x", aliases=("id:tistory:7:99", "at:dal.tistory.com/1"))
    (saved,) = store.save([other])
    assert saved.outcome == "new"
    assert saved.guid != post().guid  # minted the same, but that one belongs to somebody
    assert {p.title for p in store.newest(["dal"], 5)} == {"글 1", "다른 글"}


def test_an_edit_without_a_date_is_dated_when_noticed(store: Store) -> None:
    store.save([post()])
    seen = NOON + timedelta(days=3)
    assert store.save([post(digest="e", content_html="<p>고친</p>", first_seen=seen)])[0].outcome == "edited"
    (stored,) = store.newest(["dal"], 5)
    assert (stored.updated, stored.first_seen, stored.content_html) == (seen, NOON, "<p>고친</p>")


def test_a_new_signature_is_stored_but_no_edit(store: Store) -> None:
    store.save([post(content_html='<img src="https://x/?sig=1">')])
    assert store.save([post(content_html='<img src="https://x/?sig=2">')])[0].outcome == "unchanged"
    (stored,) = store.newest(["dal"], 5)
    assert (stored.content_html, stored.updated) == ('<img src="https://x/?sig=2">', None)


def test_a_page_without_a_date_does_not_take_the_stored_one(store: Store) -> None:
    store.save([post()])
    store.save([post(published=None, digest="e")])
    assert store.newest(["dal"], 5)[0].published == post().published


def test_newest_first_ties_by_guid_and_only_these_sources(store: Store) -> None:
    same = [post(n, published=NOON) for n in (1, 2, 3)]
    store.save([*same, post(9), post(5, source="other"), post(7, published=None)])
    assert [p.title for p in store.newest(["dal"], 4)] == ["글 9", "글 7", "글 3", "글 2"]


def test_a_batch_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(Exception, match="naive"):
        store.save([post(1), post(2, published=datetime(2026, 1, 1))])
    assert store.newest(["dal"], 5) == []


def test_sites_and_runs_are_kept(store: Store) -> None:
    site = Site(source="dal", title="달", home="https://dal.tistory.com/", platform="tistory", language="ko")
    store.save_site(replace(site, title="옛 이름"))
    store.save_site(site)
    assert store.site("dal") == site
    assert store.site("none") is None
    first, second = SourceResult(source="dal", found=3, new=3), SourceResult(source="dal", failures=("x 404",))
    for result in (first, second):
        number = store.begin_run(NOON, ["dal"])
        (unfinished,) = store.last_results().values()
        assert "cut off" in unfinished.failures[0]
        store.end_run(number, RunRecord(started=NOON, ended=NOON, results=(result,)))
        assert store.last_results() == {"dal": result}


def test_tables_match_the_migrations(store: Store) -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == tables.SCHEMA
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_a_store_of_the_first_version_is_brought_up_to_date_and_keeps_its_posts(url: str, tmp_path: Path) -> None:
    file = tmp_path / "state/moafeed.db"
    file.parent.mkdir()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        connection.exec_driver_sql(f"PRAGMA application_id = {tables.APPLICATION_ID}")
        at = "2026-01-02T03:04:05+00:00"
        connection.exec_driver_sql(
            "INSERT INTO posts (source, guid, url, title, dated, categories, tags, excerpt, feature_text, content_html,"
            " enclosures, first_seen, digest) VALUES ('dal', 'tag:1', 'https://dal.tistory.com/1', '글', ?, '[]', '[]',"
            " '', '', '<p>글</p>', '[]', ?, 'd')", (at, at))
        connection.exec_driver_sql("INSERT INTO runs (id, started, ended) VALUES (1, ?, ?)", (at, at))
        connection.exec_driver_sql("INSERT INTO run_sources VALUES (1, 'dal', 3, 1, 0, 0, 2, '[\"x\"]')")
    engine.dispose()
    with Store.open(url) as store:
        (post,) = store.newest(["dal"], 5)
        assert (post.title, post.pictures) == ("글", ())
        assert store.last_results()["dal"] == SourceResult(source="dal", found=3, new=1, failures=("x",))


@pytest.mark.parametrize(("content", "words"), [
    (b"this is a text file, not a database at all" * 100, "damaged or no database"),
    (b"SQLite format 3\0" + b"\xff" * 4096, "damaged or no database"),
])
def test_a_file_that_is_no_store_is_refused_and_kept(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=words) as caught:
        Store.open(f"sqlite:///{file}")
    assert caught.value.exit_code == 65
    assert file.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as other, other:
        other.execute("CREATE TABLE cookies (a)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(f"sqlite:///{tmp_path}/x.db")


def test_a_store_of_a_newer_version_is_refused_and_untouched(url: str, tmp_path: Path) -> None:
    Store.open(url).close()
    with closing(sqlite3.connect(tmp_path / "state/moafeed.db")) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "state/moafeed.db").read_bytes()
    with pytest.raises(StoreError, match="made by a newer moafeed"):
        Store.open(url)
    assert (tmp_path / "state/moafeed.db").read_bytes() == before


def test_a_store_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="can't be created") as caught:
        Store.open(f"sqlite:///{tmp_path}/state/moafeed.db")
    assert caught.value.exit_code == 73


def test_passwords_never_stand_in_an_error() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("nonsense+driver://me:geheim@host/db")
    assert "geheim" not in str(caught.value)


def test_the_connection_is_safe(store: Store) -> None:
    with store._engine.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check", "busy_timeout",
            "application_id",
        )} == {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1, "trusted_schema": 0,
               "cell_size_check": 1, "busy_timeout": 30000, "application_id": 0x6D6F6166}
