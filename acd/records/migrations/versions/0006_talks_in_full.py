"""Who stood in a line (a caller, a colleague who asks, a callback), and of a talk how long its customer held."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("queue_visits", sa.Column("kind", sa.Text(), nullable=False, server_default="call"))
    op.add_column("offers", sa.Column("handed_at", sa.Double(), nullable=True))
    op.add_column("offers", sa.Column("hold_s", sa.Double(), nullable=False, server_default="0"))
    op.add_column("offers", sa.Column("holds", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("offers", sa.Column("hold_abandoned", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("hold_abandoned", "holds", "hold_s", "handed_at"):
        op.drop_column("offers", name)
    op.drop_column("queue_visits", "kind")
