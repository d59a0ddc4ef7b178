"""Kinds of column that both databases keep alike: instants, JSON, flags, wide numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime of whole seconds: `timestamptz`, or on SQLite ISO 8601 text, which sorts as time does."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no date type that a STRICT table accepts."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Store UTC, whole seconds; a naive datetime is a bug and raises."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        whole = value.astimezone(UTC).replace(microsecond=0)
        return whole.isoformat() if dialect.name == "sqlite" else whole

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC datetime."""
        if value is None:
            return None
        found: datetime = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return found.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value as text: the same bytes on every database, letters unescaped so that people can read and search."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Store compact JSON; None is no value."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Give back the value."""
        return None if value is None else json.loads(value)


# A STRICT table of SQLite knows neither.
Flag = Boolean().with_variant(Integer(), "sqlite")
Wide = BigInteger().with_variant(Integer(), "sqlite")
