"""ACD.md rows 26, 27, 30, 36, 46-51 and the agents' wishes: who gets whom, and who does not get in."""

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Ring
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.policy import Policy, draining
from acd.words import AgentState, EntryOutcome, FlowId, Owner, Wish
from tests.core.world import Flows, World, leg, policy

A, E = AgentState, EntryOutcome


def test_row_26_given_two_queues_when_both_want_the_same_agent_then_one_reservation() -> None:
    world = World(policy(agents=1, queues=("sales", "support")))
    world.arrives("s", dialled="1")
    world.at += 1
    world.arrives("t", dialled="2")
    world.ready("a0")
    assert world.rung() == ["1000"] and world.offer("a0").call == "s"


def test_row_27_given_twenty_callers_and_twenty_agents_when_they_are_ready_then_twenty_parallel_offers() -> None:
    world = World(policy(agents=20))
    for n in range(20):
        world.ready(f"a{n}")
    for n in range(20):
        world.arrives(f"c{n}")
    assert world.rung() == [f"100{n}" for n in range(20)]


def test_row_30_given_callers_of_several_queues_when_an_agent_is_ready_then_priority_then_longest_wait() -> None:
    world = World(policy(agents=1, queues=("sales", "support")))
    rules = world.state.policy.queues
    rules["support"] = rules["support"].__class__(id="support", priority=5)  # type: ignore[index]
    world.arrives("first", dialled="1")
    world.at += 5
    world.arrives("second", dialled="1")
    world.at += 5
    world.arrives("vip", dialled="2")
    world.ready("a0")
    order = []
    for _ in range(3):
        order.append(world.offer("a0").call)
        world.hangs_up(order[-1])
    assert order == ["vip", "first", "second"]


def test_row_36_given_agents_when_one_was_ready_first_then_that_one_is_rung_and_an_abandoned_offer_keeps_the_place() -> None:
    world = World(policy(agents=3)).ready("a2", "a0", "a1")
    world.arrives("c")
    world.hangs_up("c")
    world.arrives("d")
    assert world.rung() == ["1002", "1002"], "back to idle with the old idle-since, not to the end of the line"


def test_row_46_given_nobody_staffed_when_the_flow_has_an_exit_for_it_then_it_is_taken_and_counted() -> None:
    world = World(flows=Flows(exits=frozenset({"no_agents"})))
    world.arrives("c")
    [entry] = world.ended(Entry)
    assert (entry.outcome, entry.exit) == (E.NO_STAFF, "no_agents")


def test_row_46_given_an_agent_on_a_break_when_a_caller_joins_then_staffed_though_not_ready() -> None:
    world = World(flows=Flows(exits=frozenset({"no_agents"})))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    assert world.call("c").owner is Owner.QUEUE


def test_row_46_given_nobody_staffed_when_the_flow_has_no_exit_for_it_then_the_caller_waits() -> None:
    world = World()
    world.arrives("c")
    assert world.call("c").owner is Owner.QUEUE


def test_row_48_given_the_longest_wait_over_while_ringing_then_that_offer_may_finish_and_only_then_out() -> None:
    world = World(policy(agents=2), Flows(max_wait_s=10.0)).ready("a0", "a1")
    world.arrives("c")
    world.rings("a0")
    world.after(12)
    assert world.entry("c").rung
    world.after(3.1)
    assert world.rung() == ["1000"], "overdue: not offered to the next any more"
    assert world.ended(Entry)[0].outcome is E.TIMED_OUT


def test_row_49_given_the_longest_wait_over_when_the_agent_answers_at_that_moment_then_the_answer_wins() -> None:
    world = World(flows=Flows(max_wait_s=10.0)).ready("a0")
    world.arrives("c")
    world.after(9.9)
    world.picks_up("a0")
    world.after(0.2)
    world.is_bridged("a0")
    assert world.call("c").owner is Owner.AGENT


def test_row_50_given_an_overflow_when_the_flow_queues_again_then_a_new_visit_with_the_age_carried() -> None:
    flows = Flows(max_wait_s=10.0, after={"timed_out": EnterQueue(queue="support")})  # type: ignore[arg-type]
    world = World(policy(queues=("sales", "support")), flows)
    began = world.at
    world.arrives("c")
    world.after(10)
    entry = world.entry("c")
    assert (entry.queue, entry.since, entry.joined_at) == ("support", began, began + 10)
    assert world.ended(Entry)[0].outcome is E.TIMED_OUT


def test_row_50_given_a_flow_that_overflows_into_full_queues_for_ever_when_walked_then_the_failsafe_takes_the_caller() -> None:
    flows = Flows(after={"full": EnterQueue(queue="sales")})  # type: ignore[arg-type]
    world = World(policy(queue_max_waiting=0), flows)
    commands = world.arrives("c")
    assert commands[-1].after_s == 1.0 and world.call("c").ending == "FAILSAFE"  # type: ignore[attr-defined]


def test_row_51_given_a_full_queue_when_a_caller_comes_then_refused_before_joining_and_counted() -> None:
    world = World(policy(queue_max_waiting=1))
    world.arrives("c")
    world.arrives("d")
    [entry] = world.ended(Entry)
    assert (entry.call, entry.outcome) == ("d", E.FULL) and world.call("c").owner is Owner.QUEUE


def test_row_52_given_a_queue_out_of_the_configuration_when_a_flow_asks_for_it_then_the_failed_exit() -> None:
    flows = Flows(after={"served": EnterQueue(queue="gone")})  # type: ignore[arg-type]
    world = World(flows=flows).talks("c", "a0")
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert {e.outcome for e in world.ended(Entry)} == {E.ANSWERED, E.SYSTEM_ERROR}


def test_row_53_given_a_policy_change_when_queues_are_taken_from_an_agent_then_the_next_decision_knows() -> None:
    world = World(policy(agents=2)).ready("a0", "a1")
    world.state.policy = policy(agents=1)
    world.feed(ev.PolicyChanged(at=world.at))
    assert world.agent("a1").state is A.LOGGED_OUT
    world.arrives("c")
    world.arrives("d")
    assert world.rung() == ["1000"]


def test_i12_given_an_agent_removed_while_talking_when_the_talk_ends_then_logged_out_and_not_before() -> None:
    world = World(policy(agents=2)).talks("c", "a1")
    world.state.policy = policy(agents=1)
    world.feed(ev.PolicyChanged(at=world.at))
    assert world.agent("a1").state is A.TALKING
    world.hangs_up("c")
    world.after(10)
    assert world.agent("a1").state is A.LOGGED_OUT


@pytest.mark.parametrize(
    ("wish", "reason", "why"),
    [
        (Wish.NOT_READY, "lunch", "not logged in"),
        (Wish.NOT_READY, "nap", "no reason is called 'nap'; allowed: break, lunch"),
        (Wish.NOT_READY, "rna", "no reason is called 'rna'; allowed: break, lunch"),
    ],
)
def test_given_a_wish_that_cannot_be_granted_when_asked_then_it_says_why(wish: Wish, reason: str, why: str) -> None:
    assert World().asks("a0", wish, reason) == why


def test_given_a_stranger_when_asking_for_ready_then_refused() -> None:
    assert World().asks("nobody", Wish.READY) == "no agent is called 'nobody'"


def test_given_wrap_up_when_the_agent_asks_for_ready_then_ready_at_once() -> None:
    world = World().talks("c", "a0")
    world.hangs_up("c")
    world.asks("a0", Wish.READY)
    assert world.agent("a0").state is A.READY and world.agent("a0").deadline is None


def test_row_41_given_a_talk_shorter_than_the_rule_when_it_ends_then_no_wrap_up() -> None:
    world = World(policy(queue_wrap_up_min_talk_s=5.0)).talks("c", "a0")
    world.at += 3
    world.hangs_up("c")
    assert world.agent("a0").state is A.READY


def test_given_feature_codes_when_dialled_then_each_does_what_it_says() -> None:
    world = World()
    for code, state, reason in (("*1", A.READY, ""), ("*2", A.NOT_READY, "lunch"), ("*3", A.LOGGED_OUT, "")):
        world.arrives(f"own{code}", dialled=code, phone="1000")
        world.hangs_up(f"own{code}")
        assert (world.agent("a0").state, world.agent("a0").reason) == (state, reason)
    assert len(world.ended(Call)) == 3


def test_given_a_stranger_outside_when_dialling_a_feature_code_then_no_such_number() -> None:
    world = World()
    world.arrives("c", dialled="*1")
    assert world.agent("a0").state is A.LOGGED_OUT and world.call("c").ending == "UNALLOCATED_NUMBER"


def test_given_a_menu_when_a_digit_is_pressed_then_into_the_queue() -> None:
    world = World().ready("a0")
    world.arrives("c", dialled="50")
    assert world.rung() == []
    commands = world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="1"))
    assert [c.phone for c in commands if isinstance(c, Ring)] == ["1000"]


def test_given_waiting_callers_when_music_stops_by_itself_then_started_again_after_a_moment_but_not_in_a_loop() -> None:
    world = World()
    world.arrives("c")
    play = f"{world.entry('c').id}.m1"
    assert world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play=play, result="FILE NOT FOUND")) == []  # type: ignore[arg-type]
    world.after(5)
    assert world.entry("c").plays == 2


def test_given_a_long_wait_when_half_the_failsafe_time_is_over_then_the_dead_mans_switch_is_renewed() -> None:
    from acd.core.commands import Arm

    world = World(policy(failsafe_s=600.0))
    world.arrives("c")
    world.after(900)
    arms = [c for d in world.decisions for c in d.commands if isinstance(c, Arm)]
    assert len(arms) == 4 and all(a.after_s == 600 for a in arms)


def changed(world: World, rules: Policy) -> None:
    held = {entry.queue for entry in world.state.entries.values()}
    world.state.policy = draining(world.state.policy, rules, held)
    world.feed(ev.PolicyChanged(at=world.at))


def test_f36_given_callers_in_a_queue_when_it_is_taken_out_of_the_configuration_then_they_are_served_and_nobody_joins() -> None:
    world = World(policy(agents=1, queues=("sales", "support")))
    world.arrives("c", "2")
    assert world.entry("c").queue == "support"
    changed(world, policy(agents=1, queues=("sales",)))
    assert world.call("c").owner is Owner.QUEUE
    world.state.policy.numbers["2"] = FlowId("queue.support")  # type: ignore[index]  # a flow that began before
    world.arrives("d", "2")
    [refused] = world.ended(Entry)
    assert (refused.call, refused.outcome) == ("d", E.SYSTEM_ERROR)
    world.ready("a0")
    assert world.offer("a0").call == "c"


def test_f36_given_callers_in_a_queue_when_it_and_all_who_served_it_are_gone_then_they_leave_by_failed() -> None:
    world = World(policy(agents=1, queues=("sales", "support")))
    world.arrives("c", "2")
    changed(world, policy(agents=0, queues=("sales",)))
    [entry] = world.ended(Entry)
    assert (entry.outcome, entry.exit) == (E.SYSTEM_ERROR, "failed")
