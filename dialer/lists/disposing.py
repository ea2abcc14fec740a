"""What an agent said came of a talk, after the end of the attempt was stored: the attempt keeps it, and the lead goes on by it."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from dialer.core.retrying import LeadState, Next
from dialer.lists import do_not_call
from dialer.lists.finishing import next_values
from dialer.lists.schema import attempts, leads
from dialer.lists.splitting import standing_of

STANDS = (LeadState.READY, LeadState.WAITING, LeadState.DONE, LeadState.CAPPED)
"""Where a lead may be moved from. One that is leased is being dialled again, one that must not be called stays so."""


def dispose(connection: Connection, attempt: str, name: str, next: Next, at: float) -> bool:
    """``at``: when it was said; the last word counts, and what is told again changes nothing. False while the attempt is not over."""
    row = connection.execute(select(attempts).where(attempts.c.id == attempt)).mappings().one_or_none()
    if row is None:
        return True  # of another database, or long gone
    if row["outcome"] is None:
        return False
    if row["disposed_at"] is not None and row["disposed_at"] >= at:
        return True
    connection.execute(update(attempts).where(attempts.c.id == attempt).values(disposition=name, disposed_at=at))
    if next.do_not_call:
        do_not_call.add(connection, [row["number"]], next.do_not_call, source=f"attempt {attempt}", at=at)
    _lead_goes_on(connection, row, next)
    return True


def who_talked(connection: Connection, attempt: str) -> str | None:
    return connection.scalar(select(attempts.c.agent).where(attempts.c.id == attempt))


def _lead_goes_on(connection: Connection, row: RowMapping, next: Next) -> None:
    """A newer attempt knows better."""
    its = standing_of(connection, row["lead"], row["campaign"])
    newer = select(attempts.c.id).where(attempts.c.lead.in_((row["lead"], its)), attempts.c.at > row["at"]).limit(1)
    if connection.execute(newer).first() is not None:
        return
    mine = (leads.c.id == its) & leads.c.leased_by.is_(None) & leads.c.state.in_(STANDS)
    lead = connection.execute(select(leads).where(mine).with_for_update()).mappings().one_or_none()
    if lead is not None:
        values: dict[str, Any] = dict(next_values(connection, its, lead["turn"], next, row["campaign"]))
        connection.execute(update(leads).where(mine).values(**values))
