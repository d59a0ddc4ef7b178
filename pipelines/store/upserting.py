"""Rows that are inserted, or put in place of those that are there."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement, Connection, Table


def row_of(record: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a flat record by name; `asdict` would copy what is in them, at four times the cost."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def upsert(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str],
    only: Sequence[str] = (), *, except_: Sequence[str] = (),
) -> None:
    """Insert *rows*; where one is there, replace it, or *only* some columns of it."""
    if not rows:
        return
    statement = _insert(connection, table)
    names = only or [name for name in rows[0] if name not in (*keys, *except_)]
    replaced = {name: statement.excluded[name] for name in names}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=replaced), list(rows))


def count_up(
    connection: Connection, table: Table, first: dict[str, Any], keys: Sequence[str], counter: ColumnElement[int]
) -> int:
    """Insert the row *first*; where one is there, add one to its *counter*; return what that is then."""
    statement = _insert(connection, table).values(**first)
    counted = statement.on_conflict_do_update(index_elements=list(keys), set_={counter.key: counter + 1})
    number: int = connection.execute(counted.returning(counter)).scalar_one()
    return number


def _insert(connection: Connection, table: Table) -> Any:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # slow to load

    return postgresql.insert(table)
