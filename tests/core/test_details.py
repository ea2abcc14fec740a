"""Numbers and names that somebody relies on: ids, deadlines, what stands on the channel, what the switch is told."""

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Arm, Disarm, HangUp, Mark, Play, Ring
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.words import AgentState, EndedBy, EntryOutcome, Owner, Wish, uuid_of
from tests.core.world import FS, Flows, World, leg, policy


def commands_of(world: World, kind: type) -> list:  # type: ignore[type-arg]
    return [c for d in world.decisions for c in d.commands if isinstance(c, kind)]


def test_given_an_offer_when_made_then_our_deadline_comes_before_the_switchs() -> None:
    world = World(policy(queue_ring_s=15.0)).ready("a0")
    world.arrives("c")
    offer, [ring] = world.offer("a0"), commands_of(world, Ring)
    assert offer.deadline == world.at + 15.0 and ring.timeout_s == 18
    assert ring.marks == {"call": "c", "offer": "c.q1.o1"} and ring.leg == offer.leg
    assert len(uuid_of(offer.leg)) == 36 and offer.queue == "sales"


def test_given_offers_when_numbered_then_ids_tell_call_visit_and_offer_and_legs_are_never_used_twice() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    world.phone_ends("a0", "USER_BUSY")
    assert world.offer("a1").id == "c.q1.o2"
    assert len({r.leg for r in commands_of(world, Ring)}) == 2


def test_given_a_second_visit_when_numbered_then_counted_on() -> None:
    flows = Flows(max_wait_s=10.0, after={"timed_out": EnterQueue(queue="support")})  # type: ignore[arg-type]
    world = World(policy(queues=("sales", "support")), flows)
    world.arrives("c")
    world.after(10)
    assert world.entry("c").id == "c.q2"


def test_given_a_caller_in_line_when_marked_then_all_that_rebuilds_the_line_stands_on_the_channel() -> None:
    world = World()
    world.arrives("c")
    marks = {k: v for m in commands_of(world, Mark) for k, v in m.values.items()}
    assert marks == {
        "call": "c",
        "queue": "sales",
        "since": "1000.000",
        "priority": "0",
        "flow": "queue.sales",
        "step": "queue",
    }


def test_given_a_caller_of_ours_when_arriving_then_adopted_with_the_time_of_the_house() -> None:
    world = World(policy(failsafe_s=240.0))
    world.arrives("c", caller_number="0301", caller_name="Bob")
    call = world.call("c")
    assert (call.arm_at, call.caller_number, call.caller_name) == (world.at + 120, "0301", "Bob")
    assert commands_of(world, Arm) == [Arm(leg=leg("c"), after_s=240.0)]


def test_given_a_talk_when_it_stands_then_the_dead_mans_switch_is_not_renewed_and_when_it_ends_it_is_armed_again() -> None:
    world = World(policy(failsafe_s=60.0)).talks("c", "a0")
    arms = len(commands_of(world, Arm))
    world.after(300)
    assert len(commands_of(world, Arm)) == arms and world.call("c").arm_at is None
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert len(commands_of(world, Arm)) == arms + 1
    assert len(commands_of(world, Disarm)) == 1


def test_given_a_switch_that_is_away_while_two_are_joined_when_it_takes_long_then_the_dead_mans_switch_stays_off() -> None:
    world = World(policy(failsafe_s=60.0)).ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    arms = len(commands_of(world, Arm))
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.after(300)
    assert len(commands_of(world, Arm)) == arms
    world.is_bridged("a0")
    assert world.call("c").arm_at is None


def test_given_a_failed_join_when_back_in_line_then_armed_again_and_with_music() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    arms, plays = len(commands_of(world, Arm)), len(commands_of(world, Play))
    world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=world.offer("a0").leg))
    world.after(1)
    assert (len(commands_of(world, Arm)), len(commands_of(world, Play))) == (arms + 1, plays + 1)
    assert commands_of(world, Play)[-1].play == "c.q1.m2"


def test_given_an_unanswered_ring_when_back_in_line_then_the_music_that_plays_is_left_alone() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.after(15)
    assert len(commands_of(world, Play)) == 1


def test_given_a_node_that_is_away_when_an_offer_is_overdue_then_looked_at_again_after_the_grace() -> None:
    world = World(policy(answer_grace_s=5.0)).ready("a0")
    world.arrives("c")
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.after(15.0)
    assert world.offer("a0").deadline == world.at + 5.0


def test_given_an_answer_when_no_bridge_follows_then_the_grace_is_what_the_policy_says() -> None:
    world = World(policy(answer_grace_s=4.0)).ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    assert world.offer("a0").deadline == world.at + 4.0


def test_given_a_wish_from_a_phone_that_belongs_to_nobody_when_dialled_then_the_flow_hears_why_and_nothing_changes() -> None:
    rules = policy()
    world = World(rules)
    commands = world.arrives("x", dialled="*1", phone="9999")
    assert HangUp(leg=leg("x")) in commands
    assert world.call("x").agent is None and all(a.state is AgentState.LOGGED_OUT for a in world.state.agents.values())


def test_given_an_agents_phone_when_it_dials_what_nobody_knows_then_not_the_general_number() -> None:
    rules = policy()
    rules.numbers["*"] = rules.numbers["1"]  # type: ignore[index]
    world = World(rules)
    world.arrives("own", dialled="777", phone="1000")
    world.arrives("outside", dialled="777")
    assert world.call("own").ending == "UNALLOCATED_NUMBER" and world.call("outside").owner is Owner.QUEUE


@pytest.mark.parametrize("where", ["50", "1"])
def test_given_an_operator_who_ends_a_call_when_asked_twice_then_one_hang_up_and_ended_by_the_system(where: str) -> None:
    world = World()
    world.arrives("c", dialled=where)
    for _ in range(2):
        world.feed(ev.HangUpAsked(at=world.at, call="c"))  # type: ignore[arg-type]
    assert len(commands_of(world, HangUp)) == 1
    world.hangs_up("c")
    assert world.ended(Call)[0].ended_by is EndedBy.SYSTEM


def test_given_a_call_being_ended_when_digits_come_then_the_flow_is_over() -> None:
    world = World().ready("a0")
    world.arrives("c", dialled="50")
    world.feed(ev.HangUpAsked(at=world.at, call="c"))  # type: ignore[arg-type]
    assert world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="1")) == [] and world.rung() == []


def test_given_an_answer_being_joined_when_the_exit_key_is_pressed_then_the_agent_wins() -> None:
    world = World(flows=Flows(exit_keys="9")).ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    assert world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="9")) == []
    world.is_bridged("a0")
    assert world.call("c").owner is Owner.AGENT


def test_given_digits_and_music_events_in_a_talk_when_they_come_then_late() -> None:
    world = World(flows=Flows(exit_keys="9")).talks("c", "a0")
    for event in (
        ev.DigitPressed(at=world.at, leg=leg("c"), digit="9"),
        ev.MusicLost(at=world.at, leg=leg("c")),
        ev.PlayEnded(at=world.at, leg=leg("c"), play="c.q1.m1"),  # type: ignore[arg-type]
        ev.BridgeFailed(at=world.at, leg=leg("c"), other=world.offer("a0").leg),
    ):
        assert world.feed(event) == [] and world.decisions[-1].late, event
    assert world.agent("a0").state is AgentState.TALKING


def test_given_the_callers_answer_when_heard_twice_then_the_first_time_counts() -> None:
    world = World()
    world.arrives("c")
    began = world.at
    world.feed(ev.LegAnswered(at=began, leg=leg("c")))
    world.feed(ev.LegAnswered(at=began + 5, leg=leg("c")))
    assert world.call("c").answered_at == began and world.decisions[-1].late


def test_given_a_talk_that_the_agent_ended_when_the_flow_keeps_the_caller_then_age_and_visit_begin_anew() -> None:
    flows = Flows(after={"served": EnterQueue(queue="support")})  # type: ignore[arg-type]
    world = World(policy(queues=("sales", "support")), flows).talks("c", "a0")
    world.at += 30
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert world.entry("c").since == world.at, "a served caller has no age left to carry"
    world.at += 20
    world.hangs_up("c")
    assert [e.outcome for e in world.ended(Entry)] == [EntryOutcome.ANSWERED, EntryOutcome.ABANDONED]
    assert world.ended(Call)[0].ended_by is EndedBy.CUSTOMER


def test_given_a_bridge_reported_with_the_legs_the_other_way_round_when_heard_then_the_same_talk() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    offer: Offer = world.offer("a0")
    world.feed(ev.LegsBridged(at=world.at, leg=offer.leg, other=leg("c")))
    assert world.agent("a0").state is AgentState.TALKING and world.agent("a0").pending is None


def test_given_a_wish_to_log_in_when_already_there_then_granted_and_nothing_changes() -> None:
    world = World().ready("a0")
    before = world.agent("a0")
    assert world.asks("a0", Wish.LOG_IN) == "" and world.agent("a0") == before


def test_given_a_caller_who_hangs_up_in_a_step_when_recorded_then_that_step_is_the_last_of_the_way() -> None:
    world = World()
    world.arrives("c", dialled="50")
    world.at += 7
    world.hangs_up("c")
    [call] = world.ended(Call)
    last = call.trail[-1]
    assert (last.step, last.exit, last.left_at - last.entered_at) == ("menu", "", 7.0)


def test_given_a_flow_that_ended_the_call_when_recorded_then_no_step_is_added() -> None:
    world = World()
    world.arrives("c", dialled="999")
    world.hangs_up("c")
    assert world.ended(Call)[0].trail == ()


def test_given_music_that_came_to_its_end_when_heard_then_started_again_at_once() -> None:
    world = World()
    world.arrives("c")
    world.at += 42
    commands = world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play="c.q1.m1", result="FILE PLAYED"))  # type: ignore[arg-type]
    assert [c.play for c in commands if isinstance(c, Play)] == ["c.q1.m2"]


def test_given_two_being_joined_when_the_music_ends_by_it_then_nothing_is_played_into_the_talk() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.at += 42
    world.picks_up("a0")
    event = ev.PlayEnded(at=world.at, leg=leg("c"), play="c.q1.m1", result="PLAYBACK ERROR")  # type: ignore[arg-type]
    assert world.feed(event) == [] and world.decisions[-1].late


def test_given_a_caller_who_hangs_up_while_speaking_a_message_when_recorded_then_the_message_is_kept() -> None:
    world = World()
    world.arrives("c", dialled="50")
    world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="0"))
    world.at += 9
    world.hangs_up("c")
    [message] = world.ended(Call)[0].messages
    assert (message.id, message.seconds) == ("c.1", 9.0)


@pytest.mark.parametrize(("by_far_end", "who"), [(True, EndedBy.AGENT), (None, EndedBy.AGENT), (False, EndedBy.CUSTOMER)])
def test_given_a_talk_when_the_agents_leg_is_reported_first_then_who_hung_up_is_told_by_who_sent_the_bye(
    by_far_end: bool | None, who: EndedBy
) -> None:
    world = World().talks("c", "a0")
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING", by_far_end=by_far_end))
    world.hangs_up("c")
    assert world.ended(Call)[0].ended_by is who and world.ended(Offer)[0].ended_by is who
