"""What was published: which state of its posts each feed's documents show, so that nothing is rendered twice."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("changed", sa.Integer, nullable=False, server_default="0"))
    op.create_index("posts_source_changed", "posts", ["source", "changed"])
    op.create_table(
        "feeds",
        sa.Column("name", sa.Text, primary_key=True), sa.Column("key", sa.Text, nullable=False),
        sa.Column("documents", sa.Text, nullable=False), sa.Column("shown", sa.Text, nullable=False),
        sa.Column("held", sa.Text),
        sqlite_strict=True,
    )
