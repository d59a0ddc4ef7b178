"""Pictures that will die; why pages of a run were left alone, instead of how many."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("pictures", sa.Text, nullable=False, server_default="[]"))
    op.drop_column("run_sources", "skipped")
    op.add_column("run_sources", sa.Column("skipped", sa.Text, nullable=False, server_default="[]"))
