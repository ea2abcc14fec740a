"""ACD.md rows 28-36: who is chosen, when more is allowed, and who comes first."""

from dataclasses import replace
from typing import Any

import pytest

from acd.core import events as ev
from acd.core.commands import HangUp, Ring
from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.offers.offer import Offer
from acd.core.policy import FAILURE_RULES, FailureRule, Policy
from acd.records.reasons import considered
from acd.records.rows import trace_as_json
from acd.words import AgentId, AgentState, EntryState, OfferOutcome, QueueId, Strategy, Wish
from tests.core.world import Flows, World, policy

A, E = AgentState, EntryState
SALES, SUPPORT = QueueId("sales"), QueueId("support")
PATIENT = {**FAILURE_RULES, OfferOutcome.NO_ANSWER: FailureRule(not_ready_after=9)}


People = dict[str, dict[str, Any]]


def house(agents: int = 3, queues: tuple[str, ...] = ("sales",), people: People | None = None, **rules: Any) -> Policy:
    """``people``: what differs from the plain agent, by id; ``member`` is the membership of every queue."""
    base = policy(agents=agents, queues=queues, **{f"queue_{name}": value for name, value in rules.items()})
    who = dict(base.agents)
    for id, change in (people or {}).items():
        change = dict(change)
        member = change.pop("member", None)
        memberships = {queue: member for queue in who[AgentId(id)].queues} if member else {}
        who[AgentId(id)] = replace(who[AgentId(id)], **{"memberships": memberships, **change})
    return replace(base, agents=who, on_failed_offer=PATIENT)


def asking(world_policy: Policy, **asks: EnterQueue) -> World:
    """Numbers ask.NAME."""
    numbers = {**world_policy.numbers, **{name: f"ask.{name}" for name in asks}}
    return World(replace(world_policy, numbers=numbers), Flows(asks=dict(asks)))


# -- several phones at once (28, 29) -----------------------------------------------------------------------------------


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


# -- priority and several queues (30, 31) ------------------------------------------------------------------------------


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


# -- skills (32) -------------------------------------------------------------------------------------------------------

ENGLISH = {"a0": {"skills": {"english": 3}}, "a1": {"skills": {"english": 8}}, "a2": {"skills": {"german": 9}}}


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


# -- tiers, delays (33, 34) --------------------------------------------------------------------------------------------

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


# -- again (35), idle (36) ---------------------------------------------------------------------------------------------


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


# -- held for one agent ------------------------------------------------------------------------------------------------

STICKY = Sticky(for_s=3600.0, wait_s=20.0)


def served_by_a1(**more: Any) -> World:
    """Caller +4930123456 was served by a1; a0 has been idle for longer since."""
    world = World(house(2, sticky=STICKY, wrap_up_s=0.0, **more)).ready("a1")
    world.arrives("first", caller_number="+4930123456")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.at += 30
    world.hangs_up("first")
    return world


def test_given_a_caller_who_was_served_when_they_call_again_then_the_same_agent_first() -> None:
    world = served_by_a1()
    world.arrives("again", caller_number="+4930123456")
    assert world.rung() == ["1001", "1001"] and world.offer("a1").trace.held_for == "a1"
    assert ("a0", "held", "a1") in {(p.agent, p.rule, p.value) for p in world.offer("a1").trace.passed_over}


def test_given_the_agent_who_served_them_busy_when_they_call_again_then_they_wait_for_them_and_then_anyone() -> None:
    world = served_by_a1()
    world.arrives("other", caller_number="+4930999999")
    assert world.rung()[1:] == ["1000"]
    world.hangs_up("other")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.arrives("third", caller_number="anonymous")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.arrives("again", caller_number="+4930123456")
    assert world.entry("again").state is E.WAITING, "a0 is free, and they wait for a1"
    world.after(19.9)
    assert world.entry("again").state is E.WAITING
    world.after(0.1)
    assert world.offer("a0").call == "again"


@pytest.mark.parametrize("away", ["lunch", "log_out", "declined"])
def test_given_the_agent_who_served_them_away_when_they_call_again_then_anyone_at_once(away: str) -> None:
    world = served_by_a1()
    if away == "lunch":
        world.asks("a1", Wish.NOT_READY, "lunch")
    elif away == "log_out":
        world.asks("a1", Wish.LOG_OUT)
    world.arrives("again", caller_number="+4930123456")
    if away == "declined":
        world.phone_ends("a1", "CALL_REJECTED")
    assert world.offer("a0").call == "again"


def test_given_a_caller_who_waits_for_an_agent_when_that_agent_goes_away_then_anyone_at_once() -> None:
    world = served_by_a1()
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.arrives("third", caller_number="anonymous")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.arrives("again", caller_number="+4930123456")
    assert world.entry("again").state is E.WAITING
    world.asks("a1", Wish.LOG_OUT)
    assert world.offer("a0").call == "again"


def test_given_a_bond_when_its_time_is_over_then_it_is_forgotten() -> None:
    world = served_by_a1()
    assert len(world.state.bonds) == 1
    world.after(3600)
    assert not world.state.bonds and ("Bond", "sales/+4930123456") not in world.all_records()


@pytest.mark.parametrize("number", ["", "anonymous", "12", "+49'; drop"])
def test_given_a_number_by_which_nobody_is_known_when_served_then_there_is_no_bond(number: str) -> None:
    world = World(house(1, sticky=STICKY)).ready("a0")
    world.arrives("c", caller_number=number)
    world.picks_up("a0")
    world.is_bridged("a0")
    world.hangs_up("c")
    assert not world.state.bonds


def test_given_too_many_bonds_when_one_more_is_made_then_the_one_that_was_renewed_the_longest_ago_goes(monkeypatch: Any) -> None:
    monkeypatch.setattr("acd.core.matching.sticky.BONDS_MAX", 2)
    world = World(house(1, sticky=STICKY, wrap_up_s=0.0)).ready("a0")
    for number in ("+4911111", "+4922222", "+4911111", "+4933333", "+4933333"):
        world.arrives(f"c{world.at}", caller_number=number)
        world.picks_up("a0")
        world.is_bridged("a0")
        world.at += 10
        world.hangs_up(next(iter(world.state.calls)))
    assert list(world.state.bonds) == ["sales/+4911111", "sales/+4933333"]


def test_given_a_flow_that_prefers_an_agent_when_that_one_is_busy_then_the_caller_waits_as_long_as_it_says() -> None:
    asks = {"7": EnterQueue(queue=SALES, prefer=AgentId("a1"), prefer_s=7.0)}
    world = asking(house(2), **asks).ready("a1")
    world.arrives("busy", dialled="1")
    world.ready("a0")
    world.arrives("c", dialled="7")
    world.after(6.9)
    assert world.rung() == ["1001"]
    world.after(0.1)
    assert world.rung() == ["1001", "1000"]


# -- restart, a new configuration --------------------------------------------------------------------------------------


def test_given_callers_who_wait_when_a_new_configuration_is_in_force_then_it_holds_for_them_at_once() -> None:
    world = World(house(2, people={"a0": {"skills": {"english": 3}}}, requires={"english": 5})).ready("a0")
    world.arrives("c")
    world.after(25)
    assert world.rung() == []
    old = world.state.policy
    relax = (Relax(after_s=20.0, requires={"english": 3}),)
    world.state.policy = replace(old, queues={SALES: replace(old.queues[SALES], relax=relax, ageing_s=5.0, weight=2)})
    world.feed(ev.PolicyChanged(at=world.at))
    assert world.rung() == ["1000"]
    assert (world.entry("c").ageing_s, world.entry("c").weight) == (5.0, 2)


def test_given_a_house_in_full_swing_when_recovered_from_its_versions_then_the_same_lines_and_groups() -> None:
    relax = (Relax(after_s=10.0, requires={"english": 3}),)
    rules = house(3, people=ENGLISH, requires={"english": 9}, relax=relax, sticky=STICKY, strategy=Strategy.RING_ALL)
    world = asking(rules, **{"7": EnterQueue(queue=SALES, requires={"german": 2}, prefer=AgentId("a0"))}).ready("a0", "a1", "a2")
    for n in range(3):
        world.arrives(f"c{n}", dialled="7" if n == 1 else "1")
        world.after(5)
    fresh = World(world.state.policy, world.state.flows)  # type: ignore[arg-type]
    for record in world.state.records():
        fresh.state.put(record)
    before, after = world.state.lines, fresh.state.lines
    assert {q: set(before.of(q).groups) for q in rules.queues} == {q: set(after.of(q).groups) for q in rules.queues}
    assert list(fresh.state.due) == list(world.state.due)


def test_row_27_given_twenty_callers_with_skills_and_twenty_agents_when_the_switch_comes_back_then_all_in_one_tick() -> None:
    people = {f"a{n}": {"skills": {"english": 1 + n % 9}} for n in range(20)}
    world = World(house(20, people=people, requires={"english": 1}))
    for n in range(20):
        world.ready(f"a{n}")
    world.feed(ev.NodeLost(at=world.at, node="fs"))  # type: ignore[arg-type]
    for n in range(20):
        world.arrives(f"c{n}")
    assert world.rung() == []
    commands = world.feed(ev.SnapshotTaken(at=world.at, node="fs", asked_at=world.at - 1, channels=()))  # type: ignore[arg-type]
    assert len([c for c in commands if isinstance(c, Ring)]) == 20


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


def test_given_a_decision_with_everything_in_it_when_told_then_every_rule_has_its_words_and_values() -> None:
    people = {"a1": {"skills": {"english": 3}}, "a2": {"member": Membership(tier=2), "skills": {"english": 9}}, "a3": {}}
    people["a3"] = {"member": Membership(delay_s=99.0), "skills": {"english": 9}}
    people["a0"] = {"skills": {"english": 6}}
    relax = (Relax(after_s=10.0, requires={"english": 5}),)
    world = World(house(4, people=people, requires={"english": 9}, relax=relax, tiers={2: 60.0}, strategy=Strategy.FEWEST_CALLS))
    world.ready("a1", "a2", "a3")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.ready("a0")
    world.arrives("c")
    assert world.offer("a2").trace.waited_s == 0.0, "nobody of the first tier could take the caller"
    world.phone_ends("a2", "CALL_REJECTED")
    world.after(10)
    trace = trace_as_json(world.offer("a0").trace)
    assert (trace["requires"], trace["aged_s"], trace["strategy"]) == ({"english": 5}, 10.0, "fewest_calls")
    assert trace["candidates"] == [{"agent": "a0", "idle_since": world.agent("a0").idle_since, "tier": 1, "values": {"calls": 0.0}}]
    told = list(considered("a0", trace))
    assert told[0] == "1. a0: 0.0 calls lately <- chosen"
    assert set(told[1:]) == {
        "passed over: a1 lacked a skill (english: has 3, needs 5)",
        "passed over: a2 stands in a tier that had not been opened (2: 60 s)",
        "passed over: a3 is asked only after a longer wait (99 s)",
    }
