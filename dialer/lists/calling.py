"""An agent dials a number of their own choice: a lead of the campaign that has it, or a new one; and whatever holds leads holds it.

Times at which it would be dialled by itself are passed over: a person wants it now. What the law, the caps and the do-not-call lists
say is not.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, select

from dialer.core.retrying import LeadState
from dialer.lists import claiming, splitting
from dialer.lists.claimed import Claimed, Taking
from dialer.lists.do_not_call import stale
from dialer.lists.numbering import Number
from dialer.lists.rows import Lead
from dialer.lists.schema import lead_numbers, leads
from dialer.lists.taking_in import know_list, take_in

BEING_DIALLED = "it is being dialled, for this campaign or another"
SAYS = {
    "do_not_call": "it is on a do-not-call list",
    "number_leased": BEING_DIALLED,
    "lock": "it is left in peace after an abandon",
    "per_day": "it was dialled as often as it may be in a day",
    "total": "it was dialled as often as it may be at all",
}


class NotNow(Exception):
    """``str`` is what holds it. Nothing may be kept of the transaction."""


IsOpen = Callable[[str, tuple[str, ...]], bool | str]
"""A country and zones -> True, or why nobody may be called there now."""


def claim_number(connection: Connection, taking: Taking, number: Number, at: float, is_open: IsOpen, id: str) -> Claimed:
    """The attempt ``id``, written. Raises NotNow."""
    if why := stale(connection, taking, at, number.window.country):
        raise NotNow(why)
    lead = _found(connection, taking, number, at) or _made(connection, taking, number, at)
    if lead["state"] == LeadState.LEASED:
        raise NotNow(BEING_DIALLED)
    if lead["state"] == LeadState.DO_NOT_CALL:
        raise NotNow(SAYS["do_not_call"])
    facts = claiming.facts_of(connection, taking, at, [lead])
    row = next(each for each in facts.of_lead[lead["id"]] if each["number"] == number.number)
    window = facts.windows[row["window"]]
    if (open_ := is_open(window["country"], tuple(window["zones"]))) is not True:
        raise NotNow(str(open_))
    if held := claiming.held_by(taking, at, facts, lead, row):
        raise NotNow(SAYS.get(held.why, held.why))
    return claiming.lease(connection, taking, at, facts, claiming.Scored(lead, row, None), id)


def _found(connection: Connection, taking: Taking, number: Number, at: float) -> RowMapping | None:
    """In the first of the campaign's lists that has it; what another campaign has made of it stays that one's."""
    found = _in_lists(connection, taking, number)
    if found is None or found["held_by"] in ("", *taking.names) or found["state"] == LeadState.LEASED:
        return found
    splitting.know(connection, found["list"], taking.campaign, taking.names, at)
    splitting.split(connection, found["list"], [found], at)
    own = splitting.lists_of(connection, taking.lists, taking.campaign)
    return _in_lists(connection, replace(taking, lists=own), number)


def _in_lists(connection: Connection, taking: Taking, number: Number) -> RowMapping | None:
    joined = lead_numbers.join(leads, lead_numbers.c.lead == leads.c.id)
    mine = (lead_numbers.c.number == number.number) & leads.c.list.in_(taking.lists) & (leads.c.state != LeadState.SPLIT)
    found = connection.execute(select(leads).select_from(joined).where(mine).with_for_update(of=leads)).mappings().all()
    return min(found, key=lambda row: (taking.lists.index(row["list"]), row["id"]), default=None)


def _made(connection: Connection, taking: Taking, number: Number, at: float) -> RowMapping:
    list_id = taking.lists[0]
    told = {"name": "", "consent": "", "consent_source": "", "digest": "called"}
    new = Lead(key=number.number, numbers=(number,), fields={}, priority=0, due_at=None, **told)
    know_list(connection, list_id, at)
    take_in(connection, list_id, [new], "keep", False, at)
    found = _in_lists(connection, taking, number)
    if found is None:
        raise NotNow(f"the list {list_id} has another lead of the name {number.number}")
    return found
