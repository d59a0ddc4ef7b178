"""The store, on SQLite and on PostgreSQL: one guid for ever, nothing doubled, old and foreign files refused."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select, text

from pipelines.post import Enclosure, Post
from pipelines.site import Site
from pipelines.store import Address, Noted, RunRecord, SourceResult, Store, StoreError, tables
from pipelines.store.migrate import config
from pipelines.store.soundness import OPENINGS

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
def store(store_url: str):
    with Store.open(store_url) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state/moafeed.db"


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, table by table."""
    with store._engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in tables.metadata.sorted_tables}


def test_a_post_comes_back_as_it_went_in(store: Store) -> None:
    whole = post(author="달", categories=("여행", "바다"), tags=("a", "b"), language="ko", excerpt="첫",
                 feature_text="줄", image="https://x/1.png", updated=NOON,
                 enclosures=(Enclosure(url="u", type="audio/mpeg", length=3),))
    assert [s.outcome for s in store.save([whole])] == ["new"]
    assert store.newest(["dal"], 5) == [replace(whole, aliases=())]


def test_saving_again_changes_nothing(store: Store) -> None:
    store.save([post()])
    before = rows(store)
    again = post(first_seen=NOON + timedelta(days=9))
    assert [s.outcome for s in store.save([again])] == ["unchanged"]
    assert store.newest(["dal"], 5)[0].first_seen == NOON
    assert len(store.newest(["dal"], 5)) == 1
    assert rows(store) == before


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


def test_every_address_of_a_sources_posts_is_known_with_its_posts_date(store: Store) -> None:
    store.save([post(1), post(2), post(3, source="bom")])
    store.save([post(1, aliases=("id:tistory:7:1", "at:dal.tistory.com/entry/a"))])
    one, two = (NOON + timedelta(days=number) for number in (1, 2))
    assert store.memory.dated("dal") == {
        "id:tistory:7:1": one, "at:dal.tistory.com/1": one, "at:dal.tistory.com/entry/a": one,
        "id:tistory:7:2": two, "at:dal.tistory.com/2": two,
    }


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
        # The index of words is another thing on each database.
        ours = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("words")}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), tables.metadata) == []


def test_a_store_of_the_first_version_is_brought_up_to_date_and_keeps_its_posts(store_url: str, file: Path) -> None:
    file.parent.mkdir()
    engine = create_engine(store_url)
    at = "2026-01-02T03:04:05+00:00"
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        if engine.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {tables.APPLICATION_ID}")
        connection.execute(text(
            "INSERT INTO posts (source, guid, url, title, dated, categories, tags, excerpt, feature_text, content_html,"
            " enclosures, first_seen, digest) VALUES ('dal', 'tag:1', 'https://dal.tistory.com/1', '글', :at, '[]',"
            " '[]', '', '', '<p>글</p>', '[]', :at, 'd')"), {"at": at})
        connection.execute(text("INSERT INTO runs (id, started, ended) VALUES (1, :at, :at)"), {"at": at})
        connection.execute(text("INSERT INTO run_sources VALUES (1, 'dal', 3, 1, 0, 0, 2, '[\"x\"]')"))
    engine.dispose()
    with Store.open(store_url) as store:
        (post,) = store.newest(["dal"], 5)
        assert (post.title, post.pictures) == ("글", ())
        assert store.last_results()["dal"] == SourceResult(source="dal", found=3, new=1, failures=("x",))


def test_two_that_open_an_empty_store_at_once_make_it_once(store_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for store in [found.result() for found in [pool.submit(Store.open, store_url) for _ in range(4)]]:
            with store:
                assert store.counts() == {}


def test_two_that_save_the_same_post_at_once_store_it_once(store_url: str) -> None:
    def write(number: int) -> str:
        with Store.open(store_url) as mine:
            return mine.save([post(guid=f"tag:{number}")])[0].guid

    Store.open(store_url).close()
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(write, range(8)))) == 1


# --- what only a file can be ------------------------------------------------------------------------------------------


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


# A process of its own, as every command is; it says how many bytes it read.
_OPENING = """
import sys
from pipelines.store import Store
def read():
    lines = open("/proc/self/io").read().split()
    return int(lines[lines.index("rchar:") + 1])
def opened():
    before = read()
    with Store.open(f"sqlite:///{sys.argv[1]}") as store:
        for source in sys.argv[2:]:
            store.newest([source], 10_000)
        return read() - before
print(opened())
"""


def _opened(file: Path, *sources: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _OPENING, str(file), *sources]
    return subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)


@pytest.fixture
def large(file: Path) -> Path:
    """A store of a megabyte that a command has opened and left."""
    with Store.open(f"sqlite:///{file}") as store:
        store.save([post(guid=f"tag:{n}", url=f"https://a.example/{n}", aliases=(str(n),), digest=str(n),
                         content_html=f"<p>{n}</p>" * 1000) for n in range(100)], hold=False)  # fmt: skip
    assert file.stat().st_size > 1_000_000
    return file


def test_a_file_that_is_as_it_was_left_is_not_read_through_again(large: Path) -> None:
    assert int(_opened(large).stdout) < 300_000
    assert int(_opened(large).stdout) < 300_000
    os.utime(large)  # as after any copy
    assert int(_opened(large).stdout) > 1_000_000
    assert int(_opened(large).stdout) < 300_000


def test_a_file_that_was_changed_by_others_is_read_through(large: Path) -> None:
    _damage(large)
    for _ in range(2):
        assert "is damaged; put a backup in its place" in _opened(large).stderr


def test_a_file_is_read_through_now_and_then_all_the_same(large: Path) -> None:
    state = large.stat()
    _damage(large)
    os.utime(large, ns=(state.st_atime_ns, state.st_mtime_ns))  # a disk that loses bits says nothing
    found = [_opened(large).returncode for _ in range(3)]
    note = large.with_name(f"{large.name}-sound")
    look = json.loads(note.read_text("utf-8"))
    note.write_text(json.dumps([*look[:3], OPENINGS - 1]), "utf-8")
    found += [_opened(large).returncode for _ in range(2)]
    assert found == [0, 0, 0, 0, 1]


def test_damage_that_is_met_is_no_longer_overlooked(large: Path) -> None:
    state = large.stat()
    _damage(large)
    os.utime(large, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert "is damaged" in _opened(large, "dal").stderr  # it reads all posts
    assert "is damaged" in _opened(large).stderr


def _damage(file: Path) -> None:
    """Overwrite what is in the middle of a file, as a disk does that was repaired."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 3)
        opened.write(b"\xff" * 400_000)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as other, other:
        other.execute("CREATE TABLE cookies (a)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(f"sqlite:///{tmp_path}/x.db")


def test_what_waits_is_counted_without_other_addresses_of_stored_posts(store: Store) -> None:
    def address(key: str, **said: object) -> Address:
        return Address(source="dal", key=key, url=f"https://{key[3:]}", kind="post", wanted=True, **said)  # type: ignore[arg-type]

    known = post(1)
    named = (address("at:dal.tistory.com/1"), address("at:dal.tistory.com/2"), address("at:x.kr/1", guid=known.guid))
    front = Address(source="dal", key="at:dal.tistory.com", url="https://dal.tistory.com/", kind="front")
    store.save([known], [Noted(document=front, posts=named)])
    assert store.memory.waiting(["dal", "bom"]) == {"dal": 2}  # one that is not stored, one that was edited


def test_a_store_of_a_newer_version_is_refused_and_untouched(file: Path) -> None:
    Store.open(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="made by a newer moafeed"):
        Store.open(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_store_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="can't be created") as caught:
        Store.open(f"sqlite:///{tmp_path}/state/moafeed.db")
    assert caught.value.exit_code == 73


def test_passwords_never_stand_in_an_error() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("nonsense+driver://me:geheim@host/db")
    assert "geheim" not in str(caught.value)


def test_the_connection_is_safe(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store, store._engine.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check", "busy_timeout",
            "application_id",
        )} == {"journal_mode": "delete", "synchronous": 3, "foreign_keys": 1, "trusted_schema": 0,
               "cell_size_check": 1, "busy_timeout": 30000, "application_id": 0x6D6F6166}
