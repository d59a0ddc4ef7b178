"""The tables of the store, as SQLAlchemy Core sees them; `migrations/` is what creates them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


SCHEMA = "0002"
"""The newest revision in `migrations/`; a test holds it to Alembic's own answer."""
APPLICATION_ID = 0x6D6F6166
"""`moaf`: tells our file from any other SQLite file."""


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

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002  # SQLAlchemy's signature
        """Store compact JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Give back the value."""
        return json.loads(value)


metadata = MetaData()

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text),
    Column("published", Instant),
    Column("updated", Instant),
    Column("dated", Instant, nullable=False),  # published, else first_seen: what readers sort by
    Column("categories", JsonText, nullable=False),
    Column("tags", JsonText, nullable=False),
    Column("language", Text),
    Column("excerpt", Text, nullable=False),
    Column("feature_text", Text, nullable=False),
    Column("image", Text),
    Column("content_html", Text, nullable=False),
    Column("enclosures", JsonText, nullable=False),
    Column("pictures", JsonText, nullable=False, server_default="[]"),  # those whose addresses will stop working
    Column("first_seen", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("source", "guid", name="posts_source_guid"),
    Index("posts_source_dated", "source", "dated", "guid"),
    Index("posts_dated", "dated", "guid"),
    sqlite_strict=True,
)

# Every key and address a post was ever known under; an alias never changes its owner.
aliases = Table(
    "aliases",
    metadata,
    Column("source", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("guid", Text, nullable=False),
    ForeignKeyConstraint(
        ["source", "guid"], ["posts.source", "posts.guid"], name="aliases_post", ondelete="CASCADE"
    ),
    Index("aliases_guid", "source", "guid"),
    sqlite_strict=True,
)

sites = Table(
    "sites",
    metadata,
    Column("source", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text),
    Column("icon", Text),
    sqlite_strict=True,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    sqlite_strict=True,
)

run_sources = Table(
    "run_sources",
    metadata,
    Column("run", Integer, ForeignKey("runs.id", ondelete="CASCADE", name="run_sources_run"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("edited", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("skipped", JsonText, nullable=False, server_default="[]"),  # reason, count, example of each
    Column("failures", JsonText, nullable=False),  # sentences
    Index("run_sources_source", "source", "run"),
    sqlite_strict=True,
)
