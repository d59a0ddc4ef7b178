"""Search: the text of each post, an index of what it says, the labels of a source; a counter of its changes."""

import sqlalchemy as sa
from alembic import op

from pipelines.store import word_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("post", sa.Integer, sa.ForeignKey("posts.id", ondelete="CASCADE", name="texts_post"),
                  primary_key=True, autoincrement=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "labels",
        sa.Column("source", sa.Text, primary_key=True), sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "changes",
        sa.Column("source", sa.Text, primary_key=True), sa.Column("last", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO changes SELECT source, max(changed) FROM posts GROUP BY source")
    op.drop_index("posts_source_changed", "posts")
    connection = op.get_bind()
    word_index.create(connection)
    word_index.fill_from_posts(connection)
