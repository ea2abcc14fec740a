"""Who goes first, as keys to sort by: smaller is earlier. One strategy a file.

A key is a function of the agent's record and membership alone and does not change with time, so that free agents stand sorted
and nobody is scanned. It ends with the agent's id, so that a replay decides alike. Tiers come before it: see
``acd.core.matching.pool``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from acd.core.lines.entry import Entry
from acd.core.matching.strategies import (
    fewest_calls,
    least_talk_time,
    longest_idle,
    random,
    ring_all,
    ring_progressively,
    round_robin,
    top_down,
    weighted,
)
from acd.core.matching.strategies.seen import Key, Seen
from acd.core.policy import QueuePolicy
from acd.words import Strategy

ASKED_FOR = "asked_for"
"""The caller asked for this agent and nobody else."""


@dataclass(frozen=True, slots=True)
class Order:
    key: Callable[[Seen], Key]
    told: Callable[[Seen, float], Mapping[str, float]]
    """What the key is made of, at a moment, for people who ask why."""


ORDERS: Mapping[Strategy, Order] = {
    Strategy.LONGEST_IDLE: Order(longest_idle.key, longest_idle.told),
    Strategy.ROUND_ROBIN: Order(round_robin.key, round_robin.told),
    Strategy.TOP_DOWN: Order(top_down.key, top_down.told),
    Strategy.FEWEST_CALLS: Order(fewest_calls.key, fewest_calls.told),
    Strategy.LEAST_TALK_TIME: Order(least_talk_time.key, least_talk_time.told),
    Strategy.RANDOM: Order(random.key, random.told),
    Strategy.WEIGHTED: Order(weighted.key, weighted.told),
    Strategy.RING_ALL: Order(longest_idle.key, longest_idle.told),
    Strategy.RING_PROGRESSIVELY: Order(longest_idle.key, longest_idle.told),
}


def rings_more(entry: Entry, rules: QueuePolicy) -> bool:
    """Whether another phone may ring now for a caller for whom some ring already (ACD.md 29)."""
    match rules.strategy:
        case Strategy.RING_ALL:
            return ring_all.rings_more(entry, rules)
        case Strategy.RING_PROGRESSIVELY:
            return ring_progressively.rings_more(entry, rules)
    return False


def more_at(rules: QueuePolicy, at: float) -> float | None:
    """When the next phone is to ring beside the one that begins to ring now; None where that is not a question of time."""
    return ring_progressively.more_at(rules, at) if rules.strategy is Strategy.RING_PROGRESSIVELY else None
