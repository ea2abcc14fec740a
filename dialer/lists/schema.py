"""The tables of leads, beside the records in the same database; an Alembic chain of its own brings them up to date.

What stands in names, fields and keys was written by strangers: it is text to be kept, never looked into.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Double, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects import postgresql

VERSION_TABLE = "dialer_alembic_version"
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
DOCUMENT = JSON().with_variant(postgresql.JSONB(), "postgresql")


def word(name: str, **settings: Any) -> Column[Any]:
    return Column(name, Text, nullable=False, **settings)


def number(name: str, default: str = "0") -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default=default)


def instant(name: str) -> Column[Any]:
    return Column(name, Double, nullable=True)


lists = Table(
    "lists",
    metadata,
    word("id", primary_key=True),
    word("order", server_default="oldest"),
    Column("added_at", Double, nullable=False),
    Column("caught_up_to", BigInteger, nullable=False, server_default="0"),  # of copies: leads that were split before it was there
)
counters = Table(  # ids are drawn in blocks, so that a million rows need not be asked for theirs
    "counters", metadata, word("name", primary_key=True), Column("n", BigInteger, nullable=False)
)
windows = Table(  # the sets of zones that numbers may lie in; few, so that asking which are open now is cheap
    "windows", metadata, word("id", primary_key=True), word("country"), Column("zones", DOCUMENT, nullable=False)
)
leads = Table(
    "leads",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    word("list"),
    word("key"),  # their id in the file; where there is none, their first number
    word("name"),
    Column("fields", DOCUMENT, nullable=False),
    word("consent"),
    word("consent_source"),
    word("digest"),  # of the row that it came from
    number("priority"),
    word("state"),  # ready, waiting, leased, done, do_not_call, capped, split
    word("why", server_default=text("''")),  # what it waits for, or how it was done with
    word("window"),  # of the number that is its turn
    number("turn"),
    Column("rank", Double, nullable=False),
    instant("due_at"),
    instant("ready_at"),  # when anybody may take it: later than due_at where an agent is promised
    Column("agent", Text, nullable=True),
    Column("leased_by", Text, nullable=True),
    instant("leased_until"),
    number("attempts"),
    Column("retried", DOCUMENT, nullable=False, server_default="{}"),  # how often after which outcome
    Column("home", BigInteger, nullable=True),  # of a campaign's copy: the lead in the list that several dial
    word("held_by", server_default=text("''")),  # the campaign by whose rule it is as it is; '': nobody's, or the number's
    Index("ux_leads_list_key", "list", "key", unique=True),
    Index("ix_leads_taking", "list", "state", "window", "rank", "id"),
    Index(
        "ix_leads_waiting", "list", "why", "ready_at",
        sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_leads_held", "list", "held_by", "id", sqlite_where=text("held_by <> ''"), postgresql_where=text("held_by <> ''")),
    Index("ix_leads_split", "list", "id", sqlite_where=text("state = 'split'"), postgresql_where=text("state = 'split'")),
    Index("ix_leads_home", "home", sqlite_where=text("home IS NOT NULL"), postgresql_where=text("home IS NOT NULL")),
    Index("ix_leads_promised", "agent", "due_at", sqlite_where=text("agent IS NOT NULL"), postgresql_where=text("agent IS NOT NULL")),
)  # fmt: skip
lead_numbers = Table(
    "lead_numbers",
    metadata,
    Column("lead", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    word("number"),
    word("window"),
    Index("ix_lead_numbers_number", "number"),
)
numbers = Table(
    "numbers",
    metadata,
    word("number", primary_key=True),
    Column("leased_by", Text, nullable=True),
    instant("leased_until"),
    instant("last_dialled_at"),
    instant("locked_until"),
    instant("reserved_until"),  # till then only with an agent reserved for it
    number("dialled"),
    number("answered"),
)
do_not_call = Table(
    "do_not_call",
    metadata,
    word("number", primary_key=True),
    word("scope", primary_key=True),  # internal, campaign:ID, national:NAME
    word("source"),
    Column("at", Double, nullable=False),
    instant("until"),
)
do_not_call_files = Table(
    "do_not_call_files",
    metadata,
    word("scope", primary_key=True),
    word("file"),
    Column("dated_at", Double, nullable=False),
    Column("imported_at", Double, nullable=False),
    number("numbers"),
)
attempts = Table(
    "attempts",
    metadata,
    word("id", primary_key=True),
    word("campaign"),
    word("list"),
    Column("lead", BigInteger, nullable=False),
    word("number"),
    Column("at", Double, nullable=False),
    Column("lease_until", Double, nullable=False),
    *(instant(name) for name in ("answered_at", "bridged_at", "abandoned_at", "ended_at")),
    Column("outcome", Text, nullable=True),  # NULL: under way
    number("counts", "1"),  # 0: nobody was rung, so no cap counts it
    word("cause", server_default=text("''")),
    number("sip_status"),
    Column("agent", Text, nullable=True),
    Column("disposition", Text, nullable=True),
    instant("disposed_at"),  # when it was said; the last word counts
    Index("ix_attempts_number_at", "number", "at"),
    Index("ix_attempts_lead_at", "lead", "at"),
    Index("ix_attempts_open", "lease_until", sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL")),
)
ledger = Table(
    "ledger",
    metadata,
    word("campaign", primary_key=True),
    Column("minute", BigInteger, primary_key=True, autoincrement=False),  # of the epoch
    number("answered"),
    number("abandoned"),
)
chances = Table(
    "chances",
    metadata,
    word("list", primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    number("tried"),
    number("answered"),
)
learnt = Table("learnt", metadata, word("campaign", primary_key=True), Column("kept", DOCUMENT, nullable=False))
campaign_states = Table("campaign_states", metadata, word("campaign", primary_key=True), Column("kept", DOCUMENT, nullable=False))
