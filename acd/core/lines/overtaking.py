"""How long a caller may be overtaken by others of higher priority who come later: bounded, because priority ages (ACD.md 31).

A caller of priority p stands at ``since - p * ageing``. One who joins d seconds later with priority p' (in a queue with another
ageing, perhaps) stands before them only while d < p' * ageing' - p * ageing. Whoever comes after that is served after them, where the
same agents serve both.
"""

from collections.abc import Mapping

from acd.core.policy import Policy
from acd.words import QueueId


def overtaken_s(policy: Policy, highest: Mapping[QueueId, int]) -> dict[QueueId, float]:
    """Of each queue, for callers of its own priority: who joins within so many seconds after them may still be served before.

    ``highest``: the highest priority with which somebody comes into each queue, where it is not the queue's own.
    """
    worth = {id: max(highest.get(id, 0), rules.priority) * rules.ageing_s for id, rules in policy.queues.items()}
    most = dict(worth)
    for agent in policy.agents.values():
        best = max((worth[queue] for queue in agent.queues if queue in worth), default=0.0)
        for queue in agent.queues:
            if queue in most:
                most[queue] = max(most[queue], best)
    return {id: max(0.0, most[id] - rules.priority * rules.ageing_s) for id, rules in policy.queues.items()}
