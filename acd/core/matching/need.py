"""What a caller in line needs of an agent. Callers of one queue with the same need are alike to every agent: the match
looks only at the first of them.
"""

from typing import NamedTuple

from acd.core.lines.entry import Entry
from acd.core.matching.skills import Levels, needed
from acd.core.policy import QueuePolicy
from acd.words import AgentId


class Need(NamedTuple):
    skills: Levels
    aged_s: float  # the last opening passed: tiers and memberships with a delay
    held_for: AgentId | None  # this agent first
    excluded: tuple[AgentId, ...]  # asked just now
    reserved: str  # the attempt for which that agent is reserved: nobody else is asked; '' none
    asked: tuple[AgentId, ...]  # asked before, the last one last: the others go first (ACD.md 35)


def need_of(entry: Entry, rules: QueuePolicy) -> Need:
    return Need(
        skills=needed(rules, entry.requires, entry.aged_s),
        aged_s=entry.aged_s,
        held_for=entry.prefer if entry.prefer_until is not None or entry.reserved else None,
        reserved=entry.reserved,
        excluded=tuple(who for who, _ in entry.excluded),
        asked=entry.asked,
    )
