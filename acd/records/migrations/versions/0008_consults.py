"""Of an offer whether a colleague was asked by it, and how long two agents talked by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("offers", sa.Column("kind", sa.Text(), nullable=False, server_default="call"))
    op.add_column("offers", sa.Column("consult_s", sa.Double(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("consult_s", "kind"):
        op.drop_column("offers", name)
