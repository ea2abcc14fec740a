"""A node against a fake switch: how it connects, and what it does when that is gone, silent or another one (FAULTS.md F13-F23)."""

import json

from acd.core import events as e
from acd.switch.node_config import NodeConfig
from tests.switch.node_world import NODE, World, leg, make


def test_given_a_switch_when_connected_then_subscribed_before_asked_and_a_snapshot_is_posted(world: World) -> None:
    world.start()
    events = [line for line in world.fake.lines if line.subscribed]
    assert len(events) == 1
    order = [each for each in world.fake.asked if each.startswith(("event plain", "api show"))]
    assert order[0].startswith("event plain CHANNEL_CREATE CHANNEL_PARK")
    assert order[0].endswith("CUSTOM sofia::register sofia::unregister sofia::expire avmd::beep")
    assert [each for each in order[1:]] == [
        "api show application tone_detect",
        "api show application avmd_start",
        "api show channels as json",
        "api show calls as json",
        "api show registrations as json",
    ]
    assert world.node.up


def test_given_a_node_when_a_call_parks_then_it_is_posted_with_its_time(world: World) -> None:
    world.start()
    world.fake.fire(
        "CHANNEL_PARK", Unique_ID="leg-a", Call_Direction="inbound", Caller_Destination_Number="100", Caller_Caller_ID_Name="Bob"
    )
    assert world.until(e.CallArrived)
    assert world.of(e.CallArrived) == [e.CallArrived(at=world.clock.now, leg=leg("leg-a"), dialled="100", caller_name="Bob")]


def test_given_events_while_a_snapshot_is_asked_when_it_is_taken_then_they_follow_it(world: World) -> None:
    def answer(_command: str) -> str:
        world.fake.fire("DTMF", Unique_ID="leg-a", DTMF_Digit="5")
        assert world.fake.until(lambda: world.node.counters.frames >= 7)
        return json.dumps({"row_count": 0})

    world.fake.answers["show calls"] = answer
    world.start()
    assert world.until(e.DigitPressed)
    assert [type(each) for each in world.posted] == [e.SnapshotTaken, e.DigitPressed]


def test_F13_given_a_node_when_its_sockets_are_cut_then_it_says_so_and_comes_back_with_a_snapshot(world: World) -> None:
    world.start()
    world.fake.cut()
    assert world.until(e.SnapshotTaken, 2)
    assert [type(each) for each in world.posted] == [e.SnapshotTaken, e.NodeLost, e.SnapshotTaken]
    assert world.node.counters.reconnects == 1
    assert not any(each.restarted for each in world.of(e.SnapshotTaken))  # type: ignore[attr-defined]


def test_F14_F23_given_a_switch_that_falls_silent_when_pings_go_unanswered_then_the_node_is_lost(world: World) -> None:
    world.start()
    world.fake.mute = True
    world.clock.now += 3
    assert world.until(e.NodeLost)
    world.fake.mute = False
    assert world.until(e.SnapshotTaken, 2)


def test_F21_given_another_core_uuid_after_reconnecting_when_snapshot_then_it_says_restarted(world: World) -> None:
    world.start()
    world.fake.answers["global_getvar core_uuid"] = "0b1e1f4c-0000-4000-8000-000000000002"
    world.fake.cut()
    assert world.until(e.SnapshotTaken, 2)
    assert [each.restarted for each in world.of(e.SnapshotTaken)] == [False, True]  # type: ignore[attr-defined]


def test_F21_given_a_switch_that_tells_its_core_only_in_events_when_it_changed_then_another_snapshot_says_restarted(
    world: World,
) -> None:
    world.start()
    world.fake.answers["global_getvar core_uuid"] = "-ERR permission denied"
    world.fake.cut()
    assert world.until(e.SnapshotTaken, 2)
    world.fake.write(world.fake.event("HEARTBEAT").replace(b"000000000001", b"000000000009"))
    assert world.until(e.SnapshotTaken, 3)
    assert [each.restarted for each in world.of(e.SnapshotTaken)] == [False, False, True]  # type: ignore[attr-defined]


def test_F21_given_a_switch_that_came_up_anew_when_it_recovers_calls_then_they_are_looked_at_once_they_stand(world: World) -> None:
    def recover(_command: str) -> str:
        world.fake.fire("CHANNEL_PARK", Unique_ID="leg-b", Call_Direction="inbound", variable_acd_call="b")
        return "Recovered 2 call(s)\n"

    world.start()
    assert not world.asked("sofia recover"), "only of a switch that was another one before"
    world.fake.answers |= {"global_getvar core_uuid": "0b1e1f4c-0000-4000-8000-000000000002", "sofia recover": recover}
    looks = len(world.asked("show channels"))
    world.fake.cut()
    assert world.fake.until(lambda: bool(world.asked("sofia recover")))
    world.fake.fire("CHANNEL_PARK", Unique_ID="leg-a", Call_Direction="inbound", variable_acd_call="a")
    assert world.until(e.LegParked, 2)
    assert len(world.asked("show channels")) == looks + 1
    kinds = [type(each) for each in world.posted]
    assert kinds == [e.SnapshotTaken, e.NodeLost, e.SnapshotTaken, e.LegParked, e.LegParked]


def test_F21_given_recovered_calls_that_do_not_stand_when_the_patience_is_over_then_we_look_all_the_same() -> None:
    making = make(recover_s=0.05)
    world = next(making).start()
    world.fake.answers |= {"global_getvar core_uuid": "0b1e1f4c-0000-4000-8000-000000000002", "sofia recover": "Recovered 1 call(s)"}
    world.fake.cut()
    assert world.until(e.SnapshotTaken, 2)
    assert next(making, None) is None


def test_given_something_to_be_asked_first_when_connected_then_it_is_answered_before_we_look(world: World) -> None:
    heard: list[str] = []
    world.fake.answers["reloadxml"] = "+OK [Success]\n"
    world.node._first = lambda ask: heard.append(ask("reloadxml"))
    world.start()
    assert heard == ["+OK [Success]\n"]
    asked = [each for each in world.fake.asked if each in ("api reloadxml", "api show channels as json")]
    assert asked == ["api reloadxml", "api show channels as json"]


def test_given_a_wrong_password_when_started_then_it_goes_on_trying_and_posts_nothing(world: World) -> None:
    world.node.config = NodeConfig(node=NODE, password="no", port=world.fake.port, tick_s=0.01, back_off_s=0.01)
    world.node.start()
    assert world.fake.until(lambda: len(world.asked("auth no")) >= 2)
    assert world.posted == []
