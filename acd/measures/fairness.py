"""Who got how many calls beside who should have. PURE.

Each time an agent was chosen, everybody who could have taken the call (the trace's candidates) is owed the same part of it. Over a day
the parts are what each agent would have received had every choice been drawn by lot among those who were free.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from acd.measures.definition import Definition, Glossary, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """Of one agent: offers received, and the parts owed."""

    received: int = 0
    expected: float = 0.0

    @property
    def ratio(self) -> float | None:
        return self.received / self.expected if self.expected else None


def dealt(offers: Iterable[tuple[str, Iterable[str], int]]) -> dict[str, Dealt]:
    """``(chosen, candidates, how many were free)`` of each offer. Candidates beyond those that a trace names are owed what is left
    over together, and nobody in particular."""
    received: dict[str, int] = {}
    expected: dict[str, float] = {}
    for chosen, candidates, free in offers:
        received[chosen] = received.get(chosen, 0) + 1
        known = {chosen, *candidates}
        part = 1.0 / max(free, len(known))
        for agent in known:
            expected[agent] = expected.get(agent, 0.0) + part
    return {agent: Dealt(received=received.get(agent, 0), expected=owed) for agent, owed in expected.items()}


def gini(values: Iterable[float]) -> float | None:
    """0: all alike; near 1: one has all. Corrado Gini's mean difference over twice the mean."""
    ordered = sorted(values)
    total, n = sum(ordered), len(ordered)
    if not n or total <= 0:
        return None
    return sum((2 * rank - n - 1) * value for rank, value in enumerate(ordered, start=1)) / (n * total)


Floor = Mapping[str, Dealt]

DEALT: Glossary[Dealt] = Glossary(
    Definition(id="received/acd-1", name="received", formula="offers to this agent", unit=Unit.COUNT, of=lambda d: d.received),
    Definition(
        id="expected/acd-1",
        name="expected",
        formula="Σ over the choices in which the agent could have taken the call: 1 ÷ agents who could",
        unit=Unit.NUMBER,
        of=lambda d: d.expected,
    ),
    Definition(
        id="fairness/acd-1",
        name="received ÷ expected",
        formula="received ÷ expected: 1 is an even share",
        unit=Unit.NUMBER,
        of=lambda d: d.ratio,
    ),
)
FAIRNESS: Glossary[Floor] = Glossary(
    Definition(
        id="gini/acd-1",
        name="Gini",
        formula="Gini coefficient of (received ÷ expected) over the agents: 0 all alike, near 1 one has all",
        unit=Unit.NUMBER,
        of=lambda floor: gini(d.ratio for d in floor.values() if d.ratio is not None),
        source="C. Gini 1912; ours to apply it to shares that are owed",
    ),
)
