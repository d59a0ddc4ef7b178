"""Bringing a store's schema to this version, through Alembic, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from pipelines.store import postgresql, sqlite
from pipelines.store.tables import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def config() -> Config:
    """Return Alembic's configuration: where our revisions are."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(engine: Engine) -> None:
    """Create or migrate every table: all of it or, on a crash, nothing; two machines take turns."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        upgrade_within(connection)


def upgrade_within(connection: Connection) -> None:
    """Do the same as a part of a transaction that has begun, as a writer."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, SCHEMA)
    (sqlite if connection.dialect.name == "sqlite" else postgresql).finish(connection)
