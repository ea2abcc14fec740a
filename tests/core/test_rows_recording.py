"""ACD.md rows 64-67: talks on tape, masks, who declines, disks that refuse; and each of it when the controller comes back."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.commands import Answer, HangUp, MaskRecording, StartRecording, StopRecording, UnmaskRecording
from acd.core.interpreter import EnterQueue
from acd.core.talking.record_policy import RecordPolicy, When, WithoutRecording
from acd.core.talking.recording import Recording
from acd.core.talking.taping import AGAIN_S, SOON_S, STOPS_MOST, STOPS_WITHIN_S
from acd.words import CallId, FlowId, QueueId, RecordingId, RecordingOutcome, RecordingState, TapeWish
from tests.core.world import FS, Flows, World, leg, policy

S, O, W = RecordingState, RecordingOutcome, TapeWish
ALWAYS = RecordPolicy(when=When.ALWAYS, keep_s=90 * 86400.0, mask_longest_s=60.0)
FIRST = RecordingId("c.r1")


def talking(record: RecordPolicy = ALWAYS, flows: Flows | None = None) -> World:
    return World(policy(agents=2, queue_record=record), flows).talks("c", "a0")


def tape(world: World, id: str = "c.r1") -> Recording:
    return world.state.recordings[RecordingId(id)]


def asks(world: World, wish: TapeWish, by: str = "anna") -> list[object]:
    return list(world.feed(ev.TapeAsked(at=world.at, call=CallId("c"), wish=wish, by=by)))


def tape_ends(world: World, id: str = "c.r1", seconds: float = 3.0, why: str = "") -> list[object]:
    return list(world.feed(ev.RecordingEnded(at=world.at, leg=leg("c"), recording=RecordingId(id), seconds=seconds, why=why)))


def kept(world: World) -> list[Recording]:
    return world.ended(Recording)


def test_row_64_given_a_policy_when_both_hear_each_other_then_it_is_on_tape_and_not_before() -> None:
    world = World(policy(queue_record=ALWAYS)).ready("a0")
    world.arrives("c")
    world.rings("a0")
    before = world.picks_up("a0")
    assert not any(isinstance(command, StartRecording) for command in before)
    assert StartRecording(leg=leg("c"), recording=FIRST, max_s=ALWAYS.longest_s) in world.is_bridged("a0")
    on = tape(world)
    assert (on.call, on.queue, on.agent, on.offer, on.keep_s) == ("c", "sales", "a0", world.offer("a0").id, ALWAYS.keep_s)


def test_row_64_given_a_talk_when_it_ends_then_its_recording_is_bound_to_it_with_its_length() -> None:
    world = talking()
    agent = world.offer("a0").leg
    commands = world.feed(ev.LegEnded(at=world.at, leg=agent, cause="NORMAL_CLEARING"))
    assert StopRecording(leg=leg("c"), recording=FIRST) in commands
    tape_ends(world, seconds=12.5)
    [one] = kept(world)
    assert (one.outcome, one.seconds, one.why, one.agent) == (O.KEPT, 12.5, "", "a0")


def test_row_64_given_a_second_talk_of_the_same_contact_when_it_begins_then_it_has_a_recording_of_its_own() -> None:
    world = talking(flows=Flows(after={"served": EnterQueue(queue=QueueId("sales"))}))
    world.ready("a1")
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    tape_ends(world)
    world.rings("a1")
    world.picks_up("a1")
    assert StartRecording(leg=leg("c"), recording=RecordingId("c.r2"), max_s=ALWAYS.longest_s) in world.is_bridged("a1")
    assert tape(world, "c.r2").agent == "a1"


@pytest.mark.parametrize(("percent", "recorded"), [(0.0, 0), (100.0, 40), (30.0, 12)])
def test_given_a_share_when_many_call_then_about_so_many_are_recorded_and_always_the_same(percent: float, recorded: int) -> None:
    record = RecordPolicy(when=When.SOME, percent=percent)
    chosen = [record.chooses(CallId(f"call-{n}")) for n in range(40)]
    assert sum(chosen) == recorded
    assert chosen == [record.chooses(CallId(f"call-{n}")) for n in range(40)]


def test_given_no_policy_when_two_talk_then_nothing_is_recorded() -> None:
    world = talking(RecordPolicy())
    assert not world.state.recordings and world.call("c").tapes == 0


def test_row_65_given_a_talk_when_paused_and_resumed_then_the_tape_is_masked_between_and_both_are_kept() -> None:
    world = talking()
    world.at += 3
    assert asks(world, W.PAUSE) == [MaskRecording(leg=leg("c"), recording=FIRST)]
    began = world.at
    assert tape(world).state is S.MASKED
    world.at += 5
    assert asks(world, W.RESUME, by="sue") == [UnmaskRecording(leg=leg("c"), recording=FIRST)]
    [masked] = tape(world).masks
    assert (masked.at, masked.by, masked.until, masked.until_by) == (began, "anna", began + 5, "sue")


def test_row_65_given_a_forgotten_mask_when_its_time_is_over_then_it_is_resumed() -> None:
    world = talking()
    asks(world, W.PAUSE)
    world.after(ALWAYS.mask_longest_s - 1)
    assert tape(world).state is S.MASKED
    world.after(1)
    assert tape(world).state is S.ON and tape(world).masks[-1].until_by == "time-out"
    assert world.decisions[-1].commands == (UnmaskRecording(leg=leg("c"), recording=FIRST),)


def test_row_65_given_a_mask_when_it_is_asked_for_again_then_it_holds_longer() -> None:
    world = talking()
    asks(world, W.PAUSE)
    world.after(ALWAYS.mask_longest_s - 1)
    asks(world, W.PAUSE)
    world.after(ALWAYS.mask_longest_s - 1)
    assert tape(world).state is S.MASKED and len(tape(world).masks) == 1


def test_row_65_given_a_mask_when_the_caller_hangs_up_then_it_ends_with_the_talk() -> None:
    world = talking()
    asks(world, W.PAUSE)
    world.hangs_up("c")
    tape_ends(world)
    [one] = kept(world)
    assert one.masks[-1].until == world.at and one.masks[-1].until_by == "talk ended"


def test_row_65_given_a_mask_when_the_caller_goes_to_another_agent_then_the_next_tape_is_not_masked() -> None:
    world = talking(flows=Flows(after={"served": EnterQueue(queue=QueueId("sales"))}))
    world.ready("a1")
    asks(world, W.PAUSE)
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    world.picks_up("a1")
    world.is_bridged("a1")
    assert tape(world, "c.r2").state is S.ON


@pytest.mark.parametrize("wish", [W.PAUSE, W.RESUME])
def test_given_nothing_on_tape_when_paused_then_it_is_refused(wish: TapeWish) -> None:
    world = talking(RecordPolicy())
    assert asks(world, wish) == [] and world.decisions[-1].refused == "nothing is being recorded"


def test_given_no_such_call_when_asked_then_it_is_refused() -> None:
    world = World()
    asks(world, W.START)
    assert world.decisions[-1].refused == "there is no such call"


def test_given_a_mask_when_the_controller_comes_back_then_it_masks_before_anything_else() -> None:
    world = talking()
    asks(world, W.PAUSE)
    seen = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=world.offer("a0").leg)
    agent = ev.ChannelSeen(leg=world.offer("a0").leg, inbound=False, answered=True, bridged_to=leg("c"))
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(seen, agent)))
    assert commands[0] == MaskRecording(leg=leg("c"), recording=FIRST)
    assert tape(world).state is S.MASKED


def test_given_a_tape_that_is_not_masked_when_the_controller_comes_back_then_it_finds_out_whether_it_still_runs() -> None:
    world = talking()
    seen = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=world.offer("a0").leg)
    agent = ev.ChannelSeen(leg=world.offer("a0").leg, inbound=False, answered=True, bridged_to=leg("c"))
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(seen, agent)))
    assert UnmaskRecording(leg=leg("c"), recording=FIRST) in commands
    tape_ends(world, seconds=0.0, why=ev.LOST)
    world.after(SOON_S)
    assert tape(world, "c.r2").state is S.ON and kept(world)[0].outcome is O.FAILED


def test_given_a_talk_that_ended_while_we_were_away_when_we_come_back_then_its_tape_is_booked() -> None:
    world = talking()
    world.at += 10
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=()))
    assert tape(world).state is S.STOPPING
    world.after(STOPS_WITHIN_S)
    [one] = kept(world)
    assert one.outcome is O.KEPT and one.seconds is None and not world.state.recordings


def test_given_a_switch_that_came_up_anew_when_its_call_was_brought_back_then_a_new_tape_is_begun_and_the_old_one_kept() -> None:
    world = talking()
    seen = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=world.offer("a0").leg)
    agent = ev.ChannelSeen(leg=world.offer("a0").leg, inbound=False, answered=True, bridged_to=leg("c"))
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(seen, agent), restarted=True))
    assert tape(world).state is S.BROKEN and tape(world).why == "SWITCH_CRASH"
    world.after(STOPS_WITHIN_S)
    assert list(world.state.recordings) == ["c.r2"]


@pytest.mark.parametrize("wish", [W.DECLINE, W.STOP])
def test_row_66_given_a_caller_who_declined_when_two_talk_then_nothing_is_recorded(wish: TapeWish) -> None:
    world = World(policy(queue_record=ALWAYS)).ready("a0")
    world.arrives("c")
    asks(world, wish, by="flow")
    world.rings("a0")
    world.picks_up("a0")
    world.is_bridged("a0")
    assert not world.state.recordings


def test_row_66_given_a_caller_who_declined_when_somebody_starts_it_then_it_is_refused() -> None:
    world = talking()
    assert StopRecording(leg=leg("c"), recording=FIRST) in asks(world, W.DECLINE)
    assert asks(world, W.START) == []
    assert world.decisions[-1].refused == "the caller has declined to be recorded"


def test_given_no_policy_when_it_is_started_in_a_talk_then_it_is_recorded_by_whoever_asked() -> None:
    world = talking(RecordPolicy())
    asks(world, W.START, by="sue")
    assert tape(world).state is S.ON and (tape(world).by, tape(world).agent) == ("sue", "a0")
    asks(world, W.START, by="sue")
    assert len(world.state.recordings) == 1


def test_row_67_given_a_disk_that_refuses_when_two_talk_then_they_talk_on_and_it_is_tried_again() -> None:
    world = talking()
    assert tape_ends(world, seconds=0, why="Cannot record session!") == []
    assert tape(world).state is S.BROKEN and world.agent("a0").state == "talking"
    world.after(AGAIN_S)
    assert tape(world, "c.r2").state is S.ON and tape(world, "c.r2").tries == 1
    [failed] = kept(world)
    assert (failed.outcome, failed.why) == (O.FAILED, "Cannot record session!")


def test_row_67_given_a_disk_that_refuses_when_the_policy_forbids_an_unrecorded_talk_then_the_call_ends() -> None:
    world = talking(replace(ALWAYS, without=WithoutRecording.REFUSE))
    assert tape_ends(world, why="uri-failure") == [HangUp(leg=leg("c"), cause="NORMAL_TEMPORARY_FAILURE")]


def test_row_67_given_a_disk_that_refuses_when_the_talk_ends_before_the_next_try_then_it_is_a_failed_one() -> None:
    world = talking()
    tape_ends(world, seconds=2.0, why="uri-failure")
    world.hangs_up("c")
    [one] = kept(world)
    assert (one.outcome, one.seconds) == (O.FAILED, 2.0)


def test_given_a_tape_that_ends_with_its_leg_when_the_end_of_the_leg_follows_then_no_other_is_begun() -> None:
    world = talking()
    tape_ends(world, seconds=7.0)
    assert world.hangs_up("c").count(StartRecording(leg=leg("c"), recording=RecordingId("c.r2"), max_s=1)) == 0
    world.after(60)
    [one] = kept(world)
    assert (one.outcome, one.seconds) == (O.KEPT, 7.0)


def test_given_a_tape_that_is_full_when_the_talk_goes_on_then_the_next_one_is_begun() -> None:
    world = talking()
    tape_ends(world, seconds=float(ALWAYS.longest_s))
    world.after(SOON_S)
    assert list(world.state.recordings) == ["c.r2"] and tape(world, "c.r2").tries == 0


def test_given_an_end_that_is_told_twice_when_heard_then_the_second_is_late() -> None:
    world = talking()
    world.hangs_up("c")
    tape_ends(world)
    tape_ends(world)
    assert world.decisions[-1].late


def test_given_an_end_that_is_never_told_when_the_caller_is_still_there_then_it_is_asked_for_again_and_at_last_believed() -> None:
    world = talking(flows=Flows(after={"served": EnterQueue(queue=QueueId("sales"))}))
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    world.after(STOPS_WITHIN_S * STOPS_MOST)
    stops = [each for decision in world.decisions for each in decision.commands if isinstance(each, StopRecording)]
    assert len(stops) == 1 + STOPS_MOST and not kept(world)
    world.after(STOPS_WITHIN_S)
    assert [one.outcome for one in kept(world)] == [O.KEPT]


def test_given_an_end_that_was_asked_for_when_the_switch_knows_of_no_such_tape_then_it_is_over_and_no_failure() -> None:
    world = talking()
    world.hangs_up("c")
    tape_ends(world, seconds=0.0, why=ev.LOST)
    assert [(one.outcome, one.why) for one in kept(world)] == [(O.KEPT, "")]


def test_given_a_leg_that_is_gone_when_the_controller_comes_back_then_nothing_is_asked_of_its_tape() -> None:
    world = talking()
    world.at += 5
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=()))
    assert not [each for each in commands if isinstance(each, MaskRecording | UnmaskRecording)]


def test_given_a_caller_who_is_not_answered_when_a_flow_starts_a_tape_then_they_are_answered_first() -> None:
    world = World()
    world.arrives("c", "50")
    before = world.call("c").answered_at
    commands = asks(world, W.START, by="flow")
    assert before is None and [type(each) for each in commands] == [Answer, StartRecording]


def test_given_a_flow_that_begins_with_a_tape_when_a_call_arrives_then_it_is_on_tape_at_once() -> None:
    world = World(policy(numbers={"9": FlowId("tape.start")}))
    commands = world.arrives("c", "9")
    assert StartRecording(leg=leg("c"), recording=FIRST, max_s=4 * 3600) in commands
    assert world.state.calls and tape(world).offer is None
