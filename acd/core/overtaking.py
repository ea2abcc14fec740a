"""How long a caller may be overtaken by others of higher priority who come later: bounded, because priority ages (ACD.md 31).

A caller of priority p stands at ``since - p * ageing``. One who joins d seconds later with priority p' (in a queue with another
ageing, perhaps) stands before them only while d < p' * ageing' - p * ageing. Whoever comes after that is served after them, where the
same agents serve both.
"""

from collections.abc import Mapping

from acd.core.policy import Policy
from acd.words import QueueId


def overtaken_s(policy: Policy, queue: QueueId, priority: int, highest: Mapping[QueueId, int]) -> float:
    """Seconds within which somebody who joins later may still be served before. ``highest``: the highest priority in each queue."""
    beside = {other for agent in policy.agents.values() if queue in agent.queues for other in agent.queues} | {queue}
    known = {other: policy.queues[other] for other in beside if other in policy.queues}
    worth = [max(highest.get(id, 0), rules.priority) * rules.ageing_s for id, rules in known.items()]
    return max(0.0, max(worth, default=0.0) - priority * known[queue].ageing_s) if queue in known else 0.0
