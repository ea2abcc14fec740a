"""The tables, counted by the database: raw counters for ``acd.measures``, by queue or agent and interval. Blocking.

What a database adds up well is added up there; what it does not (percentiles, stretches over several intervals, traces) is streamed.
A visit belongs to the interval in which it joined, whatever comes of it later; an offer to that in which it was made, and its talk and
wrap-up with it. Time in a state is split where an interval ends. An interval is told by an instant in it (``acd.measures.intervals``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isinf
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)

from acd.measures.intervals import QUARTER_S, Cut, Stretch
from acd.measures.offers import Handled
from acd.measures.visits import Tally, Visits
from acd.records.reader import Reader
from acd.records.schema import agent_activities, offers, queue_visits
from acd.words import AgentState, EndedBy, EntryKind

V, F, A = queue_visits.c, offers.c, agent_activities.c
Whose = Literal["queue", "agent"]
CALL, CONSULT = EntryKind.CALL.value, EntryKind.CONSULT.value
TARGET_S = 20.0
"""Of rows that carry no target of their own."""

Instant = float | None
"""One in the interval; None: the whole time is one."""
Column = ColumnElement[Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: from ``since`` until before ``until``; '' is every queue, every agent.

    ``kind``: who stood in the line. A colleague who asks is no customer who waits, and a callback waits at home.
    """

    since: float
    until: float
    queue: str = ""
    agent: str = ""
    kind: str = CALL


def visits(reader: Reader, scope: Scope, cut: Cut | None = None) -> Iterator[tuple[str, Instant, str, Tally]]:
    """(queue, interval, outcome, counters) of visits that ended."""
    in_time = case((V.waited_s <= func.coalesce(V.service_level_s, TARGET_S), 1), else_=0)
    sums = (func.count(), func.sum(in_time), func.sum(V.waited_s), func.max(V.waited_s))
    query = _summed((V.queue, V.outcome), _slot(reader, V.joined_at, cut), sums).where(_visits(scope))
    for queue, outcome, slot, n, timely, waited_s, longest_s in reader.tuples(query):
        yield queue, slot, outcome, Tally(n=n, in_time=int(timely or 0), waited_s=waited_s or 0.0, longest_s=longest_s or 0.0)


def by_queue(reader: Reader, scope: Scope) -> dict[str, Visits]:
    found: dict[str, Visits] = {}
    for queue, _, outcome, tally in visits(reader, scope):
        found[queue] = found.get(queue, Visits()) + Visits(by={outcome: tally})
    return dict(sorted(found.items()))


def waits(reader: Reader, scope: Scope, cut: Cut | None = None) -> Iterator[tuple[str, Instant, float]]:
    """(queue, interval, wait) of every answered visit."""
    slot = _slot(reader, V.joined_at, cut)
    query = select(V.queue, null() if slot is None else slot, V.waited_s)
    yield from reader.tuples(query.where(_visits(scope), V.outcome == "answered", V.waited_s.is_not(None)))


def handled(reader: Reader, scope: Scope, whose: Whose, cut: Cut | None = None) -> Iterator[tuple[str, Instant, str, Handled]]:
    """(queue or agent, interval, outcome, counters) of offers that ended."""
    slot = _slot(reader, F.offered_at, cut)
    transferred = case((F.ended_by == EndedBy.TRANSFER.value, 1), else_=0)
    sums = (func.count(), *(func.sum(one) for one in (F.ring_s, F.talk_s, F.hold_s, transferred)))
    query = _summed((F[whose], F.outcome), slot, sums).where(_handled(scope, whose))
    for who, outcome, at, n, *of in reader.tuples(query):
        ring_s, talk_s, hold_s, went = (each or 0 for each in of)
        yield who, at, outcome, Handled(n=n, ring_s=ring_s, talk_s=talk_s, hold_s=hold_s, transferred=int(went))
    # wrap-up stands with the agent's time; here it comes to the talk that it belongs to
    query = _summed((F[whose], F.outcome), slot, (func.sum(A.duration_s),))
    query = query.select_from(agent_activities.join(offers, F.id == A.offer))
    for who, outcome, at, seconds in reader.tuples(query.where(_handled(scope, whose), A.state == AgentState.WRAP_UP.value)):
        yield who, at, outcome, Handled(wrap_up_s=seconds or 0.0)


def times(reader: Reader, scope: Scope, cut: Cut | None = None) -> Iterator[tuple[str, Instant, str, str, float]]:
    """(agent, interval, state, reason, seconds). Who is logged out is not there. A stretch that runs counts until ``scope.until``."""
    least, most = (func.min, func.max) if reader.is_sqlite else (func.least, func.greatest)
    until = func.coalesce(A.until, scope.until)
    spent = least(until, scope.until) - most(A.since, scope.since)
    there = and_(A.since < scope.until, until > scope.since, A.state != AgentState.LOGGED_OUT.value, _is(A.agent, scope.agent))
    first, last = _slot(reader, A.since, cut), _slot(reader, until, cut)
    if first is None or last is None:
        yield from _spent(reader, _summed((A.agent, A.state, A.reason), None, (func.sum(spent),)).where(there))
        return
    whole = and_(first == last, A.since >= scope.since, until <= scope.until)
    yield from _spent(reader, _summed((A.agent, A.state, A.reason), first, (func.sum(spent),)).where(there, whole))
    across = select(A.agent, A.state, A.reason, most(A.since, scope.since), least(until, scope.until))
    for agent, state, reason, begun, over in reader.tuples(across.where(there, ~whole)):
        for at, seconds in split(begun, over):
            yield agent, at, state, reason, seconds


def _spent(reader: Reader, query: Select[Any]) -> Iterator[tuple[str, Instant, str, str, float]]:
    for agent, state, reason, at, seconds in reader.tuples(query):
        yield agent, at, state, reason, seconds


def split(since: float, until: float) -> Iterator[tuple[float, float]]:
    """(instant, seconds): a stretch of time by the quarters of an hour that it is in."""
    for quarter in range(int(since // QUARTER_S), int(until // QUARTER_S) + 1):
        begin = quarter * QUARTER_S
        seconds = min(until, begin + QUARTER_S) - max(since, begin)
        if seconds > 0:
            yield begin, seconds


def traces(reader: Reader, scope: Scope) -> Iterator[tuple[str, str]]:
    """(agent, the trace as JSON) of every offer, in no order."""
    yield from reader.tuples(select(F.agent, cast(F.trace, Text)).where(_offers(scope)))


def promises(reader: Reader, scope: Scope) -> Iterator[tuple[str, str]]:
    """(queue, what its callers were told, as JSON) of every visit in which something was."""
    told = cast(V.promises, Text)
    yield from reader.tuples(select(V.queue, told).where(_visits(scope), told != "[]"))


def _slot(reader: Reader, at: ColumnElement[Any], cut: Cut | None) -> Column:
    """An instant in the interval that ``at`` is in: when its piece began, or the stretch, if that was later."""
    if cut is None:
        return None
    pieces = [(at < literal_column(repr(one.end)), _piece(reader, at, cut.size_s, one)) for one in cut.stretches[:-1]]
    last = _piece(reader, at, cut.size_s, cut.stretches[-1])
    return cast(case(*pieces, else_=last) if pieces else last, Double)


def _piece(reader: Reader, at: ColumnElement[Any], size_s: int, one: Stretch) -> ColumnElement[Any]:
    """A cast rounds in PostgreSQL and cuts in SQLite. Numbers stand in the text: what is grouped by must be what is selected."""
    size: ColumnElement[int] = literal_column(str(size_s))
    offset: ColumnElement[int] = literal_column(str(one.offset_s))
    number = (at + offset) / literal_column(f"{size_s}.0")
    whole = cast(number, Integer) if reader.is_sqlite else cast(func.floor(number), BigInteger)
    begin = whole * size - offset
    if isinf(one.begin):
        return begin
    return case((begin < literal_column(repr(one.begin)), literal_column(repr(one.begin))), else_=begin)


def _summed(keys: tuple[ColumnElement[Any], ...], slot: Column, sums: tuple[Any, ...]) -> Select[Any]:
    """Keys, an instant in the interval (None: the whole time as one), sums."""
    if slot is None:
        return select(*keys, null(), *sums).group_by(*keys)
    return select(*keys, slot, *sums).group_by(*keys, slot)


def _visits(scope: Scope) -> ColumnElement[bool]:
    of_time = and_(V.joined_at >= scope.since, V.joined_at < scope.until, V.ended_at.is_not(None))
    return and_(of_time, V.kind == scope.kind, _is(V.queue, scope.queue), _is(V.agent, scope.agent))


def _offers(scope: Scope) -> ColumnElement[bool]:
    of_time = and_(F.offered_at >= scope.since, F.offered_at < scope.until, F.ended_at.is_not(None))
    return and_(of_time, _is(F.queue, scope.queue), _is(F.agent, scope.agent))


def _handled(scope: Scope, whose: Whose) -> ColumnElement[bool]:
    """To an agent a consult is work like any other; to a queue it is none of its customers', unless one was put through."""
    whole = _offers(scope)
    return whole if whose == "agent" else and_(whole, or_(F.kind != CONSULT, F.handed_at.is_not(None)))


def _is(column: ColumnElement[Any], wanted: str) -> ColumnElement[bool]:
    return column == wanted if wanted else true()
