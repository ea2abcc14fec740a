"""The strategies: keys that do not change with time, fair over the window, and by lot without a die."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.core.matching.fading import NOTHING, Fading
from acd.core.matching.routing_policy import Membership
from acd.core.matching.strategies import ORDERS
from acd.core.matching.strategies.random import drawn
from acd.core.matching.strategies.seen import Seen
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.words import AgentId, AgentState, OfferOutcome, QueueId, Strategy, Wish
from tests.core.world import World, policy

HALF = 3600.0


def world_of(strategy: Strategy, agents: int, weights: tuple[int, ...] = (), **more: object) -> World:
    rules: Policy = policy(agents=agents, queue_strategy=strategy, queue_wrap_up_s=0.0, fair_window_s=HALF, **more)
    people = {
        id: replace(agent, memberships={QueueId("sales"): Membership(weight=weights[n] if weights else 1, position=agents - n)})
        for n, (id, agent) in enumerate(rules.agents.items())
    }
    return World(replace(rules, agents=people)).ready(*people)


def serve(world: World, talk_s: float = 60.0, pause_s: float = 30.0) -> str:
    """One call, from ringing to its end; who took it."""
    name = f"c{len(world.decisions)}"
    world.arrives(name)
    agent = next(a.id for a in world.state.agents.values() if a.state is AgentState.OFFERED)
    world.picks_up(agent)
    world.is_bridged(agent)
    world.at += talk_s
    world.hangs_up(name)
    world.at += pause_s
    return agent


def test_given_top_down_when_all_are_free_then_always_the_first_position() -> None:
    world = world_of(Strategy.TOP_DOWN, 3)
    assert {serve(world) for _ in range(4)} == {"a2"}


def test_given_round_robin_when_calls_come_then_it_goes_round_also_past_who_does_not_answer() -> None:
    world = world_of(Strategy.ROUND_ROBIN, 3)
    assert [serve(world) for _ in range(4)] == ["a0", "a1", "a2", "a0"]
    world.arrives("c")
    world.rings("a1")
    world.phone_ends("a1", "USER_BUSY")
    world.hangs_up("c")
    world.after(30)
    assert serve(world) == "a2" and serve(world) == "a0", "a1 has had a turn, and a2 was cut off and has not"


def test_given_round_robin_when_the_caller_leaves_while_it_rings_then_it_was_no_turn() -> None:
    world = world_of(Strategy.ROUND_ROBIN, 3)
    serve(world)
    for name in ("c", "d"):
        world.arrives(name)
        world.hangs_up(name)
    assert serve(world) == "a1"


@pytest.mark.parametrize("strategy", [Strategy.FEWEST_CALLS, Strategy.LEAST_TALK_TIME])
def test_given_a_break_a_log_out_and_a_restart_when_calls_come_then_what_was_done_still_counts(strategy: Strategy) -> None:
    world = world_of(strategy, 2)
    world.asks("a1", Wish.NOT_READY, "lunch")
    for _ in range(4):
        assert serve(world) == "a0"
    world.asks("a0", Wish.LOG_OUT)
    world.ready("a1", "a0")
    fresh = World(world.state.policy, world.state.flows, at=world.at)  # type: ignore[arg-type]
    for record in world.state.records():
        fresh.state.put(record)
    assert [serve(fresh) for _ in range(3)] == ["a1", "a1", "a1"], "a1 had done nothing"


def test_given_least_talk_time_when_one_talk_was_long_then_several_short_ones_go_to_the_others() -> None:
    world = world_of(Strategy.LEAST_TALK_TIME, 2)
    assert serve(world, talk_s=600) == "a0"
    assert [serve(world, talk_s=100) for _ in range(5)] == ["a1"] * 5


def test_given_a_talk_that_was_hardly_one_when_calls_are_counted_then_it_does_not() -> None:
    world = world_of(Strategy.FEWEST_CALLS, 2)
    serve(world, talk_s=4.9)
    assert world.agent("a0").calls == NOTHING and world.agent("a0").talk_s.amount == pytest.approx(4.9)
    serve(world, talk_s=5.0)
    assert world.agent("a1").calls.amount == 1.0


@pytest.mark.parametrize("strategy", [Strategy.FEWEST_CALLS, Strategy.LEAST_TALK_TIME, Strategy.ROUND_ROBIN])
def test_given_equal_work_when_calls_come_then_the_shares_are_equal(strategy: Strategy) -> None:
    world = world_of(strategy, 4)
    shares = Counter(serve(world) for _ in range(80))
    assert max(shares.values()) - min(shares.values()) <= 1


def test_given_weights_when_calls_come_then_the_shares_are_in_proportion() -> None:
    world = world_of(Strategy.WEIGHTED, 3, weights=(1, 2, 5))
    shares = Counter(serve(world) for _ in range(160))
    assert [shares[AgentId(f"a{n}")] for n in range(3)] == [pytest.approx(20 * w, abs=4) for w in (1, 2, 5)]


def test_given_random_when_calls_come_then_all_have_some_and_a_replay_draws_the_same() -> None:
    one, two = world_of(Strategy.RANDOM, 3), world_of(Strategy.RANDOM, 3)
    taken = [serve(one) for _ in range(300)]
    assert taken == [serve(two) for _ in range(300)]
    assert min(Counter(taken).values()) > 80 and len(Counter(pairwise(taken))) == 9


@pytest.mark.parametrize("outcome", [OfferOutcome.LOST_RACE, OfferOutcome.CALLER_GONE])
def test_given_an_offer_that_ended_by_no_doing_of_the_agent_when_it_is_over_then_nothing_is_counted(outcome: OfferOutcome) -> None:
    world = world_of(Strategy.RING_ALL, 2)
    world.arrives("c")
    if outcome is OfferOutcome.LOST_RACE:
        world.picks_up("a0")
    else:
        world.hangs_up("c")
    agent = world.agent("a1")
    assert (agent.asked_at, agent.calls, agent.talk_s, agent.missed) == (0.0, NOTHING, NOTHING, 0)


PARTS = st.lists(st.tuples(st.floats(0, 1e5), st.floats(0.1, 1e3)), max_size=8)


@given(PARTS, PARTS, st.floats(1e5, 1e6), st.floats(60, 1e5))
def test_given_two_sums_that_fade_when_time_passes_then_their_order_stays(one: object, two: object, later: float, half: float) -> None:
    def summed(parts: list[tuple[float, float]]) -> Fading:
        found = NOTHING
        for at, more in sorted(parts):
            found = found.plus(more, at, half)
        return found

    a, b = summed(one), summed(two)  # type: ignore[arg-type]
    amounts = a.amount_at(later, half), b.amount_at(later, half)
    if amounts[0] > amounts[1] * 1.001:
        assert a.key(half) > b.key(half)
    assert a.amount_at(1e5, half) == pytest.approx(sum(more * 2 ** ((at - 1e5) / half) for at, more in one), rel=1e-6)  # type: ignore[attr-defined]


@pytest.mark.parametrize("strategy", Strategy)
def test_given_any_strategy_when_two_agents_are_alike_then_the_id_decides(strategy: Strategy) -> None:
    keys = [ORDERS[strategy].key(Seen(Agent(id=AgentId(id)), Membership(), HALF)) for id in ("b", "a")]
    assert keys[0] > keys[1]
    assert keys[0][-1] == "b"


@pytest.mark.parametrize("lines", [[["a", "b"], [], ["c"]], [["a"]], [["a", "b", "c", "d"]]])
def test_given_lines_of_agents_when_drawn_then_all_of_them_once_and_everybody_comes_first_sometimes(lines: list[list[str]]) -> None:
    everybody = sorted(each for line in lines for each in line)
    keys = [[(each,) for each in line] for line in lines]
    orders = [[key[0] for key in drawn(keys, f"c{n}.q1.o1")] for n in range(60)]
    assert all(sorted(map(str, order)) == everybody for order in orders)
    assert {order[0] for order in orders} == set(everybody)
    assert list(drawn([[], []], "c.q1.o1")) == []


def test_given_breaks_that_do_not_reset_when_an_agent_comes_to_work_anew_then_the_idle_time_begins_anew() -> None:
    world = World(replace(policy(agents=1), breaks_reset_idle=False)).ready("a0")
    world.at += 60
    world.asks("a0", Wish.LOG_OUT)
    world.at += 600
    world.asks("a0", Wish.LOG_IN)
    world.at += 5
    world.asks("a0", Wish.READY)
    assert world.agent("a0").idle_since == world.at
