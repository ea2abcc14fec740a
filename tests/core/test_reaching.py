"""ACD.md 4, 12, 15, 20-23: several devices under one offer, a digit to confirm with, whispers, phones that move, other lines."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.commands import Bridge, CallOut, Dismiss, HangUp, Play, Ring
from acd.core.lines.entry import Entry
from acd.core.media import Speech
from acd.core.offers.offer import Offer
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import External, Policy
from acd.words import AgentState, EntryOutcome, EntryState, FlowId, LegId, OfferOutcome, OfferState, Wish
from tests.core.world import FS, Flows, World, leg, policy

A, E, O, S = AgentState, EntryState, OfferOutcome, OfferState
PRESS = (Speech(text="press 1"),)
SAYS = (Speech(text="sales"),)


def with_agent(rules: Policy, **changes: object) -> Policy:
    """``a0`` is reached so."""
    a0 = replace(next(iter(rules.agents.values())), **changes)  # type: ignore[arg-type]
    phones = {phone: a0.id for phone in a0.devices}
    return replace(rules, agents={**rules.agents, a0.id: a0}, agent_of_phone={**rules.agent_of_phone, **phones})


def two_phones(agents: int = 2) -> World:
    """A caller ``c`` is offered to ``a0``, who has a desk phone and a mobile one; both ring."""
    world = World(with_agent(policy(agents), phones=("1000", "1000m"))).ready("a0")
    world.arrives("c")
    return world


def outside(prefixes: tuple[str, ...] = ("+49",), agents: int = 1) -> World:
    out = OutboundPolicy(ways=(Way(trunk="provider", prefixes=prefixes),))
    external = External(number="+4930123456", confirm="5", prompt=PRESS)
    rules = replace(with_agent(policy(agents), phone="", external=external), outbound=out)
    world = World(rules).ready("a0")
    world.arrives("c")
    return world


def device(world: World, phone: str | None) -> LegId:
    return next(each.leg for each in world.offer("a0").reached if each.phone == phone)


def rings(world: World, *phones: str | None) -> None:
    for phone in phones:
        world.feed(ev.LegRinging(at=world.at, leg=device(world, phone)))


def picked_up(world: World, phone: str | None) -> list[object]:
    target = device(world, phone)
    first = world.feed(ev.LegAnswered(at=world.at, leg=target))
    return [*first, *world.feed(ev.LegParked(at=world.at, leg=target, inbound=False))]


def ends(world: World, phone: str | None, cause: str, sip_status: int = 0) -> None:
    world.feed(ev.LegEnded(at=world.at, leg=device(world, phone), cause=cause, sip_status=sip_status))


def last_outcome(world: World) -> OfferOutcome:
    return world.ended(Offer)[-1].outcome  # type: ignore[no-any-return]


# -- several devices -----------------------------------------------------------------------------------------------------


def test_row_22_given_two_phones_when_offered_then_both_ring_under_one_offer() -> None:
    world = two_phones()
    assert world.rung() == ["1000", "1000m"] and len(world.state.offers) == 1


@pytest.mark.parametrize(("one", "other"), [("1000", "1000m"), ("1000m", "1000")])
def test_row_22_given_two_phones_that_ring_when_one_is_picked_up_then_the_other_stops_and_the_two_talk(one: str, other: str) -> None:
    world = two_phones()
    rings(world, "1000", "1000m")
    stopped, taken = device(world, other), device(world, one)
    commands = picked_up(world, one)
    assert HangUp(leg=stopped) in commands and Bridge(leg=leg("c"), other=taken) in commands
    world.is_bridged("a0")
    assert world.agent("a0").state is A.TALKING and world.offer("a0").leg == taken
    assert world.feed(ev.LegEnded(at=world.at, leg=stopped, cause="ORIGINATOR_CANCEL")) == []
    assert world.agent("a0").state is A.TALKING


def test_row_22_given_one_phone_busy_when_the_other_rings_then_it_is_not_busy_and_rings_on() -> None:
    world = two_phones()
    rings(world, "1000m")
    ends(world, "1000", "USER_BUSY", 486)
    assert world.agent("a0").state is A.OFFERED
    world.after(15)
    assert last_outcome(world) is O.NO_ANSWER


def test_row_22_given_one_phone_was_busy_when_the_other_is_picked_up_then_what_it_came_to_is_kept() -> None:
    world = two_phones()
    ends(world, "1000", "USER_BUSY", 486)
    busy = device(world, "1000")
    assert HangUp(leg=busy) not in picked_up(world, "1000m")
    assert [each.over for each in world.offer("a0").devices] == [O.BUSY, None]


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("USER_NOT_REGISTERED", "USER_BUSY", O.BUSY),
        ("USER_NOT_REGISTERED", "USER_NOT_REGISTERED", O.DEVICE_DOWN),
        ("NORMAL_TEMPORARY_FAILURE", "USER_NOT_REGISTERED", O.NETWORK_ERROR),
        ("USER_BUSY", "NORMAL_TEMPORARY_FAILURE", O.BUSY),
        ("USER_BUSY", "LOST", O.CANCELLED_BY_SYSTEM),
    ],
)
def test_row_22_given_both_phones_fail_when_the_last_has_then_one_outcome_over_both(
    first: str, second: str, outcome: OfferOutcome
) -> None:
    world = two_phones()
    ends(world, "1000", first)
    assert world.agent("a0").state is A.OFFERED
    ends(world, "1000m", second)
    assert last_outcome(world) is outcome and world.entry("c").since == world.entry("c").joined_at


def test_row_22_given_a_decline_on_one_phone_when_the_other_rings_then_it_stops_too() -> None:
    world = two_phones()
    rings(world, "1000", "1000m")
    mobile = device(world, "1000m")
    ends(world, "1000", "CALL_REJECTED", 603)
    assert last_outcome(world) is O.DECLINED
    assert HangUp(leg=mobile) in [c for d in world.decisions for c in d.commands]


def test_row_22_given_neither_phone_rings_when_the_time_is_over_then_the_device_and_not_the_agent_is_blamed() -> None:
    world = two_phones(1)
    world.after(15)
    assert last_outcome(world) is O.DEVICE_DOWN and world.agent("a0").missed == 0


def test_row_22_given_a_phone_that_is_gone_when_offered_then_only_the_other_one_is_rung() -> None:
    world = World(with_agent(policy(1), phones=("1000", "1000m")))
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.ready("a0")
    world.arrives("c")
    assert world.rung() == ["1000m"]


def test_row_1_given_two_phones_that_ring_when_the_caller_hangs_up_then_both_stop() -> None:
    world = two_phones()
    legs = set(world.offer("a0").legs)
    commands = world.hangs_up("c")
    assert {c.leg for c in commands if isinstance(c, HangUp)} == legs and len(legs) == 2
    assert last_outcome(world) is O.CALLER_GONE


def test_row_75_given_two_phones_when_the_controller_was_away_and_the_second_was_picked_up_then_the_two_are_joined() -> None:
    world = two_phones()
    desk, mobile = device(world, "1000"), device(world, "1000m")
    world.at += 5
    seen = [
        ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=True),
        ev.ChannelSeen(leg=desk, inbound=False, answered=False),
        ev.ChannelSeen(leg=mobile, inbound=False, answered=True),
    ]
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=tuple(seen)))
    assert HangUp(leg=desk) in commands and Bridge(leg=leg("c"), other=mobile) in commands


# -- phones that move ----------------------------------------------------------------------------------------------------


def anew(world: World, phone: str) -> list[object]:
    return list(world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone=phone, anew=True)))  # type: ignore[arg-type]


def test_row_21_given_a_phone_that_registers_anew_while_it_is_rung_then_one_silent_retry_and_no_blame() -> None:
    world = World(policy(1)).ready("a0")
    world.arrives("c")
    world.after(10)
    old = world.offer("a0").leg
    commands = anew(world, "1000")
    new = world.offer("a0").leg
    assert [type(c) for c in commands] == [HangUp, Ring] and new != old
    assert world.feed(ev.LegEnded(at=world.at, leg=old, cause="NORMAL_CLEARING")) == []
    assert anew(world, "1000") == [], "once, not for ever"
    world.after(14)
    assert world.agent("a0").state is A.OFFERED, "with the whole ring time"
    world.picks_up("a0")
    world.is_bridged("a0")
    assert world.agent("a0").state is A.TALKING and len(world.state.offers) == 1


def test_row_21_given_a_refresh_of_a_registration_while_it_rings_then_it_rings_on() -> None:
    world = World(policy(1)).ready("a0")
    world.arrives("c")
    assert world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000")) == []  # type: ignore[arg-type]


# -- a digit to confirm with ---------------------------------------------------------------------------------------------


def test_row_15_given_an_agent_outside_when_offered_then_rung_through_the_gate() -> None:
    world = outside()
    (command,) = [c for d in world.decisions for c in d.commands if isinstance(c, CallOut)]
    assert (command.trunk, command.number, command.leg) == ("provider", "+4930123456", world.offer("a0").leg)
    (out,) = world.state.outgoing.values()
    assert (out.reason, out.agent, out.leg) == ("agent", "a0", command.leg)


def test_row_15_given_an_agent_outside_whom_the_gate_lets_nobody_call_then_no_loop_and_the_caller_waits() -> None:
    world = outside(prefixes=("+43",))
    assert last_outcome(world) is O.NETWORK_ERROR and world.entry("c").state is E.WAITING
    assert len(world.ended(Offer)) == 1 and world.agent("a0").resting
    world.after(60)
    assert 3 <= len(world.ended(Offer)) <= 7, "tried again after each rest, and not more often"


def test_row_15_given_a_voicemail_that_answers_for_the_agent_when_nobody_presses_then_no_answer_and_the_caller_kept_waiting() -> None:
    world = outside()
    commands = picked_up(world, None)
    assert [type(c) for c in commands] == [Play] and world.entry("c").state is E.OFFERED
    world.after(15)
    assert last_outcome(world) is O.NO_ANSWER and world.entry("c").state is E.WAITING


def test_row_15_given_a_voicemail_that_hangs_up_when_nobody_pressed_then_no_answer() -> None:
    world = outside()
    picked_up(world, None)
    ends(world, None, "NORMAL_CLEARING")
    assert last_outcome(world) is O.NO_ANSWER


def test_row_15_given_the_digit_when_pressed_then_an_answer_and_another_digit_is_none() -> None:
    world = outside()
    picked_up(world, None)
    target = world.offer("a0").leg
    assert world.feed(ev.DigitPressed(at=world.at, leg=target, digit="4")) == []
    assert world.offer("a0").state is S.RINGING
    commands = world.feed(ev.DigitPressed(at=world.at, leg=target, digit="5"))
    assert Bridge(leg=leg("c"), other=target) in commands
    world.is_bridged("a0")
    assert world.agent("a0").state is A.TALKING and world.ended(Entry) == []


def test_row_15_given_a_digit_before_the_pick_up_then_it_means_nothing() -> None:
    world = outside()
    assert world.feed(ev.DigitPressed(at=world.at, leg=world.offer("a0").leg, digit="5")) == []
    assert world.offer("a0").state is S.RINGING


def test_row_15_given_what_asks_for_the_digit_when_it_ends_then_it_is_said_again_but_not_when_it_cannot_be_played() -> None:
    world = outside()
    (first,) = picked_up(world, None)
    assert isinstance(first, Play) and first.media == PRESS
    assert world.feed(ev.PlayEnded(at=world.at + 0.1, leg=first.leg, play=first.play)) == []
    world.feed(ev.PlayEnded(at=world.at + 3, leg=first.leg, play=first.play))
    again = world.decisions[-1].commands[0]
    assert isinstance(again, Play) and again.play != first.play


def test_row_15_given_the_time_for_the_digit_when_the_ring_time_was_nearly_over_then_it_has_its_own() -> None:
    world = outside()
    world.after(14)
    picked_up(world, None)
    world.after(14)
    assert world.agent("a0").state is A.OFFERED
    world.after(2)
    assert world.agent("a0").state is not A.OFFERED


def test_row_75_given_the_digit_is_waited_for_when_the_controller_was_away_then_it_is_asked_for_again_and_counts() -> None:
    world = outside()
    picked_up(world, None)
    target = world.offer("a0").leg
    world.at += 4
    seen = [
        ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=True),
        ev.ChannelSeen(leg=target, inbound=False, answered=True),
    ]
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=tuple(seen)))
    assert [type(c) for c in commands] == [Play]
    assert Bridge(leg=leg("c"), other=target) in world.feed(ev.DigitPressed(at=world.at, leg=target, digit="5"))


def test_given_a_phone_inside_that_has_to_confirm_when_another_is_picked_up_without_then_that_one_has_it() -> None:
    world = World(with_agent(policy(1), external=External(number="+4930123456", prompt=PRESS)))
    world.state.policy = replace(world.state.policy, outbound=OutboundPolicy(ways=(Way(trunk="t", prefixes=("+",)),)))
    world.ready("a0")
    world.arrives("c")
    picked_up(world, None)
    mobile, desk = device(world, None), device(world, "1000")
    commands = picked_up(world, "1000")
    assert HangUp(leg=mobile) in commands and Bridge(leg=leg("c"), other=desk) in commands
    assert world.feed(ev.DigitPressed(at=world.at, leg=mobile, digit="1")) == []


# -- whisper -------------------------------------------------------------------------------------------------------------


def whispering(agents: int = 1) -> tuple[World, Play]:
    world = World(policy(agents, queue_whisper=SAYS)).ready("a0")
    world.arrives("c")
    world.rings("a0")
    (play,) = [c for c in world.picks_up("a0") if isinstance(c, Play)]
    return world, play


def test_row_4_given_a_whisper_when_picked_up_then_said_to_the_agent_first_and_the_wait_ends_with_the_bridge() -> None:
    world, play = whispering()
    assert (play.leg, play.media) == (world.offer("a0").leg, SAYS)
    assert world.entry("c").connected_at is None and world.entry("c").music_on
    world.at += 2
    commands = world.feed(ev.PlayEnded(at=world.at, leg=play.leg, play=play.play, result="FILE PLAYED"))
    assert Bridge(leg=leg("c"), other=play.leg) in commands
    world.is_bridged("a0")
    assert world.entry("c").connected_at == world.at


def test_row_4_given_a_whisper_when_the_waiting_flow_was_heard_until_then_music_takes_its_place() -> None:
    world = World(policy(1, queue_whisper=SAYS), Flows(waiting=FlowId("wait.callback"))).ready("a0")
    world.arrives("c")
    assert not world.entry("c").music_on, "the flow says something"
    world.rings("a0")
    commands = world.picks_up("a0")
    assert world.entry("c").music_on and {c.leg for c in commands if isinstance(c, Play)} == {leg("c"), world.offer("a0").leg}


def test_row_4_given_a_whisper_when_the_caller_hangs_up_in_it_then_abandoned_and_nobody_is_blamed() -> None:
    world, play = whispering()
    world.at += 10
    assert Dismiss(leg=play.leg) in world.hangs_up("c")
    (entry,) = world.ended(Entry)
    assert entry.outcome is EntryOutcome.ABANDONED_WHILE_RINGING
    assert last_outcome(world) is O.CALLER_GONE_AT_ANSWER and world.agent("a0").state is A.READY


def test_row_4_given_a_whisper_whose_end_is_never_told_when_its_time_is_over_then_the_two_are_joined() -> None:
    world, play = whispering()
    world.after(20)
    assert Bridge(leg=leg("c"), other=play.leg) in world.decisions[-1].commands
    world.is_bridged("a0")
    assert world.agent("a0").state is A.TALKING


def test_row_18_given_a_whisper_when_the_agent_hangs_up_in_it_then_the_caller_goes_to_the_next() -> None:
    world, _ = whispering(2)
    world.ready("a1")
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert last_outcome(world) is O.DUMPED and world.rung() == ["1000", "1001"]


def test_row_75_given_a_whisper_that_ended_while_the_controller_was_away_then_the_two_are_joined() -> None:
    world, play = whispering()
    world.at += 5
    seen = [
        ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=True),
        ev.ChannelSeen(leg=play.leg, inbound=False, answered=True),
    ]
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=tuple(seen)))
    assert Bridge(leg=leg("c"), other=play.leg) in commands


def test_row_75_given_a_whisper_that_still_sounds_when_the_controller_is_back_then_it_is_heard_out() -> None:
    world, play = whispering()
    world.at += 5
    seen = [
        ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=True),
        ev.ChannelSeen(leg=play.leg, inbound=False, answered=True, playing=True),
    ]
    assert world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=tuple(seen))) == []
    assert world.offer("a0").told == play.play


# -- other lines ---------------------------------------------------------------------------------------------------------


def test_row_23_given_an_agent_who_dials_out_while_our_leg_rings_then_it_stops_without_blame_and_not_rung_meanwhile() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    ours = world.offer("a0").leg
    commands = world.arrives("own", dialled="+49301234", phone="1000")
    assert HangUp(leg=ours) in commands and last_outcome(world) is O.AGENT_UNAVAILABLE
    assert world.rung() == ["1000", "1001"] and world.agent("a0").missed == 0
    assert world.agent("a0").own_leg == leg("own") and not world.agent("a0").is_free


def test_row_23_given_a_caller_who_asked_for_this_agent_when_they_take_up_another_line_then_busy_at_once() -> None:
    world = World(policy(2)).ready("a0")
    world.arrives("c", dialled="60")
    assert world.rung() == ["1000"]
    world.arrives("own", dialled="+49301234", phone="1000")
    world.after(0)
    assert [entry.exit for entry in world.ended(Entry)] == ["busy"]


def test_row_16_given_an_agent_who_dials_a_feature_code_while_our_leg_rings_then_the_code_decides() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    world.arrives("own", dialled="*2", phone="1000")
    assert world.agent("a0").reason == "lunch" and last_outcome(world) is O.AGENT_LEFT


def test_row_20_given_two_calls_of_an_agents_own_when_one_ends_then_still_not_rung() -> None:
    world = World(policy(1)).ready("a0")
    world.arrives("one", dialled="50", phone="1000")
    world.arrives("two", dialled="50", phone="1000")
    world.hangs_up("two")
    assert world.agent("a0").own_leg == leg("one")
    world.hangs_up("one")
    assert world.agent("a0").own_leg is None and world.agent("a0").is_free


def test_row_20_given_an_agent_who_calls_another_when_they_talk_then_neither_is_rung() -> None:
    world = World(policy(3)).ready("a0", "a1")
    world.arrives("own", dialled="60", phone="1001")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.arrives("c")
    assert world.rung() == ["1000"]
    assert world.asks("a2", Wish.READY) == "" and world.rung() == ["1000", "1002"]
