"""Who gave up, and who came back: contacts told by the number that called. Blocking."""

from bisect import bisect_right
from collections.abc import Iterator

from sqlalchemy import and_, case, exists, func, select

from acd.core.outside.numbers import one_form
from acd.measures.repeats import Repeats
from acd.records.counting import Scope
from acd.records.reader import Reader
from acd.records.rows import Row
from acd.records.schema import contacts, queue_visits

C, V = contacts.c, queue_visits.c
CHUNK = 500
GAVE_UP = ("abandoned", "abandoned_while_ringing", "short_abandoned")
ANSWERED, CALLBACK = "answered", "callback"
DAY_S = 86400.0
NOBODY = ("", "anonymous", "unknown", "unavailable", "restricted", "private")
"""What stands in place of a withheld number: one who calls so is nobody in particular (ACD.md 6)."""


def abandoned(reader: Reader, scope: Scope, region: str = "") -> list[Row]:
    """Who gave up, in order of time; ``again_at``: when the number called next; ``back_at``: when it was called back and talked to an
    agent; ``served_at``: when it was next one or the other, and an agent had it. ``region``: where numbers without a country are.
    """
    columns = (V.ended_at, C.caller_number, C.caller_name, V.queue, V.outcome, V.waited_s, V.offers, V.contact)
    of_time = and_(V.joined_at >= scope.since, V.joined_at < scope.until, V.kind == scope.kind, V.outcome.in_(GAVE_UP))
    query = select(*columns).select_from(queue_visits.outerjoin(contacts, C.id == V.contact)).where(of_time).order_by(V.ended_at, V.id)
    rows = [row._asdict() for row in reader.tuples(query.where(V.queue == scope.queue) if scope.queue else query)]
    later = _later(reader, sorted({row["caller_number"] for row in rows if is_somebody(row["caller_number"])}), scope.since)
    back = _called_back(reader, scope.since, region) if rows else {}
    return [{**row, **_next(later.get(row["caller_number"], []), _back_at(back, row, region), row)} for row in rows]


def is_somebody(number: str | None) -> bool:
    return number is not None and number.lower() not in NOBODY


def _later(reader: Reader, numbers: list[str], since: float) -> dict[str, list[tuple[float, bool, str]]]:
    """When each of these numbers called, whether it was served, and the contact."""
    served = exists().where(V.contact == C.id, V.outcome == ANSWERED)
    found: dict[str, list[tuple[float, bool, str]]] = {}
    for start in range(0, len(numbers), CHUNK):
        some = C.caller_number.in_(numbers[start : start + CHUNK])
        query = (
            select(C.caller_number, C.arrived_at, served, C.id)
            .where(some, C.arrived_at >= since, C.kind != CALLBACK)
            .order_by(C.arrived_at)
        )
        for number, at, was_served, id in reader.tuples(query):
            found.setdefault(number, []).append((at, bool(was_served), id))
    return found


def _called_back(reader: Reader, since: float, region: str) -> dict[str, list[float]]:
    """When each number, in its one form, talked to an agent who had called it back."""
    query = select(C.caller_number, V.connected_at).select_from(queue_visits.join(contacts, C.id == V.contact))
    of_ours = and_(V.kind == CALLBACK, V.outcome == ANSWERED, V.connected_at >= since)
    found: dict[str, list[float]] = {}
    for number, at in reader.tuples(query.where(of_ours).order_by(V.connected_at)):
        found.setdefault(one_form(number, region), []).append(at)
    return found


def _back_at(back: dict[str, list[float]], row: Row, region: str) -> float | None:
    if not is_somebody(row["caller_number"]):
        return None
    times = back.get(one_form(row["caller_number"], region), [])
    after = times[bisect_right(times, row["ended_at"]) :]
    return after[0] if after else None


def _next(calls: list[tuple[float, bool, str]], back_at: float | None, row: Row) -> Row:
    after = calls[bisect_right(calls, row["ended_at"], key=lambda call: call[0]) :]
    served_at = next((at for at, was_served, id in after if was_served and id != row["contact"]), None)
    return {
        "again_at": next((at for at, _, id in after if id != row["contact"]), None),
        "back_at": back_at,
        "served_at": min((at for at in (served_at, back_at) if at is not None), default=None),
    }


def repeats(reader: Reader, scope: Scope, days: float, now: float) -> Iterator[tuple[str, Repeats]]:
    """(queue, counters) of first contact resolution. Withheld numbers are nobody, and whose days are not over may come back yet."""
    answered = case((V.outcome == ANSWERED, 1), else_=0)
    once = select(V.queue, V.contact, func.min(V.joined_at).label("at"), func.max(answered).label("served"))
    visits = once.where(V.joined_at >= scope.since).group_by(V.queue, V.contact).subquery()
    number = C.caller_number
    following = func.lead(visits.c.at).over(partition_by=(number, visits.c.queue), order_by=(visits.c.at, visits.c.contact))
    calls = (
        select(visits.c.queue, visits.c.at, visits.c.served, following.label("again"))
        .select_from(visits.join(contacts, C.id == visits.c.contact))
        .where(func.lower(number).not_in(NOBODY))
        .subquery()
    )
    over = and_(calls.c.served == 1, calls.c.at < scope.until, calls.c.at < now - days * DAY_S)
    again = func.sum(case((calls.c.again <= calls.c.at + days * DAY_S, 1), else_=0))
    query = select(calls.c.queue, func.count(), again).where(over).group_by(calls.c.queue).order_by(calls.c.queue)
    for queue, served, came_back in reader.tuples(query.where(calls.c.queue == scope.queue) if scope.queue else query):
        yield queue, Repeats(served=served, again=int(came_back or 0))
