"""What agents did with their time: seconds by state and reason, and what is made of them. PURE.

An agent is in one state at a time, so the seconds are wall-clock time and nothing is counted twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.measures.definition import Definition, Glossary, Unit, share
from acd.words import OWN_CALL, AgentState

A = AgentState

WORKING = (A.TALKING, A.WRAP_UP, OWN_CALL)
LEARNING = ("meeting", "training", "coaching")
"""Reasons that the ICMI counts as occupied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    by: Mapping[tuple[str, str], float] = field(default_factory=dict)  # (state, reason) -> seconds

    def __add__(self, other: "Times") -> "Times":
        return Times(by={key: self.by.get(key, 0.0) + other.by.get(key, 0.0) for key in {**self.by, **other.by}})

    def in_(self, *states: str) -> float:
        return sum(seconds for (state, _), seconds in self.by.items() if state in states)

    def because(self, *reasons: str) -> float:
        return sum(seconds for (state, reason), seconds in self.by.items() if state == A.NOT_READY and reason in reasons)

    @property
    def logged_in(self) -> float:
        return sum(seconds for (state, _), seconds in self.by.items() if state != A.LOGGED_OUT)


def _seconds(id: str, name: str, formula: str, *states: str) -> Definition[Times]:
    return Definition(id=id, name=name, formula=formula, unit=Unit.SECONDS, of=lambda t: t.in_(*states))


TIMES: Glossary[Times] = Glossary(
    Definition(
        id="logged_in_time/acd-1",
        name="logged in",
        formula="Σ of all states but logged_out",
        unit=Unit.SECONDS,
        of=lambda t: t.logged_in,
    ),
    _seconds("ready_time/acd-1", "ready", "Σ ready: could take a call", A.READY),
    _seconds("rung_time/acd-1", "rung", "Σ offered: the phone rang, or was about to", A.OFFERED),
    _seconds("talk_time/acd-1", "talking", "Σ talking, hold in it", A.TALKING),
    _seconds("wrap_up_time/acd-1", "wrap-up", "Σ wrap_up", A.WRAP_UP),
    _seconds("own_call_time/acd-1", "own calls", "Σ own_call: ready, and in a call of the agent's own", OWN_CALL),
    _seconds("not_ready_time/acd-1", "not ready", "Σ not_ready, whatever the reason", A.NOT_READY),
    Definition(
        id="occupancy/acd-1",
        name="occupancy without own calls",
        formula="(talking + wrap-up) ÷ (talking + wrap-up + ready), wall clock; being rung is in neither part",
        unit=Unit.SHARE,
        of=lambda t: share(t.in_(A.TALKING, A.WRAP_UP), t.in_(A.TALKING, A.WRAP_UP, A.READY)),
        source="Amazon Connect",
    ),
    Definition(
        id="occupancy/acd-2",
        name="occupancy",
        formula="(talking + wrap-up + own calls) ÷ (the same + ready), wall clock; being rung is in neither part",
        unit=Unit.SHARE,
        of=lambda t: share(t.in_(*WORKING), t.in_(*WORKING, A.READY)),
        source="ours; who makes a call of their own while ready is not idle",
    ),
    Definition(
        id="occupancy/icmi",
        name="occupancy as ICMI",
        formula=f"(rung + talking + wrap-up + {' + '.join(LEARNING)}) ÷ (the same + ready)",
        unit=Unit.SHARE,
        of=lambda t: share(_occupied(t), _occupied(t) + t.in_(A.READY)),
        source="ICMI 2012, which counts meetings and training as occupied",
    ),
    Definition(
        id="utilisation/acd-1",
        name="utilisation",
        formula="(rung + talking + wrap-up) ÷ logged in",
        unit=Unit.SHARE,
        of=lambda t: share(t.in_(A.OFFERED, A.TALKING, A.WRAP_UP), t.logged_in),
        source="ours; elsewhere the word is often used for occupancy",
    ),
)


def _occupied(t: Times) -> float:
    return t.in_(A.OFFERED, A.TALKING, A.WRAP_UP) + t.because(*LEARNING)


STATES: Glossary[tuple[float, Times]] = Glossary(
    Definition(
        id="state_time/acd-1", name="time", formula="Σ of this state and reason, wall clock", unit=Unit.SECONDS, of=lambda of: of[0]
    ),
    Definition(
        id="state_share/acd-1",
        name="share",
        formula="time in this state and reason ÷ logged in",
        unit=Unit.SHARE,
        of=lambda of: share(of[0], of[1].logged_in),
    ),
)
