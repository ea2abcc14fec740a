"""ACD.md rows 64 and 66: callers hear that they are recorded before they are, once; who said no is on no tape, whatever happens."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.commands import Command, Play, Ring, StartRecording
from acd.core.interpreter import EnterQueue
from acd.core.lines.announcing import HEARD, LONGEST_S
from acd.core.media import Music, Speech
from acd.core.talking.record_policy import RecordPolicy, When
from acd.words import CallId, EntryState, PlayId, QueueId, TapeWish
from tests.core.world import FS, Flows, World, leg, policy

WORDS = (Speech(text="This call may be recorded."),)
TOLD = RecordPolicy(when=When.ALWAYS, announce=WORDS)
AGAIN = Flows(after={"served": EnterQueue(queue=QueueId("billing"))})


def house(record: RecordPolicy = TOLD, flows: Flows | None = None) -> World:
    return World(policy(agents=2, queues=("sales", "billing"), queue_record=record), flows)


def said(commands: list[Command]) -> list[PlayId]:
    return [each.play for each in commands if isinstance(each, Play) and each.media == WORDS]


def is_over(world: World, result: str = HEARD) -> list[Command]:
    play = world.entry("c").saying
    assert play is not None
    return world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play=play, result=result))


def has_music(commands: list[Command]) -> bool:
    return any(isinstance(each, Play) and isinstance(each.media[0], Music) for each in commands)


def talks(world: World, agent: str = "a0") -> list[Command]:
    world.rings(agent)
    world.picks_up(agent)
    return world.is_bridged(agent)


def is_taped(commands: list[Command]) -> bool:
    return any(isinstance(each, StartRecording) for each in commands)


def seen_again(world: World, hears: bool) -> list[Command]:
    here = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=hears)
    return world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(here,)))


def test_row_64_given_a_free_agent_when_a_caller_joins_then_the_announcement_is_heard_before_anybody_is_rung() -> None:
    world = house().ready("a0")
    commands = world.arrives("c")
    assert len(said(commands)) == 1 and not has_music(commands) and not any(isinstance(each, Ring) for each in commands)
    world.after(5.0)
    assert not world.rung() and world.entry("c").state is EntryState.WAITING
    is_over(world)
    assert world.rung() == ["1000"] and world.entry("c").since == 1000.5
    assert is_taped(talks(world))
    assert world.entry("c").recipes[0].did == ("announced",)


def test_row_64_given_nobody_free_when_the_announcement_is_over_then_there_is_music_and_the_place_is_kept() -> None:
    world = house()
    world.arrives("c")
    world.after(4.0)
    world.arrives("d", dialled="1")
    assert has_music(is_over(world))
    world.feed(ev.PlayEnded(at=world.at, leg=leg("d"), play=world.entry("d").saying or PlayId(""), result=HEARD))
    world.ready("a0")
    assert world.offer("a0").call == "c"


def test_row_64_given_an_announcement_that_cannot_be_played_when_they_talk_then_the_talk_is_not_on_tape() -> None:
    world = house().ready("a0")
    world.arrives("c")
    is_over(world, "FILE NOT FOUND")
    assert not is_taped(talks(world)) and not world.call("c").told_of_tape
    assert world.entry("c").recipes[0].did == ("not heard: no tape",)


def test_row_64_given_an_announcement_whose_end_is_never_told_when_its_longest_time_is_over_then_the_caller_is_served() -> None:
    world = house().ready("a0")
    world.arrives("c")
    world.after(LONGEST_S - 1)
    assert not world.rung()
    world.after(2.0)
    assert world.rung() == ["1000"] and not is_taped(talks(world))


def test_row_64_given_a_caller_who_was_told_when_they_come_into_a_second_queue_then_it_is_not_said_again_and_they_are_on_tape() -> None:
    world = house(flows=AGAIN).ready("a0")
    world.arrives("c")
    is_over(world)
    talks(world)
    commands = world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    assert world.entry("c").queue == "billing" and not said(commands)
    world.ready("a1")
    assert is_taped(talks(world, "a1"))


def test_row_64_given_a_controller_that_dies_in_the_announcement_when_it_still_plays_then_it_is_not_begun_again() -> None:
    world = house().ready("a0")
    world.arrives("c")
    world.at += 20
    assert not said(seen_again(world, hears=True)) and not world.rung()
    is_over(world)
    assert world.rung() == ["1000"]


def test_row_64_given_a_controller_that_dies_in_the_announcement_when_its_end_is_missed_then_it_is_said_once_more() -> None:
    world = house().ready("a0")
    world.arrives("c")
    world.at += 20
    assert len(said(seen_again(world, hears=False))) == 1 and not world.rung()
    is_over(world)
    assert is_taped(talks(world))


def test_row_66_given_a_caller_who_has_declined_when_they_talk_in_two_queues_then_nothing_is_said_and_nothing_taped() -> None:
    world = house(flows=AGAIN).ready("a0")
    world.arrives("c", marks={"tape": "decline"})
    assert world.call("c").tape is TapeWish.DECLINE and world.rung() == ["1000"]
    assert not is_taped(talks(world))
    commands = world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    world.ready("a1")
    assert not said(commands) and not is_taped(talks(world, "a1"))


def test_row_66_given_a_caller_who_declines_in_a_talk_when_the_line_is_rebuilt_from_the_channel_then_they_are_on_no_tape() -> None:
    world = house(replace(TOLD, announce=())).talks("c", "a0")
    commands = world.feed(ev.TapeAsked(at=world.at, call=CallId("c"), wish=TapeWish.DECLINE, by="flow"))
    marks = {name: value for each in commands for name, value in getattr(each, "values", {}).items()}
    anew = house(replace(TOLD, announce=())).ready("a0")
    anew.arrives("c", marks={"queue": "sales", "since": "990", **marks})
    assert anew.call("c").recovered and not is_taped(talks(anew))


def test_row_64_given_a_caller_who_was_told_when_the_line_is_rebuilt_from_the_channel_then_it_is_not_said_again() -> None:
    world = house()
    world.arrives("c")
    marks = {name: value for each in is_over(world) for name, value in getattr(each, "values", {}).items()}
    anew = house().ready("a0")
    assert not said(anew.arrives("c", marks={"queue": "sales", "since": "990", **marks}))
    assert is_taped(talks(anew))
