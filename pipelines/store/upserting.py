"""Rows that are inserted, or put in place of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


def upsert(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str],
    only: Sequence[str] = (), *, except_: Sequence[str] = (),
) -> None:
    """Insert *rows*; where one is there, replace it, or *only* some columns of it."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        statement: Any = sqlite.insert(table)
    else:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # slow to load

        statement = postgresql.insert(table)
    names = only or [name for name in rows[0] if name not in (*keys, *except_)]
    replaced = {name: statement.excluded[name] for name in names}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=replaced), list(rows))
