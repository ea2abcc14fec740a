"""ACD.md rows 28-31, 35, 36: who is chosen, how many phones ring, and who comes first."""

from dataclasses import replace

import pytest

from acd.core.commands import HangUp
from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Membership
from acd.core.offers.offer import Offer
from acd.words import AgentId, OfferOutcome, Strategy, Wish
from tests.core.routing import SALES, SUPPORT, A, asking, house
from tests.core.world import Flows, World


def test_row_28_given_ring_all_when_a_caller_comes_then_every_free_agent_is_rung_and_the_first_answer_wins() -> None:
    world = World(house(3, strategy=Strategy.RING_ALL)).ready("a0", "a1", "a2")
    world.arrives("c")
    assert world.rung() == ["1000", "1001", "1002"] and len(world.entry("c").rung) == 3
    commands = world.picks_up("a2")
    assert len([c for c in commands if isinstance(c, HangUp)]) == 2
    assert {o.outcome for o in world.ended(Offer)} == {OfferOutcome.LOST_RACE}
    assert [world.agent(f"a{n}").state for n in range(3)] == [A.READY, A.READY, A.OFFERED]


def test_row_29_given_ring_all_when_an_agent_becomes_free_while_it_rings_then_they_join() -> None:
    world = World(house(2, strategy=Strategy.RING_ALL)).ready("a0")
    world.arrives("c")
    world.ready("a1")
    assert world.rung() == ["1000", "1001"] and len(world.entry("c").rung) == 2


def test_row_29_given_two_callers_of_a_queue_that_rings_all_when_agents_are_free_then_nobody_is_without_a_phone() -> None:
    world = World(house(3, strategy=Strategy.RING_ALL))
    world.arrives("c")
    world.arrives("d")
    world.ready("a0", "a1")
    assert [len(world.entry(name).rung) for name in "cd"] == [1, 1], "a caller for whom nothing rings goes first"
    world.ready("a2")
    assert [len(world.entry(name).rung) for name in "cd"] == [2, 1]


def test_given_a_limit_of_phones_when_it_is_reached_then_no_more_ring() -> None:
    world = World(house(3, strategy=Strategy.RING_ALL, ring_at_most=2)).ready("a0", "a1", "a2")
    world.arrives("c")
    assert world.rung() == ["1000", "1001"]
    world.phone_ends("a0", "CALL_REJECTED")
    assert world.rung() == ["1000", "1001", "1002"]


def test_given_ring_progressively_when_nobody_answers_then_one_more_phone_each_time_and_the_earlier_ones_go_on() -> None:
    world = World(house(3, strategy=Strategy.RING_PROGRESSIVELY, ring_more_s=4.0)).ready("a0", "a1")
    world.arrives("c")
    assert world.rung() == ["1000"]
    world.after(3.9)
    assert world.rung() == ["1000"]
    world.after(0.1)
    assert world.rung() == ["1000", "1001"] and len(world.entry("c").rung) == 2
    world.after(4.0)
    world.ready("a2")
    assert world.rung() == ["1000", "1001", "1002"], "who becomes free after the time had come joins at once"


def test_row_30_given_a_caller_of_equal_place_in_two_queues_when_an_agent_is_ready_then_the_weight_decides() -> None:
    rules = house(1, ("sales", "support"))
    rules = replace(rules, queues={**rules.queues, SUPPORT: replace(rules.queues[SUPPORT], weight=3)})
    world = World(rules)
    world.arrives("a", dialled="1")
    world.arrives("b", dialled="2")
    world.ready("a0")
    assert world.offer("a0").call == "b"


@pytest.mark.parametrize(("own", "first"), [(1, "s"), (2, "t")])
def test_row_30_given_an_agent_with_an_order_of_their_own_when_ready_then_their_favourite_goes_first(own: int, first: str) -> None:
    rules = house(1, ("sales", "support"))
    orders = {SALES: Membership(order=own), SUPPORT: Membership(order=1)}
    world = World(replace(rules, agents={AgentId("a0"): replace(rules.agents[AgentId("a0")], memberships=orders)}))
    world.arrives("s", dialled="1")
    world.at += 5
    world.arrives("t", dialled="2")
    world.ready("a0")
    assert world.offer("a0").call == first


def test_row_30_given_an_agent_whose_own_line_goes_first_when_ready_then_a_caller_who_asked_for_them_goes_before_older_ones() -> None:
    flows = Flows(max_wait_s=60.0)
    world = World(house(1, people={"a0": {"personal": Membership(order=0)}}), flows)
    world.asks("a0", Wish.LOG_IN)
    world.arrives("old")
    world.at += 30
    world.arrives("own", dialled="60")
    world.ready("a0")
    assert world.offer("a0").call == "own"


def test_row_31_given_priority_when_a_caller_has_waited_longer_than_its_points_are_worth_then_they_are_served_first() -> None:
    rules = house(1, ageing_s=20.0)
    asks = {"7": EnterQueue(queue=SALES), "8": EnterQueue(queue=SALES, priority=2)}
    world = asking(rules, **asks)
    world.arrives("plain", dialled="7")
    world.at += 39.0
    world.arrives("vip", dialled="8")
    assert [e.call for e in world.state.line(SALES)] == ["vip", "plain"], "39 s are less than 2 points of 20 s"
    world.at += 2.0
    world.arrives("late", dialled="8")
    assert [e.call for e in world.state.line(SALES)] == ["vip", "plain", "late"], "overtaken for 40 s at most"


def test_row_35_given_an_agent_who_did_not_answer_when_others_are_free_then_they_are_tried_first_however_long_it_takes() -> None:
    world = World(house(3, ring_s=6.0)).ready("a0", "a1", "a2")
    world.arrives("c")
    for agent in ("a0", "a1", "a2"):
        world.rings(agent)
        world.after(6)
    assert world.rung() == ["1000", "1001", "1002", "1000"], "all were tried before the first again"


def test_row_35_given_the_only_agent_when_they_did_not_answer_then_they_are_asked_again_soon() -> None:
    world = World(house(1, ring_s=6.0)).ready("a0")
    world.arrives("c")
    world.rings("a0")
    world.after(6 + 5)
    assert world.rung() == ["1000", "1000"]


@pytest.mark.parametrize(("reset", "next_one"), [(True, "1001"), (False, "1000")])
def test_row_36_given_a_break_when_it_is_over_then_the_idle_time_begins_anew_or_goes_on(reset: bool, next_one: str) -> None:
    world = World(replace(house(2), breaks_reset_idle=reset)).ready("a0", "a1")
    world.at += 60
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.at += 600
    world.ready("a0")
    world.arrives("c")
    assert world.rung() == [next_one]


def test_row_36_given_breaks_that_do_not_reset_when_one_follows_a_talk_then_the_idle_time_counts_from_the_end_of_the_work() -> None:
    world = World(replace(house(2, wrap_up_s=0.0), breaks_reset_idle=False)).ready("a0", "a1")
    world.arrives("c")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.at += 60
    world.hangs_up("c")
    done = world.at
    world.at += 600
    world.ready("a0")
    assert world.agent("a0").idle_since == done
    world.asks("a0", Wish.LOG_OUT)
    world.at += 5
    world.ready("a0")
    assert world.agent("a0").idle_since == world.at - 0.5, "who logs out begins anew"


def test_given_a_caller_for_whom_phones_ring_in_a_preferred_queue_when_an_agent_is_free_then_one_without_any_goes_first() -> None:
    rules = house(2, ("sales", "support"), people={"a0": {"queues": (SALES,)}})
    orders = {SALES: Membership(order=1), SUPPORT: Membership(order=2)}
    agents = {**rules.agents, AgentId("a1"): replace(rules.agents[AgentId("a1")], memberships=orders)}
    queues = {**rules.queues, SALES: replace(rules.queues[SALES], strategy=Strategy.RING_ALL)}
    world = World(replace(rules, agents=agents, queues=queues)).ready("a0")
    world.arrives("rung", dialled="1")
    world.arrives("waits", dialled="2")
    world.ready("a1")
    assert world.offer("a1").call == "waits"
