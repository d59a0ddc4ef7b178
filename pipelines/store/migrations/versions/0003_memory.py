"""The crawler's memory: addresses, bodies, hosts, polls; revisions of posts, deleted ones, copies."""

import sqlalchemy as sa
from alembic import op

from pipelines.store.column_types import Flag, Instant, Wide

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, primary_key=key)


def _instant(name: str, *, null: bool = True) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=null)


def _number(name: str, *, null: bool = False, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null, primary_key=key)


def upgrade() -> None:
    _posts()
    _addresses()
    op.create_table(
        "bodies",
        _text("source", key=True), _text("key", key=True), _text("url"), _instant("fetched", null=False),
        _text("encoding", null=True), _number("size"), sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("bodies_fetched", "bodies", ["source", "fetched"])
    op.create_table(
        "hosts",
        _text("site", key=True), _instant("robots_checked"), _number("robots_status", null=True),
        _text("robots", null=True), _instant("resting_until"),
        sqlite_strict=True,
    )
    op.create_table(
        "polls",
        _text("source", key=True), _instant("polled", null=False), _instant("due", null=False), _instant("revisit"),
        _number("failures"), _text("backfill", null=True), _instant("started"), _text("newest"),
        sqlite_strict=True,
    )
    for name in ("asked", "unmodified", "held", "waiting"):
        op.add_column("run_sources", sa.Column(name, sa.Integer, nullable=False, server_default="0"))


def _posts() -> None:
    for column in (
        _instant("gone"), _instant("deleted"), sa.Column("simhash", Wide), _text("copy_of", null=True),
        _text("held", null=True),
    ):
        op.add_column("posts", column)
    op.create_table(
        "revisions",
        _text("source", key=True), _text("guid", key=True), _number("number", key=True),
        _instant("replaced", null=False), sa.Column("record", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["source", "guid"], ["posts.source", "posts.guid"], name="revisions_post", ondelete="CASCADE"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("post", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(["post"], ["posts.id"], name="bands_post", ondelete="CASCADE"),
        sqlite_strict=True, sqlite_with_rowid=False,
    )


def _addresses() -> None:
    op.create_table(
        "addresses",
        _text("source", key=True), _text("key", key=True), _text("url"), _text("kind"), _text("marks"),
        sa.Column("wanted", Flag, nullable=False), _number("tries"), _instant("checked"),
        _number("status", null=True), _text("outcome", null=True), _text("etag", null=True),
        _text("last_modified", null=True), _text("fingerprint", null=True), _text("guid", null=True),
        sqlite_strict=True,
    )
    op.create_index("addresses_kind", "addresses", ["source", "kind"])
    op.create_index("addresses_guid", "addresses", ["source", "guid"])
    op.create_index(
        "addresses_wanted", "addresses", ["source"],
        sqlite_where=sa.text("wanted = 1"), postgresql_where=sa.text("wanted"),
    )
