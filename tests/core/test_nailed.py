"""ACD.md 25: a leg that stands all day: a tone in place of ringing, and it stays when the talk is over."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Answer, Bridge, Command, Disarm, HangUp, Mark, Play, Ring, Separate
from acd.core.media import Speech, Tone
from acd.core.offers.offer import Offer
from acd.core.policy import NailedPolicy, Policy
from acd.core.staff.nailed import NailedLeg
from acd.words import AgentId, AgentState, FlowId, LegId, OfferOutcome, Wish
from tests.core.world import FS, World, leg, policy

A, O = AgentState, OfferOutcome
DESK = leg("desk")


def house(agents: int = 1, **changes: object) -> Policy:
    rules = policy(agents, **changes)
    return replace(rules, phone_numbers={**rules.phone_numbers, "*85": FlowId("wish.nail_up")})


def dialled(rules: Policy | None = None) -> World:
    """``a0`` is ready, and has dialled for a line that stays."""
    world = World(rules or house()).ready("a0")
    world.arrives("desk", dialled="*85", phone="1000")
    return world


def nailed(world: World) -> NailedLeg:
    return world.state.nailed[world.state.nailed_of_agent[AgentId("a0")]]


def stands(world: World) -> bool:
    return AgentId("a0") in world.state.nailed_of_agent


def whispered(commands: list[Command]) -> Play:
    (play,) = [c for c in commands if isinstance(c, Play) and Tone(name="zip") in c.media]
    return play


def put_through(world: World, caller: str) -> None:
    play = whispered(world.arrives(caller))
    world.feed(ev.PlayEnded(at=world.at + 1, leg=play.leg, play=play.play, result="FILE PLAYED"))
    world.is_bridged("a0")


def test_given_an_agent_who_dials_for_it_when_taken_over_then_the_call_is_over_and_the_leg_stays_with_noise() -> None:
    world = dialled()
    assert world.state.calls == {} and nailed(world).leg == DESK
    (call,) = world.ended(Call)
    assert call.cause == "NAILED_UP"
    commands = [c for d in world.decisions for c in d.commands]
    assert [c for c in commands if isinstance(c, Answer)] == [Answer(leg=DESK)], "no phone bears a call for long that nobody answers"
    assert Disarm(leg=DESK) in commands and Mark(leg=DESK, values={"nailed": "a0"}) in commands
    assert [c.media for c in commands if isinstance(c, Play)] == [(Tone(name="comfort"),)]
    assert world.agent("a0").is_free, "and the agent can be given calls"


def test_given_a_nailed_up_leg_when_a_call_comes_then_no_ringing_but_a_tone_and_the_two_talk() -> None:
    world = dialled()
    play = whispered(world.arrives("c"))
    assert world.rung() == [] and play.leg == DESK and world.entry("c").connected_at is None
    commands = world.feed(ev.PlayEnded(at=world.at + 1, leg=DESK, play=play.play, result="FILE PLAYED"))
    assert Bridge(leg=leg("c"), other=DESK) in commands
    world.is_bridged("a0")
    assert world.agent("a0").state is A.TALKING


def test_given_a_whisper_of_the_queue_when_a_call_comes_then_the_tone_and_the_whisper() -> None:
    world = dialled(house(queue_whisper=(Speech(text="sales"),)))
    assert whispered(world.arrives("c")).media == (Tone(name="zip"), Speech(text="sales"))


def test_given_a_talk_on_it_when_the_caller_hangs_up_then_the_leg_stays_and_takes_the_next_call() -> None:
    world = dialled(house(queue_wrap_up_s=5.0))
    put_through(world, "c")
    commands = world.hangs_up("c")
    assert Separate(leg=DESK) in commands and [c for c in commands if isinstance(c, HangUp | Play)] == []
    (noise,) = world.feed(ev.LegParked(at=world.at, leg=DESK, inbound=True))
    assert isinstance(noise, Play) and noise.media == (Tone(name="comfort"),)
    world.after(5)
    put_through(world, "d")
    assert world.agent("a0").state is A.TALKING and world.rung() == []


def test_given_a_caller_who_leaves_in_the_tone_when_gone_then_the_agent_hears_it_and_the_leg_stays() -> None:
    world = dialled()
    world.arrives("c")
    world.at += 10
    commands = world.hangs_up("c")
    assert [c.media for c in commands if isinstance(c, Play)] == [(Tone(name="gone"), Tone(name="comfort"))]
    assert [c for c in commands if isinstance(c, HangUp)] == [] and stands(world)
    assert world.ended(Offer)[0].outcome is O.CALLER_GONE_AT_ANSWER and world.agent("a0").state is A.READY


@pytest.mark.parametrize(("ring", "state", "reason"), [(False, A.NOT_READY, "nailed_leg_lost"), (True, A.READY, "")])
def test_given_it_is_lost_when_ready_then_not_ready_or_rung_for_each_call_as_the_house_likes_it(
    ring: bool, state: AgentState, reason: str
) -> None:
    world = dialled(house(nailed=NailedPolicy(when_lost_ring=ring)))
    world.hangs_up("desk")
    assert (world.agent("a0").state, world.agent("a0").reason) == (state, reason) and not stands(world)
    world.arrives("c")
    assert world.rung() == (["1000"] if ring else [])


def test_given_it_is_lost_in_a_talk_when_over_then_the_wrap_up_and_not_ready_after_it() -> None:
    world = dialled(house(queue_wrap_up_s=5.0))
    put_through(world, "c")
    world.at += 30
    world.hangs_up("desk")
    assert world.agent("a0").state is A.WRAP_UP
    world.after(5)
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "nailed_leg_lost")


def test_given_it_is_lost_while_the_switch_joins_the_two_when_that_has_failed_then_the_caller_waits_on_and_not_ready() -> None:
    world = dialled()
    play = whispered(world.arrives("c"))
    world.feed(ev.PlayEnded(at=world.at + 1, leg=DESK, play=play.play, result="FILE PLAYED"))
    world.feed(ev.LegEnded(at=world.at, leg=DESK, cause="DESTINATION_OUT_OF_ORDER", by_far_end=False))
    world.after(30)
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "nailed_leg_lost") and not stands(world)
    assert world.entry("c").is_live and world.rung() == []


def cut_off(world: World, line: LegId = DESK, *, by_far_end: bool | None = False) -> list[Command]:
    return world.feed(ev.LegEnded(at=world.at, leg=line, cause="NORMAL_CLEARING", by_far_end=by_far_end))


def picked_up(world: World) -> LegId:
    line = nailed(world).leg
    world.feed(ev.LegParked(at=world.at, leg=line, inbound=False))
    return line


def with_a_phone(rules: Policy | None = None) -> World:
    """The line has stood for a minute; the phone is registered."""
    world = dialled(rules)
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.at += 60
    return world


def test_given_the_switch_cuts_it_off_when_it_stood_then_the_phone_is_rung_anew_and_whoever_picks_up_is_ready_again() -> None:
    """A bridge whose caller leaves in that moment takes the agent's leg with it; nobody is blamed, nobody has to dial again."""
    world = with_a_phone()
    (ring,) = [c for c in cut_off(world) if isinstance(c, Ring)]
    assert (ring.phone, ring.marks) == ("1000", {"nailed": "a0"}) and nailed(world).leg == ring.leg != DESK
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "nailed_leg_lost")
    assert [c for c in world.arrives("c") if isinstance(c, Ring)] == [], "the phone rings already, for the line"
    commands = world.feed(ev.LegParked(at=world.at, leg=ring.leg, inbound=False))
    assert world.agent("a0").state is A.OFFERED and whispered(commands).leg == ring.leg


def test_given_the_switch_cuts_it_off_when_nobody_picks_up_then_not_ready_and_it_rings_once() -> None:
    world = with_a_phone()
    cut_off(world)
    ringing = nailed(world).leg
    world.after(30)
    assert world.decisions[-1].commands == (HangUp(leg=ringing),)
    assert cut_off(world, ringing) == [] and not stands(world)
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "nailed_leg_lost")


@pytest.mark.parametrize("by_far_end", [True, None], ids=["the agent hung up", "nobody knows"])
def test_given_it_was_not_the_switch_when_it_ends_then_no_phone_is_rung(by_far_end: bool | None) -> None:
    world = with_a_phone()
    assert cut_off(world, by_far_end=by_far_end) == [] and not stands(world)


def test_given_the_switch_cuts_off_a_line_again_when_it_stood_for_seconds_only_then_no_phone_is_rung() -> None:
    world = with_a_phone()
    cut_off(world)
    line = picked_up(world)
    world.at += 9
    assert cut_off(world, line) == [] and not stands(world)


def test_given_a_house_that_rings_for_each_call_when_the_switch_cuts_it_off_then_no_phone_is_rung_for_a_line() -> None:
    world = with_a_phone(house(nailed=NailedPolicy(when_lost_ring=True)))
    assert cut_off(world) == [] and world.agent("a0").state is A.READY


def test_given_an_agent_at_lunch_when_the_switch_cuts_it_off_then_the_phone_keeps_still() -> None:
    world = with_a_phone()
    world.asks("a0", Wish.NOT_READY, "lunch")
    assert cut_off(world) == [] and world.agent("a0").reason == "lunch"


def test_given_the_switch_cuts_it_off_in_a_wrap_up_when_picked_up_then_ready_after_it() -> None:
    world = with_a_phone(house(queue_wrap_up_s=5.0))
    put_through(world, "c")
    world.hangs_up("c")
    assert [c.phone for c in cut_off(world) if isinstance(c, Ring)] == ["1000"]
    assert (world.agent("a0").state, world.agent("a0").pending_reason) == (A.WRAP_UP, "nailed_leg_lost")
    picked_up(world)
    world.after(5)
    assert world.agent("a0").state is A.READY and nailed(world).stands


def test_given_an_agent_who_is_configured_no_more_when_the_switch_cuts_off_their_line_in_a_talk_then_no_phone_is_rung() -> None:
    world = with_a_phone()
    put_through(world, "c")
    world.state.policy = replace(world.state.policy, agents={}, phone_numbers={})
    world.feed(ev.PolicyChanged(at=world.at))
    assert [c for c in cut_off(world) if isinstance(c, Ring)] == []


def test_given_an_agent_in_a_talk_when_they_ask_for_a_line_then_refused() -> None:
    world = World(house()).ready("a0")
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.arrives("c")
    world.picks_up("a0")
    world.is_bridged("a0")
    assert world.asks("a0", Wish.NAIL_UP) == "not in a talk" and not stands(world)


def test_given_an_agent_whose_line_was_lost_when_they_dial_for_it_again_then_ready() -> None:
    world = dialled()
    world.hangs_up("desk")
    world.arrives("again", dialled="*85", phone="1000")
    assert world.agent("a0").state is A.READY and nailed(world).leg == leg("again")


def test_row_19_given_the_switch_never_says_that_they_are_joined_when_given_up_then_parted_in_case_they_are_and_it_stays() -> None:
    """Else the caller waits on in the books, and in truth is joined to an agent who is offered the next one."""
    world = dialled()
    play = whispered(world.arrives("c"))
    world.feed(ev.PlayEnded(at=world.at + 1, leg=DESK, play=play.play, result="FILE PLAYED"))
    done = len(world.decisions)
    world.after(10)
    commands = [c for d in world.decisions[done:] for c in d.commands if c.leg == DESK]
    assert Separate(leg=DESK) in commands and [c for c in commands if isinstance(c, HangUp)] == []
    assert world.entry("c").is_live and world.ended(Offer)[0].outcome is O.BRIDGE_FAILED
    noise = world.feed(ev.LegParked(at=world.at, leg=DESK, inbound=True))
    assert [c.media for c in noise if isinstance(c, Play)] == [(Tone(name="comfort"),)] and stands(world)


def test_given_it_is_lost_in_a_talk_when_a_log_out_was_asked_for_then_that_is_what_comes() -> None:
    world = dialled(house(queue_wrap_up_s=5.0))
    put_through(world, "c")
    world.asks("a0", Wish.LOG_OUT)
    world.at += 30
    world.hangs_up("desk")
    world.after(5)
    assert world.agent("a0").state is A.LOGGED_OUT


def test_given_the_noise_ends_when_told_then_it_begins_anew_but_not_when_it_cannot_be_played() -> None:
    world = dialled()
    play = nailed(world).play
    assert play is not None
    world.feed(ev.PlayEnded(at=world.at + 0.1, leg=DESK, play=play))
    assert nailed(world).play == play
    world.feed(ev.PlayEnded(at=world.at + 60, leg=DESK, play=play))
    assert nailed(world).play != play


def test_given_a_wish_from_the_desk_when_asked_then_a_phone_is_rung_and_whoever_picks_up_keeps_it() -> None:
    world = World(house()).ready("a0")
    assert "no phone" in world.asks("a0", Wish.NAIL_UP)
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.asks("a0", Wish.NAIL_UP) == ""
    (ring,) = [c for d in world.decisions for c in d.commands if isinstance(c, Ring)]
    assert ring.marks == {"nailed": "a0"}
    world.feed(ev.LegAnswered(at=world.at, leg=ring.leg))
    world.feed(ev.LegParked(at=world.at, leg=ring.leg, inbound=False))
    play = whispered(world.arrives("c"))
    assert play.leg == ring.leg


def test_given_a_wish_from_the_desk_when_nobody_picks_up_then_given_up() -> None:
    world = World(house()).ready("a0")
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.asks("a0", Wish.NAIL_UP)
    target = nailed(world).leg
    world.after(30)
    assert not stands(world) and world.decisions[-1].commands == (HangUp(leg=target),)
    assert world.agent("a0").state is A.READY


def test_given_a_second_one_when_it_stands_then_the_first_is_hung_up() -> None:
    world = dialled()
    world.arrives("other", dialled="*85", phone="1000")
    assert HangUp(leg=DESK) in world.decisions[-1].commands
    assert nailed(world).leg == leg("other")
    world.hangs_up("desk")
    assert world.agent("a0").state is A.READY


def test_given_an_agent_who_is_not_logged_in_when_dialling_for_it_then_refused() -> None:
    world = World(house())
    world.arrives("desk", dialled="*85", phone="1000")
    assert not stands(world)


def test_given_it_stands_when_taken_down_or_logged_out_then_hung_up() -> None:
    world = dialled()
    assert world.asks("a0", Wish.TAKE_DOWN) == "" and world.decisions[-1].commands == (HangUp(leg=DESK),)
    assert world.feed(ev.LegParked(at=world.at, leg=DESK, inbound=True)) == [], "nothing is played on it any more"
    assert world.asks("a0", Wish.TAKE_DOWN) == "no line stands"
    assert HangUp(leg=DESK) in world.after(5).decisions[-1].commands, "asked for again, as nobody has said that it ended"
    world.hangs_up("desk")
    assert world.state.nailed == {} and world.agent("a0").state is A.READY
    world = dialled()
    world.asks("a0", Wish.LOG_OUT)
    assert world.decisions[-1].commands == (HangUp(leg=DESK),) and not stands(world)


def test_row_25_given_calls_put_through_to_nobody_knows_whom_when_so_many_then_the_next_one_is_confirmed() -> None:
    rules = house(nailed=NailedPolicy(presence_after=2, presence_prompt=(Speech(text="press 1"),)), queue_wrap_up_s=0.0)
    world = dialled(rules)
    for caller in ("c", "d"):
        put_through(world, caller)
        world.hangs_up(caller)
    (ask,) = [c for c in world.arrives("e") if isinstance(c, Play) and c.leg == DESK]
    assert ask.media == (Speech(text="press 1"),)
    play = whispered(world.feed(ev.DigitPressed(at=world.at + 1, leg=DESK, digit="1")))
    world.feed(ev.PlayEnded(at=world.at + 1, leg=DESK, play=play.play, result="FILE PLAYED"))
    world.is_bridged("a0")
    world.hangs_up("e")
    assert whispered(world.arrives("f")).leg == DESK, "and then not for a while"


def test_row_25_given_nobody_there_when_the_digit_is_not_pressed_then_no_answer_and_the_leg_stays() -> None:
    rules = house(2, nailed=NailedPolicy(presence_after=0))
    world = dialled(rules)
    world.ready("a1")
    world.arrives("c")
    world.after(15)
    assert world.ended(Offer)[0].outcome is O.NO_ANSWER and world.agent("a0").reason == "rna"
    assert world.rung() == ["1001"] and stands(world)


def seen(*more: ev.ChannelSeen, playing: bool) -> tuple[ev.ChannelSeen, ...]:
    return (ev.ChannelSeen(leg=DESK, inbound=True, answered=True, playing=playing, marks={"nailed": "a0"}), *more)


def look(world: World, channels: tuple[ev.ChannelSeen, ...]) -> list[Command]:
    return world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=channels))


def test_row_75_given_it_stands_when_the_controller_was_away_then_it_stands_and_its_noise_begins_anew() -> None:
    world = dialled()
    world.at += 10
    assert look(world, seen(playing=True)) == []
    assert [type(c) for c in look(world, seen(playing=False))] == [Play]
    assert world.agent("a0").is_free


def test_row_75_given_it_is_gone_when_the_controller_was_away_then_lost() -> None:
    world = dialled()
    world.at += 10
    look(world, ())
    assert world.agent("a0").reason == "nailed_leg_lost" and not stands(world)


def test_row_75_given_the_tone_ended_while_the_controller_was_away_then_the_two_are_joined() -> None:
    world = dialled()
    world.arrives("c")
    world.at += 4
    commands = look(world, seen(ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=True), playing=False))
    assert Bridge(leg=leg("c"), other=DESK) in commands


def test_row_75_given_nobody_remembers_it_when_seen_then_kept_for_an_agent_who_is_there_and_hung_up_else() -> None:
    world = World(house()).ready("a0")
    look(world, seen(playing=False))
    assert nailed(world).leg == DESK
    world = World(house())
    assert HangUp(leg=DESK) in look(world, seen(playing=False)) and not stands(world)


def test_given_a_call_from_another_switch_when_offered_then_the_phone_rings_as_ever() -> None:
    world = dialled()
    far = LegId("other/c")
    world.feed(ev.SnapshotTaken(at=world.at, node="other", asked_at=world.at, channels=()))  # type: ignore[arg-type]
    world.feed(ev.CallArrived(at=world.at, leg=far, dialled="1"))
    assert world.rung() == ["1000"]
