"""How fast one line moves: what is remembered of its last answers, of those who gave up, and of what callers were promised.

A few sums in which older answers count less, so that a line of any age costs the same. It is a record like others: an
estimate survives a restart, and is replayed.
"""

from dataclasses import dataclass, replace
from math import exp

from acd.words import QueueId

MEMORY = 40.0
"""So many answers are remembered, in weight; the last ones count most."""
QUICK = 8.0
"""So many, to see whether something has changed."""
FORGET_S = 3600.0
"""And whatever is older than this counts a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    id: QueueId
    at: float = 0.0  # to when the sums are brought
    busy_since: float | None = None  # the last answer, if somebody has waited ever since
    answers: float = 0.0  # weight of the answers while callers waited
    agent_s: float = 0.0  # what they took of all agents who were at work, together
    quick_answers: float = 0.0
    quick_agent_s: float = 0.0
    gave_up: float = 0.0  # weight of those who gave up
    waited_s: float = 0.0  # what all have waited, together
    told: int = 0  # promises whose end is known: of half a chance ...
    kept: int = 0  # ... that held
    told_at_most: int = 0  # of four in five
    kept_at_most: int = 0

    @property
    def is_live(self) -> bool:
        return True


def answered(pace: Pace, at: float, *, at_work: int, waited_s: float, others_wait: bool) -> Pace:
    """An answer has come. ``at_work``: agents of the queue who were; only time in which somebody waited all along counts."""
    pace = left(pace, at, waited_s=waited_s, gave_up=False, others_wait=others_wait)
    since, pace = pace.busy_since, replace(pace, busy_since=at if others_wait else None)
    if since is None or at_work < 1:
        return pace
    took_s = (at - since) * at_work
    return replace(
        pace,
        answers=pace.answers * (1 - 1 / MEMORY) + 1,
        agent_s=pace.agent_s * (1 - 1 / MEMORY) + took_s,
        quick_answers=pace.quick_answers * (1 - 1 / QUICK) + 1,
        quick_agent_s=pace.quick_agent_s * (1 - 1 / QUICK) + took_s,
    )


def left(pace: Pace, at: float, *, waited_s: float, gave_up: bool, others_wait: bool) -> Pace:
    """Somebody is in line no more. How long all have waited beside how many gave up: the rate at which people do."""
    pace = _aged(pace, at)
    fades = 1 - 1 / (10 * MEMORY)
    return replace(
        pace,
        gave_up=pace.gave_up * fades + gave_up,
        waited_s=pace.waited_s * fades + waited_s,
        busy_since=pace.busy_since if others_wait else None,
    )


def judged(pace: Pace, *, told: int = 0, kept: int = 0, told_at_most: int = 0, kept_at_most: int = 0) -> Pace:
    """Promises whose end is known now."""
    return replace(
        pace,
        told=pace.told + told,
        kept=pace.kept + kept,
        told_at_most=pace.told_at_most + told_at_most,
        kept_at_most=pace.kept_at_most + kept_at_most,
    )


def _aged(pace: Pace, at: float) -> Pace:
    fades = exp(-max(0.0, at - pace.at) / FORGET_S) if pace.at else 1.0
    return replace(
        pace,
        at=max(at, pace.at),
        answers=pace.answers * fades,
        agent_s=pace.agent_s * fades,
        quick_answers=pace.quick_answers * fades,
        quick_agent_s=pace.quick_agent_s * fades,
        gave_up=pace.gave_up * fades,
        waited_s=pace.waited_s * fades,
    )
