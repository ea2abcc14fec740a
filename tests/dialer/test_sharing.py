"""Campaigns that share agents, within a queue and across queues, with each other and with those who call us (ACD.md 37)."""

from collections import Counter

import pytest

from acd.campaign import Blend, Campaign, Mode
from acd.words import AgentId, AgentState, QueueId
from dialer.core.events import RulesChanged
from dialer.core.explaining import binds, campaign_view
from dialer.core.run import RunWish

from .floor import QUEUE, Closed, O, World, campaign

OWN, SUPPORT = QueueId("own"), QueueId("support")
BOTH = (QUEUE, OWN)
READY, TALKING = AgentState.READY, AgentState.TALKING


def two(high: dict[str, object] | None = None, low: dict[str, object] | None = None, **more: object) -> World:
    """Of two priorities, each with a queue of its own; whoever serves the one serves the other, unless a test says otherwise."""
    return World(campaign("low", queue=OWN, **(low or {})), campaign("high", priority=5, **(high or {})), **more)  # type: ignore[arg-type]


# -- one agent is counted on once ------------------------------------------------------------------------------------------


def test_given_two_queues_with_the_same_agents_when_they_are_free_then_each_has_one_line_and_the_higher_priority_has_it() -> None:
    world = two()
    for name in ("anna", "ben", "eva"):
        world.agent(name, queues=BOTH)
    assert world.dialled_for == ["high"] * 3


@pytest.mark.parametrize("without", ["leads", "hours", "lines", "run"])
def test_given_a_higher_campaign_that_cannot_use_them_when_agents_are_free_then_the_lower_has_what_it_leaves(without: str) -> None:
    world = two({"lines": 1 if without == "lines" else None, "hours": "work" if without == "hours" else ""})
    if without == "leads":
        world.without.add("high")
    if without == "hours":
        rules = {each.id: each.rules for each in world.state.campaigns.values()}
        world.hear(RulesChanged(at=world.at, campaigns=rules, calendars={"work": Closed()}))
    if without == "run":
        world.wish("high", RunWish.PAUSE)
    for name in ("anna", "ben", "eva"):
        world.agent(name, queues=BOTH)
    assert Counter(world.dialled_for) == ({"high": 1, "low": 2} if without == "lines" else {"low": 3})


def test_given_a_lower_campaign_whose_lines_ring_when_the_higher_has_leads_again_then_it_has_every_agent_that_comes_free() -> None:
    world = two()
    world.without.add("high")
    world.agent("anna", queues=BOTH)
    world.without.clear()
    world.tick(20)
    assert world.dialled_for == ["low"], "what rings, rings on"
    world.ends("t1")
    assert world.dialled_for == ["low", "high"]


def test_given_queues_that_share_every_second_agent_when_all_are_free_then_no_more_lines_than_agents_and_none_is_left_alone() -> None:
    world = two()
    world.agent("anna", queues=(QUEUE,))
    world.agent("ben", queues=BOTH)
    world.agent("eva", queues=(OWN,))
    world.tick()
    assert Counter(world.dialled_for) == {"high": 2, "low": 1}


def test_given_queues_that_share_nobody_when_all_are_free_then_neither_knows_of_the_other() -> None:
    world = two()
    world.agent("anna", queues=(QUEUE,))
    world.agent("eva", queues=(OWN,))
    assert Counter(world.dialled_for) == {"high": 1, "low": 1}


def test_given_a_shared_agent_who_talks_for_the_one_when_it_is_over_then_the_other_may_have_them() -> None:
    world = two(high={"lines": 1})
    world.agent("anna", queues=BOTH)
    world.agent("anna", TALKING, queues=BOTH)
    world.answers("t1")
    world.talks("t1")
    world.tick()
    assert world.dialled_for == ["high"]
    world.ends("t1", O.TALKED)
    world.without.add("high")
    world.agent("anna", queues=BOTH)
    assert world.dialled_for == ["high", "low"]


# -- who comes and goes with the configuration --------------------------------------------------------------------------------


def changed(world: World, *campaigns: Campaign, **members: set[str]) -> None:
    who = {QueueId(queue): frozenset(AgentId(each) for each in names) for queue, names in members.items()}
    world.hear(RulesChanged(at=world.at, campaigns={each.id: each for each in campaigns}, members=who))


def test_given_a_free_agent_who_is_taken_out_of_the_queue_when_a_line_ends_then_nobody_is_dialled_for_them() -> None:
    world = World(campaign())
    world.agent("anna")
    world.agent("ben")
    changed(world, campaign(), sales={"ben"})
    world.ends("t1")
    world.ends("t2")
    world.tick()
    assert world.dialled == ["t1", "t2", "t3"]


def test_given_a_line_that_rings_when_its_campaign_gets_another_queue_then_its_end_frees_the_agent_for_whom_it_rang() -> None:
    world = World(campaign(), campaign("summer"), start=False)
    world.wish("spring", RunWish.START)
    world.agent("anna")
    world.agent("eva", queues=(OWN,))
    changed(world, campaign(queue=OWN), campaign("summer"), sales={"anna"}, own={"eva"})
    world.tick()
    assert world.dialled == ["t1", "t2"], "the second for the agent of the other queue"
    world.wish("spring", RunWish.PAUSE)
    world.ends("t1")
    world.wish("summer", RunWish.START)
    assert world.dialled_for == ["spring", "spring", "summer"]


def test_given_callers_in_a_queue_that_is_taken_out_when_the_house_has_it_no_more_then_nobody_is_kept_for_them() -> None:
    world = World(campaign())
    world.waits(3, SUPPORT)
    world.agent("anna", TALKING, queues=(QUEUE, SUPPORT))
    changed(world, campaign(), sales={"anna"})
    world.agent("anna")
    assert world.dialled == ["t1"]


# -- turns among equals ----------------------------------------------------------------------------------------------------


def test_given_an_equal_that_starts_late_when_agents_are_free_then_they_take_turns_from_then_on() -> None:
    world = World(campaign("one"), campaign("two"), start=False)
    world.wish("one", RunWish.START)
    world.agent("anna")
    for n in range(1, 51):
        world.ends(f"t{n}")
    world.wish("two", RunWish.START)
    for n in range(51, 71):
        world.ends(f"t{n}")
    assert Counter(world.dialled_for[51:]) == {"one": 10, "two": 10}


def test_given_equals_of_two_queues_and_one_above_them_that_goes_first_often_when_they_have_a_turn_then_by_their_weights() -> None:
    world = World(campaign("one"), campaign("two", queue=OWN, weight=3), campaign("high", priority=9, lines=1))
    for name in ("anna", "ben"):
        world.agent(name, queues=BOTH)
    for n in range(1, 121):
        world.ends(f"t{n}")
    shares = Counter(world.dialled_for)
    assert shares["high"] >= 59 and shares["two"] / shares["one"] == pytest.approx(3.0, rel=0.15)


# -- those who call us --------------------------------------------------------------------------------------------------------


def test_row_37_given_callers_of_another_queue_when_its_agents_are_the_same_then_the_next_ones_are_for_them() -> None:
    world = World(campaign(mode=Mode.RATIO, ratio=3.0))
    world.state.campaigns["spring"].ledger.answered(world.at - 60, 500)
    world.waits(2, SUPPORT)
    world.agent("ben", TALKING, queues=(QUEUE, SUPPORT))
    world.agent("anna", queues=(QUEUE, SUPPORT))  # who lacks what these two need
    assert world.dialled == ["t1"], "of three"
    world.waits(0, SUPPORT)
    assert world.dialled == ["t1", "t2", "t3"]


def test_row_37_given_callers_of_another_queue_when_an_agent_does_not_serve_it_then_that_agent_is_dialled_for() -> None:
    world = World(campaign(blend=Blend(waiting_over=0)))
    world.waits(5, SUPPORT)
    world.agent("ben", TALKING, queues=(QUEUE, SUPPORT))
    world.agent("eva", queues=(QUEUE, SUPPORT))
    assert not world.dialled
    world.agent("anna", queues=(QUEUE,))
    world.tick()
    assert world.dialled == ["t1"], "for anna, whom nobody who waits could have"


def test_row_37_given_a_threshold_when_callers_of_all_its_agents_queues_pass_it_then_it_stands_back_until_they_do_not() -> None:
    world = World(campaign(blend=Blend(waiting_over=2)))
    world.agent("ben", TALKING, queues=(QUEUE, SUPPORT))
    world.waits(2, SUPPORT)
    world.waits(1)
    for name in ("anna", "eva", "tom", "ida"):
        world.agent(name, queues=(QUEUE, SUPPORT))
    said = binds(world.state, world.state.campaigns["spring"])
    assert said == ("blend", "agents are kept for inbound: 3 callers wait (sales 1, support 2), and it stands back above 2")
    assert not world.dialled
    world.waits(0)
    assert world.dialled == ["t1", "t2"], "of four agents two are for who still waits"


def test_row_37_given_callers_of_a_queue_of_which_few_agents_are_ours_when_they_wait_then_only_those_are_kept_for_them() -> None:
    world = World(campaign(mode=Mode.RATIO, ratio=4.0))
    world.state.campaigns["spring"].ledger.answered(world.at - 60, 500)
    for n in range(9):
        world.agent(f"s{n}", TALKING, queues=(SUPPORT,))
    world.agent("ben", TALKING, queues=(QUEUE, SUPPORT))
    world.waits(10, SUPPORT)  # of whom ben will take one
    world.agent("anna")
    assert len(world.dialled) == 3


# -- and why ----------------------------------------------------------------------------------------------------------------


def test_given_agents_of_two_queues_when_the_higher_has_them_then_the_lower_says_so_and_not_once_it_may_have_them() -> None:
    world = two()
    world.agent("anna", queues=BOTH)
    low = world.state.campaigns["low"]
    assert binds(world.state, low)[0] == "priority" and "agents go to campaign high" in binds(world.state, low)[1]
    world.agent("anna", TALKING, queues=BOTH)
    world.answers("t1")
    world.talks("t1")
    assert binds(world.state, low)[1].endswith("0 lines out for it, 1 talks")
    assert binds(world.state, world.state.campaigns["high"])[0] == "agents"
    world.ends("t1", O.TALKED)
    world.wish("high", RunWish.STOP)
    world.tick()
    assert binds(world.state, low)[0] == "agents"


def test_given_callers_beside_when_a_campaign_is_asked_about_then_they_are_counted_by_queue_with_its_priority() -> None:
    world = World(campaign(priority=4))
    world.agent("ben", TALKING, queues=(QUEUE, SUPPORT))
    world.agent("eva", TALKING, queues=(OWN,))
    for queue in (SUPPORT, OWN):
        world.waits(2, queue)
    found = campaign_view(world.state, world.state.campaigns["spring"])
    assert found["callers"] == {SUPPORT: 2} and found["priority"] == 4
    world.agent("eva", TALKING, queues=(QUEUE, OWN))
    assert campaign_view(world.state, world.state.campaigns["spring"])["callers"] == {OWN: 2, SUPPORT: 2}
    world.agent("ben", AgentState.LOGGED_OUT)
    assert campaign_view(world.state, world.state.campaigns["spring"])["callers"] == {OWN: 2}, "who is gone serves nobody"


def test_given_as_many_callers_as_before_when_they_are_counted_again_then_no_pacer_is_asked() -> None:
    world = World(campaign(per_second=1))
    world.agent("anna")
    world.agent("ben")
    world.at += 5
    world.waits(0)
    assert len(world.dialled) == 1
    world.tick(0)
    assert len(world.dialled) == 2
