"""Search: the text of each post, an index of what it says, and which categories and tags a source has."""

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
    connection = op.get_bind()
    word_index.create(connection)
    word_index.fill_from_posts(connection)
