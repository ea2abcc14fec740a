"""Why a callback is held, or was when it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("why", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("callbacks", "why")
