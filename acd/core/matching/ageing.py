"""What opens for a caller as they wait: lower requirements, further tiers, agents with a delay.

All count from the caller's age (``since``), not from the last offer, so nothing is lost by an offer that failed or by going to
another queue, and nothing closes again as time passes (ACD.md 32, 33). The entry knows when the next one opens: one deadline.
"""

from collections.abc import Iterable
from dataclasses import replace

from acd.core.lines.entry import Entry
from acd.core.matching.routing_policy import Membership
from acd.core.policy import QueuePolicy

Openings = tuple[float, ...]
"""Seconds of waiting at which something opens, rising."""


def openings(rules: QueuePolicy, memberships: Iterable[Membership]) -> Openings:
    waits = {step.after_s for step in rules.relax}
    for each in memberships:
        waits |= {each.delay_s, rules.tiers.get(each.tier, 0.0)}
    return tuple(sorted(wait for wait in waits if wait > 0))


def aged(entry: Entry, opens: Openings, at: float) -> Entry:
    """With all that has opened until now, and when the next one will."""
    passed_s, next_at = 0.0, None
    for wait_s in opens:
        if entry.since + wait_s > at:
            next_at = entry.since + wait_s
            break
        passed_s = wait_s
    if (entry.aged_s, entry.opens_at) == (passed_s, next_at):
        return entry
    return replace(entry, aged_s=passed_s, opens_at=next_at)
