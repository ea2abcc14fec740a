"""Moments and limits that only just hold: what is put off, carried over, or refused because something is about to end."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.talking.record_policy import WithoutRecording
from acd.core.talking.supervision import JOINS_S
from acd.core.talking.taping import SOON_S
from acd.words import AgentId, EntryKind, RecordingId, TalkWish, Wish
from tests.core import test_rows_recording as recording
from tests.core import test_rows_supervision as supervision
from tests.core.dialled_out import DialledWorld
from tests.core.talking import Floor
from tests.core.world import FS, Flows, World, policy


def test_given_a_supervisor_who_picks_up_at_the_last_moment_when_the_leg_parks_after_it_then_they_are_not_sent_away() -> None:
    world = supervision.talking()
    assert supervision.asks(world, supervision.W.LISTEN) == ""
    deadline = supervision.monitor(world).deadline
    assert deadline is not None
    world.after(deadline - world.at - 0.5)
    world.feed(ev.LegAnswered(at=world.at, leg=supervision.monitor(world).leg))
    assert supervision.monitor(world).deadline == world.at + JOINS_S
    world.after(1.0)
    world.feed(ev.LegParked(at=world.at, leg=supervision.monitor(world).leg, inbound=False))
    assert supervision.monitor(world).state is supervision.S.LISTENING


def test_row_65_given_a_talk_longer_than_a_tape_when_the_next_one_begins_then_a_mask_may_last_as_long_on_it() -> None:
    world = recording.talking()
    other = replace(recording.ALWAYS, mask_longest_s=5.0, longest_s=60, keep_s=1.0)
    world.state.policy = policy(agents=2, queue_record=other)  # of talks that begin from now on
    recording.tape_ends(world, seconds=float(recording.ALWAYS.longest_s))
    world.after(SOON_S)
    first, second = (recording.ALWAYS, world.state.recordings[RecordingId("c.r2")])
    assert (second.mask_longest_s, second.longest_s, second.keep_s) == (first.mask_longest_s, first.longest_s, first.keep_s)


def test_row_67_given_a_call_that_is_being_ended_when_its_agent_asks_for_something_then_it_is_too_late() -> None:
    world = recording.talking(replace(recording.ALWAYS, without=WithoutRecording.REFUSE))
    recording.tape_ends(world, why="uri-failure")
    assert world.call("c").ending and world.agent("a0").state == "talking"
    world.feed(ev.TalkAsked(at=world.at, agent=AgentId("a0"), what=TalkWish.HOLD))
    assert world.decisions[-1].refused == "the call is ending"


def test_f13_given_two_who_are_to_be_joined_when_the_switch_is_away_then_it_is_asked_for_later_and_not_in_a_loop() -> None:
    world = Floor().talk().world
    for what in (TalkWish.HOLD, TalkWish.RESUME):
        world.feed(ev.TalkAsked(at=world.at, agent=AgentId("a0"), what=what))
    due = world.call("c").talk.join_at
    assert due is not None
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.feed(ev.TimePassed(at=due))
    again = world.call("c").talk.join_at
    assert again is not None and again > due


def test_given_somebody_who_was_dialled_when_they_stand_in_line_then_that_is_a_stay_and_the_next_one_has_another_number() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    entry = next(each for each in w.state.entries.values() if each.kind is EntryKind.DIALLED)
    assert w.contact().entries == 1 and entry.id.endswith(".q1")


def test_row_47_given_a_line_whose_staff_is_gone_when_its_grace_runs_then_it_is_looked_at_when_that_is_over_and_not_before() -> None:
    world = World(policy(agents=1, queue_grace_s=60.0), Flows(exits=frozenset({"no_agents"})))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    world.asks("a0", Wish.LOG_OUT)
    [watch] = world.state.watches.values()
    assert watch.deadline == world.at + 60.0


def test_given_an_agent_who_rests_when_another_is_chosen_then_the_trace_says_why_not_the_first() -> None:
    world = World(policy(agents=2, busy_rest_s=30.0)).ready("a0", "a1")
    world.arrives("c")
    world.phone_ends("a0", "USER_BUSY", 486)
    assert world.agent("a0").resting
    passed = {each.agent: each.rule for each in world.offer("a1").trace.passed_over}
    assert passed[AgentId("a0")] == "resting"


def test_row_65_given_a_masked_tape_when_its_talk_ends_then_it_stops_and_is_not_taken_for_one_that_runs() -> None:
    world = recording.talking()
    recording.asks(world, recording.W.PAUSE)
    assert recording.tape(world).state is recording.S.MASKED
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    assert recording.tape(world).state is recording.S.STOPPING
