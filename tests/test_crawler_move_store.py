"""`move-store`, and the whole way on PostgreSQL: the same posts and the same feeds, whichever database keeps them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import files, moafeed, unmeasured, workspace
from postgres_server import PASSWORD, PostgresServer
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, create_engine, insert, select

from crawler.demo import DemoBlog
from crawler.lock import writing
from crawler.tasks.moving import move_store
from crawler.workspace import load_workspace
from pipelines.errors import MoafeedError
from pipelines.searchable import Searchable
from pipelines.store import Store, column_types, tables, word_index
from pipelines.store.moving import copy_store

NOON = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def value(column: Column[Any], number: int) -> object:
    """A value that the kind of *column* finds hard, the same for a key and what points to it."""
    for key in column.foreign_keys:
        return value(key.column, number)
    if column.nullable and number % 3 == 0:
        return None
    if column is tables.texts.c.record:  # the target makes an index of it
        return word_index._pack(Searchable(facts=("tag\x1f가",), text=f"{number} 가나 🌊é\nb"))
    kinds: dict[type[Any], object] = {
        column_types.Instant: NOON + timedelta(days=number),
        column_types.JsonText: [{"가": f"{number}\u2028\"'", "n": [1.5, None, True]}],
        LargeBinary: bytes(range(256)) * number,
        Boolean: number % 2 == 0,
        BigInteger: (-1) ** number * (2**63 - number),
        Integer: number if column.primary_key else 2**31 - number,
    }
    text = f"{column.name}{number} 가나\\N\t\"'%s\n🌊é"
    return next((hard for kind, hard in kinds.items() if isinstance(column.type, kind)), text)


def fill(url: str, count: int = 5) -> None:
    """A store with rows in every table that there is."""
    with Store.open(url) as store, store._writing() as connection:
        for table in tables.metadata.sorted_tables:
            rows = [{column.name: value(column, number) for column in table.c} for number in range(1, count + 1)]
            connection.execute(insert(table), rows)


def dump(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, table by table."""
    with Store.open(url) as store, store._engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(_ordered(table))]
                for table in tables.metadata.sorted_tables}


def _ordered(table: Table) -> Any:
    return select(table).order_by(*table.primary_key)


def tables_of(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = engine.dialect.get_table_names(connection)
    engine.dispose()
    return len(names)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return workspace(tmp_path / "ws", dal="https://dal.tistory.com/")


@pytest.fixture
def file(here: Path) -> str:
    return f"sqlite:///{here}/state/moafeed.db"


def use(here: Path, line: str) -> None:
    """Put the line where the command says."""
    (here / "moafeed.toml").write_text(line + "\n", "utf-8")
    (here / "moafeed.toml").chmod(0o600)


# --- there and back ---------------------------------------------------------------------------------------------------


def test_to_postgresql_and_back_nothing_is_lost(here: Path, file: str, postgres_url: str) -> None:
    fill(file)
    before = dump(file)
    assert all(len(rows) == 5 for rows in before.values())
    ran = moafeed("move-store", postgres_url, cwd=here)
    assert dump(postgres_url) == before
    assert "posts 5" in ran.out
    assert (here / "moafeed.toml").read_text("utf-8").startswith("[feeds.all]")
    use(here, ran.out.splitlines()[-1])
    moved = dump(file)
    back = moafeed("move-store", "again/store.db", cwd=here).out.splitlines()[-1]
    assert back == 'store = "again/store.db"'
    assert dump(f"sqlite:///{here}/again/store.db") == before == moved


def test_what_is_stored_afterwards_is_numbered_on(file: str, postgres_url: str) -> None:
    fill(file)
    copy_store(file, postgres_url)
    with Store.open(postgres_url) as store:
        assert store.begin_run(NOON + timedelta(days=9), ["dal"]) == 6


def test_a_password_is_not_printed(here: Path, file: str, postgres: PostgresServer) -> None:
    fill(file)
    with postgres.database("OWNER careful") as name:
        ran = moafeed("move-store", postgres.url(name, f"careful:{PASSWORD}"), cwd=here)
        assert PASSWORD not in ran.out + ran.err
        assert "careful:***@" in ran.out.splitlines()[-1]
        assert dump(postgres.url(name)) == dump(file)


@pytest.mark.parametrize("empty", ["nothing", "tables"])
def test_an_empty_target_may_have_tables(file: str, postgres_url: str, empty: str) -> None:
    fill(file)
    if empty == "tables":
        Store.open(postgres_url).close()
    copy_store(file, postgres_url)
    assert dump(postgres_url) == dump(file)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_target_with_something_in_it_is_refused_and_kept(here: Path, file: str, store_url: str) -> None:
    fill(file)
    fill(store_url, 2)
    before = dump(store_url)
    assert "is not empty" in moafeed("move-store", store_url, cwd=here, code=73).err
    assert dump(store_url) == before


def refused(here: Path, target: str, code: int) -> str:
    with pytest.raises(MoafeedError) as caught:
        move_store(load_workspace(here), target)
    assert caught.value.exit_code == code, caught.value
    return str(caught.value)


def test_places_that_can_be_no_store(here: Path, file: str, postgres: PostgresServer) -> None:
    fill(file)
    before = files(here)
    assert "already" in refused(here, "state/../state/moafeed.db", 2)
    assert "for the public" in refused(here, "public/moafeed.db", 2)
    assert "postgresql+psycopg://" in refused(here, "mysql://me:geheim@localhost/x", 2)
    assert "can't be reached" in refused(here, "postgresql://me@127.0.0.1:9/x", 69)
    with postgres.database() as name:
        postgres.run("CREATE TABLE cookies (a text)", name)
        assert "another program" in refused(here, postgres.url(name), 65)
    with postgres.database() as name:
        Store.open(postgres.url(name)).close()
        postgres.run("UPDATE alembic_version SET version_num = '9999'", name)
        assert "made by a newer moafeed" in refused(here, postgres.url(name), 65)
    assert {name: text for name, text in files(here).items() if name != "state/lock"} == before


def test_nothing_to_move_and_somebody_at_work(here: Path, file: str) -> None:
    assert "no store yet" in moafeed("move-store", "other.db", cwd=here, code=66).err
    assert not (here / "state").exists()
    fill(file)
    with writing(load_workspace(here)):
        assert "another moafeed run" in moafeed("move-store", "other.db", cwd=here, code=75).err
    assert not (here / "other.db").exists()


# --- a large store ----------------------------------------------------------------------------------------------------


@pytest.fixture
def large(file: str) -> str:
    """40 MB in 400 posts."""
    fill(file, 1)
    with Store.open(file) as store, store._writing() as connection:
        for number in range(2, 402):
            row = {column.name: value(column, number) for column in tables.posts.c}
            connection.execute(insert(tables.posts), row | {"content_html": f"{number:100000}"})
    return file


def test_memory_stays_flat(large: str, postgres_url: str) -> None:
    tracemalloc.start()
    try:
        copy_store(large, postgres_url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 25e6, f"{peak / 1e6:.0f} MB"
    assert dump(postgres_url) == dump(large)


def test_a_copy_that_is_killed_leaves_the_target_empty(
    here: Path, large: str, store_url: str, postgres: PostgresServer
) -> None:
    target = store_url.replace("state/moafeed.db", "other/moafeed.db")
    before = dump(large)
    command = [sys.executable, "-m", "crawler", "move-store", target]
    run = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=unmeasured())
    _wait_until(run, _is_writing(target, postgres))
    run.kill()
    assert run.wait(30) == -signal.SIGKILL
    assert tables_of(target) == 0
    assert dump(large) == before
    copy_store(large, target)  # and a second one goes through
    assert dump(target) == before


def _is_writing(target: str, postgres: PostgresServer) -> Callable[[], bool]:
    if target.startswith("sqlite"):
        file = Path(target.removeprefix("sqlite:///"))
        return lambda: file.exists() and file.stat().st_size > 5e6
    seen = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'moafeed' AND query LIKE 'INSERT INTO posts%'"
    return lambda: bool(postgres.run(seen))


def _wait_until(run: subprocess.Popen[bytes], happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert run.poll() is None, "the copy ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.005)


# --- the whole way on PostgreSQL --------------------------------------------------------------------------------------


def test_update_on_postgresql_gives_the_same_feeds_byte_for_byte(tmp_path: Path, postgres_url: str) -> None:
    both = [workspace(tmp_path / "file"), workspace(tmp_path / "server")]
    config = '[feeds.all]\ntitle = "모두"\n'
    (both[1] / "moafeed.toml").write_text(f'store = "{postgres_url}"\n{config}', "utf-8")
    with DemoBlog() as blog:
        for here in both:
            (here / "sources/blog.toml").write_text(f'url = "{blog.url}/"\n')
            ran = moafeed("update", cwd=here)
            assert (ran.out, ran.err) == ("", "")
        assert files(both[1] / "public") == files(both[0] / "public")
        assert len(files(both[0] / "public")) > 5
        assert not (both[1] / "state/moafeed.db").exists()
    line = moafeed("move-store", "state/moafeed.db", cwd=both[1]).out.splitlines()[-1]
    (both[1] / "moafeed.toml").write_text(f"{line}\n{config}", "utf-8")
    assert "0 files written" in moafeed("build", "-v", cwd=both[1]).out
