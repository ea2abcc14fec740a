"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        key("id"),
        *texts("channel", "node", "leg", "dialled", "caller_number", "caller_name"),
        *texts("phone", "agent", nullable=True),
        instant("arrived_at"),
        *numbers("answered_at", "ended_at", "duration_s"),
        *texts("ended_by", nullable=True),
        *texts("cause"),
        sa.Column("visits", sa.Integer(), nullable=False),
        document("path"),
        sa.Column("recovered", sa.Boolean(), nullable=False),
        primary("contacts"),
    )
    op.create_index("ix_contacts_arrived_at", "contacts", ["arrived_at"])
    op.create_index("ix_contacts_caller_number_arrived_at", "contacts", ["caller_number", "arrived_at"])

    op.create_table(
        "queue_visits",
        key("id"),
        *texts("contact", "queue"),
        instant("joined_at"),
        *numbers("carried_s"),
        sa.Column("priority", sa.Integer(), nullable=False),
        *numbers("connected_at", "ended_at", "waited_s", "talk_s"),
        *texts("outcome", nullable=True),
        *texts("exit"),
        *texts("agent", nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        *numbers("service_level_s"),
        *texts("definition"),
        primary("queue_visits"),
    )
    op.create_index("ix_queue_visits_contact", "queue_visits", ["contact"])
    op.create_index("ix_queue_visits_queue_joined_at", "queue_visits", ["queue", "joined_at"])

    op.create_table(
        "offers",
        key("id"),
        *texts("visit", "contact", "queue", "agent", "leg"),
        instant("offered_at"),
        *numbers("ringing_at", "answered_at", "bridged_at", "ended_at", "ring_s", "connect_s", "talk_s"),
        *texts("outcome", "ended_by", nullable=True),
        *texts("cause"),
        sa.Column("sip_status", sa.Integer(), nullable=False),
        document("trace"),
        primary("offers"),
    )
    op.create_index("ix_offers_contact", "offers", ["contact"])
    op.create_index("ix_offers_agent_offered_at", "offers", ["agent", "offered_at"])

    op.create_table(
        "agent_activities",
        key("id"),
        *texts("agent", "state", "reason"),
        *texts("offer", nullable=True),
        instant("since"),
        *numbers("until", "duration_s"),
        primary("agent_activities"),
    )
    op.create_index("ix_agent_activities_agent_since", "agent_activities", ["agent", "since"])
    op.create_index("ix_agent_activities_offer", "agent_activities", ["offer"])
    op.create_index("ix_agent_activities_until", "agent_activities", ["until"])

    op.create_table(
        "messages",
        key("id"),
        *texts("contact", "mailbox", "caller_number"),
        instant("left_at"),
        instant("seconds"),
        primary("messages"),
    )
    op.create_index("ix_messages_mailbox_left_at", "messages", ["mailbox", "left_at"])

    op.create_table(
        "rejected_rows",
        key("id"),
        *texts("table"),
        sa.Column("line", sa.BigInteger(), nullable=False),
        *texts("why", "row"),
        primary("rejected_rows"),
    )
    op.create_table(
        "journal_cursor",
        key("name"),
        sa.Column("line", sa.BigInteger(), nullable=False),
        instant("written_at"),
        primary("journal_cursor", "name"),
    )


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first tables")


def key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def primary(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=f"pk_{table}")


def texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def numbers(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double(), nullable=True) for name in names]


def instant(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False)


def document(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False)
