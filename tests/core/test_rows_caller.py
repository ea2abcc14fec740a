"""ACD.md rows 1-8: the caller leaves, in every phase."""

from acd.core.call import Call
from acd.core.commands import Dismiss, HangUp, Ring, StopPlay
from acd.core.interpreter import EndCall
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.staff.agent import Agent
from acd.words import AgentState, EndedBy, EntryOutcome, OfferOutcome, Owner
from tests.core.world import Flows, World, leg

A, E, O = AgentState, EntryOutcome, OfferOutcome


def ringing(agent: str = "a0", **more: object) -> World:
    world = World(**more).ready(agent)  # type: ignore[arg-type]
    world.arrives("c")
    world.rings(agent)
    return world


def test_row_1_given_a_ringing_phone_when_the_caller_hangs_up_then_the_agent_loses_nothing() -> None:
    world = ringing()
    idle_since, agent_leg = world.agent("a0").idle_since, world.offer("a0").leg
    world.at += 8
    assert HangUp(leg=agent_leg) in world.hangs_up("c")
    agent = world.agent("a0")
    assert (agent.state, agent.idle_since, agent.missed) == (A.READY, idle_since, 0)
    [entry], [offer] = world.ended(Entry), world.ended(Offer)
    assert (entry.outcome, offer.outcome) == (E.ABANDONED_WHILE_RINGING, O.CALLER_GONE)


def test_row_2_given_a_leg_killed_before_it_was_born_when_it_comes_up_then_dismissed_not_answered_to_silence() -> None:
    world = ringing()
    agent_leg = world.offer("a0").leg
    world.hangs_up("c")
    from acd.core.events import LegParked

    assert world.feed(LegParked(at=world.at, leg=agent_leg, inbound=False)) == [Dismiss(leg=agent_leg)]
    assert world.decisions[-1].late


def test_row_3_given_an_answer_crossing_the_hang_up_when_the_caller_is_gone_then_a_tone_and_no_talk() -> None:
    world = ringing()
    world.picks_up("a0")
    agent_leg, idle_since = world.offer("a0").leg, world.agent("a0").idle_since
    assert Dismiss(leg=agent_leg) in world.hangs_up("c")
    [entry], [offer] = world.ended(Entry), world.ended(Offer)
    assert offer.outcome is O.CALLER_GONE_AT_ANSWER and offer.bridged_at is None
    assert entry.outcome in (E.SHORT_ABANDONED, E.ABANDONED_WHILE_RINGING) and entry.connected_at is None
    agent: Agent = world.agent("a0")
    assert (agent.state, agent.idle_since) == (A.READY, idle_since)


def test_row_5_given_a_caller_who_leaves_at_once_then_a_short_abandon() -> None:
    world = World()
    world.arrives("c")
    world.at += 4.9
    world.hangs_up("c")
    world.arrives("d")
    world.at += 5.1
    world.hangs_up("d")
    assert {e.call: e.outcome for e in world.ended(Entry)} == {"c": E.SHORT_ABANDONED, "d": E.ABANDONED}


def test_row_7_given_a_ringing_phone_when_the_exit_key_is_pressed_then_the_offer_ends_first_and_the_flow_goes_on() -> None:
    world = ringing(flows=Flows(exit_keys="9", after={"9": EndCall(cause="EXITED")}))
    from acd.core.events import DigitPressed

    agent_leg = world.offer("a0").leg
    commands = world.feed(DigitPressed(at=world.at + 1, leg=leg("c"), digit="9"))
    assert commands.index(HangUp(leg=agent_leg)) < commands.index(StopPlay(leg=leg("c")))
    assert HangUp(leg=leg("c"), cause="EXITED") in commands
    [entry], [offer] = world.ended(Entry), world.ended(Offer)
    assert (entry.outcome, offer.outcome) == (E.EXITED_KEY, O.EXITED_KEY)
    assert world.agent("a0").state is A.READY


def test_row_7_given_a_waiting_caller_when_another_key_is_pressed_then_nothing_changes() -> None:
    world = World(flows=Flows(exit_keys="9"))
    world.arrives("c")
    from acd.core.events import DigitPressed

    assert world.feed(DigitPressed(at=world.at, leg=leg("c"), digit="5")) == []
    assert world.call("c").owner is Owner.QUEUE


def test_row_8_given_a_talk_when_the_callers_media_dies_then_the_call_ends_and_the_agent_wraps_up() -> None:
    world = World().talks("c", "a0")
    world.hangs_up("c", "MEDIA_TIMEOUT")
    [call] = world.ended(Call)
    assert (call.cause, call.ended_by, world.agent("a0").state) == ("MEDIA_TIMEOUT", EndedBy.CUSTOMER, A.WRAP_UP)


def test_given_a_caller_in_a_menu_when_hanging_up_then_the_call_ends_and_no_queue_was_offered() -> None:
    world = World()
    world.arrives("c", dialled="50")
    world.hangs_up("c")
    assert world.ended(Entry) == [] and len(world.ended(Call)) == 1


def test_given_an_unknown_number_when_dialled_then_released_with_the_right_cause_and_recorded() -> None:
    world = World()
    commands = world.arrives("c", dialled="999")
    assert HangUp(leg=leg("c"), cause="UNALLOCATED_NUMBER") in commands
    world.hangs_up("c", "UNALLOCATED_NUMBER")
    assert world.ended(Call)[0].ended_by is EndedBy.SYSTEM


def test_given_a_hang_up_that_nobody_confirmed_when_time_passes_then_asked_again_until_the_leg_is_gone() -> None:
    world = World()
    world.arrives("c", dialled="999")
    world.after(16)
    again = [c for d in world.decisions for c in d.commands if c == HangUp(leg=leg("c"), cause="UNALLOCATED_NUMBER")]
    assert len(again) == 4 and "c" in world.state.calls


def test_given_a_flow_that_is_not_there_when_a_caller_comes_then_the_switchs_failsafe_and_nobody_is_cut_off() -> None:
    from acd.core.commands import Arm
    from tests.core.world import policy

    rules = policy()
    world = World(rules)
    rules.numbers["1"] = "gone"  # type: ignore[index]
    commands = world.arrives("c")
    assert commands[-1] == Arm(leg=leg("c"), after_s=1.0) and not [c for c in commands if isinstance(c, HangUp | Ring)]


def test_f31_given_a_talk_when_the_agents_phone_falls_silent_then_the_caller_waits_again_with_the_old_place() -> None:
    world = World().talks("c", "a0")
    since = world.entry("c").since
    world.after(30)
    world.phone_ends("a0", "MEDIA_TIMEOUT")
    [talk] = world.ended(Offer)
    assert (talk.outcome, talk.ended_by, talk.cause) == (O.ANSWERED, EndedBy.AGENT, "MEDIA_TIMEOUT")
    assert world.call("c").owner is Owner.QUEUE and world.entry("c").since == since
    assert world.ended(Call) == [] and world.agent("a0").missed == 0
    assert (world.agent("a0").state, world.agent("a0").reason) == (AgentState.NOT_READY, "device_down")
