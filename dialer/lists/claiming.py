"""A campaign takes the next leads: one transaction in which the lead and its number become nobody else's (ACD.md 91).

Who may not be dialled after all goes out of the way of the next look, with the reason: so taking costs the same however many there
are. Only the windows that are open are looked at, and of each only as many leads as are wanted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from dialer.core.retrying import LeadState
from dialer.lists import chance
from dialer.lists.claimed import Claimed, Taking
from dialer.lists.do_not_call import listed, stale
from dialer.lists.ranking import BEFORE_ALL, promised_rank, rank_of
from dialer.lists.schema import attempts, chances, lead_numbers, leads, lists, numbers, windows
from dialer.lists.splitting import base_of, lists_of, settle

POOL = 4  # times as many as wanted are looked at, of which those most likely to answer are taken
MOST = 200
PROMOTED = 500
LEASED_AGAIN_S = 30.0
RESERVED = "reserved"
WAITS_FOR = ("retry", "callback", "per_day", "lock", RESERVED, "number_leased")
ITS_OWN = ("per_day", "total")
"""Caps are a campaign's; what else sets a lead aside is the number's, and holds for every campaign of the list."""
AGENT_GRACE_S = 120.0  # so long a callback waits for the agent who promised it


@dataclass(frozen=True, slots=True)
class Held:
    """Why it cannot be dialled now, and until when: None for ever."""

    state: LeadState
    why: str
    until: float | None = None


def claim(
    connection: Connection,
    taking: Taking,
    n: int,
    at: float,
    open_windows: Sequence[str],
    new_id: Callable[[], str],
    agents: Sequence[str] = (),
) -> list[Claimed]:
    """Up to ``n`` leads, with the attempts written. ``agents``: the callbacks that these agents promised, and nothing else."""
    if n <= 0 or not taking.lists or stale(connection, taking, at):
        return []
    settle(connection, taking.lists, taking.campaign, taking.names, at)
    taking = replace(taking, lists=lists_of(connection, taking.lists, taking.campaign))
    if not agents:
        promote(connection, taking, at)  # at night too: whose time has come waits for the morning and nothing else
    if not open_windows:
        return []
    taken: list[Claimed] = []
    for _ in range(3):  # whoever was in the way is out of it now
        pool = _pool(connection, taking, n - len(taken), at, open_windows, agents)
        if not pool:
            break
        taken += _take(connection, taking, n - len(taken), at, pool, new_id)
        if len(taken) >= n:
            break
    return taken


def promote(connection: Connection, taking: Taking, at: float) -> int:
    """Those whose time has come are ready, the longest due first, so many at a time. Returns how many."""
    moved = 0
    for list_id in taking.lists:
        for why in WAITS_FOR:
            mine = (leads.c.list == list_id) & (leads.c.state == LeadState.WAITING) & (leads.c.why == why) & (leads.c.ready_at <= at)
            asked = select(leads.c.id, leads.c.due_at, leads.c.rank).where(mine, _not_another_ones(taking))
            asked = asked.order_by(leads.c.ready_at).limit(PROMOTED)
            due = connection.execute(asked.with_for_update(skip_locked=True)).all()
            if not due:
                continue
            rows = [{"b": row.id, "r": promised_rank(row.due_at) if why == "callback" else row.rank} for row in due]
            ready = {"state": LeadState.READY, "ready_at": None, "agent": None}
            for row in rows:
                connection.execute(update(leads).where(leads.c.id == row["b"]).values(rank=row["r"], **ready))
            moved += len(rows)
    return moved


def _not_another_ones(taking: Taking) -> ColumnElement[bool]:
    """Nor of those that are still to be split, of which there are few."""
    return leads.c.held_by.in_(("", *taking.names))


def _pool(
    connection: Connection, taking: Taking, n: int, at: float, open_windows: Sequence[str], agents: Sequence[str]
) -> list[RowMapping]:
    most = min(MOST, n * POOL)
    found: list[RowMapping] = []
    if agents:
        mine = leads.c.agent.in_(agents) & (leads.c.due_at <= at) & (leads.c.state == LeadState.WAITING)
        where = leads.c.list.in_(taking.lists) & leads.c.window.in_(open_windows) & _not_another_ones(taking)
        asked = select(leads).where(mine, where).order_by(leads.c.due_at).limit(most)
        return list(connection.execute(asked.with_for_update(skip_locked=True)).mappings())
    for list_id in taking.lists:
        for window in open_windows:
            mine = (leads.c.list == list_id) & (leads.c.state == LeadState.READY) & (leads.c.window == window)
            asked = select(leads).where(mine, _not_another_ones(taking)).order_by(leads.c.rank, leads.c.id).limit(most)
            found += connection.execute(asked.with_for_update(skip_locked=True)).mappings()
    found += _for_reserved(connection, taking, open_windows, most)
    return sorted(found, key=lambda row: (row["rank"], row["id"]))[:most]


def _for_reserved(connection: Connection, taking: Taking, open_windows: Sequence[str], most: int) -> list[RowMapping]:
    """Those that were set aside by a campaign which reserves nobody."""
    if not taking.reserves:
        return []
    mine = (leads.c.state == LeadState.WAITING) & (leads.c.why == RESERVED) & leads.c.list.in_(taking.lists)
    asked = select(leads).where(mine, leads.c.window.in_(open_windows), _not_another_ones(taking))
    asked = asked.order_by(leads.c.rank, leads.c.id).limit(most)
    return list(connection.execute(asked.with_for_update(skip_locked=True)).mappings())


def _take(
    connection: Connection, taking: Taking, n: int, at: float, pool: Sequence[RowMapping], new_id: Callable[[], str]
) -> list[Claimed]:
    facts = facts_of(connection, taking, at, pool)
    fit: list[tuple[RowMapping, RowMapping]] = []
    for lead in pool:
        number = _its_turn(facts, lead)
        held = held_by(taking, at, facts, lead, number)
        if held is None and number is not None:
            facts.taken.add(number["number"])
            fit.append((lead, number))
        elif held is not None and held.why:
            _set_aside(connection, taking, at, lead, number, held)
    scored = _scored(connection, taking, at, facts, fit)
    scored = _by_chance(scored) if taking.chance else scored
    return [lease(connection, taking, at, facts, one, new_id()) for one in scored[:n]]


@dataclass(slots=True)
class Facts:
    of_lead: Mapping[int, list[RowMapping]]
    of_number: Mapping[str, RowMapping]  # only those that could be locked
    listed: set[str]
    per_lead: Mapping[int, int]  # attempts today
    per_number: Mapping[str, int]
    windows: Mapping[str, RowMapping]
    taken: set[str]


def facts_of(connection: Connection, taking: Taking, at: float, pool: Sequence[RowMapping]) -> Facts:
    ids = [lead["id"] for lead in pool]
    asked = select(lead_numbers).where(lead_numbers.c.lead.in_(ids)).order_by(lead_numbers.c.lead, lead_numbers.c.n)
    of_lead: dict[int, list[RowMapping]] = {}
    for row in connection.execute(asked).mappings():
        of_lead.setdefault(row["lead"], []).append(row)
    every = sorted({row["number"] for rows in of_lead.values() for row in rows})
    locked = select(numbers).where(numbers.c.number.in_(every)).order_by(numbers.c.number).with_for_update(skip_locked=True)
    of_number = {row["number"]: row for row in connection.execute(locked).mappings()}
    known = {row["window"] for rows in of_lead.values() for row in rows}
    return Facts(
        of_lead=of_lead,
        of_number=of_number,
        listed=listed(connection, every, taking.scopes, at),
        per_lead=_today(connection, attempts.c.lead, ids, taking),
        per_number=_today(connection, attempts.c.number, every, taking),
        windows={row["id"]: row for row in connection.execute(select(windows).where(windows.c.id.in_(known))).mappings()},
        taken=set(),
    )


def _today(connection: Connection, column: Any, values: Sequence[Any], taking: Taking) -> dict[Any, int]:
    """Attempts of the campaign's day, whichever campaign made them."""
    counted = select(column, func.sum(attempts.c.counts)).where(column.in_(values), attempts.c.at >= taking.day_since).group_by(column)
    return {key: int(count or 0) for key, count in connection.execute(counted)}


def _its_turn(facts: Facts, lead: RowMapping) -> RowMapping | None:
    """The number whose turn it is; where it is listed, one of the same window that is not."""
    own = facts.of_lead.get(lead["id"], [])
    first = own[lead["turn"] % len(own)] if own else None
    if first is None or first["number"] not in facts.listed:
        return first
    others = (row for row in own if row["number"] not in facts.listed and row["window"] == lead["window"])
    return next(others, first)


def held_by(taking: Taking, at: float, facts: Facts, lead: RowMapping, number: RowMapping | None) -> Held | None:
    if number is None:
        return Held(LeadState.DONE, "no_number")
    its = facts.of_number.get(number["number"])
    if number["number"] in facts.listed:
        return Held(LeadState.DO_NOT_CALL, "do_not_call")
    if its is None or its["leased_by"] is not None or number["number"] in facts.taken:
        return Held(LeadState.WAITING, "number_leased", at + LEASED_AGAIN_S)
    if its["locked_until"] is not None and its["locked_until"] > at:
        return Held(LeadState.WAITING, "lock", its["locked_until"])
    if needs_agent(its, at) and not taking.reserves:
        return Held(LeadState.WAITING, RESERVED, its["reserved_until"])
    if _reached(taking.lead_total, lead["attempts"]) or _reached(taking.number_total, its["dialled"]):
        return Held(LeadState.CAPPED, "total")
    today = facts.per_number.get(number["number"], 0)
    if _reached(taking.lead_per_day, facts.per_lead.get(lead["id"], 0)) or _reached(taking.number_per_day, today):
        return Held(LeadState.WAITING, "per_day", taking.day_until)
    return None


def needs_agent(its: RowMapping, at: float) -> bool:
    """``its``: a number's row."""
    return its["reserved_until"] is not None and its["reserved_until"] > at


def _reached(cap: int | None, count: int) -> bool:
    return cap is not None and count >= cap


def _set_aside(connection: Connection, taking: Taking, at: float, lead: RowMapping, number: RowMapping | None, held: Held) -> None:
    values: dict[str, Any] = {"state": held.state, "why": held.why, "ready_at": held.until}
    if held.why in ITS_OWN or (number is not None and held.why == "do_not_call" and not _for_all(connection, taking, number, at)):
        values["held_by"] = taking.campaign
    if held.state is LeadState.WAITING and lead["due_at"] is None and held.why != RESERVED:
        values["due_at"] = held.until
    connection.execute(update(leads).where(leads.c.id == lead["id"]).values(**values))


def _for_all(connection: Connection, taking: Taking, number: RowMapping, at: float) -> bool:
    """Whether it is listed for every campaign, and not for this one alone."""
    return bool(listed(connection, [number["number"]], [scope for scope in taking.scopes if not scope.startswith("campaign:")], at))


@dataclass(frozen=True, slots=True)
class Scored:
    lead: RowMapping
    number: RowMapping
    chance: float | None


def _scored(
    connection: Connection, taking: Taking, at: float, facts: Facts, fit: Sequence[tuple[RowMapping, RowMapping]]
) -> list[Scored]:
    if not taking.chance:
        return [Scored(lead, number, None) for lead, number in fit]
    cells = {list_id: _cells(connection, base_of(list_id)) for list_id in {lead["list"] for lead, _ in fit}}
    means = {list_id: chance.mean_of(of_list) for list_id, of_list in cells.items()}
    return [Scored(lead, number, _chance(cells[lead["list"]], means[lead["list"]], at, facts, number)) for lead, number in fit]


def _chance(cells: Mapping[chance.Cell, chance.Count], mean: float, at: float, facts: Facts, number: RowMapping) -> float:
    its = facts.of_number[number["number"]]
    cell = cell_of(facts.windows[number["window"]]["zones"], at)
    return chance.chance(cells, cell, chance.Count(its["dialled"], its["answered"]), mean).value


def cell_of(zones: Sequence[str], at: float) -> chance.Cell:
    local = datetime.fromtimestamp(at, ZoneInfo(zones[0]))
    return local.weekday(), local.hour


def _cells(connection: Connection, list_id: str) -> dict[chance.Cell, chance.Count]:
    found = connection.execute(select(chances).where(chances.c.list == list_id))
    return {(row.weekday, row.hour): chance.Count(row.tried, row.answered) for row in found}


def _by_chance(scored: Sequence[Scored]) -> list[Scored]:
    """Who was promised a call first, then by priority, within it who is likeliest to answer; ties as the list has them."""

    def place(one: Scored) -> tuple[bool, int, float]:
        promised = one.lead["rank"] < BEFORE_ALL
        return (not promised, 0 if promised else -one.lead["priority"], 0.0 if promised else -(one.chance or 0.0))

    return sorted(scored, key=place)


def lease(connection: Connection, taking: Taking, at: float, facts: Facts, one: Scored, id: str) -> Claimed:
    lead, number, until = one.lead, one.number, at + taking.lease_s
    mine = {"leased_by": id, "leased_until": until}
    turn = {"turn": number["n"], "window": number["window"], "attempts": leads.c.attempts + 1}
    connection.execute(
        update(leads).where(leads.c.id == lead["id"]).values(state=LeadState.LEASED, why="", ready_at=None, agent=None, **turn, **mine)
    )
    dialled = {"last_dialled_at": at, "dialled": numbers.c.dialled + 1}
    connection.execute(update(numbers).where(numbers.c.number == number["number"]).values(**mine, **dialled))
    its = base_of(lead["list"])
    row = {"id": id, "campaign": taking.campaign, "list": its, "lead": lead["id"], "number": number["number"], "at": at}
    connection.execute(insert(attempts), [{**row, "lease_until": until}])
    window = facts.windows[number["window"]]
    return Claimed(
        attempt=id, campaign=taking.campaign, list=its, lead=lead["id"], key=lead["key"], name=lead["name"],
        fields=lead["fields"], number=number["number"], number_index=number["n"], numbers=len(facts.of_lead[lead["id"]]),
        zones=tuple(window["zones"]), country=window["country"], attempts=lead["attempts"], retried=lead["retried"], chance=one.chance,
        agent=lead["agent"], needs_agent=needs_agent(facts.of_number[number["number"]], at),
    )  # fmt: skip


def take_its_place_again(connection: Connection, lead: RowMapping) -> None:
    """Whoever was promised a call was called: from now on the lead stands where its list has it."""
    if lead["rank"] < BEFORE_ALL:
        order = str(connection.scalar(select(lists.c.order).where(lists.c.id == lead["list"])))
        rank = rank_of(order, lead["home"] or lead["id"], lead["priority"], lead["fields"])
        connection.execute(update(leads).where(leads.c.id == lead["id"]).values(rank=rank))


def known_windows(connection: Connection) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every id with its country and its zones; the law says which of them are open."""
    for row in connection.execute(select(windows).order_by(windows.c.id)):
        yield row.id, row.country, tuple(row.zones)
