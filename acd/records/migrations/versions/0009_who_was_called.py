"""Callbacks that the house makes by itself, with their attempts; every call that left the house or was refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

TEXTS, DOUBLES = ("agent", "callback", "outcome", "state", "ended_by", "into"), ("next_at", "expires_at", "ended_at")


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("contacts", sa.Column("kind", sa.Text(), nullable=False, server_default="call"))
    for name in TEXTS:
        op.add_column("callbacks", sa.Column(name, sa.Text(), nullable=True))
    for name in DOUBLES:
        op.add_column("callbacks", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("callbacks", sa.Column("attempts", document, nullable=False, server_default="[]"))
    op.create_table(
        "outbound_calls",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "number", "trunk", "shown", "refused", "why", "cause")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("contact", "agent", "queue")),
        sa.Column("at", sa.Double(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("answered_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name="pk_outbound_calls"),
    )
    op.create_index("ix_outbound_calls_at", "outbound_calls", ["at"])
    op.create_index("ix_outbound_calls_number_at", "outbound_calls", ["number", "at"])


def downgrade() -> None:
    op.drop_table("outbound_calls")
    for name in (*TEXTS, *DOUBLES, "attempts"):
        op.drop_column("callbacks", name)
    op.drop_column("contacts", "kind")
