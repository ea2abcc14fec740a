"""Calls that leave the house: let out by the gate or refused, and remembered either way. The one place that makes such commands.

Whoever wants one asks ``call`` (a leg of our own making, parked when it answers) or ``connect`` (the caller's own leg is joined to
a number), and owns what they get: the leg's events come to them. ``follow`` only keeps the account of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from acd.core import events as ev
from acd.core.commands import CallOut, Dial
from acd.core.draft import Draft
from acd.core.lines.hours import OPEN
from acd.core.outside.gate import SECOND_S, Allowed, Refused, Wanted, judge
from acd.core.outside.outgoing import Outgoing, OutgoingState, Tally
from acd.words import LegId, PlayId

S = OutgoingState


def call(
    draft: Draft, wanted: Wanted, leg: LegId, *, ring_s: int, marks: Mapping[str, str] | None = None, detect_s: int | None = None
) -> Outgoing | Refused:
    """A leg of ours, named by ``leg`` before it exists, to a number outside; early media is no answer, and on answer it parks.

    ``detect_s``: so long after it machines are told from people.
    """
    return _leave(draft, wanted, leg, None, ring_s, {"marks": marks or {}, "detect_s": detect_s})


def connect(draft: Draft, wanted: Wanted, leg: LegId, play: PlayId, *, ring_s: int) -> Outgoing | Refused:
    """The caller's own leg is joined to a number outside; ends with PlayEnded(play)."""
    return _leave(draft, wanted, leg, play, ring_s, {})


def _leave(draft: Draft, wanted: Wanted, leg: LegId, play: PlayId | None, ring_s: int, more: Mapping[str, Any]) -> Outgoing | Refused:
    """Nothing else makes a command that leaves the house (FAULTS.md S01)."""
    agent = draft.state.policy.agents.get(wanted.agent) if wanted.agent and not wanted.shown else None
    if agent is not None and agent.caller_id:
        wanted = replace(wanted, shown=agent.caller_id)
    found = judge(draft.state.policy.outbound, Counted(draft), wanted, draft.at)
    if isinstance(found, Refused):
        draft.put(_kept(draft, wanted, state=S.REFUSED, refused=found.rule.value, why=found.why, ended_at=draft.at))
        return found
    _count(draft, found)
    out = _kept(draft, wanted, leg=leg, play=play, trunk=found.trunk, shown=found.shown, number=found.number)
    shown = {"caller_number": found.shown, "caller_name": found.name}
    if play is None:
        marks = {"out": out.id, **more["marks"]}
        how = {**shown, "marks": marks, "detect_s": more["detect_s"]}
        draft.do(CallOut(leg=leg, trunk=found.trunk, number=found.number, timeout_s=ring_s, **how))
    else:
        draft.do(Dial(leg=leg, play=play, trunk=found.trunk, number=found.number, timeout_s=ring_s, **shown))
    return draft.put(out)


def _kept(draft: Draft, wanted: Wanted, **more: object) -> Outgoing:
    fields = {"number": wanted.number[:40], "call": wanted.call, "agent": wanted.agent, "queue": wanted.queue}
    return Outgoing(id=wanted.id, reason=wanted.reason, at=draft.at, **(fields | more))  # type: ignore[arg-type]


def _count(draft: Draft, found: Allowed) -> None:
    counted = Counted(draft)
    for id, until in found.accounts:
        draft.put(Tally(id=id, count=counted.counted(id, draft.at) + 1, until=until))
    if found.is_rated:
        recent = (*counted.recent(found.trunk, draft.at), draft.at)
        draft.put(Tally(id=f"trunk/{found.trunk}", count=len(recent), until=draft.at + SECOND_S, recent=recent))


def _tally(draft: Draft, id: str) -> Tally | None:
    found = draft.changes.get(("Tally", id)) or draft.state.tallies.get(id)
    return found if isinstance(found, Tally) else None


class Counted:
    """What has left so far, as this decision sees it. Implements ``acd.core.outside.gate.Counts``."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def counted(self, tally: str, at: float) -> int:
        found = _tally(self._draft, tally)
        return found.count if found is not None and found.until > at else 0

    def at_once(self, trunk: str) -> int:
        fresh = [each for each in self._draft.changes.values() if isinstance(each, Outgoing) and each.trunk == trunk]
        before = {each.id for each in fresh if each.id in self._draft.state.outgoing}
        return self._draft.state.out_at_once(trunk) - len(before) + sum(each.is_live for each in fresh)

    def recent(self, trunk: str, at: float) -> tuple[float, ...]:
        found = _tally(self._draft, f"trunk/{trunk}")
        return tuple(when for when in found.recent if when > at - SECOND_S) if found else ()

    def in_last_second(self, trunk: str, at: float) -> int:
        return len(self.recent(trunk, at))

    def is_open(self, calendar: str, at: float) -> bool:
        return self._draft.state.hours_state(calendar, at) == OPEN

    def opens_at(self, calendar: str, at: float) -> float | None:
        return self._draft.state.opens_at(calendar, at)


def forgotten(draft: Draft, tally: Tally) -> None:
    """Its day is over."""
    draft.put(replace(tally, count=0))


def follow(draft: Draft, event: ev.Event) -> None:
    """What the switch says of a leg that left. Its owner hears the same event; here it is only written down."""
    match event:
        case ev.LegAnswered(leg=leg):
            _each(draft, leg, None, answered_at=draft.at)
        case ev.LegEnded(leg=leg, cause=cause):
            _each(draft, leg, None, state=S.ENDED, ended_at=draft.at, cause=cause)
        case ev.PlayEnded(leg=leg, play=play, cause=cause):
            _each(draft, leg, play, state=S.ENDED, ended_at=draft.at, cause=cause)


def _each(draft: Draft, leg: LegId, play: PlayId | None, state: OutgoingState = S.OUT, **changes: object) -> None:
    for id in draft.state.out_of_leg.get(leg, ()):
        found = draft.changes.get(("Outgoing", id)) or draft.state.outgoing[id]
        if not isinstance(found, Outgoing) or not found.is_live or (play is not None and found.play != play):
            continue
        if state is S.OUT and (found.play is not None or found.answered_at is not None):
            continue  # the caller's own leg was answered long before, and nobody is answered twice
        draft.put(found.move(state, **changes))
