"""Copying a whole store into an empty one of another kind: every table, some rows at a time, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Integer, Table, func, insert, select

from pipelines.store import word_index
from pipelines.store.engine import StoreError, connect, faults, open_engine, schema_of, where
from pipelines.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

_AT_ONCE = 20  # rows held in memory: some hold a page of megabytes, and more at once is no faster


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """One table that was copied."""

    table: str
    """Its name."""
    rows: int
    """How many rows it has, there as here."""


def copy_store(store_url: str, target_url: str) -> tuple[Moved, ...]:
    """Copy everything of the store at *store_url* into the empty database at *target_url*.

    The target's tables are made, filled and counted in one transaction: a copy that is interrupted leaves it empty.

    Args:
        store_url: an SQLAlchemy URL of a store of ours; one of an older version is brought up to date first.
        target_url: an SQLAlchemy URL of a database without tables, or of a store without rows.

    Returns:
        What was copied, in the order of foreign keys.

    Raises:
        StoreError: one of both is out of reach or no store, the target holds something, or a count differs.
    """
    source = open_engine(store_url)
    try:
        target = connect(target_url)
        try:
            return _copy(source, target)
        finally:
            target.dispose()
    finally:
        source.dispose()


def _copy(source: Engine, target: Engine) -> tuple[Moved, ...]:
    # One transaction for all reads: on PostgreSQL another machine may write meanwhile.
    steady = {"isolation_level": "REPEATABLE READ"} if source.dialect.name == "postgresql" else {}
    with faults(where(target)), target.connect().execution_options(write=True) as there, there.begin():
        _make_empty(there)
        with source.connect().execution_options(**steady) as here:
            moved = tuple(_copy_table(here, there, table) for table in metadata.sorted_tables)
        for table in metadata.sorted_tables:
            _continue_numbers(there, table)
        word_index.fill_from_texts(there)
    return moved


def _make_empty(there: Connection) -> None:
    """Make the tables; refuse a database that holds anything."""
    from pipelines.store.migrate import upgrade_within  # noqa: PLC0415  # Alembic is slow to load, and rarely needed

    schema_of(there)
    upgrade_within(there)
    for table in metadata.sorted_tables:
        if there.execute(select(1).select_from(table).limit(1)).first():
            raise StoreError(f"the store {where(there.engine)} is not empty: its {table.name} would mix with ours;"
                             " name an empty one", 73)


def _copy_table(here: Connection, there: Connection, table: Table) -> Moved:
    expected = _count(here, table)
    for rows in _some_at_a_time(here, table):
        there.execute(insert(table), rows)
    found = _count(there, table)
    if found != expected:
        raise StoreError(f"{found} of {expected} rows of {table.name} came to {where(there.engine)}; it was left empty")
    return Moved(table=table.name, rows=found)


def _count(connection: Connection, table: Table) -> int:
    with faults(where(connection.engine)):
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _some_at_a_time(here: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    with faults(where(here.engine)):
        streamed = here.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*table.primary_key))
        for rows in streamed.mappings().partitions():
            yield [dict(row) for row in rows]


def _continue_numbers(there: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the copied ones; SQLite looks for itself."""
    column = table.autoincrement_column
    if there.dialect.name != "postgresql" or column is None or not isinstance(column.type, Integer):
        return
    sequence = there.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    newest = there.execute(select(func.max(column))).scalar()
    if sequence and newest:
        there.execute(select(func.setval(sequence, newest)))
