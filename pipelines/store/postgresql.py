"""What PostgreSQL needs that SQLite does not: one writer among many machines, order by bytes, its own error codes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from pipelines.store.tables import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from psycopg.adapt import Dumper
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import DBAPIError

# By these a store is known; they are of its first schema, and no other program has all of them.
_TABLES = frozenset({"alembic_version", "posts", "aliases", "sites", "runs", "run_sources"})
# Seconds; a host that drops what is sent to it would hold a cron job for minutes.
_PATIENCE = 15
_WAIT_FOR_OTHERS = "SELECT set_config('lock_timeout', '30s', false) WHERE current_setting('lock_timeout') = '0'"
_ALL_TEXT_BY_BYTES = """
    SELECT format('ALTER TABLE %I ', table_name)
           || string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', column_name), ', ')
      FROM information_schema.columns
     WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
     GROUP BY table_name ORDER BY table_name
"""


def options(url: URL) -> dict[str, Any]:
    """Return what `create_engine` is to be told; what *url* says itself goes before."""
    # Without it a database in SQL_ASCII gives bytes for text, and no sentence can say so.
    ours = {"client_encoding": "utf8", "connect_timeout": _PATIENCE, "application_name": "moafeed"}
    # A connection may have died in the hour since it was last used: the server's restart, a firewall's patience.
    return {"pool_pre_ping": True, "connect_args": {k: v for k, v in ours.items() if k not in url.query}}


def prepare(engine: Engine) -> None:
    """Make every connection speak UTC, and let one writer in at a time, wherever the others run."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")  # the last hours of year 9999 are no date in Seoul
    connection.execute(_WAIT_FOR_OTHERS)
    connection.autocommit = False
    connection.adapters.register_dumper(str, _without_nul())


@cache
def _without_nul() -> type[Dumper]:
    """Make the class by which texts of strangers (a robots.txt, a header) lose NUL: PostgreSQL has no text with it."""
    from psycopg.adapt import Dumper  # noqa: PLC0415  # who keeps posts in a file need not have it

    class WithoutNul(Dumper):
        def dump(self, obj: str) -> bytes:
            return obj.replace("\0", "").encode()

    return WithoutNul


def _begin(connection: Connection) -> None:
    # Two runs that look for the same post and find none would both insert it; the lock on the workspace's folder holds
    # on one machine only. This one goes with the transaction, also when its owner is killed.
    if connection.get_execution_options().get("write"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")


def defect(connection: Connection) -> str | None:
    """Return why the database can't be a store, as the end of a sentence; None where it can."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding == "UTF8":
        return None
    return f"has the encoding {encoding} and would lose letters; make one with: createdb -T template0 -E UTF8 NAME"


def is_ours(_connection: Connection, names: AbstractSet[str]) -> bool:
    """Tell a store from another program's database, by the *names* of its tables."""
    return names >= _TABLES


def finish(connection: Connection) -> None:
    """Sort every text by its bytes, as SQLite does, after tables were made or changed.

    In the order of a language, ties between posts would fall differently on each server, and an update of its
    operating system can spoil indexes.
    """
    for statement in connection.execute(text(_ALL_TEXT_BY_BYTES)).scalars().all():
        connection.exec_driver_sql(statement)


def explain(error: DBAPIError) -> tuple[str, int] | None:
    """Return what *error* means, as the end of a sentence, and an exit code; None for one we don't know."""
    state: str = getattr(error.orig, "sqlstate", None) or ""
    lines = str(error.orig).strip().splitlines() or [""]
    reason = lines[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip()
    if isinstance(error, OperationalError) and (state in {"", "57P01", "57P02", "57P03"} or state[:2] == "08"):
        return f"can't be reached ({reason}); check the address in `store` of moafeed.toml and that the server runs", 69
    match state:
        case "42501" | "25006" | "3F000":
            return f"takes no tables or rows from this user ({reason}); let the user own the database", 73
        case "55P03" | "40P01":
            return "is held by another program; try again when it has ended", 75
        case "53100" | "53200":
            return f"can't be written ({reason}); free some space on the server and run again", 74
    return None
