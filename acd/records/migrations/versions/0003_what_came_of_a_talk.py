"""What came of a talk, how its wrap-up went, and who asked for an agent's state."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("agent_activities", sa.Column("asked_by", sa.Text(), nullable=True))
    op.create_table(
        "wrap_ups",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("contact", "queue", "agent", "mode", "disposition")),
        sa.Column("began_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrap_ups"),
    )
    op.create_index("ix_wrap_ups_contact", "wrap_ups", ["contact"])
    op.create_index("ix_wrap_ups_agent_began_at", "wrap_ups", ["agent", "began_at"])


def downgrade() -> None:
    op.drop_table("wrap_ups")
    op.drop_column("agent_activities", "asked_by")
