"""Skills with levels, what a caller needs of them, and how that is relaxed as they wait (ACD.md 32)."""

from collections.abc import Mapping
from math import inf

from acd.core.policy import Policy, QueuePolicy

Levels = tuple[tuple[str, int], ...]
"""(skill, level), in the order of the skills: what an agent has, or what a caller needs."""


def levels(of: Mapping[str, int]) -> Levels:
    return tuple(sorted((skill, level) for skill, level in of.items() if level > 0))


def needed(rules: QueuePolicy, own: Mapping[str, int], aged_s: float) -> Levels:
    """What a caller needs of an agent after having waited ``aged_s``.

    ``own`` is what was asked for this caller; it goes before what the queue asks of everybody (level 0: not at all).
    """
    if not own and not rules.requires:
        return ()
    needs = {**rules.requires, **own}
    for step in rules.relax:
        if step.after_s <= aged_s:
            for skill, level in step.requires.items():
                if skill in needs:
                    needs[skill] = min(needs[skill], level)
            for skill in step.drop:
                needs.pop(skill, None)
    return levels(needs)


def lacking(has: Levels, needs: Levels) -> tuple[str, int, int] | None:
    """(skill, level that the agent has, level that is needed) of the first skill that is not enough; None when all are."""
    if not needs:
        return None
    known = dict(has)
    for skill, level in needs:
        if known.get(skill, 0) < level:
            return skill, known.get(skill, 0), level
    return None


def unmet(policy: Policy, rules: QueuePolicy, own: Mapping[str, int]) -> str:
    """Why nobody of a queue could ever take a caller with these needs, however long they wait; '' when somebody could."""
    agents = [agent for agent in policy.agents.values() if rules.id in agent.queues]
    needs = needed(rules, own, inf)
    if not agents or any(lacking(levels(agent.skills), needs) is None for agent in agents):
        return ""
    for skill, level in needs:
        best = max(agent.skills.get(skill, 0) for agent in agents)
        if best < level:
            return f"no agent of the queue {rules.id!r} has {skill} {level}, the highest level there is {best}"
    wanted = ", ".join(f"{skill} {level}" for skill, level in needs)
    return f"no agent of the queue {rules.id!r} has all of {wanted}"
