"""Opening the database: the connection's safety settings, the schema's version, faults in plain words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from pipelines.errors import MoafeedError
from pipelines.store.tables import APPLICATION_ID, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class StoreError(MoafeedError):
    """The store can't be used; nothing was changed."""

    exit_code = 65  # EX_DATAERR

    def __init__(self, message: str, exit_code: int = 65) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def open_engine(store_url: str) -> Engine:
    """Return an engine on *store_url* whose tables are there and of this version.

    Args:
        store_url: an SQLAlchemy URL, `sqlite:////path/file.db` or `postgresql+psycopg://…`.

    Raises:
        StoreError: not a store of ours, made by a newer moafeed, damaged, or out of reach.
    """
    try:
        url = make_url(store_url)
    except ArgumentError as error:
        raise StoreError("store is no database address; write a path or postgresql+psycopg://…", 2) from error
    with faults(shown := url.render_as_string(hide_password=True)):
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            shown = url.database
        engine = _create(url)
    try:
        with faults(shown):
            _bring_up_to_date(engine, shown)
    except StoreError:
        engine.dispose()
        raise
    return engine


def _create(url: Any) -> Engine:
    try:
        engine = create_engine(url)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for a {url.drivername} store; for PostgreSQL install moafeed[postgresql]", 2
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 would begin transactions of its own, too late and not for DDL
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a read that turns into a write can fail without waiting for busy_timeout.
    mode = "IMMEDIATE" if connection.get_execution_options().get("write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def faults(where: str) -> Iterator[None]:
    """Turn what a database driver raises into one sentence about *where*."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise _explained(error, where) from error


def _explained(error: SQLAlchemyError | OSError, where: str) -> StoreError:
    if isinstance(error, OSError):
        return StoreError(f"the store {where} can't be created: {error.strerror}", 73)
    origin = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(origin, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    match primary:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return StoreError(f"the store {where} is damaged or no database; put a backup in its place")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(f"the store {where} is held by another program; try again when it has ended", 75)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreError(f"the store {where} can't be written ({origin}); free some space and run again", 74)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            return StoreError(f"the store {where} can't be written ({origin}); check its folder and its rights", 73)
    return StoreError(f"the store {where} can't be used: {str(origin or error).splitlines()[0]}", 69)


def _bring_up_to_date(engine: Engine, shown: str) -> None:
    with engine.connect() as connection:
        found = _version(connection, shown)
    if found != SCHEMA:
        from pipelines.store.migrate import upgrade  # noqa: PLC0415  # Alembic is only needed when something is to do

        upgrade(engine)


def _version(connection: Connection, shown: str) -> str | None:
    """The schema's revision; None for an empty database."""
    if connection.dialect.name == "sqlite":
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise StoreError(f"the store {shown} is damaged; put a backup in its place")
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
    else:
        mark = APPLICATION_ID
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if mark != APPLICATION_ID or "alembic_version" not in tables:
        raise StoreError(f"{shown} is a database of another program; name another file in `store` of moafeed.toml")
    version: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if version > SCHEMA:
        raise StoreError(f"the store {shown} was made by a newer moafeed (schema {version}, this one knows {SCHEMA});"
                         " upgrade moafeed")
    return version
