"""How long callers may be overtaken by later ones of higher priority, where a change makes that another time (ACD.md 31). PURE."""

from collections.abc import Iterator, Mapping

from acd.core.lines.overtaking import overtaken_s
from acd.plan.house import House
from acd.words import QueueId


def of_overtaking(old: House, new: House) -> Iterator[str]:
    before, after = overtaken_s(old.policy, highest(old)), overtaken_s(new.policy, highest(new))
    for id in new.policy.queues:
        if id in before and round(before[id]) != round(after[id]):
            yield f"queue {id}: before its callers are served {_who(after[id])}; until now {_who(before[id])}"


def _who(within_s: float) -> str:
    """Of those who come later."""
    if not within_s:
        return "nobody who joins after them"
    span = f"{within_s:.0f} s" if within_s < 120 else f"{within_s / 60:.0f} min"
    return f"at most those who join within {span} after them"


def highest(house: House) -> Mapping[QueueId, int]:
    """The highest priority with which somebody can come into each queue: its own, that of a step, or of a campaign."""
    found = {id: rules.priority for id, rules in house.policy.queues.items()}
    for flow in house.flows.values():
        for step in flow.steps.values():
            queue, priority = step.names.get("queue"), getattr(step, "priority", None)
            if queue is not None and isinstance(priority, int):
                found[QueueId(queue)] = max(found.get(QueueId(queue), 0), priority)
    for campaign in house.campaigns.values():
        if campaign.queue is not None:
            found[campaign.queue] = max(found.get(campaign.queue, 0), campaign.priority)
    return found
