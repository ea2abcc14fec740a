"""Supervisors at talks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

document = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "monitors",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("supervisor", "contact", "agent", "queue", "state", "mode", "why")),
        sa.Column("begun_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("turns", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_monitors"),
    )
    op.create_index("ix_monitors_contact", "monitors", ["contact"])
    op.create_index("ix_monitors_supervisor_begun_at", "monitors", ["supervisor", "begun_at"])


def downgrade() -> None:
    op.drop_table("monitors")
