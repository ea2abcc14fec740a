"""A stretch of a house's journal, as what everybody did: read once, in order. Decides nothing, guesses nothing.

The journal holds versions of records. Of these are read: each caller's stays in queues with what became of them, how each agent's
phone behaved, what each agent asked for, callbacks, and what was said of the house itself (calendars by hand, phones). Numbers are
replaced by others on the way in: who called twice is seen, who it was is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Record
from acd.core.house import Forced, Phone
from acd.core.lines.entry import Entry
from acd.core.lines.kept import KeptPlace
from acd.core.lines.pace import Pace
from acd.core.matching.bond import Bond
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.staff.agent import Agent
from acd.core.staff.wrap_up import WrapUp
from acd.sim.acts import Act, acts_of, came_back
from acd.sim.spent import Spent
from acd.words import AgentId, AgentState, BondId, CallId, EntryId, EntryOutcome, LegId, OfferId

STOOD = 0
"""In place of a decision's number: it stood so when the journal begins."""
AFTER_S = 3 * 3600.0
"""So long is read on, for the ends of what had begun."""
BUSY = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})


class Line(Protocol):
    """One decision as it was remembered, or a part of a snapshot (``acd.live.codec``)."""

    @property
    def n(self) -> int: ...
    @property
    def at(self) -> float: ...
    @property
    def event(self) -> ev.Event | None: ...
    @property
    def changes(self) -> tuple[Record, ...]: ...
    @property
    def is_snapshot(self) -> bool: ...
    @property
    def healed(self) -> bool: ...
    @property
    def unreadable(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the journal something stands."""

    n: int
    at: float


class Numbers:
    """Another number for each; the same one for the same."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, number: str) -> str:
        if not number.lstrip("+").isdigit():
            return ""
        return self._known.setdefault(number, f"+4930{2_000_000 + len(self._known)}")


@dataclass(slots=True, kw_only=True)
class Stay:
    """One stay of a caller, through the queues into which it overflowed by itself."""

    first: Entry
    last: Entry
    order: int

    @property
    def waited_s(self) -> float:
        end = self.last.connected_at or self.last.ended_at
        return max(0.0, (end or self.last.joined_at) - self.first.joined_at)


@dataclass(slots=True, kw_only=True)
class Done:
    """An act at its place in the journal."""

    order: int
    at: float
    act: Act


@dataclass(slots=True, kw_only=True)
class Reading:
    since: float
    until: float
    begin: float | None = None
    end: float = 0.0
    first_line: int = 0  # 0: it began with a snapshot
    lines: int = 0
    unreadable: int = 0
    configurations: int = 0  # how often another one came into force
    restored: dict[tuple[str, str], Record] = field(default_factory=dict)  # as the house stood at the beginning
    stays: dict[CallId, list[Stay]] = field(default_factory=dict)
    consults: list[Stay] = field(default_factory=list)
    ended: list[Entry] = field(default_factory=list)  # every stay of a caller that ended, each queue by itself
    offers: dict[OfferId, Offer] = field(default_factory=dict)
    backs_s: dict[OfferId, float] = field(default_factory=dict)  # the offer that made its agent not ready -> until ready again
    wrap_ups: dict[OfferId, WrapUp] = field(default_factory=dict)
    callbacks: dict[str, tuple[int, Callback]] = field(default_factory=dict)
    answered: dict[str, list[tuple[float, float]]] = field(default_factory=dict)  # callback -> (when dialled, when picked up)
    back_stays: dict[str, Entry] = field(default_factory=dict)  # callback -> its last stay
    numbers_of: dict[CallId, str] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    happened: list[tuple[int, ev.Event]] = field(default_factory=list)
    own_calls: list[tuple[int, AgentId, float, float | None]] = field(default_factory=list)
    agents: dict[AgentId, Agent] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    spent: Spent = field(default_factory=lambda: Spent(0.0, 0.0))
    _held_over: set[AgentId] = field(default_factory=set)
    _failed: dict[AgentId, tuple[OfferId, float]] = field(default_factory=dict)
    _own: dict[AgentId, tuple[int, float, LegId]] = field(default_factory=dict)
    _stay_of: dict[EntryId, Stay] = field(default_factory=dict)

    def line(self, line: Line) -> None:
        self.unreadable += len(line.unreadable)
        if line.is_snapshot:
            self.begin = self.end = line.at
            for record in line.changes:
                self._stood(record)
            return
        if self.begin is None:
            self.begin, self.first_line = line.at, line.n
        self.lines, self.end = line.n, max(self.end, line.at)
        self._happened(line)
        for record in line.changes:
            self._changed(Place(n=line.n, at=line.at), record)

    @property
    def from_the_first(self) -> bool:
        """Nothing was before: the journal begins with its first decision."""
        return self.first_line == 1

    # -- as the house stood --------------------------------------------------------------------------------------------

    def _stood(self, record: Record) -> None:
        match record:
            case Agent():
                self.agents[record.id] = record
                self.spent.saw(record, self.begin or 0.0)
                if record.state in BUSY:
                    self._held_over.add(record.id)
                    record = replace(record, state=AgentState.NOT_READY, reason="")
                self._restore(replace(record, offer=None, own_leg=None, deadline=None, pending=None))
            case Bond() if record.is_live:
                queue, _, number = record.id.rpartition("/")
                self._restore(replace(record, id=BondId(f"{queue}/{self.numbers.of(number)}")))
            case KeptPlace() if record.is_live:
                queue, _, number = record.id.rpartition("/")
                self._restore(replace(record, id=f"{queue}/{self.numbers.of(number)}"))
            case Forced() | Pace() | Phone():
                self._restore(record)
            case Call() | Entry() | Callback():
                self._changed(Place(n=STOOD, at=self.begin or 0.0), record)

    def _restore(self, record: Record) -> None:
        self.restored[type(record).__name__, str(record.id)] = record

    # -- what happened -------------------------------------------------------------------------------------------------

    def _happened(self, line: Line) -> None:
        match line.event:
            case ev.PolicyChanged() if not line.healed:
                self.configurations += 1
            case ev.CalendarForced() | ev.PhoneRegistered() | ev.PhoneUnregistered() as event if line.changes:
                self.happened.append((line.n, event))

    def _changed(self, line: Place, record: Record) -> None:
        match record:
            case Entry():
                self._entry(line, record)
            case Offer():
                self.offers[record.id] = record
            case Agent():
                self._agent(line, record)
            case WrapUp():
                self.wrap_ups[record.id] = record
            case Call():
                self._call(record)
            case Callback():
                order = self.callbacks[record.id][0] if record.id in self.callbacks else line.n
                self.callbacks[record.id] = (order, record)

    def _entry(self, line: Place, entry: Entry) -> None:
        if entry.kind.value == "callback":
            self.back_stays[str(entry.call)] = entry
            return
        stay = self._stay_of.get(entry.id)
        if stay is None:
            stay = self._stay_of[entry.id] = self._new_stay(line, entry)
        stay.last = entry if stay.last.id == entry.id or entry.via else stay.last
        if not entry.is_live and entry.kind.value == "call":
            self.ended.append(entry)

    def _new_stay(self, line: Place, entry: Entry) -> Stay:
        if entry.kind.value == "consult":
            stay = Stay(first=entry, last=entry, order=line.n)
            self.consults.append(stay)
            return stay
        of = self.stays.setdefault(entry.call, [])
        if of and entry.via and of[-1].last.outcome in (None, EntryOutcome.OVERFLOWED):
            of[-1].last = entry
            return of[-1]
        of.append(Stay(first=entry, last=entry, order=line.n))
        return of[-1]

    def _call(self, call: Call) -> None:
        if not call.is_callback:
            self.numbers_of.setdefault(call.id, self.numbers.of(call.caller_number))
        elif call.leg_at is not None and call.answered_at is not None:
            of = self.answered.setdefault(str(call.id), [])
            if not of or of[-1][0] != call.leg_at:
                of.append((call.leg_at, call.answered_at))

    def _agent(self, line: Place, new: Agent) -> None:
        old = self.agents.get(new.id) or Agent(id=new.id)
        self.spent.saw(new, line.at)
        self.agents[new.id] = new
        for act in acts_of(old, new, held_over=new.id in self._held_over):
            self.done.append(Done(order=line.n, at=line.at, act=act))
        if new.state not in BUSY:
            self._held_over.discard(new.id)
        if old.offer is not None and new.state is AgentState.NOT_READY and old.state in BUSY:
            self._failed[new.id] = (old.offer, line.at)
        elif new.state is not old.state:
            failed = self._failed.pop(new.id, None)
            if failed is not None and came_back(old, new):
                self.backs_s[failed[0]] = line.at - failed[1]
        self._own_call(line, old, new)

    def _own_call(self, line: Place, old: Agent, new: Agent) -> None:
        if new.own_leg is not None and new.id not in self._own:
            self._own[new.id] = (line.n, line.at, new.own_leg)
        elif new.own_leg is None and new.id in self._own:
            order, at, _ = self._own.pop(new.id)
            self.own_calls.append((order, new.id, at, line.at))


def read(lines: Iterable[Line], since: float, until: float) -> Reading:
    """``lines`` as ``acd.live.kept.lines_since`` gives them."""
    reading = Reading(since=since, until=until, spent=Spent(since, until))
    for line in lines:
        if line.at > until + AFTER_S:
            break
        reading.line(line)
    reading.spent.close(until)  # who did nothing more did what they did
    return reading
