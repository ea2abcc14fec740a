"""Commands that a node sends: in order, refused, too late, or to nobody."""

import pytest

from acd.core import commands as c
from acd.core import events as e
from acd.core.media import Music
from acd.words import PhoneId, PlayId
from tests.switch.node_world import World, leg, make, ring


def test_row19_given_a_bridge_when_the_switch_refuses_then_bridge_failed(world: World) -> None:
    world.start()
    world.fake.answers["uuid_bridge"] = "-ERR Invalid uuid\n"
    world.node.send([c.Bridge(leg=leg("leg-a"), other=leg("leg-b"))])
    assert world.until(e.BridgeFailed)
    expected = e.BridgeFailed(at=world.clock.now, leg=leg("leg-a"), other=leg("leg-b"), why="Invalid uuid")
    assert world.of(e.BridgeFailed) == [expected]


def test_row2_given_a_kill_that_overtook_its_originate_when_the_leg_is_born_then_it_is_killed_again(world: World) -> None:
    world.start()
    world.fake.answers["uuid_kill"] = "-ERR No such channel!\n"
    world.node.send([ring(), c.HangUp(leg=leg("leg-b"), cause="ORIGINATOR_CANCEL")])
    assert world.fake.until(lambda: len(world.asked("uuid_kill")) == 1)
    world.fake.answers["uuid_kill"] = "+OK\n"
    world.fake.fire("CHANNEL_CREATE", Unique_ID="leg-b", Call_Direction="outbound")
    assert world.fake.until(lambda: len(world.asked("uuid_kill")) == 2)
    assert world.asked("uuid_kill")[1] == "api uuid_kill leg-b ORIGINATOR_CANCEL"
    assert world.node.counters.kills_repeated == 1


def test_given_a_ring_when_the_originate_fails_then_the_leg_has_ended(world: World) -> None:
    world.start()
    world.node.send([ring()])
    assert world.fake.until(lambda: bool(world.asked("originate")))
    job = world.fake.event("BACKGROUND_JOB", "-ERR USER_NOT_REGISTERED\n", Job_UUID="leg-b", Job_Command="originate")
    world.fake.write(job)
    assert world.until(e.LegEnded)
    assert world.of(e.LegEnded) == [e.LegEnded(at=world.clock.now, leg=leg("leg-b"), cause="USER_NOT_REGISTERED")]


def test_S04_given_a_ring_that_cannot_be_written_when_sent_then_the_leg_has_ended_and_nothing_was_written(world: World) -> None:
    world.start()
    bad = c.Ring(leg=leg("b"), phone=PhoneId("1,x=y"), timeout_s=20, caller_number="", caller_name="", marks={})
    world.node.send([bad, c.Disarm(leg=leg("leg-a"))])
    assert world.fake.until(lambda: bool(world.asked("sched_del")))
    assert world.of(e.LegEnded) == [e.LegEnded(at=world.clock.now, leg=leg("b"), cause="UNENCODABLE")]
    assert not world.asked("originate")
    assert world.node.counters.unencodable == 1


def test_given_a_node_that_is_down_when_a_ring_is_sent_then_the_leg_has_ended(world: World) -> None:
    world.node.send([ring()])
    assert world.of(e.LegEnded) == [e.LegEnded(at=world.clock.now, leg=leg("leg-b"), cause="NODE_DOWN")]


def test_given_commands_when_sent_then_they_are_written_in_order_and_nobody_waits(world: World) -> None:
    world.start()
    world.fake.silent = {"sendmsg"}
    before = len(world.fake.asked)
    world.node.send([c.Answer(leg=leg("a")), c.Play(leg=leg("a"), play=PlayId("p.1"), media=(Music(name="default"),))])
    assert len(world.fake.asked) == before
    assert world.fake.until(lambda: bool(world.asked("sendmsg")))
    written = [each for each in world.fake.asked[before:] if "status" not in each]
    assert [each.partition("\n")[0] for each in written] == ["api uuid_answer a", "api uuid_break a all", "sendmsg a"]


def test_given_a_command_when_sent_then_the_switch_s_sender_is_kept_awake() -> None:
    making = make(nudge_for_s=0.1, nudge_every_s=0.001)
    world = next(making).start()
    world.node.send([c.Disarm(leg=leg("a"))])
    assert world.fake.until(lambda: world.fake.nudges >= 5)
    world.clock.now += 1
    assert next(making, None) is None


def test_given_a_hang_up_when_the_leg_is_gone_already_then_it_is_no_error(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.start()
    world.fake.fire("CHANNEL_CREATE", Unique_ID="a", Call_Direction="outbound")
    world.fake.fire("CHANNEL_HANGUP_COMPLETE", Unique_ID="a", Hangup_Cause="NORMAL_CLEARING")
    assert world.until(e.LegEnded)
    world.fake.answers["uuid_kill"] = "-ERR No such channel!\n"
    world.answered([c.HangUp(leg=leg("a")), c.HangUp(leg=leg("never-born"))])
    assert "HangUp" not in caplog.text
    world.ticks(2.5)
    assert world.node.counters.gaps == 0


def dialled(name: str, detect_s: int | None = 60) -> c.CallOut:
    return c.CallOut(leg=leg(name), trunk="main", number="+4930123", timeout_s=30, caller_number="+49301", detect_s=detect_s)


def test_row_89_given_a_switch_without_a_detector_of_beeps_when_asked_for_one_then_only_faxes_are_listened_for_and_it_is_said_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """An application that it does not know would end the leg: it is asked before."""
    world.fake.answers["show application avmd_start"] = "\n0 total.\n"
    world.start()
    world.node.send([dialled("a"), dialled("b"), dialled("c", None), c.DetectNoMore(leg=leg("a"))])
    world.answered([])
    assert len(world.asked("execute_on_answer_1='tone_detect")) == 2 and len(world.asked("originate")) == 3
    assert not world.asked("avmd_start detectors") and not world.asked("avmd a stop")
    assert (world.node.counters.hears_beeps, world.node.counters.beeps_unheard) == (False, 2)
    assert [each for each in caplog.messages if "mod_avmd" in each] == [caplog.messages[0]]


def test_row_89_given_an_older_configuration_that_allows_neither_when_a_campaign_dials_then_no_leg_is_told_to_listen_and_it_is_said(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for application in ("avmd_start", "tone_detect"):
        world.fake.answers[f"show application {application}"] = "\n0 total.\n"
    world.start()
    world.node.send([dialled("a"), dialled("b")])
    world.answered([])
    assert len(world.asked("originate")) == 2 and not world.asked("execute_on")
    assert [each for each in caplog.messages if "configuration anew" in each] == [caplog.messages[1]]


def test_given_a_switch_that_has_just_come_up_when_its_list_is_written_later_then_it_is_asked_again_with_the_next_look(
    world: World,
) -> None:
    world.fake.answers["show application avmd_start"] = "\n0 total.\n"
    world.start()
    assert not world.node.counters.hears_beeps
    world.fake.answers["show application avmd_start"] = "name\navmd_start,Start,,mod_avmd\n\n1 total.\n"
    world.node.ask_snapshot()
    assert world.fake.until(lambda: world.node.counters.hears_beeps)
    world.node.send([dialled("a")])
    assert world.fake.until(lambda: bool(world.asked("avmd_start detectors")))


def test_row_89_given_a_switch_that_hears_beeps_when_asked_to_then_it_does_and_nothing_is_complained_of(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.start()
    world.node.send([dialled("a"), c.DetectNoMore(leg=leg("a"))])
    world.answered([])
    assert len(world.asked("avmd_start detectors")) == len(world.asked("avmd a stop")) == 1
    assert (world.node.counters.hears_beeps, world.node.counters.beeps_unheard) == (True, 0)
    assert not [each for each in caplog.messages if "mod_avmd" in each]
