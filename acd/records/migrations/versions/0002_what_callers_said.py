"""What callers said of their need, how they liked it, and that they want to be called back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tags = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("contacts", sa.Column("tags", tags, nullable=False, server_default="{}"))
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("contact", "survey", "question", "kind", "answer")),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answers"),
    )
    op.create_index("ix_survey_answers_survey_answered_at", "survey_answers", ["survey", "answered_at"])
    op.create_index("ix_survey_answers_contact", "survey_answers", ["contact"])
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("contact", "queue", "number")),
        sa.Column("priority", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("asked_at", "since")),
        sa.Column("closed_at", sa.Double(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_queue_since", "callbacks", ["queue", "since"])
    op.create_index("ix_callbacks_contact", "callbacks", ["contact"])


def downgrade() -> None:
    op.drop_table("callbacks")
    op.drop_table("survey_answers")
    op.drop_column("contacts", "tags")
