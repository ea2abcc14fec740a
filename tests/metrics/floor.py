"""A floor of fakes: a real state with a few people in it, and an ask that is answered by the test."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from acd.core.decision import Decision
from acd.core.events import Event, TimePassed
from acd.core.frame import Frame
from acd.core.house import Node, Phone
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.plan.change import Plan
from acd.versions import Version
from acd.words import AgentState, EntryState, OfferState, Owner
from tests.records.making import T0, call, entry, offer

POLICY = Policy(
    version="p1",
    queues={"sales": QueuePolicy(id="sales"), "help": QueuePolicy(id="help")},
    agents={
        "ann": AgentPolicy(id="ann", name="Ann", phone="101", queues=("sales", "help")),
        "bob": AgentPolicy(id="bob", name="Bob", phone="102", queues=("sales",)),
        "cy": AgentPolicy(id="cy", name="Cy", phone="103", queues=("help",)),
    },
    reasons=frozenset({"lunch", "meeting"}),
)

WAITING = {"connected_at": None, "ended_at": None, "outcome": None, "agent": None, "state": EntryState.WAITING, "offers": 0}
LIVE = {"ended_at": None, "ended_by": None, "cause": ""}


def people() -> Iterable[Any]:
    """Two wait in sales (one rings at Ann's), one is in the menu; Bob has lunch; Cy never came."""
    yield Node(id="main", reachable=True, since=T0)
    yield Phone(id="101", registered=True, since=T0)
    yield Phone(id="102", registered=False, since=T0)
    yield call("c1", owner=Owner.QUEUE, entry="e1", **LIVE)
    yield call("c2", owner=Owner.QUEUE, entry="e2", caller_number="+4940999", **LIVE)
    yield call("c3", owner=Owner.FLOW, frame=Frame(flow="main", version="v", step="menu", since=T0), entries=0, **LIVE)
    yield Agent(id="ann", state=AgentState.OFFERED, since=T0 + 9, offer="o1")
    yield Agent(id="bob", state=AgentState.NOT_READY, since=T0, reason="lunch")
    yield entry("e1", **WAITING | {"state": EntryState.OFFERED, "offer": "o1", "offers": 1})
    yield entry("e2", call="c2", leg="main/c2", **WAITING | {"joined_at": T0 + 8, "since": T0 + 8})
    ringing = {"state": OfferState.RINGING, "answered_at": None, "bridged_at": None, "outcome": None}
    yield offer("o1", **ringing | LIVE)


@dataclass
class FakeChanges:
    """``found``: the plan, or what is raised in its place; ``done``: what was asked for."""

    found: Plan | Exception = field(default_factory=lambda: Plan(before="p1", after="p2", token="t1"))
    fails: Exception | None = None
    done: list[tuple[str, str, str, int | None]] = field(default_factory=list)
    looked: list[int | None] = field(default_factory=list)

    def plan(self, n: int | None = None) -> Plan:
        self.looked.append(n)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def apply(self, *, by: str, how: str = "apply", expect: str = "", n: int | None = None) -> Version:
        if self.fails:
            raise self.fails
        self.done.append((by, how, expect, n))
        return Version(n=7, version="p2", token=expect, applied_at=T0, by=by, how=how, pinned=n is not None)


@dataclass
class FakeFloor:
    state: State
    policy: Policy = POLICY
    counters: dict[str, Any] = field(default_factory=dict)
    asked: list[Event] = field(default_factory=list)
    answer: Callable[[Event], tuple[Decision, ...]] = lambda event: (Decision(event=event),)
    calendars: dict[str, Any] = field(default_factory=dict)
    changes: "FakeChanges" = field(default_factory=lambda: FakeChanges())

    def now(self) -> float:
        return T0 + 20

    def ask(self, event: Event) -> tuple[Decision, ...]:
        self.asked.append(event)
        return self.answer(event)


def floor(records: Iterable[Any] | None = None, **fields: Any) -> FakeFloor:
    state = State(POLICY, None)  # type: ignore[arg-type]
    for record in people() if records is None else records:
        state.put(record)
    return FakeFloor(state=state, **fields)


def served() -> Iterable[Decision]:
    """One caller from the queue to the end, as decisions."""
    yield Decision(event=TimePassed(at=T0 + 4), changes=(entry(**WAITING),))
    yield Decision(event=TimePassed(at=T0 + 14), changes=(entry(state=EntryState.CONNECTED, ended_at=None, outcome=None),))
    yield Decision(event=TimePassed(at=T0 + 60), changes=(entry(), offer()))
