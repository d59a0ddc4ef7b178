"""Posts, their aliases, sites and runs: the first schema."""

import sqlalchemy as sa
from alembic import op

from pipelines.store.column_types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, primary_key=key)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=null)


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("source"), _text("guid"), _text("url"), _text("title"), _text("author", null=True),
        _instant("published", null=True), _instant("updated", null=True), _instant("dated"),
        _text("categories"), _text("tags"), _text("language", null=True),
        _text("excerpt"), _text("feature_text"), _text("image", null=True), _text("content_html"),
        _text("enclosures"), _instant("first_seen"), _text("digest"),
        sa.UniqueConstraint("source", "guid", name="posts_source_guid"),
        sqlite_strict=True,
    )
    op.create_index("posts_source_dated", "posts", ["source", "dated", "guid"])
    op.create_index("posts_dated", "posts", ["dated", "guid"])
    op.create_table(
        "aliases",
        _text("source", key=True), _text("alias", key=True), _text("guid"),
        sa.ForeignKeyConstraint(
            ["source", "guid"], ["posts.source", "posts.guid"], name="aliases_post", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_index("aliases_guid", "aliases", ["source", "guid"])
    op.create_table(
        "sites",
        _text("source", key=True), _text("title"), _text("home"), _text("platform"), _text("description"),
        _text("language", null=True), _text("icon", null=True),
        sqlite_strict=True,
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True), _instant("started"), _instant("ended"),
        sqlite_strict=True,
    )
    op.create_table(
        "run_sources",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE", name="run_sources_run"),
                  primary_key=True),
        _text("source", key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("found", "new", "edited", "unchanged", "skipped")),
        _text("failures"),
        sqlite_strict=True,
    )
    op.create_index("run_sources_source", "run_sources", ["source", "run"])
