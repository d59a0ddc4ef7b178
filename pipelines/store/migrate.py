"""Bringing a store's schema to this version, through Alembic, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from pipelines.store.tables import APPLICATION_ID, SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Engine


def config() -> Config:
    """Return Alembic's configuration: where our revisions are."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(engine: Engine) -> None:
    """Create or migrate every table: all of it or, on a crash, nothing."""
    settings = config()
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.upgrade(settings, SCHEMA)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {int(SCHEMA)}")
