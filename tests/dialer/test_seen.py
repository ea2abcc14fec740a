"""What the dialer is told of the house: agents with all their queues at once, and who waits for one of them (ACD.md 37)."""

from dataclasses import replace

from acd.words import AgentId, AgentState, QueueId
from dialer.core.events import AgentSeen, CallersSeen
from dialer.live.seen import events_of, everybody, related
from tests.core.dialled_out import DialledWorld, dialling_rules

SALES, OTHER, ALONE = QueueId("sales"), QueueId("other"), QueueId("alone")


def house() -> DialledWorld:
    """a0 serves sales and other, a1 other, a2 a queue that nobody else serves."""
    rules = dialling_rules(3, queues=("sales", "other", "alone"))
    serves = {"a0": (SALES, OTHER), "a1": (OTHER,), "a2": (ALONE,)}
    agents = {id: replace(agent, queues=serves[id]) for id, agent in rules.agents.items()}
    return DialledWorld(replace(rules, agents=agents))


def callers(world: DialledWorld) -> dict[QueueId, int]:
    found = everybody(world.state, related(world.state.policy, frozenset({SALES})), world.at)
    return {each.queue: each.callers for each in found if isinstance(each, CallersSeen)}


def test_given_a_campaigns_queue_when_looked_for_those_beside_it_then_those_that_its_agents_serve_too() -> None:
    policy = house().state.policy
    assert related(policy, frozenset({SALES})) == {SALES, OTHER} and related(policy, frozenset({ALONE})) == {ALONE}
    assert related(policy, frozenset()) == frozenset()


def test_given_an_agent_of_two_queues_when_they_become_ready_then_they_are_told_once_with_both() -> None:
    world = house().ready("a0", "a2")
    queues = related(world.state.policy, frozenset({SALES}))
    found = [each for each in events_of(world.decisions, world.state, queues, world.at) if isinstance(each, AgentSeen)]
    assert [(each.agent, each.queues, each.doing) for each in found] == [(AgentId("a0"), (SALES, OTHER), AgentState.READY)]


def test_row_37_given_callers_when_one_is_rung_for_then_only_the_others_wait_for_an_agent() -> None:
    world = house()
    world.arrives("one", "2")
    world.arrives("two", "2")
    world.arrives("three")
    assert callers(world) == {SALES: 1, OTHER: 2}
    world.ready("a1")
    assert callers(world) == {SALES: 1, OTHER: 1}


def test_row_37_given_a_person_who_answered_when_they_wait_then_they_are_no_caller() -> None:
    world = house()
    world.dials()
    world.answers()
    assert callers(world) == {SALES: 0, OTHER: 0}
