"""What a campaign has done with a lead of a list that others dial too: theirs is a copy of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
HELD, SPLIT = sa.text("held_by <> ''"), sa.text("state = 'split'")


def upgrade() -> None:
    op.add_column("leads", sa.Column("home", sa.BigInteger(), nullable=True))
    op.add_column("leads", sa.Column("held_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("lists", sa.Column("caught_up_to", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_leads_held", "leads", ["list", "held_by", "id"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_index("ix_leads_split", "leads", ["list", "id"], sqlite_where=SPLIT, postgresql_where=SPLIT)
    home = sa.text("home IS NOT NULL")
    op.create_index("ix_leads_home", "leads", ["home"], sqlite_where=home, postgresql_where=home)


def downgrade() -> None:
    for name in ("ix_leads_held", "ix_leads_split", "ix_leads_home"):
        op.drop_index(name, "leads")
    op.drop_column("lists", "caught_up_to")
    op.drop_column("leads", "held_by")
    op.drop_column("leads", "home")
