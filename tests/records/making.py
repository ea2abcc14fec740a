"""Situations in one line: records as the core leaves them, and lines of a journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from acd.core.call import Call
from acd.core.decision import Record
from acd.core.frame import Message, Passed
from acd.core.lines.entry import Entry
from acd.core.matching.trace import Candidate, PassedOver, Trace
from acd.core.offers.offer import Offer
from acd.core.staff.agent import Agent
from acd.words import AgentState, EndedBy, EntryOutcome, EntryState, OfferOutcome, OfferState, Owner

T0 = 1_760_000_000.0


@dataclass(frozen=True, kw_only=True)
class FakeLine:
    n: int
    changes: tuple[Record, ...] = ()
    is_snapshot: bool = False
    unreadable: tuple[str, ...] = ()


class FakeSpool:
    """A journal in memory: lines from 1 on, released ones are gone."""

    def __init__(self) -> None:
        self.lines: list[FakeLine] = []
        self.released = 0
        self.last_n = 0

    def add(self, *changes: Record) -> int:
        self.last_n += 1
        self.lines.append(FakeLine(n=self.last_n, changes=changes))
        return self.last_n

    def tail(self, after: int) -> "FakeTail":
        return FakeTail(self, after)

    def release(self, n: int) -> None:
        self.released = max(n, self.released)
        self.lines = [line for line in self.lines if line.n > n]


class FakeTail:
    def __init__(self, spool: FakeSpool, after: int) -> None:
        self.spool, self.after = spool, after

    def read(self, limit: int | None = None) -> Iterator[FakeLine]:
        found = [line for line in self.spool.lines if line.n > self.after][:limit]
        for line in found:
            self.after = line.n
            yield line


def call(id: str = "c1", **changes: Any) -> Call:
    fields: dict[str, Any] = {
        "leg": f"main/{id}", "owner": Owner.NOBODY, "arrived_at": T0, "dialled": "100", "caller_number": "+4930123",
        "caller_name": "Ada", "answered_at": T0 + 1, "ended_at": T0 + 60, "ended_by": EndedBy.CUSTOMER,
        "cause": "NORMAL_CLEARING",
        "entries": 1, "trail": (Passed(flow="main", step="menu", exit="1", entered_at=T0 + 1, left_at=T0 + 4),),
    }  # fmt: skip
    return Call(id=id, **(fields | changes))


def message(id: str = "m1", **changes: Any) -> Message:
    return Message(id=id, **({"mailbox": "sales", "left_at": T0 + 30, "seconds": 12.5} | changes))


def entry(id: str = "e1", **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "call": "c1", "leg": "main/c1", "queue": "sales", "joined_at": T0 + 4, "since": T0 + 4, "state": EntryState.ENDED,
        "connected_at": T0 + 14, "ended_at": T0 + 60, "outcome": EntryOutcome.ANSWERED, "agent": "ann", "offers": 1,
    }  # fmt: skip
    return Entry(id=id, **(fields | changes))


def abandoned(id: str, after_s: float, outcome: EntryOutcome = EntryOutcome.ABANDONED, **changes: Any) -> Entry:
    return entry(id, connected_at=None, ended_at=T0 + 4 + after_s, outcome=outcome, agent=None, **changes)


def trace() -> Trace:
    return Trace(
        strategy="longest_idle", policy="p1", at=T0 + 9, waited_s=5.0, line=2,
        candidates=(Candidate(agent="ann", idle_since=T0 - 300), Candidate(agent="bob", idle_since=T0 - 20)),
        passed_over=(PassedOver(agent="cy", rule="not_ready", value="lunch"),), counts={"free": 2, "not_ready": 1},
    )  # fmt: skip


def offer(id: str = "o1", **changes: Any) -> Offer:
    fields: dict[str, Any] = {
        "entry": "e1", "call": "c1", "queue": "sales", "agent": "ann", "leg": f"main/{id}",
        "offered_at": T0 + 9, "trace": trace(),
        "state": OfferState.ENDED, "ringing_at": T0 + 10, "answered_at": T0 + 13.5, "bridged_at": T0 + 14, "ended_at": T0 + 60,
        "outcome": OfferOutcome.ANSWERED, "ended_by": EndedBy.CUSTOMER, "cause": "NORMAL_CLEARING",
    }  # fmt: skip
    return Offer(id=id, **(fields | changes))


def agent(state: AgentState, after_s: float, id: str = "ann", **changes: Any) -> Agent:
    return Agent(id=id, state=state, since=T0 + after_s, **changes)
