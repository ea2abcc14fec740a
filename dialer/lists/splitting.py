"""Lists that several campaigns dial. What one of them has made of a lead (a retry, a callback, done with) is its own, and the others go
on as if nothing had been. What is the number's (leased, locked, not to be called) holds for all.

A lead stands in its list once, whoever comes first, and as long as one campaign alone dials the list nothing is copied. When another
one comes, each lead that is held by the first is split: its row stays as the home of the copies, by which imports know it, and each
campaign has a copy in a list of its own, the first one's with all that it has made of it. So taking a lead costs what it did.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, literal_column, select, update

from dialer.core.retrying import LeadState
from dialer.lists.ranking import rank_of
from dialer.lists.schema import lead_numbers, leads, lists
from dialer.lists.taking_in import draw_ids, know_list

FOR = " for "
AT_A_TIME = 200
NOBODY: ColumnElement[str] = literal_column("''")
SPLIT: ColumnElement[str] = literal_column(f"'{LeadState.SPLIT.value}'")
"""Written out, so that both databases see that an index of few rows will do."""


def copy_of(list_id: str, campaign: str) -> str:
    """The list of a campaign's own copies. No list that is imported has a space in its name."""
    return f"{list_id}{FOR}{campaign}"


def base_of(list_id: str) -> str:
    return list_id.partition(FOR)[0]


def lists_of(connection: Connection, list_ids: Sequence[str], campaign: str) -> tuple[str, ...]:
    """The lists, and those of the campaign's own copies that there are."""
    bases = [list_id for list_id in list_ids if list_id == base_of(list_id)]
    asked = select(lists.c.id).where(lists.c.id.in_([copy_of(list_id, campaign) for list_id in bases]))
    return (*bases, *sorted(connection.scalars(asked)))


def standing_of(connection: Connection, lead: int, campaign: str) -> int:
    """The row in which a campaign has a lead that it once took: the same, or by now its copy."""
    row = connection.execute(select(leads.c.list, leads.c.state).where(leads.c.id == lead)).one_or_none()
    if row is None or row.state != LeadState.SPLIT:
        return lead
    mine = select(leads.c.id).where(leads.c.home == lead, leads.c.list == copy_of(row.list, campaign))
    return int(connection.scalar(mine) or lead)


def settle(connection: Connection, list_ids: Sequence[str], campaign: str, names: Sequence[str], at: float) -> None:
    """Before a campaign takes leads: those that others hold are split, so many at a time, and it gets copies of those that were.

    ``names``: its own and those of campaigns that go on as this one.
    """
    for list_id in (each for each in list_ids if each == base_of(each)):
        others = _held_by_others(connection, list_id, names)
        if others or _anything_split(connection, list_id):
            know(connection, list_id, campaign, names, at)
            split(connection, list_id, others, at)
            _catch_up(connection, list_id, campaign)


def _held_by_others(connection: Connection, list_id: str, names: Sequence[str]) -> Sequence[RowMapping]:
    """By ranges between the names, in the order of the index, so that those that it holds itself are not walked through. One that is
    dialled now is looked at when that is over.
    """
    own = sorted({"", *names})
    found: list[RowMapping] = []
    for low, high in zip(own, [*own[1:], None], strict=True):
        mine = (leads.c.list == list_id) & (leads.c.held_by != NOBODY) & (leads.c.held_by > low)
        mine = mine if high is None else mine & (leads.c.held_by < high)
        asked = select(leads).where(mine, leads.c.state != LeadState.LEASED).order_by(leads.c.held_by, leads.c.id)
        found += connection.execute(asked.limit(AT_A_TIME).with_for_update(skip_locked=True)).mappings()
    return found


def _anything_split(connection: Connection, list_id: str) -> bool:
    asked = select(leads.c.id).where(leads.c.list == list_id, leads.c.state == SPLIT).limit(1)
    return connection.execute(asked).first() is not None


def know(connection: Connection, list_id: str, campaign: str, names: Sequence[str], at: float) -> None:
    """Its list of copies. Under another name it goes on with those that it had."""
    mine = copy_of(list_id, campaign)
    there = set(connection.scalars(select(lists.c.id).where(lists.c.id.in_([copy_of(list_id, name) for name in (campaign, *names)]))))
    if mine in there:
        return
    for before in sorted(there):
        connection.execute(update(lists).where(lists.c.id == before).values(id=mine))
        connection.execute(update(leads).where(leads.c.list == before).values(list=mine))
        return
    know_list(connection, mine, at)
    order = connection.scalar(select(lists.c.order).where(lists.c.id == list_id))
    connection.execute(update(lists).where(lists.c.id == mine).values(order=order))


def split(connection: Connection, list_id: str, rows: Sequence[RowMapping], at: float) -> None:
    """Rows of the list, each held by a campaign."""
    for holder in sorted({str(row["held_by"]) for row in rows}):
        know(connection, list_id, holder, (), at)
    theirs = copies_of(connection, list_id)
    _write(connection, [(row, copy) for row in rows for copy in theirs])
    home = {"state": LeadState.SPLIT, "held_by": "", "why": "", "due_at": None, "ready_at": None, "agent": None}
    connection.execute(update(leads).where(leads.c.id.in_([row["id"] for row in rows])).values(**home))


def copies_of(connection: Connection, list_id: str) -> list[str]:
    """The lists of copies of every campaign that has ever dialled it beside another."""
    start = f"{list_id}{FOR}"
    return list(connection.scalars(select(lists.c.id).where(lists.c.id.startswith(start, autoescape=True)).order_by(lists.c.id)))


def _catch_up(connection: Connection, list_id: str, campaign: str) -> None:
    """Leads that were split before this campaign came, in the order of their ids; those after that it has been given."""
    mine = copy_of(list_id, campaign)
    upto = int(connection.scalar(select(lists.c.caught_up_to).where(lists.c.id == mine)) or 0)
    split = (leads.c.list == list_id) & (leads.c.state == SPLIT) & (leads.c.id > upto)
    rows = connection.execute(select(leads).where(split).order_by(leads.c.id).limit(AT_A_TIME)).mappings().all()
    if not rows:
        return
    has = set(connection.scalars(select(leads.c.home).where(leads.c.list == mine, leads.c.home.in_([row["id"] for row in rows]))))
    _write(connection, [(row, mine) for row in rows if row["id"] not in has])
    connection.execute(update(lists).where(lists.c.id == mine).values(caught_up_to=rows[-1]["id"]))


def _write(connection: Connection, wanted: Sequence[tuple[RowMapping, str]]) -> None:
    if not wanted:
        return
    first = draw_ids(connection, len(wanted))
    asked = select(lead_numbers).where(lead_numbers.c.lead.in_({row["id"] for row, _ in wanted})).order_by(lead_numbers.c.n)
    own: dict[int, list[RowMapping]] = {}
    for number in connection.execute(asked).mappings():
        own.setdefault(number["lead"], []).append(number)
    orders = {row.id: row.order for row in connection.execute(select(lists.c.id, lists.c.order))}
    rows = [_copy(row, copy, id, own[row["id"]], orders[copy]) for id, (row, copy) in enumerate(wanted, first)]
    connection.execute(insert(leads), rows)
    numbers = [{**number, "lead": id} for id, (row, _) in enumerate(wanted, first) for number in own[row["id"]]]
    connection.execute(insert(lead_numbers), numbers)


def _copy(row: RowMapping, copy: str, id: int, numbers: Sequence[RowMapping], order: str) -> Mapping[str, Any]:
    """The holder's is as it was; everybody else's as if nobody had taken it yet."""
    found = {**row, "id": id, "list": copy, "home": row["id"], "held_by": ""}
    if copy == copy_of(row["list"], row["held_by"]):
        return found
    rank = rank_of(order, row["id"], row["priority"], row["fields"])
    fresh: dict[str, Any] = {"state": LeadState.READY, "why": "", "due_at": None, "ready_at": None, "agent": None, "retried": {}}
    return {**found, **fresh, "attempts": 0, "turn": 0, "window": numbers[0]["window"], "rank": rank}
