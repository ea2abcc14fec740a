"""ACD.md rows 75-81: restarts, gaps, crashes. What was missed arrives as the event it would have been."""

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Arm, Bridge, Dismiss, HangUp, Mark, Play, Ring
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.state import State
from acd.words import AgentState, EndedBy, EntryOutcome, EntryState, OfferOutcome, Owner
from tests.core.world import FS, World, leg

A, E, O = AgentState, EntryOutcome, OfferOutcome


def seen(name: str, **more: object) -> ev.ChannelSeen:
    channel = {"leg": leg(name), "inbound": True, "answered": True, "playing": True} | more
    return ev.ChannelSeen(**channel)  # type: ignore[arg-type]


def agents_leg(world: World, agent: str, **more: object) -> ev.ChannelSeen:
    return seen("", **({"leg": world.offer(agent).leg, "inbound": False, "playing": False} | more))


def look(world: World, *channels: ev.ChannelSeen, restarted: bool = False, **more: object) -> list:  # type: ignore[type-arg]
    world.at += 10
    return world.feed(
        ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=channels, restarted=restarted, **more)  # type: ignore[arg-type]
    )


def test_row_75_given_a_queue_when_restarted_from_versions_then_the_same_line_the_same_waits_the_same_agents() -> None:
    world = World().ready("a0")
    for n in range(5):
        world.arrives(f"c{n}")
        world.at += 3
    fresh = State(world.state.policy, world.state.flows)
    for decision in world.decisions:
        for record in decision.changes:
            fresh.put(record)
    assert [e.id for e in fresh.line("sales")] == [e.id for e in world.state.line("sales")]  # type: ignore[arg-type]
    assert fresh.agents == world.state.agents and fresh.offers == world.state.offers
    assert list(fresh.due) == list(world.state.due)


def test_row_75_given_an_agent_who_picked_up_while_we_were_away_when_back_then_bridged() -> None:
    world = World().ready("a0")
    world.arrives("c")
    commands = look(world, seen("c"), agents_leg(world, "a0"))
    assert Bridge(leg=leg("c"), other=world.offer("a0").leg) in commands


def test_row_75_given_a_bridge_made_while_we_were_away_when_back_then_a_talk() -> None:
    world = World().ready("a0")
    world.arrives("c")
    agent = world.offer("a0").leg
    look(world, seen("c", bridged_to=agent), agents_leg(world, "a0", bridged_to=leg("c")))
    assert world.call("c").owner is Owner.AGENT and world.agent("a0").state is A.TALKING


def test_row_75_given_a_ring_that_was_remembered_but_never_sent_when_back_then_offered_anew_and_nobody_is_blamed() -> None:
    world = World().ready("a0")
    world.arrives("c")
    commands = look(world, seen("c"))
    assert world.ended(Offer)[0].outcome is O.CANCELLED_BY_SYSTEM
    assert [c.phone for c in commands if isinstance(c, Ring)] == ["1000"], "at once, to the same agent: nothing was wrong"


def test_row_76_given_hang_ups_in_the_gap_when_back_then_ended_and_counted_as_healed() -> None:
    world = World().talks("c", "a0")
    look(world)
    healed = [d for d in world.decisions if d.healed]
    assert len(world.ended(Call)) == 1 and world.ended(Call)[0].ended_by is EndedBy.SYSTEM
    assert [type(d.event).__name__ for d in healed] == ["LegEnded", "LegEnded"]
    assert world.agent("a0").state is A.WRAP_UP


def test_row_76_given_an_agent_who_hung_up_in_the_gap_when_back_then_the_caller_goes_on_in_the_flow() -> None:
    world = World().talks("c", "a0")
    commands = look(world, seen("c", playing=False))
    assert HangUp(leg=leg("c")) in commands and world.agent("a0").state is A.WRAP_UP


def test_row_76_given_nothing_missed_when_looked_then_nothing_healed() -> None:
    world = World().talks("c", "a0")
    world.arrives("d")
    for name in ("c", "d"):
        world.feed(ev.LegAnswered(at=world.at, leg=leg(name)))
    agent = world.offer("a0").leg
    look(world, seen("c", bridged_to=agent), agents_leg(world, "a0", bridged_to=leg("c")), seen("d"))
    assert not [d for d in world.decisions if d.healed]


def test_row_77_given_a_switch_that_crashed_when_back_then_system_error_and_not_abandoned() -> None:
    world = World().ready("a0")
    world.arrives("ringing")
    world.arrives("waiting")
    world.feed(ev.NodeLost(at=world.at, node=FS))
    look(world, restarted=True)
    assert {e.outcome for e in world.ended(Entry)} == {E.SYSTEM_ERROR}
    assert world.ended(Offer)[0].outcome is O.CANCELLED_BY_SYSTEM and world.agent("a0").state is A.READY
    assert {c.ended_by for c in world.ended(Call)} == {EndedBy.SYSTEM}


def test_row_77_given_an_end_of_the_music_that_was_asked_for_when_it_is_told_then_it_counts_as_healed() -> None:
    world = World()
    world.arrives("c")
    world.after(60)
    for result, healed in ((ev.LOST, True), ("FILE PLAYED", False)):
        play = f"c.q1.m{world.entry('c').plays}"
        world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play=play, result=result))  # type: ignore[arg-type]
        assert [decision.healed for decision in world.decisions[-1:]] == [healed]


def test_row_77_given_a_switch_that_brought_a_caller_back_when_looked_at_then_its_own_dead_mans_switch_is_taken_off() -> None:
    world = World()
    world.arrives("c")
    world.feed(ev.LegAnswered(at=world.at, leg=leg("c")))
    world.after(5)
    world.feed(ev.NodeLost(at=world.at, node=FS))
    before = len(world.decisions)
    look(world, seen("c", playing=False), restarted=True)
    asked = [command for decision in world.decisions[before:] for command in decision.commands]
    assert [type(command) for command in asked] == [Mark, Arm, Play], "adopted again, and with music"
    assert world.entry("c").is_live
    look(world, seen("c", playing=True))
    assert not world.decisions[-1].commands, "only after a crash"


def test_row_77_given_a_node_that_is_away_when_an_agent_is_ready_then_no_offer_there_until_it_is_back() -> None:
    world = World()
    world.arrives("c")
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.ready("a0")
    assert world.rung() == []
    look(world, seen("c"))
    assert world.rung() == ["1000"]


def test_row_80_given_a_node_that_is_away_when_the_ring_time_is_over_then_nobody_is_blamed_before_we_can_see() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.rings("a0")
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.after(60)
    assert world.agent("a0").state is A.OFFERED
    look(world, seen("c"))
    assert world.ended(Offer)[0].outcome is O.CANCELLED_BY_SYSTEM and world.agent("a0").missed == 0


def test_i10_given_no_journal_when_callers_wait_on_the_switch_then_their_line_comes_back_from_the_marks_in_order() -> None:
    world = World()
    marks = {"queue": "sales", "priority": "0", "flow": "queue.sales", "step": "queue"}
    one = seen("one", marks=marks | {"call": "one", "since": "500.000"})
    two = seen("two", marks=marks | {"call": "two", "since": "400.000"})
    vip = seen("vip", marks=marks | {"call": "vip", "since": "800.000", "priority": "7"})
    look(world, one, two, vip)
    assert [e.call for e in world.state.line("sales")] == ["vip", "two", "one"]  # type: ignore[arg-type]
    assert world.call("two").recovered and world.entry("two").since == 400.0


def test_i5_given_a_leg_of_ours_that_belongs_to_nothing_when_seen_then_dismissed() -> None:
    world = World()
    stray = seen("x", inbound=False, marks={"offer": "gone"})
    assert look(world, stray) == [Dismiss(leg=leg("x"))]


def test_given_strangers_who_talk_when_seen_then_left_alone() -> None:
    world = World()
    a, b = seen("a", bridged_to=leg("b")), seen("b", inbound=False, bridged_to=leg("a"), marks={"offer": "gone"})
    assert look(world, a, b) == []


def test_given_a_call_younger_than_the_list_when_not_in_it_then_not_taken_for_lost() -> None:
    world = World()
    world.arrives("c")
    world.feed(ev.SnapshotTaken(at=world.at + 1, node=FS, asked_at=world.at + 1, channels=()))
    assert world.call("c").owner is Owner.QUEUE


def test_given_silence_where_music_should_be_when_seen_then_music_again() -> None:
    world = World()
    world.arrives("c")
    commands = look(world, seen("c", playing=False))
    assert [type(c) for c in commands] == [Play] and world.entry("c").state is EntryState.WAITING


def test_given_a_prompt_that_ended_unheard_when_seen_then_the_flow_is_told() -> None:
    world = World()
    world.arrives("c", dialled="50")
    look(world, seen("c", playing=False, answered=False))
    [healed] = [d.event for d in world.decisions if d.healed]
    assert isinstance(healed, ev.PlayEnded) and healed.play == "c.1"


def test_given_registrations_in_the_snapshot_when_they_differ_then_the_phones_are_put_right() -> None:
    world = World().ready("a0", "a1")
    look(world, phones=("1001",))
    assert (world.agent("a0").reason, world.agent("a1").state) == ("device_down", A.READY)
    look(world, phones=("1000", "1001"))
    assert world.agent("a0").state is A.READY


def test_row_81_given_events_stamped_before_one_another_when_they_come_then_durations_are_never_negative() -> None:
    world = World().talks("c", "a0")
    world.hangs_up("c")
    for record in world.ended(Offer) + world.ended(Entry):
        begun = getattr(record, "offered_at", None) or record.joined_at
        assert record.ended_at >= begun


def test_given_music_asked_for_moments_ago_when_not_yet_heard_then_nothing_is_healed() -> None:
    world = World()
    world.arrives("c")
    at = world.at + 1
    young = seen("c", playing=False, answered=False)
    assert world.feed(ev.SnapshotTaken(at=at, node=FS, asked_at=at, channels=(young,))) == []


def test_given_a_prompt_begun_moments_ago_when_not_yet_heard_then_the_flow_is_not_told_that_it_ended() -> None:
    world = World()
    world.arrives("c", dialled="50")
    at = world.at + 1
    young = seen("c", playing=False, answered=False)
    world.feed(ev.SnapshotTaken(at=at, node=FS, asked_at=at, channels=(young,)))
    assert not [d for d in world.decisions if d.healed]


def test_given_an_agent_who_picked_up_a_moment_ago_when_looked_then_the_join_under_way_is_not_disturbed() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    at = world.at + 1
    world.feed(ev.SnapshotTaken(at=at, node=FS, asked_at=at, channels=(seen("c"), agents_leg(world, "a0", answered=True))))
    healed = [type(d.event).__name__ for d in world.decisions if d.healed]
    assert "LegParked" not in healed


def test_given_two_joined_a_moment_ago_when_the_list_lags_then_the_talk_goes_on() -> None:
    world = World().talks("c", "a0")
    at = world.at + 1
    world.feed(ev.SnapshotTaken(at=at, node=FS, asked_at=at, channels=(seen("c"), agents_leg(world, "a0"))))
    assert world.agent("a0").state is A.TALKING


def test_given_an_answered_leg_of_another_node_when_a_node_is_looked_at_then_not_taken_for_lost() -> None:
    world = World()
    world.arrives("c")
    at = world.at + 10
    world.feed(ev.SnapshotTaken(at=at, node="other", asked_at=at, channels=(), restarted=True))  # type: ignore[arg-type]
    assert world.call("c").owner is Owner.QUEUE


def test_row_75_given_two_to_be_joined_when_we_were_away_for_longer_than_that_may_take_then_it_begins_anew() -> None:
    world = World().ready("a0")
    world.arrives("c")
    agent = world.offer("a0").leg
    world.feed(ev.LegAnswered(at=world.at, leg=agent))
    commands = look(world, seen("c"), agents_leg(world, "a0"))  # ten seconds later
    assert Bridge(leg=leg("c"), other=agent) in commands
    world.feed(ev.TimePassed(at=world.at + 1))
    assert world.entry("c").state is EntryState.CONNECTING
    world.feed(ev.TimePassed(at=world.at + 6))
    assert world.entry("c").state is not EntryState.CONNECTING


def test_given_a_list_that_was_asked_for_before_a_caller_hung_up_when_it_comes_then_nobody_is_adopted_again() -> None:
    world = World().ready("a0")
    world.arrives("c")
    asked_at = world.at
    world.at += 0.05
    ringing = agents_leg(world, "a0", marks={"offer": "c.q1.o1"}, answered=False)
    world.hangs_up("c")
    world.at += 0.05
    old = ev.SnapshotTaken(at=world.at, node=FS, asked_at=asked_at, channels=(seen("c"), ringing))
    assert world.feed(old) == [] and not world.state.calls
    later = ev.SnapshotTaken(at=world.at + 5, node=FS, asked_at=world.at + 5, channels=(ringing,))
    assert world.feed(later) == [Dismiss(leg=ringing.leg)], "who stands there still is an orphan"


def test_given_a_list_that_was_asked_for_before_music_began_when_it_comes_then_the_music_is_not_begun_again() -> None:
    world = World()
    world.arrives("c")
    world.at += 60
    world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play="c.q1.m1", result="FILE PLAYED"))  # type: ignore[arg-type]
    old = ev.SnapshotTaken(at=world.at + 0.1, node=FS, asked_at=world.at - 0.1, channels=(seen("c", playing=False),))
    assert world.feed(old) == []


@pytest.mark.parametrize(("other", "dismissed"), [({"offer": "gone.o2"}, 2), ({"out": "gone.out"}, 0)])
def test_given_a_gap_when_two_of_our_making_talk_and_nobody_knows_them_then_only_two_agents_are_parted(
    other: dict[str, str], dismissed: int
) -> None:
    one = seen("a", inbound=False, bridged_to=leg("b"), marks={"offer": "gone.o1"})
    two = seen("b", inbound=False, bridged_to=leg("a"), marks=other)
    commands = look(World(), one, two)
    assert sum(isinstance(each, Dismiss) for each in commands) == dismissed
