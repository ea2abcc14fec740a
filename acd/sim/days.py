"""A day that can be lived again, wherever it was kept: what really happened, and an experiment for any rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from acd.core.policy import Policy
from acd.measures.times import Times
from acd.records.rows import Row
from acd.sim.experiment import Experiment
from acd.sim.unknown import Unknown
from acd.words import AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """``experiment(policy, seed)`` lives it with other rules; ``unknown(policy)`` says what had to be guessed for it."""

    source: str
    visits: Sequence[Row]
    times: Mapping[AgentId, Times]
    experiment: Callable[[Policy, object], Experiment]
    unknown: Callable[[Policy], Unknown]
    said: Sequence[str] = ()  # what whoever reads the result should know of the source
