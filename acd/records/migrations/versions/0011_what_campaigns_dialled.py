"""What campaigns asked to be dialled, and how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TIMES = ("ringing_at", "answered_at", "bridged_at", "abandoned_at", "ended_at")


def upgrade() -> None:
    op.create_table(
        "dialled_calls",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("campaign", "queue", "cause", "refused")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("contact", "agent", "outcome")),
        sa.Column("at", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in TIMES),
        sa.Column("sip_status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dialled_calls"),
    )
    op.create_index("ix_dialled_calls_campaign_at", "dialled_calls", ["campaign", "at"])
    op.create_index("ix_dialled_calls_at", "dialled_calls", ["at"])


def downgrade() -> None:
    op.drop_table("dialled_calls")
