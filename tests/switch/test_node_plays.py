"""Playbacks that do not begin, and those whose end is not told (FAULTS.md F17)."""

import json

import pytest

from acd.core import commands as c
from acd.core import events as e
from acd.core.media import Music, Recorded
from acd.words import PlayId
from tests.switch.node_world import World, leg


def test_given_a_play_that_does_not_begin_when_its_time_has_passed_then_it_is_asked_for_again_until_it_has(world: World) -> None:
    world.start()
    world.node.send([c.Play(leg=leg("a"), play=PlayId("p.1"), media=(Music(name="default"),))])
    assert world.fake.until(lambda: len(world.asked("sendmsg")) == 1)
    world.clock.now += 0.4
    assert world.fake.until(lambda: len(world.asked("sendmsg")) == 2)
    assert world.asked("sendmsg")[0] == world.asked("sendmsg")[1]
    world.fake.fire("CHANNEL_EXECUTE", Unique_ID="a", Application="playback", Application_UUID="p.1")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.clock.now += 0.4
    assert world.fake.until(lambda: len(world.asked("api status")) >= 2)
    assert len(world.asked("sendmsg")) == 2


@pytest.mark.parametrize("app", ["three_way", "eavesdrop"])
def test_given_a_conference_or_a_listening_that_does_not_begin_when_its_time_has_passed_then_it_is_asked_for_again(
    world: World, app: str
) -> None:
    """Not with the next snapshot only: the agent of a conference would hear nobody until then."""
    world.start()
    to = {"leg": leg("a"), "play": PlayId("w.1"), "to": leg("b")}
    world.node.send([c.ThreeWay(**to) if app == "three_way" else c.ListenIn(**to)])  # type: ignore[arg-type]
    assert world.fake.until(lambda: len(world.asked("sendmsg")) == 1)
    world.clock.now += 0.4
    assert world.fake.until(lambda: len(world.asked("sendmsg")) == 2)
    assert world.asked("api uuid_break a all")
    world.fake.fire("CHANNEL_EXECUTE", Unique_ID="a", Application=app, Application_UUID="w.1")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.clock.now += 0.4
    assert world.fake.until(lambda: len(world.asked("api status")) >= 2)
    assert len(world.asked("sendmsg")) == 2


def test_given_a_conference_that_is_ended_before_it_began_then_it_is_not_asked_for_again(world: World) -> None:
    world.start()
    world.node.send([c.ThreeWay(leg=leg("a"), play=PlayId("w.1"), to=leg("b")), c.StopListening(leg=leg("a"))])
    assert world.fake.until(lambda: bool(world.asked("sendevent")))
    world.clock.now += 0.4
    assert world.fake.until(lambda: len(world.asked("api status")) >= 2)
    assert len(world.asked("sendmsg")) == 1


PLAYED = json.dumps({"variable_current_application": "playback", "variable_current_application_response": "FILE PLAYED"})


def playing(world: World) -> None:
    """A prompt of two seconds has begun on leg a."""
    world.fake.answers["status"] = "UP\n1 session(s) - peak 1, last 5min 1 \n"
    world.start()
    world.fake.fire("CHANNEL_CREATE", Unique_ID="a", Call_Direction="outbound")
    world.node.send([c.Play(leg=leg("a"), play=PlayId("p.1"), media=(Recorded(name="one"),))])
    assert world.fake.until(lambda: bool(world.asked("sendmsg")))
    world.fake.fire("CHANNEL_EXECUTE", Unique_ID="a", Application="playback", Application_UUID="p.1")
    assert world.fake.until(lambda: world.node.counters.skipped == 2)


def test_F17_given_a_play_whose_end_is_lost_when_the_switch_says_it_is_over_then_it_has_ended_once(world: World) -> None:
    playing(world)
    world.fake.answers["uuid_dump a"] = PLAYED
    world.clock.now += 2.8
    assert world.until(e.PlayEnded)
    assert world.of(e.PlayEnded) == [e.PlayEnded(at=world.clock.now, leg=leg("a"), play=PlayId("p.1"), result=e.LOST)]
    assert world.node.counters.ends_found == 1
    world.ticks(2)
    assert len(world.asked("uuid_dump a")) == 1


def test_F17_given_a_switch_that_still_plays_when_the_length_has_passed_then_it_is_asked_until_it_does_not(world: World) -> None:
    playing(world)
    world.fake.answers["uuid_dump a"] = json.dumps({"variable_current_application": "playback"})
    world.clock.now += 2.8
    assert world.fake.until(lambda: len(world.asked("uuid_dump a")) == 1)
    world.clock.now += 0.6
    assert world.fake.until(lambda: len(world.asked("uuid_dump a")) == 2)
    assert world.of(e.PlayEnded) == []
    world.fake.fire("CHANNEL_EXECUTE_COMPLETE", Unique_ID="a", Application="playback", Application_UUID="p.1")
    assert world.until(e.PlayEnded)
    assert world.node.counters.ends_found == 0


def test_F17_given_an_end_that_overtakes_the_answer_when_both_come_then_it_is_told_once(world: World) -> None:
    def answer(_command: str) -> str:
        world.fake.fire("CHANNEL_EXECUTE_COMPLETE", Unique_ID="a", Application="playback", Application_UUID="p.1")
        return PLAYED

    playing(world)
    world.fake.answers["uuid_dump a"] = answer
    world.clock.now += 2.8
    assert world.until(e.PlayEnded)
    world.fake.fire("DTMF", Unique_ID="a", DTMF_Digit="5")
    assert world.until(e.DigitPressed)
    assert len(world.of(e.PlayEnded)) == 1 and world.node.counters.ends_found == 0


def test_F17_given_a_play_on_a_leg_that_is_gone_when_asked_about_then_its_end_is_looked_for(world: World) -> None:
    playing(world)
    world.clock.now += 2.8  # the fake knows no leg
    assert world.fake.until(lambda: len(world.asked("uuid_dump a")) == 1)
    world.clock.now += 2.1
    assert world.until(e.SnapshotTaken, 2)
    assert world.of(e.PlayEnded) == []


def test_given_a_play_that_does_not_begin_when_its_leg_is_gone_then_it_is_not_asked_for_again(world: World) -> None:
    world.start()
    world.fake.answers["sendmsg a"] = "-ERR invalid session id [a]"
    world.answered([c.Play(leg=leg("a"), play=PlayId("p.1"), media=(Music(name="default"),))])
    world.ticks(3)
    assert len(world.asked("sendmsg")) == 1
