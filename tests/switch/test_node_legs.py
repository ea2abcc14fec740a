"""What a node makes of legs whose events are lost, told twice or overtaken (FAULTS.md F17, F18)."""

import json

from acd.core import commands as c
from acd.core import events as e
from acd.words import LegId, PlayId
from tests.switch.node_world import World, leg


def test_F18_row78_given_an_event_when_it_comes_twice_then_it_is_posted_once(world: World) -> None:
    world.start()
    world.fake.sequence = 7
    twice = world.fake.event("DTMF", Unique_ID="leg-a", DTMF_Digit="5")
    world.fake.write(twice + twice)
    world.fake.fire("DTMF", Unique_ID="leg-a", DTMF_Digit="6")
    assert world.until(e.DigitPressed, 2)
    assert [each.digit for each in world.of(e.DigitPressed)] == ["5", "6"]  # type: ignore[attr-defined]
    assert world.node.counters.duplicates == 1


def test_F17_given_a_born_inbound_leg_when_its_park_is_lost_then_a_snapshot_is_taken(world: World) -> None:
    world.start()
    world.fake.fire("CHANNEL_CREATE", Unique_ID="leg-a", Call_Direction="inbound")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.clock.now += 2.5
    assert world.until(e.SnapshotTaken, 2)
    assert world.node.counters.gaps == 1


def shows(world: World, uuid: str, **more: str) -> None:
    """From now on the switch lists this leg."""
    row = {"uuid": uuid, "direction": "inbound", "callstate": "RINGING", "initial_dest": "100", **more}
    world.fake.answers |= {"show channels": json.dumps({"rows": [row]}), f"uuid_dump {uuid}": json.dumps({"Answer-State": "ringing"})}


def seen(world: World, nth: int) -> list[LegId]:
    taken = world.of(e.SnapshotTaken)[nth]
    assert isinstance(taken, e.SnapshotTaken)
    return [channel.leg for channel in taken.channels]


def test_F17_given_a_leg_that_is_to_park_when_a_snapshot_shows_it_first_then_its_own_event_tells_it(world: World) -> None:
    world.start()
    world.fake.fire("CHANNEL_CREATE", Unique_ID="leg-a", Call_Direction="inbound")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    shows(world, "leg-a")
    world.node.ask_snapshot()
    assert world.until(e.SnapshotTaken, 2)
    assert seen(world, 1) == []
    world.fake.fire("CHANNEL_PARK", Unique_ID="leg-a", Call_Direction="inbound", Caller_Destination_Number="100")
    assert world.until(e.CallArrived)


def test_F17_given_a_leg_that_a_snapshot_left_to_its_park_when_that_is_lost_then_the_next_snapshot_tells_it(world: World) -> None:
    world.start()
    shows(world, "leg-a", created_epoch=str(int(world.clock.now)))
    world.node.ask_snapshot()
    assert world.until(e.SnapshotTaken, 2)
    assert seen(world, 1) == []
    world.clock.now += 2.5
    assert world.until(e.SnapshotTaken, 3)
    assert seen(world, 2) == [leg("leg-a")]
    assert world.node.counters.gaps == 1


def test_F13_given_a_young_leg_when_the_first_snapshot_of_a_connection_shows_it_then_nobody_waits_for_its_park(world: World) -> None:
    shows(world, "leg-a", created_epoch=str(int(world.clock.now)))
    world.start()
    assert seen(world, 0) == [leg("leg-a")]


def test_F17_given_a_leg_that_parks_while_a_snapshot_is_taken_then_it_is_told_once_by_its_own_event(world: World) -> None:
    def answer(_command: str) -> str:
        world.fake.fire("CHANNEL_PARK", Unique_ID="leg-a", Call_Direction="inbound", Caller_Destination_Number="100")
        assert world.fake.until(lambda: world.node.counters.frames >= 7)
        return json.dumps({"row_count": 0})

    shows(world, "leg-a")
    world.fake.answers["show calls"] = answer
    world.start()
    assert world.until(e.CallArrived)
    assert [type(each) for each in world.posted] == [e.SnapshotTaken, e.CallArrived] and seen(world, 0) == []


def test_F17_given_a_leg_told_to_end_when_its_end_is_lost_then_a_snapshot_is_taken(world: World) -> None:
    world.start()
    world.node.send([c.HangUp(leg=leg("leg-a"))])
    assert world.fake.until(lambda: bool(world.asked("uuid_kill")))
    world.fake.fire("HEARTBEAT")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.clock.now += 2.5
    assert world.until(e.SnapshotTaken, 2)


def test_F17_given_a_leg_of_ours_that_answered_when_its_park_is_lost_then_a_snapshot_is_taken(world: World) -> None:
    world.node._known = lambda each: each == leg("leg-b")
    world.start()
    world.fake.fire("CHANNEL_ANSWER", Unique_ID="leg-b", Call_Direction="outbound")
    assert world.until(e.LegAnswered)
    world.clock.now += 2.5
    assert world.until(e.SnapshotTaken, 2)
    assert world.node.counters.gaps == 1


def test_F17_given_a_leg_that_should_stand_when_its_hang_up_finds_none_then_its_end_was_lost(world: World) -> None:
    world.fake.answers["status"] = "UP\n1 session(s) - peak 1, last 5min 1 \n"
    world.start()
    world.fake.fire("CHANNEL_CREATE", Unique_ID="a", Call_Direction="outbound")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.fake.answers["uuid_kill"] = "-ERR No such channel!\n"
    world.answered([c.HangUp(leg=leg("a"))])
    world.clock.now += 2.5
    assert world.until(e.SnapshotTaken, 2)
    assert world.node.counters.gaps == 1


def test_F17_given_a_dial_whose_end_is_lost_when_the_far_leg_has_ended_then_it_is_asked_about_soon(world: World) -> None:
    world.start()
    dial = c.Dial(leg=leg("a"), play=PlayId("d.1"), trunk="main", number="1", timeout_s=30)
    world.node.send([dial])
    assert world.fake.until(lambda: bool(world.asked("sendmsg")))
    world.fake.fire("CHANNEL_EXECUTE", Unique_ID="a", Application="bridge", Application_UUID="d.1")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    world.fake.answers["uuid_dump a"] = json.dumps({"variable_current_application": "bridge"})
    world.clock.now += 40
    assert world.fake.until(lambda: len(world.asked("uuid_dump a")) == 1)
    world.fake.answers["uuid_dump a"] = json.dumps(
        {"variable_current_application": "bridge", "variable_originate_disposition": "USER_BUSY"}
    )
    world.fake.fire("CHANNEL_HANGUP_COMPLETE", Unique_ID="far", Other_Leg_Unique_ID="a", Hangup_Cause="USER_BUSY")
    assert world.until(e.LegEnded)
    world.clock.now += 0.8
    assert world.until(e.PlayEnded)
    assert [each.cause for each in world.of(e.PlayEnded)] == ["USER_BUSY"]  # type: ignore[attr-defined]
