"""When an agent said what came of a talk: the last word counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("disposed_at", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempts", "disposed_at")
