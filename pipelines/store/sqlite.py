"""What SQLite needs that PostgreSQL does not: safety settings, a mark in the file, its own error codes."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from pipelines.store import soundness
from pipelines.store.tables import APPLICATION_ID, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import DBAPIError

# Why each: FULL alone can lose the rename of a rollback journal in a power cut, so EXTRA; WAL has a bug that loses
# committed writes in SQLite before 3.51.3, and one writer under a lock gains nothing from it; a hostile or damaged
# file must not run functions from its schema (trusted_schema) and shows damage early (cell_size_check).
_PRAGMAS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "foreign_keys = ON",
    "busy_timeout = 30000",
    "trusted_schema = OFF",
    "cell_size_check = ON",
)


def options(_url: URL) -> dict[str, Any]:
    """Return what `create_engine` is to be told."""
    return {}


def prepare(engine: Engine) -> None:
    """Make every connection of *engine* safe, and every transaction one that can't fail halfway for a lock."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 would begin transactions of its own, too late and not for DDL
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a read that turns into a write can fail without waiting for busy_timeout.
    mode = "IMMEDIATE" if connection.get_execution_options().get("write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def defect(connection: Connection) -> str | None:
    """Return why the database can't be a store, as the end of a sentence; None where it can."""
    file = connection.engine.url.database or ""
    if soundness.is_known(file):
        return None
    healthy = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
    if not healthy:
        return "is damaged; put a backup in its place"
    soundness.looked_through(file)
    return None


def leave(engine: Engine) -> None:
    """Note how the file was left."""
    soundness.leave(engine.url.database or "")


def is_ours(connection: Connection, _names: AbstractSet[str]) -> bool:
    """Tell a store from another program's file, by the mark in its header."""
    return connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID


def finish(connection: Connection) -> None:
    """Mark the file as ours, after its tables were made or changed."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {int(SCHEMA)}")


def explain(error: DBAPIError) -> tuple[str, int] | None:
    """Return what *error* means, as the end of a sentence, and an exit code; None for one we don't know."""
    origin = error.orig
    code = getattr(origin, "sqlite_errorcode", None)
    match code & 0xFF if code is not None else None:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            soundness.distrust()
            return "is damaged or no database; put a backup in its place", 65
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "is held by another program; try again when it has ended", 75
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"can't be written ({origin}); free some space and run again", 74
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            return f"can't be written ({origin}); check its folder and its rights", 73
    return None
