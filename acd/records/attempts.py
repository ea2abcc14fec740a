"""What campaigns keep of an attempt, beside what its call did. Their tables lie in the same database and are theirs: read by name, and
only where they are.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, column, inspect, select, table

from acd.records.moment import Moment
from acd.records.rows import Row

NAME = "attempts"
WORDS = ("id", "campaign", "list", "lead", "number", "at", "ended_at", "outcome", "cause", "disposition", "disposed_at")
attempts: Any = table(NAME, *(column(name) for name in WORDS))


def are_there(connection: Connection) -> bool:
    return inspect(connection).has_table(NAME)


def of_ids(ids: Sequence[str]) -> Select[Any]:
    return select(attempts).where(attempts.c.id.in_(ids))


def beginning_with(start: str) -> Select[Any]:
    """Two at most: one is the one that is meant."""
    return select(attempts).where(attempts.c.id.startswith(start, autoescape=True)).limit(2)


def attempted(row: Row) -> Iterator[Moment]:
    """How a lead was taken, and what was kept of it."""
    text = f"campaign {row['campaign']} took lead {row['lead']} of list {row['list']}, number {row['number']} (attempt {row['id']})"
    yield Moment(at=row["at"], kind="arrival", text=text)
    if row["ended_at"] is not None:
        why = f" [{row['cause']}]" if row["cause"] else ""
        yield Moment(at=row["ended_at"], kind="end", text=f"the attempt is over: {row['outcome']}{why}")
    if row["disposition"] and row["disposed_at"] is not None:
        yield Moment(at=row["disposed_at"], kind="wrap_up", text=f"kept of it: {row['disposition']}")
