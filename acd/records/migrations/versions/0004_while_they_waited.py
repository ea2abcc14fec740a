"""What was done for callers while they waited, what they were promised, and which call goes on where another one left off."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("recipes", "promises"):
        kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        op.add_column("queue_visits", sa.Column(name, kind, nullable=False, server_default="[]"))
    op.add_column("contacts", sa.Column("linked_to", sa.Text(), nullable=True))
    op.create_index("ix_contacts_linked_to", "contacts", ["linked_to"])


def downgrade() -> None:
    op.drop_index("ix_contacts_linked_to", "contacts")
    op.drop_column("contacts", "linked_to")
    for name in ("promises", "recipes"):
        op.drop_column("queue_visits", name)
