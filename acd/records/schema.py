"""The tables: what outlives a call. Read by people and their tools; nothing of the contact centre decides by them.

One row is written when a thing ends, keyed by our own id, so writing it twice is the same as once. There are no foreign
keys on purpose: an offer ends before its contact does, and a row must never be refused because another is still to come.
Times are seconds since the epoch (UTC) in columns ending in ``_at`` (or ``since``/``until``), durations in seconds end in ``_s``.

``contacts``          one person's need: who called what, when, how it ended, and the ``path`` through the flows.
``queue_visits``      one stay in one queue: how long, and its one outcome (acd.words.EntryOutcome).
``offers``            one agent reserved for one visit: its outcome (acd.words.OfferOutcome) and the ``trace`` of why this agent.
``agent_activities``  one stretch of one state of one agent (``own_call``: ready, in a call of their own); ``until`` NULL: it runs.
``wrap_ups``          an agent's work after a talk, by the talk's offer, and its disposition: what came of the talk.
``recordings``        talks on tape, the sound in a file named by the id; ``held_at``, ``held_by``, ``purged_at`` are written by people.
``monitors``          supervisors at talks, also where it was refused: ``turns`` say who asked for what, and when.
``messages``          what callers left; the sound is a file named by the id.
``survey_answers``    what callers answered, one row a question; ``score`` is NULL for an answer that is no number.
``callbacks``         who asked to be called back, and the place in the line that is kept; ``closed_at`` is written by people, all
                      else by the house, where its queue calls back by itself.
``outbound_calls``    every call that left the house or was refused: who, what, and by which rule.
``dialled_calls``     what campaigns asked to be dialled and how it ended; ``outbound_calls`` has the number and trunk, by the same id.
``rejected_rows``     rows that the database would not take, kept as JSON with the reason, so that they stop nobody else.
``journal_cursor``    how far the journal has been written into these tables; moves in the same transaction as the rows.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Double, Index, Integer, MetaData, Table, Text, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def document() -> TypeEngine[Any]:
    return JSON().with_variant(JSONB(), "postgresql")


contacts = Table(
    "contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("leg", Text, nullable=False),
    Column("dialled", Text, nullable=False),
    Column("caller_number", Text, nullable=False),
    Column("caller_name", Text, nullable=False),
    Column("phone", Text),  # one of our own phones called
    Column("agent", Text),  # whose phone that is
    Column("arrived_at", Double, nullable=False),
    Column("answered_at", Double),
    Column("ended_at", Double),
    Column("duration_s", Double),
    Column("ended_by", Text),
    Column("cause", Text, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("path", document(), nullable=False),
    Column("tags", document(), nullable=False, server_default="{}"),
    Column("recovered", Boolean, nullable=False),
    Column("linked_to", Text),  # the contact whose place in the line this one took
    Column("kind", Text, nullable=False, server_default="call"),  # or callback: we called
    Index(None, "arrived_at"),
    Index(None, "linked_to"),
    Index(None, "caller_number", "arrived_at"),
)

queue_visits = Table(
    "queue_visits",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="call"),  # acd.words.EntryKind: who stood in the line
    Column("joined_at", Double, nullable=False),
    Column("carried_s", Double),
    Column("priority", Integer, nullable=False),
    Column("connected_at", Double),
    Column("ended_at", Double),
    Column("waited_s", Double),
    Column("talk_s", Double),
    Column("outcome", Text),
    Column("exit", Text, nullable=False),
    Column("agent", Text),
    Column("offers", Integer, nullable=False),
    Column("service_level_s", Double),  # the target in force when the visit ended
    Column("recipes", document(), nullable=False, server_default="[]"),  # what was done for the caller: recipe, when, how often
    Column("promises", document(), nullable=False, server_default="[]"),  # the waits that were told, and whether they held
    Column("definition", Text, nullable=False),
    Index(None, "contact"),
    Index(None, "queue", "joined_at"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("visit", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("leg", Text, nullable=False),
    Column("offered_at", Double, nullable=False),
    Column("ringing_at", Double),
    Column("answered_at", Double),
    Column("bridged_at", Double),
    Column("ended_at", Double),
    Column("ring_s", Double),
    Column("connect_s", Double),
    Column("talk_s", Double),
    Column("outcome", Text),
    Column("ended_by", Text),
    Column("cause", Text, nullable=False),
    Column("sip_status", Integer, nullable=False),
    Column("handed_at", Double),  # a consult: when the customer was put through
    Column("hold_s", Double, nullable=False, server_default="0"),  # within the talk
    Column("holds", Integer, nullable=False, server_default="0"),
    Column("hold_abandoned", Boolean, nullable=False, server_default=false()),  # the customer hung up while holding
    Column("trace", document(), nullable=False),
    Column("kind", Text, nullable=False, server_default="call"),  # or consult: a colleague asked
    Column("consult_s", Double, nullable=False, server_default="0"),  # in talk_s: two agents without the customer, or beside them
    Index(None, "contact"),
    Index(None, "agent", "offered_at"),
)

agent_activities = Table(
    "agent_activities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agent", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Text),  # NULL: the house itself
    Column("offer", Text),
    Column("since", Double, nullable=False),
    Column("until", Double),
    Column("duration_s", Double),
    Index(None, "agent", "since"),
    Index(None, "offer"),
    Index(None, "until"),
)

wrap_ups = Table(
    "wrap_ups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("began_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("duration_s", Double),
    Column("ended_by", Text),
    Column("more", Integer, nullable=False),
    Index(None, "contact"),
    Index(None, "agent", "began_at"),
)

monitors = Table(
    "monitors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("supervisor", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("begun_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("turns", document(), nullable=False),
    Index(None, "contact"),
    Index(None, "supervisor", "begun_at"),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("offer", Text),
    Column("queue", Text),
    Column("agent", Text),
    Column("node", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("duration_s", Double),
    Column("keep_until", Double),
    Column("outcome", Text),
    Column("why", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("masks", document(), nullable=False),
    Column("held_at", Double, info={"kept": True}),
    Column("held_by", Text, info={"kept": True}),
    Column("purged_at", Double, info={"kept": True}),
    Index(None, "contact"),
    Index(None, "started_at"),
    Index(None, "keep_until"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("caller_number", Text, nullable=False),
    Column("left_at", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Index(None, "mailbox", "left_at"),
)

survey_answers = Table(
    "survey_answers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("survey", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("score", Double),
    Column("answered_at", Double, nullable=False),
    Index(None, "survey", "answered_at"),
    Index(None, "contact"),
)

dialled_calls = Table(
    "dialled_calls",
    metadata,
    Column("id", Text, primary_key=True),  # the campaign's attempt
    Column("campaign", Text, nullable=False),
    Column("queue", Text, nullable=False),  # '': for no agent
    Column("at", Double, nullable=False),
    Column("ringing_at", Double),
    Column("answered_at", Double),  # by a person, as the switch told us
    Column("bridged_at", Double),  # when an agent and they heard each other
    Column("abandoned_at", Double),  # when the time for that was over
    Column("opted_out_at", Double),  # when they said that they want to be called no more
    Column("ended_at", Double),
    Column("contact", Text),
    Column("agent", Text),  # who was the first to talk to them
    Column("outcome", Text),
    Column("cause", Text, nullable=False),
    Column("sip_status", Integer, nullable=False),
    Column("refused", Text, nullable=False),
    Index(None, "campaign", "at"),
    Index(None, "at"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("since", Double, nullable=False),  # the place in the line: as if they had waited since then
    Column("closed_at", Double, info={"kept": True}),
    Column("closed_by", Text, info={"kept": True}),
    Column("callback", Text),  # its own contact, where the queue calls back by itself
    Column("state", Text),  # '' or NULL of a wish that people see to
    Column("next_at", Double),
    Column("expires_at", Double),
    Column("attempts", document(), nullable=False, server_default="[]"),
    Column("agent", Text),  # who talked to the customer last
    Column("ended_at", Double),
    Column("outcome", Text),
    Column("ended_by", Text),
    Column("into", Text),  # what took its place
    Column("why", Text),  # why it is held, or was when it ended
    Index(None, "queue", "since"),
    Index(None, "contact"),
)

outbound_calls = Table(
    "outbound_calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("trunk", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("contact", Text),
    Column("agent", Text),
    Column("queue", Text),
    Column("at", Double, nullable=False),
    Column("refused", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("answered_at", Double),
    Column("ended_at", Double),
    Column("cause", Text, nullable=False),
    Index(None, "at"),
    Index(None, "number", "at"),
)

rejected_rows = Table(
    "rejected_rows",
    metadata,
    Column("id", Text, primary_key=True),
    Column("table", Text, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("row", Text, nullable=False),
)

journal_cursor = Table(
    "journal_cursor",
    metadata,
    Column("name", Text, primary_key=True),
    Column("line", BigInteger, nullable=False),
    Column("written_at", Double, nullable=False),
)
