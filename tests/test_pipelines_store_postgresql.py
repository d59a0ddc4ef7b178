"""PostgreSQL as the store: what differs from a file, and what its user can get wrong, told in one sentence."""

from __future__ import annotations

import gc
import socket
from datetime import UTC, datetime

import pytest
from postgres_server import PASSWORD, PostgresServer
from sqlalchemy import create_engine, event, make_url
from test_pipelines_store import NOON, post

from pipelines.identity import address_alias, aliases, mint
from pipelines.post import RawPost
from pipelines.site import Site
from pipelines.store import Store, StoreError


def refused(url: str, code: int) -> str:
    """What opening the store says; never a line too many, never a password."""
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert caught.value.exit_code == code, caught.value
    assert "\n" not in str(caught.value)
    assert "geheim" not in str(caught.value)
    return str(caught.value)


# --- what its user can get wrong --------------------------------------------------------------------------------------


def test_a_server_that_is_not_there() -> None:
    said = refused("postgresql+psycopg://me:geheim@127.0.0.1:9/moafeed", 69)
    assert "can't be reached (Connection refused)" in said
    assert "postgresql+psycopg://me:***@127.0.0.1:9/moafeed" in said
    refused("postgresql+psycopg://me@127.0.0.1:9/moafeed?password=geheim", 69)


def test_a_host_that_answers_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://me:geheim@127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2"
        assert "timeout" in refused(address, 69)


def test_a_database_that_is_not_there(postgres: PostgresServer) -> None:
    assert 'database "nowhere" does not exist' in refused(postgres.url("nowhere"), 69)


def test_a_wrong_password(postgres: PostgresServer) -> None:
    with postgres.database("OWNER careful") as name:
        assert "password authentication failed" in refused(postgres.url(name, "careful:geheim-83"), 69)
        assert "password" in refused(postgres.url(name, "careful"), 69)
        Store.open(postgres.url(name, f"careful:{PASSWORD}")).close()


def test_a_user_who_may_make_no_tables(postgres: PostgresServer) -> None:
    with postgres.database() as name:
        assert "permission denied" in refused(postgres.url(name, f"careful:{PASSWORD}"), 73)


def test_a_database_that_cannot_hold_every_letter(postgres: PostgresServer) -> None:
    with postgres.database("TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'") as name:
        assert "createdb -T template0 -E UTF8" in refused(postgres.url(name), 65)


@pytest.mark.parametrize("table", ["cookies", "alembic_version"])
def test_another_programs_database_is_refused(postgres: PostgresServer, table: str) -> None:
    with postgres.database() as name:
        postgres.run(f"CREATE TABLE {table} AS SELECT 'abc' AS version_num", name)
        assert "another program" in refused(postgres.url(name), 65)
        assert postgres.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(1,)]


def test_a_store_of_a_newer_version_is_refused(postgres: PostgresServer) -> None:
    with postgres.database() as name:
        Store.open(postgres.url(name)).close()
        postgres.run("UPDATE alembic_version SET version_num = '9999'", name)
        assert "made by a newer moafeed" in refused(postgres.url(name), 65)


# --- a server that goes -----------------------------------------------------------------------------------------------


def hang_up(postgres: PostgresServer, url: str) -> None:
    """End every connection to a database, as a restart of its server does."""
    name = make_url(url).database
    assert postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608


def test_a_server_that_was_restarted_between_two_batches_is_not_noticed(
    postgres: PostgresServer, postgres_url: str
) -> None:
    with Store.open(postgres_url) as store:
        store.save([post(1)])
        hang_up(postgres, postgres_url)
        assert [saved.outcome for saved in store.save([post(1), post(2)])] == ["unchanged", "new"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a cursor that nobody could close
def test_a_server_that_goes_while_posts_are_read(postgres: PostgresServer, postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        store.save([post(n) for n in range(450)])
        read = store.each(["dal"])
        next(read)
        hang_up(postgres, postgres_url)
        with pytest.raises(StoreError, match="can't be reached") as caught:
            list(read)
        assert caught.value.exit_code == 69
        del read, caught
        gc.collect()


def test_a_server_that_goes_while_posts_are_written_leaves_no_half_batch(
    postgres: PostgresServer, postgres_url: str
) -> None:
    with Store.open(postgres_url) as store:
        seen = 0

        def third_insert(*about: object) -> None:
            nonlocal seen
            seen += str(about[2]).startswith("INSERT INTO posts")
            if seen == 3:
                seen += 1
                hang_up(postgres, postgres_url)

        event.listen(store._engine, "before_cursor_execute", third_insert)
        with pytest.raises(StoreError, match="can't be reached"):
            store.save([post(n) for n in range(5)])
        assert store.counts() == {}


def test_a_store_that_somebody_else_holds(postgres: PostgresServer) -> None:
    with (
        postgres.database() as name,
        Store.open(postgres.url(name)) as other,
        Store.open(postgres.url(name, options="-clock_timeout=50")) as mine,
    ):
        with other._writing(), pytest.raises(StoreError, match="held by another program") as caught:
            mine.save([post()])
        assert caught.value.exit_code == 75
        with other._writing():
            assert mine.counts() == {}  # to read needs no turn
        assert mine.save([post()])[0].outcome == "new"


# --- the same as in a file --------------------------------------------------------------------------------------------

# Each pair falls differently in the order of Korean, of English and of bytes.
TIES = ("tag:B", "tag:a", "tag:가", "tag:Z", "tag:_", "tag:é", "tag:10", "tag:9", "tag:-1")


def test_ties_fall_as_in_a_file_whatever_the_servers_language(store_url: str) -> None:
    same = datetime(2026, 1, 1, tzinfo=UTC)
    with Store.open(store_url) as store:
        store.save([post(guid=guid, published=same, aliases=(guid,)) for guid in TIES])
        assert [p.guid for p in store.each(["dal"])] == sorted(TIES, key=str.encode)
        assert [p.guid for p in store.newest(["dal"], 20)] == sorted(TIES, key=str.encode, reverse=True)


def test_dates_at_the_ends_of_time_and_another_zone_of_the_server(postgres: PostgresServer) -> None:
    with postgres.database() as name:
        postgres.run(f"ALTER DATABASE {name} SET timezone = 'Pacific/Kiritimati'")
        with Store.open(postgres.url(name)) as store:
            first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
            store.save([post(1, published=first), post(2, published=last)])
            assert [p.published for p in store.newest(["dal"], 2)] == [last, first]


def test_every_text_of_every_table_sorts_by_bytes(postgres: PostgresServer, postgres_url: str) -> None:
    Store.open(postgres_url).close()
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT table_name, column_name, collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'").all()
    engine.dispose()
    assert {table for table, _, _ in found} >= {"posts", "aliases", "sites", "run_sources"}
    assert {collation for _, _, collation in found} == {"C"}


def test_a_sign_that_no_text_of_postgresql_holds(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.save([post(author="a\0b")])
        store.save_site(Site(source="dal", title="달\0", home="", platform="tistory"))
        assert str(store.newest(["dal"], 1)[0].author).replace("\0", "") == "ab"
        assert store.save([post(author="a\0b")])[0].outcome == "unchanged"


def test_an_address_longer_than_an_index_takes(store_url: str) -> None:
    """PostgreSQL refuses keys of more than 2,700 bytes; one odd page must not lose the batch that it came with."""
    long = "https://dal.tistory.com/" + "".join(f"{n * n:x}" for n in range(2000))
    raw = RawPost(source="dal", url=long, page_url=long, fetched=NOON)
    with Store.open(store_url) as store:
        odd = post(guid=mint(raw, long, NOON), aliases=aliases(raw, long))
        assert [saved.outcome for saved in store.save([post(2), odd])] == ["new", "new"]
        assert [saved.outcome for saved in store.save([odd])] == ["unchanged"]
        assert address_alias(long) in store.known("dal")
