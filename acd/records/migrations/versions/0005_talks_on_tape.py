"""Talks on tape."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

document = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("offer", "queue", "agent")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("node", "state")),
        sa.Column("started_at", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("ended_at", "duration_s", "keep_until")),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("masks", document, nullable=False),
        sa.Column("held_at", sa.Double(), nullable=True),
        sa.Column("held_by", sa.Text(), nullable=True),
        sa.Column("purged_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_contact", "recordings", ["contact"])
    op.create_index("ix_recordings_started_at", "recordings", ["started_at"])
    op.create_index("ix_recordings_keep_until", "recordings", ["keep_until"])


def downgrade() -> None:
    op.drop_table("recordings")
