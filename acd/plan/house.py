"""What is compared: a house as it is written and as it was understood, and who is in it now. PURE."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from acd.campaign import Campaign
from acd.core.frame import Frame
from acd.core.policy import Policy
from acd.core.state import State
from acd.ivr.calendar import Calendar
from acd.ivr.flow import Flow
from acd.words import AgentId, AgentState, EntryState, FlowId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """``written``: the data of ``acd.yaml``; ``texts``: those of the flows; ``sounds``: kind/name -> a mark of the file's content."""

    version: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    flows: Mapping[FlowId, Flow] = field(default_factory=dict)
    texts: Mapping[FlowId, Any] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)


Needs = tuple[tuple[str, int], ...]
"""(skill, level) that was asked for one caller, beside what their queue asks of everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    in_flow: Mapping[tuple[FlowId, str], int] = field(default_factory=dict)  # (flow, step) -> callers
    waiting: Mapping[QueueId, int] = field(default_factory=dict)
    callbacks: Mapping[QueueId, int] = field(default_factory=dict)  # customers who are to be called back
    needs: Mapping[QueueId, Mapping[Needs, int]] = field(default_factory=dict)  # of those who wait -> callers
    agents: Mapping[AgentId, str] = field(default_factory=dict)  # what those who are there do now

    def in_steps(self, flow: FlowId) -> dict[str, int]:
        return {step: count for (one, step), count in self.in_flow.items() if one == flow}


UNSERVED = (EntryState.WAITING, EntryState.OFFERED, EntryState.CONNECTING)


def people_of(state: State) -> People:
    """Read in one go."""
    needs: dict[QueueId, Counter[Needs]] = {}
    for entry in state.entries.values():
        if entry.state in UNSERVED:
            needs.setdefault(entry.queue, Counter())[tuple(sorted(entry.requires.items()))] += 1
    return People(
        needs=needs,
        in_flow=Counter(place for call in state.calls.values() for place in _places(call.frame, call.waiting)),
        waiting=Counter(entry.queue for entry in state.entries.values() if entry.state in UNSERVED),
        callbacks=Counter(callback.queue for callback in state.callbacks.values()),
        agents={a.id: a.state.value for a in state.agents.values() if a.state is not AgentState.LOGGED_OUT},
    )


def _places(*frames: Frame | None) -> Iterator[tuple[FlowId, str]]:
    """Where one caller is, and where they will come back to."""
    for frame in frames:
        if frame is not None:
            yield frame.flow, frame.step
            yield from ((caller.flow, caller.step) for caller in frame.stack)
