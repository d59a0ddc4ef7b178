"""Opening the database: the connection, the schema's version, faults in plain words."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from pipelines.errors import MoafeedError
from pipelines.store import postgresql, sqlite
from pipelines.store.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from sqlalchemy import URL

_OURS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


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
    engine = connect(store_url)
    try:
        with faults(where(engine)):
            _bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


def close(engine: Engine) -> None:
    """Let go of a store that `open_engine` has opened."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        sqlite.leave(engine)


def connect(store_url: str) -> Engine:
    """Return an engine on *store_url*, whatever is there; nothing is asked yet.

    Raises:
        StoreError: it is no address of a database we know, or its folder can't be made.
    """
    try:
        url = make_url(store_url)
    except ArgumentError as error:
        raise StoreError("store is no database address; write a path or postgresql+psycopg://…", 2) from error
    with faults(_shown(url)):
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return _create(url)


def _create(url: URL) -> Engine:
    ours = _OURS.get(url.get_backend_name())
    try:
        engine = create_engine(url, **(ours.options(url) if ours else {}))
    except (NoSuchModuleError, ImportError) as error:
        raise StoreError(
            f"no driver for a {url.drivername} store; for PostgreSQL install moafeed[postgresql]", 2
        ) from error
    if ours is None:
        raise StoreError(f"a {url.drivername} store is not known; write a path or postgresql+psycopg://…", 2)
    ours.prepare(engine)
    return engine


def where(engine: Engine) -> str:
    """Return what to call the database in a sentence: its file, or its address without the password."""
    return _shown(engine.url)


def without_password(store_url: str) -> str:
    """Return an address that may be shown; `***` stands for its password."""
    return _shown(make_url(store_url))


def _shown(url: URL) -> str:
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    if "password" in url.query:  # it works there too, and SQLAlchemy does not look for it
        url = url.difference_update_query(["password"]).set(password="***")  # noqa: S106  # stars are no password
    return url.render_as_string(hide_password=True)


@contextmanager
def faults(where: str) -> Iterator[None]:
    """Turn what a database driver raises into one sentence about *where*."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise _explained(error, where) from error


def _explained(error: BaseException, where: str) -> StoreError:
    if isinstance(error, OSError):
        return StoreError(f"the store {where} can't be created: {error.strerror}", 73)
    if isinstance(error, DBAPIError):
        driver = sqlite if type(error.orig).__module__ == "sqlite3" else postgresql
        if known := driver.explain(error):
            return StoreError(f"the store {where} {known[0]}", known[1])
        error = error.orig or error
    return StoreError(f"the store {where} can't be used: {str(error).splitlines()[0]}", 69)


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        found = schema_of(connection)
    if found != SCHEMA:
        from pipelines.store.migrate import upgrade  # noqa: PLC0415  # Alembic is only needed when something is to do

        upgrade(engine)


def schema_of(connection: Connection) -> str | None:
    """Return the schema's revision; None for an empty database.

    Raises:
        StoreError: it is damaged, another program's, or of a newer version than this.
    """
    shown, ours = where(connection.engine), _OURS[connection.dialect.name]
    if defect := ours.defect(connection):
        raise StoreError(f"the store {shown} {defect}")
    tables = frozenset(inspect(connection).get_table_names())
    if not tables:
        return None
    if not ours.is_ours(connection, tables) or "alembic_version" not in tables:
        raise StoreError(f"{shown} is a database of another program; name another one in `store` of moafeed.toml")
    version: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if version > SCHEMA:
        raise StoreError(f"the store {shown} was made by a newer moafeed (schema {version}, this one knows {SCHEMA});"
                         " upgrade moafeed")
    return version
