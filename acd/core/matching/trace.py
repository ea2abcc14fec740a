"""Why this agent: kept with every offer from the first day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.words import AgentId

TRACE_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """An agent of the queue who was not chosen, and the rule that said so."""

    agent: AgentId
    rule: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    agent: AgentId
    idle_since: float
    tier: int = 1
    values: Mapping[str, float] = field(default_factory=dict)  # what the strategy looked at, at that moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The decision as it was made.

    ``candidates`` are the agents who could have taken it, best first, the chosen one at the head (at most TRACE_MAX);
    ``passed_over`` names those who could not, with the rule (at most TRACE_MAX); ``counts`` says how many there were of
    each, all told, so that a decision among a thousand agents costs no more than one among fifty.
    """

    strategy: str
    policy: str
    at: float
    waited_s: float
    line: int  # callers waiting in this queue at that moment, this one included
    candidates: tuple[Candidate, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level, as it was in force
    aged_s: float = 0.0  # the last opening that the caller had reached: 0 before the first
    held_for: AgentId | None = None  # the caller waited for this one
    rung: int = 0  # phones that rang for the caller already
