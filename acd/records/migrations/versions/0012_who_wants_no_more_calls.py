"""Who said, when a campaign had dialled them, that they want to be called no more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("dialled_calls", sa.Column("opted_out_at", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("dialled_calls", "opted_out_at")
