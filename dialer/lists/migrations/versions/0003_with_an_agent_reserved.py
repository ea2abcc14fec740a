"""After an abandon a number may be dialled with an agent reserved for it, and for so long by nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("numbers", sa.Column("reserved_until", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("numbers", "reserved_until")
