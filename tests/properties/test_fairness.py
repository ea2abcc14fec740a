"""What the house promises about fairness, under random calls: nobody waits longer than the bound that is shown, and work evens out.

ACD.md 31: priority ages. ACD.md 36 and the fair sums: a break, a log-out or a lucky morning is made up for within the window.
"""

from dataclasses import replace
from random import Random

import pytest

from acd.core.interpreter import EnterQueue
from acd.core.lines.overtaking import overtaken_s
from acd.core.matching.routing_policy import Membership
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.words import AgentId, AgentState, CallId, FlowId, QueueId, Strategy, Wish
from tests.core.world import Flows, World, policy

SALES, SUPPORT = QueueId("sales"), QueueId("support")
TOP = 4


def mixed(ageing_s: float, other_s: float) -> Policy:
    rules = policy(agents=2, queues=("sales", "support"), queue_wrap_up_s=0.0)
    queues = {SALES: replace(rules.queues[SALES], ageing_s=ageing_s), SUPPORT: replace(rules.queues[SUPPORT], ageing_s=other_s)}
    numbers = {f"{n}{p}": FlowId(f"ask.{n}{p}") for n in (1, 2) for p in range(TOP + 1)}
    return replace(rules, queues=queues, numbers=numbers)


@pytest.mark.parametrize("seed", range(3))
def test_row_31_given_too_many_callers_of_high_priority_when_served_then_nobody_is_overtaken_by_who_came_after_the_bound(
    seed: int,
) -> None:
    draw = Random(seed)
    rules = mixed(draw.choice([5.0, 20.0]), draw.choice([5.0, 60.0]))
    asks = {f"{n}{p}": EnterQueue(queue=queue, priority=p) for n, queue in ((1, SALES), (2, SUPPORT)) for p in range(TOP + 1)}
    world = World(rules, Flows(asks=asks))
    joined: dict[CallId, tuple[float, QueueId, int]] = {}
    served: list[CallId] = []
    world.ready("a0")
    for _ in range(180):
        world.at += draw.choice([0.5, 1.0, 3.0])
        name, number = f"c{len(joined)}", f"{draw.choice([1, 1, 2])}{draw.choice([0, 1, TOP, TOP, TOP])}"
        joined[CallId(name)] = (world.at, asks[number].queue, asks[number].priority or 0)
        world.arrives(name, dialled=number)
        offer = world.agent("a0").offer
        if offer is not None and draw.random() < 0.6:
            call = world.state.offers[offer].call
            served.append(call)
            world.picks_up("a0")
            world.is_bridged("a0")
            world.hangs_up(call)
    tops = {SALES: TOP, SUPPORT: TOP}
    bounds = {
        (queue, p): overtaken_s(replace(rules, queues={**rules.queues, queue: replace(rules.queues[queue], priority=p)}), tops)[queue]
        for queue in (SALES, SUPPORT)
        for p in range(TOP + 1)
    }
    overtaken = 0
    for n, late in enumerate(served):
        for early in served[n + 1 :]:
            ahead_s = joined[late][0] - joined[early][0]
            if ahead_s > 0:  # who came later was served first
                overtaken += 1
                assert ahead_s <= bounds[joined[early][1:]], (early, late)
    assert len(served) > 40 and overtaken > 30


@pytest.mark.parametrize("strategy", [Strategy.FEWEST_CALLS, Strategy.LEAST_TALK_TIME, Strategy.WEIGHTED])
def test_given_random_calls_and_breaks_when_some_time_has_passed_then_what_was_done_lately_is_alike(strategy: Strategy) -> None:
    rules = policy(agents=4, queue_strategy=strategy, queue_wrap_up_s=0.0, fair_window_s=1800.0)
    weights = [1, 1, 2, 4] if strategy is Strategy.WEIGHTED else [1, 1, 1, 1]
    people = {
        id: replace(agent, memberships={SALES: Membership(weight=weights[n])}) for n, (id, agent) in enumerate(rules.agents.items())
    }
    world, draw = World(replace(rules, agents=people)), Random(7)
    world.ready("a0", "a1", "a2")
    for n in range(500):
        if n == 150:
            world.ready("a3")  # who comes late is not given all calls for ever, nor none
        if n % 40 == 20:
            away = f"a{draw.randrange(3)}"
            world.asks(away, Wish.NOT_READY, "lunch")
        if n % 40 == 30:
            world.ready(*people)
        world.arrives(f"c{n}")
        [agent] = [each for each in world.state.agents.values() if each.state is AgentState.OFFERED]
        world.picks_up(agent.id)
        world.is_bridged(agent.id)
        world.at += draw.choice([20.0, 60.0, 120.0])
        world.hangs_up(f"c{n}")
        world.at += 10.0
    done = [_done(world.state.agents[AgentId(f"a{n}")], world.at, strategy) / weights[n] for n in range(4)]
    spread = (max(done) - min(done)) / max(done)
    assert spread < 0.25, done


def _done(agent: Agent, at: float, strategy: Strategy) -> float:
    sum_ = agent.talk_s if strategy is Strategy.LEAST_TALK_TIME else agent.calls
    return sum_.amount_at(at, 1800.0)
