"""The trace of a decision, made in the moment of it: who was considered in which order, who was passed over by which rule.

Costs the same however many agents there are: at most TRACE_MAX of each kind are named, the rest is counted.
"""

from collections.abc import Iterator
from itertools import islice

from acd.core.lines.entry import Entry
from acd.core.lines.personal import agent_of
from acd.core.matching.need import Need, need_of
from acd.core.matching.pool import FREE, Pool
from acd.core.matching.roster import rule_against
from acd.core.matching.skills import lacking
from acd.core.matching.strategies import ASKED_FOR
from acd.core.matching.trace import TRACE_MAX, Candidate, PassedOver, Trace
from acd.core.state import State
from acd.words import AgentId


def trace_of(state: State, entry: Entry, chosen: AgentId, at: float) -> Trace:
    """Who was considered in which order, and who was passed over by which rule: told at the moment of the decision."""
    pool = state.roster.pool(entry.queue)
    need = need_of(entry, pool.rules)
    could = list(islice(state.roster.free_for(entry.queue, need, state.agents, entry.next_offer), TRACE_MAX))
    if chosen not in could:  # who has an order of their own
        could = [chosen, *could[: TRACE_MAX - 1]]
    return Trace(
        strategy=ASKED_FOR if agent_of(entry.queue) else pool.rules.strategy.value,
        policy=state.policy.version,
        at=at,
        waited_s=at - entry.since,
        line=len(state.line(entry.queue)),
        candidates=tuple(_candidate(state, pool, id, at) for id in could),
        passed_over=tuple(islice(_passed_over(state, entry, pool, need, frozenset(could)), TRACE_MAX)),
        counts=state.roster.census(entry.queue),
        requires=dict(need.skills),
        aged_s=need.aged_s,
        held_for=state.roster.holds(entry.queue, need),
        rung=len(entry.rung),
    )


def _candidate(state: State, pool: Pool, id: AgentId, at: float) -> Candidate:
    agent = state.agent(id)
    return Candidate(agent=id, idle_since=agent.idle_since, tier=pool.membership(id).tier, values=pool.told(agent, at))


def _passed_over(state: State, entry: Entry, pool: Pool, need: Need, could: frozenset[AgentId]) -> Iterator[PassedOver]:
    """The free ones first: theirs is the question."""
    seen = set(could)
    for id in islice(pool.free(), 2 * TRACE_MAX):
        if id not in seen:
            seen.add(id)
            yield PassedOver(agent=id, **_rule(state, pool, id, need))
    rung = {state.offers[id].agent for id in entry.rung if id in state.offers}
    for id in islice(pool.members, 4 * TRACE_MAX):
        if id in seen:
            continue
        rule, value = rule_against(state.agent(id))
        if rule != FREE:
            yield PassedOver(agent=id, rule="rung" if id in rung else rule, value=value)


def _rule(state: State, pool: Pool, id: AgentId, need: Need) -> dict[str, str]:
    """Why an agent who is free was not asked; the first rule that says so."""
    held, membership = state.roster.holds(pool.rules.id, need), pool.membership(id)
    if held is not None:
        return {"rule": "held", "value": held}
    if lack := lacking(pool.profile(id).skills, need.skills):
        return {"rule": "skill", "value": f"{lack[0]}: has {lack[1]}, needs {lack[2]}"}
    if membership.delay_s > need.aged_s:
        return {"rule": "delay", "value": f"{membership.delay_s:g} s"}
    if not pool.is_open(id, need):
        return {"rule": "tier", "value": f"{membership.tier}: {pool.rules.tiers.get(membership.tier, 0.0):g} s"}
    if id in need.excluded:
        return {"rule": "asked_before", "value": ""}
    return {"rule": "behind", "value": ""}
