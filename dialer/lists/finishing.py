"""What came of an attempt: the attempt, its lead, its number and the ledger in one transaction, however often it is told (F10)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dialer.core.retrying import LeadState
from dialer.lists import do_not_call
from dialer.lists.claimed import Finish, Next, Taking
from dialer.lists.claiming import AGENT_GRACE_S, cell_of, take_its_place_again
from dialer.lists.schema import attempts, campaign_states, chances, lead_numbers, leads, learnt, ledger, numbers, windows

NOT_LEARNT_FROM = frozenset({"dropped", "lost", "refused", "failed", "congestion", "blocked"})
"""Says nothing about whether somebody is there."""
NO_PERSON = frozenset({"machine", "fax"})
"""Who answered was none; unless they were abandoned, it is as if nobody had."""
TALKED = "talked"
RETURNED = "returned"
"""As if nothing had been: a promise to call is still to be kept."""
DAY_S = 86400.0
LOST_AGAIN_S = 4 * 3600.0


def finish(connection: Connection, done: Finish) -> bool:
    """False when it was told before: nothing is changed then, so it may be told as often as one likes."""
    told = {
        "outcome": done.outcome, "ended_at": done.at, "answered_at": done.answered_at, "bridged_at": done.bridged_at,
        "abandoned_at": done.abandoned_at, "cause": done.cause[:200], "sip_status": done.sip_status, "agent": done.agent,
        "disposition": done.disposition, "counts": int(done.rang),
    }  # fmt: skip
    ours = (attempts.c.id == done.attempt) & attempts.c.outcome.is_(None)
    known = connection.scalar(select(attempts.c.answered_at).where(ours)) is not None
    row = connection.execute(update(attempts).where(ours).values(**told).returning(attempts)).mappings().one_or_none()
    if row is None:
        return False
    if done.next.do_not_call:
        do_not_call.add(connection, [row["number"]], done.next.do_not_call, source=f"attempt {done.attempt}", at=done.at)
    _lead_goes_on(connection, row, done)
    _number_is_free(connection, row, done)
    if done.answered_at is not None:
        minute = {"campaign": row["campaign"], "minute": int(done.answered_at // 60)}
        more = {"answered": int(_answered_by_person(done)) - int(known), "abandoned": int(done.abandoned_at is not None)}
        _count(connection, ledger, minute, more)
    return True


def _answered_by_person(done: Finish) -> bool:
    return done.answered_at is not None and (done.outcome not in NO_PERSON or done.abandoned_at is not None)


def answered(connection: Connection, attempt: str, at: float) -> None:
    """A person answered: counted at once and once, for the law asks of every answer whatever becomes of us."""
    ours = (attempts.c.id == attempt) & attempts.c.answered_at.is_(None) & attempts.c.outcome.is_(None)
    row = connection.execute(update(attempts).where(ours).values(answered_at=at).returning(attempts.c.campaign)).one_or_none()
    if row is not None:
        _count(connection, ledger, {"campaign": row.campaign, "minute": int(at // 60)}, {"answered": 1, "abandoned": 0})


def _lead_goes_on(connection: Connection, row: RowMapping, done: Finish) -> None:
    mine = (leads.c.id == row["lead"]) & (leads.c.leased_by == done.attempt)
    lead = connection.execute(select(leads).where(mine).with_for_update()).mappings().one_or_none()
    if lead is None:
        return
    retried = dict(lead["retried"])
    if done.next.state in (LeadState.WAITING, LeadState.READY):
        retried[done.outcome] = retried.get(done.outcome, 0) + 1
    values = {
        "retried": retried, "leased_by": None, "leased_until": None, "attempts": lead["attempts"] - int(not done.rang),
        **next_values(connection, row["lead"], lead["turn"], done.next, row["campaign"]),
    }  # fmt: skip
    connection.execute(update(leads).where(mine).values(**values))
    if done.outcome != RETURNED:
        take_its_place_again(connection, lead)
    if done.rang and done.outcome not in NOT_LEARNT_FROM:
        zones = connection.scalar(select(windows.c.zones).where(windows.c.id == lead["window"]))
        weekday, hour = cell_of(zones or ["UTC"], row["at"])
        cell = {"list": row["list"], "weekday": weekday, "hour": hour}
        _count(connection, chances, cell, {"tried": 1, "answered": int(_answered_by_person(done))})


def next_values(connection: Connection, lead: int, turn: int, next: Next, campaign: str) -> Mapping[str, Any]:
    """``campaign``: by whose rule; what is not to be called is so for all, and what was only given back stays whose it was."""
    index = turn if next.number_index is None else next.number_index
    asked = select(lead_numbers.c.window).where(lead_numbers.c.lead == lead, lead_numbers.c.n == index)
    window = connection.scalar(asked)
    grace_s = AGENT_GRACE_S if next.agent else 0.0
    waits = "callback" if next.why == "callback" else "retry"
    values: dict[str, Any] = {
        "state": next.state,
        "why": waits if next.state is LeadState.WAITING else next.why,
        "due_at": next.due_at,
        "ready_at": None if next.due_at is None else next.due_at + grace_s,
        "agent": next.agent,
    }
    if next.do_not_call or next.why or next.state is not LeadState.READY:
        values["held_by"] = "" if next.do_not_call else campaign
    return values if window is None else {**values, "turn": index, "window": window}


def _number_is_free(connection: Connection, row: RowMapping, done: Finish) -> None:
    mine = (numbers.c.number == row["number"]) & (numbers.c.leased_by == row["id"])
    counts = {
        "dialled": numbers.c.dialled - int(not done.rang), "answered": numbers.c.answered + int(_answered_by_person(done)),
    }  # fmt: skip
    connection.execute(update(numbers).where(mine).values(leased_by=None, leased_until=None, **counts))
    if done.next.lock_until is not None:
        lock(connection, row["number"], done.next.lock_until)
    if done.next.reserved_until is not None:
        keep_for_reserved(connection, row["number"], done.next.reserved_until)
    elif done.bridged_at is not None and done.outcome == TALKED:  # somebody was there for them
        connection.execute(update(numbers).where(numbers.c.number == row["number"]).values(reserved_until=None))


def keep_for_reserved(connection: Connection, number: str, until: float) -> None:
    """Only with an agent reserved for it until then. Never made shorter, but by a talk."""
    later = case((numbers.c.reserved_until > until, numbers.c.reserved_until), else_=until)
    connection.execute(update(numbers).where(numbers.c.number == number).values(reserved_until=later))


def lock(connection: Connection, number: str, until: float) -> None:
    """Nobody dials it until then. A lock is never made shorter."""
    later = case((numbers.c.locked_until > until, numbers.c.locked_until), else_=until)
    connection.execute(update(numbers).where(numbers.c.number == number).values(locked_until=later))


def may_still_be_dialled(connection: Connection, attempt: str, taking: Taking, at: float, country: str = "") -> str:
    """'' or why not: asked at the moment of dialling, because a number may have been listed since it was taken (ACD.md 94)."""
    asked = select(attempts.c.number, attempts.c.outcome).where(attempts.c.id == attempt)
    row = connection.execute(asked).one_or_none()
    if row is None or row.outcome is not None:
        return "no attempt that is under way"
    its = connection.execute(select(numbers).where(numbers.c.number == row.number)).one()
    if its.leased_by != attempt:
        return "the number is not ours any more"
    if its.locked_until is not None and its.locked_until > at:
        return "the number is locked"
    if its.reserved_until is not None and its.reserved_until > at and not taking.reserves:
        return "the number is dialled only with an agent reserved for it"
    if do_not_call.listed(connection, [row.number], taking.scopes, at):
        return "the number is on a do-not-call list"
    return do_not_call.stale(connection, taking, at, country)


def open_attempts(connection: Connection, campaign: str | None = None) -> list[dict[str, Any]]:
    """Attempts of which nobody has told the end: after a restart each of them is asked about, and none is dialled again."""
    asked = select(attempts).where(attempts.c.outcome.is_(None)).order_by(attempts.c.lease_until)
    if campaign is not None:
        asked = asked.where(attempts.c.campaign == campaign)
    return [dict(row) for row in connection.execute(asked).mappings()]


def renew(connection: Connection, ids: Collection[str], until: float) -> None:
    """Calls that are still going on."""
    connection.execute(update(attempts).where(attempts.c.id.in_(ids)).values(lease_until=until))


def expire(connection: Connection, at: float, most: int = 500) -> list[str]:
    """Attempts that nobody finished in their time are lost: perhaps they were dialled, so they count, and the lead waits hours."""
    asked = select(attempts.c.id).where(attempts.c.outcome.is_(None), attempts.c.lease_until <= at)
    late = list(connection.scalars(asked.order_by(attempts.c.lease_until).limit(most)))
    again = Next(state=LeadState.WAITING, why="retry", due_at=at + LOST_AGAIN_S)
    return [id for id in late if finish(connection, Finish(attempt=id, outcome="lost", at=at, next=again))]


def counted(connection: Connection, campaigns: Collection[str], since: float) -> list[tuple[int, int, int]]:
    """Of the ledger: the minute's first second, answered by a person, abandoned."""
    asked = select(ledger).where(ledger.c.campaign.in_(campaigns), ledger.c.minute >= int(since // 60)).order_by(ledger.c.minute)
    return [(row.minute * 60, row.answered, row.abandoned) for row in connection.execute(asked)]


def keep(connection: Connection, what: str, campaign: str, kept: Mapping[str, Any]) -> None:
    """``what``: 'learnt' (by the pacer) or 'state' (started, paused …)."""
    table = {"learnt": learnt, "state": campaign_states}[what]
    make: Any = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
    put = make.on_conflict_do_update(index_elements=["campaign"], set_={"kept": make.excluded.kept})
    connection.execute(put, [{"campaign": campaign, "kept": dict(kept)}])


def kept(connection: Connection, what: str) -> dict[str, dict[str, Any]]:
    table = {"learnt": learnt, "state": campaign_states}[what]
    return {row.campaign: row.kept for row in connection.execute(select(table))}


def _count(connection: Connection, table: Any, key: Mapping[str, Any], more: Mapping[str, int]) -> None:
    make: Any = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
    sums = {name: table.c[name] + make.excluded[name] for name in more}
    connection.execute(make.on_conflict_do_update(index_elements=list(key), set_=sums), [{**key, **more}])
