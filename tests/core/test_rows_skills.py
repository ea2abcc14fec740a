"""ACD.md rows 32-34: skills that are needed and relax, tiers that open, orders and delays."""

from dataclasses import replace

import pytest

from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Membership, Relax
from acd.words import Strategy, Wish
from tests.core.routing import ENGLISH, SALES, SUPPORT, E, asking, house
from tests.core.world import Flows, World


def test_row_32_given_a_skill_that_is_needed_when_a_caller_comes_then_only_who_has_enough_of_it() -> None:
    world = World(house(3, people=ENGLISH, requires={"english": 5})).ready("a0", "a2", "a1")
    world.arrives("c")
    assert world.rung() == ["1001"]
    trace = world.offer("a1").trace
    assert dict(trace.requires) == {"english": 5}
    assert {(p.agent, p.rule, p.value) for p in trace.passed_over} == {
        ("a0", "skill", "english: has 3, needs 5"),
        ("a2", "skill", "english: has 0, needs 5"),
    }


def test_row_32_given_needs_that_relax_when_the_time_comes_then_at_once_and_from_the_age_not_from_the_last_offer() -> None:
    relax = (Relax(after_s=30.0, requires={"english": 3}), Relax(after_s=60.0, drop=frozenset({"english"})))
    world = World(house(3, people=ENGLISH, requires={"english": 5}, relax=relax)).ready("a1", "a0", "a2")
    world.arrives("c")
    world.after(10)
    world.rings("a1")
    world.after(5)  # a1 has not answered: back in line, and not asked again for 5 s
    world.asks("a1", Wish.NOT_READY)
    assert world.rung() == ["1001"] and world.entry("c").state is E.WAITING
    world.after(14.9)
    assert world.rung() == ["1001"]
    world.after(0.1)
    assert world.rung() == ["1001", "1000"], "30 s after joining"
    world.phone_ends("a0", "CALL_REJECTED")
    world.asks("a0", Wish.LOG_OUT)
    world.after(29.9)
    assert world.entry("c").state is E.WAITING
    world.after(0.1)
    assert world.rung() == ["1001", "1000", "1002"] and dict(world.offer("a2").trace.requires) == {}


def test_row_32_given_a_step_that_asks_for_more_or_less_when_a_caller_comes_then_it_goes_before_the_queue() -> None:
    asks = {"7": EnterQueue(queue=SALES, requires={"german": 1}), "8": EnterQueue(queue=SALES, requires={"english": 0})}
    world = asking(house(3, people=ENGLISH, requires={"english": 5}), **asks).ready("a0", "a1", "a2")
    world.arrives("both", dialled="7")
    assert world.rung() == [] and world.entry("both").state is E.WAITING
    world.arrives("any", dialled="8")
    assert world.rung() == ["1000"]


def test_row_32_given_a_caller_who_goes_on_in_another_queue_when_they_join_then_the_age_counts_there_too() -> None:
    flows = Flows(max_wait_s=40.0, after={"timed_out": EnterQueue(queue=SUPPORT)})
    rules = house(1, ("sales", "support"), people={"a0": {"queues": (SUPPORT,), "skills": {"english": 3}}})
    relax = (Relax(after_s=30.0, requires={"english": 3}),)
    rules = replace(rules, queues={**rules.queues, SUPPORT: replace(rules.queues[SUPPORT], requires={"english": 5}, relax=relax)})
    world = World(rules, flows).ready("a0")
    world.arrives("c")
    world.after(40)
    assert world.rung() == ["1000"] and world.offer("a0").trace.aged_s == 30.0


TIERS = {"a1": {"member": Membership(tier=2)}, "a2": {"member": Membership(tier=3)}}


def test_row_33_given_tiers_when_the_first_is_busy_then_the_next_opens_after_its_wait() -> None:
    world = World(house(3, people=TIERS, tiers={2: 20.0, 3: 40.0})).ready("a0", "a1", "a2")
    world.arrives("busy")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.arrives("c")
    world.after(19.9)
    assert world.rung() == ["1000"]
    world.after(0.1)
    assert world.rung() == ["1000", "1001"]
    passed = [(p.agent, p.rule, p.value) for p in world.offer("a1").trace.passed_over]
    assert passed == [("a2", "tier", "3: 40 s"), ("a0", "talking", "")]


@pytest.mark.parametrize("away", [Wish.NOT_READY, Wish.LOG_OUT])
def test_row_33_given_nobody_of_the_first_tier_at_work_when_a_caller_waits_then_the_next_is_open_at_once(away: Wish) -> None:
    world = World(house(3, people=TIERS, tiers={2: 20.0, 3: 40.0})).ready("a0", "a1")
    world.arrives("busy")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.arrives("c")
    assert world.rung() == ["1000"]
    world.asks("a0", away, "lunch" if away is Wish.NOT_READY else "")
    assert world.rung() == ["1000", "1001"], "on lunch (or about to go) is not at work"


def test_row_33_given_a_first_tier_that_could_never_serve_the_caller_when_they_wait_then_the_next_is_open_at_once() -> None:
    people = {**TIERS, "a1": {"member": Membership(tier=2), "skills": {"english": 5}}}
    world = World(house(3, people=people, tiers={2: 20.0}, requires={"english": 5})).ready("a0", "a1")
    world.arrives("c")
    assert world.rung() == ["1001"]


def test_row_34_given_the_last_of_an_order_away_when_calls_come_then_it_begins_again_at_the_top() -> None:
    people = {f"a{n}": {"member": Membership(position=n)} for n in range(3)}
    world = World(house(3, people=people, strategy=Strategy.TOP_DOWN)).ready("a1", "a0")
    for name in ("c", "d"):
        world.arrives(name)
        world.hangs_up(name)
    assert world.rung() == ["1000", "1000"]


def test_given_an_agent_with_a_delay_when_a_caller_has_waited_for_it_then_they_are_asked() -> None:
    world = World(house(1, people={"a0": {"member": Membership(delay_s=12.0)}})).ready("a0")
    world.arrives("c")
    world.after(11.9)
    assert world.rung() == []
    world.after(0.1)
    assert world.rung() == ["1000"]
