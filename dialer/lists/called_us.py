"""Leads whose number called us by itself: they go on as the campaign says, whichever of their numbers it was."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update

from acd.campaign import CALLED_US
from dialer.core.called import Called
from dialer.core.following import Tried
from dialer.core.retrying import LeadState, Next
from dialer.lists.disposing import STANDS
from dialer.lists.finishing import next_values
from dialer.lists.schema import attempts, lead_numbers, leads, windows
from dialer.lists.splitting import lists_of

TO_BE_CALLED = (LeadState.READY, LeadState.WAITING)
"""Who is done with, or must not be called, is moved by an agent's word only."""


def called_us(connection: Connection, list_ids: Sequence[str], called: Called, next_of: Callable[[Tried], Next]) -> bool:
    """False while one of them is being dialled: then it is for the end of that attempt, and asked again."""
    theirs = leads.join(lead_numbers, lead_numbers.c.lead == leads.c.id)
    own = lists_of(connection, list_ids, called.campaign)
    mine = (lead_numbers.c.number == called.number) & leads.c.list.in_(own)
    found = connection.execute(select(leads).select_from(theirs).where(mine).with_for_update(of=leads)).mappings().all()
    may_move = STANDS if called.disposition else TO_BE_CALLED
    for lead in found:
        if lead["state"] in may_move and not _dialled_since(connection, lead, called):
            _goes_on(connection, lead, next_of, called.campaign)
    return all(lead["state"] != LeadState.LEASED for lead in found)


def _dialled_since(connection: Connection, lead: RowMapping, called: Called) -> bool:
    newer = select(attempts.c.id).where(attempts.c.lead == lead["id"], attempts.c.at > called.at, attempts.c.counts > 0).limit(1)
    return connection.execute(newer).first() is not None


def _goes_on(connection: Connection, lead: RowMapping, next_of: Callable[[Tried], Next], campaign: str) -> None:
    numbers = connection.scalar(select(func.count()).select_from(lead_numbers).where(lead_numbers.c.lead == lead["id"]))
    zones = connection.scalar(select(windows.c.zones).where(windows.c.id == lead["window"]))
    next = next_of(tried_of(lead, int(numbers or 1), tuple(zones or ())))
    retried = dict(lead["retried"])
    if next.state is LeadState.WAITING:
        retried[CALLED_US] = retried.get(CALLED_US, 0) + 1
    values: dict[str, Any] = {**next_values(connection, lead["id"], lead["turn"], next, campaign), "retried": retried}
    connection.execute(update(leads).where(leads.c.id == lead["id"]).values(**values))


def tried_of(lead: RowMapping, numbers: int, zones: tuple[str, ...]) -> Tried:
    return Tried(attempts=lead["attempts"], turn=lead["turn"], numbers=numbers, zones=zones, retried=dict(lead["retried"]))
