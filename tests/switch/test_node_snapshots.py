"""When a node looks at its whole switch, and what it tells of it."""

import json

from acd.core import events as e
from acd.words import PhoneId
from tests.switch.node_world import World, leg, make


def test_row_77_given_a_gap_when_the_first_snapshot_is_taken_then_a_second_judges_what_was_too_young(world: World) -> None:
    world.start()
    world.clock.now += 2.9
    world.fake.fire("HEARTBEAT")
    assert world.fake.until(lambda: world.node.counters.skipped == 1)
    assert len(world.of(e.SnapshotTaken)) == 1
    world.clock.now += 0.2
    assert world.until(e.SnapshotTaken, 2)
    assert world.node.counters.gaps == 0


def test_given_a_node_when_asked_for_a_snapshot_then_it_is_taken(world: World) -> None:
    world.start()
    world.node.ask_snapshot()
    assert world.until(e.SnapshotTaken, 2)


def test_given_a_quiet_node_when_the_period_has_passed_then_a_snapshot_is_taken(world: World) -> None:
    world.start()
    world.clock.now += 301
    assert world.until(e.SnapshotTaken, 2)


def test_given_channels_when_a_snapshot_is_taken_then_marks_phones_and_bridges_are_told(world: World) -> None:
    rows = [
        {"uuid": "a", "direction": "inbound", "callstate": "ACTIVE", "initial_dest": "100", "cid_num": "1001"},
        {"uuid": "b", "direction": "outbound", "callstate": "ACTIVE"},
        {"uuid": "gone", "direction": "inbound", "callstate": "ACTIVE"},
    ]
    dump = {
        "Caller-Context": "agents",
        "variable_sip_auth_username": "1001",
        "variable_acd_call": "c1",
        "Answer-State": "answered",
        "variable_current_application": "playback",  # and its answer: it is over
        "variable_current_application_response": "FILE PLAYED",
    }
    world.fake.answers |= {
        "show channels": json.dumps({"rows": rows}),
        "show calls": json.dumps({"rows": [{"uuid": "a", "b_uuid": "b"}, {"uuid": "gone", "b_uuid": ""}]}),
        "show registrations": json.dumps(
            {"rows": [{"reg_user": "1001", "url": "sofia/agents/sip:x"}, {"reg_user": "t", "url": "sofia/trunk/sip:y"}]}
        ),
        "uuid_dump a": json.dumps(dump),
        "uuid_dump b": json.dumps({"Answer-State": "early", "variable_acd_offer": "o1"}),
    }
    world.start()
    (taken,) = world.of(e.SnapshotTaken)
    assert isinstance(taken, e.SnapshotTaken)
    assert taken.phones == ("1001",)
    assert taken.channels == (
        e.ChannelSeen(
            leg=leg("a"),
            inbound=True,
            answered=True,
            bridged_to=leg("b"),
            playing=False,
            dialled="100",
            caller_number="1001",
            phone=PhoneId("1001"),
            marks={"call": "c1"},
        ),
        e.ChannelSeen(leg=leg("b"), inbound=False, answered=False, bridged_to=leg("a"), marks={"offer": "o1"}),
    )


def test_given_a_switch_that_cannot_list_its_phones_when_a_snapshot_is_taken_then_phones_are_unknown(world: World) -> None:
    world.fake.answers["show registrations"] = "-ERR no such thing"
    world.start()
    (taken,) = world.of(e.SnapshotTaken)
    assert isinstance(taken, e.SnapshotTaken) and taken.phones is None


def test_given_a_snapshot_that_is_not_answered_when_its_time_has_passed_then_the_node_connects_anew() -> None:
    making = make(snapshot_s=0.05)
    world = next(making)
    world.fake.silent = {"api show calls"}
    world.node.start()
    assert world.fake.until(lambda: len(world.asked("api show calls")) >= 2)
    assert world.posted == []
    world.fake.silent = set()
    assert world.until(e.SnapshotTaken)
    assert next(making, None) is None


def test_row12_given_a_phone_that_has_just_registered_when_the_list_lags_behind_then_it_is_there(world: World) -> None:
    world.start()
    world.fake.fire("CUSTOM", Event_Subclass="sofia::register", **{"from_user": "1001", "call_id": "x"})
    assert world.until(e.PhoneRegistered)
    world.node.ask_snapshot()
    assert world.until(e.SnapshotTaken, 2)
    assert [each.phones for each in world.of(e.SnapshotTaken)] == [(), ("1001",)]  # type: ignore[attr-defined]


def test_row12_given_a_phone_that_registers_anew_when_its_old_registration_ends_then_it_is_not_gone(world: World) -> None:
    world.start()
    for kind, call_id in (("register", "old"), ("register", "new"), ("expire", "old"), ("unregister", "new")):
        world.fake.fire("CUSTOM", Event_Subclass=f"sofia::{kind}", **{"from_user": "1001", "call_id": call_id})
    assert world.until(e.PhoneUnregistered)
    assert len(world.of(e.PhoneRegistered)) == 2 and len(world.of(e.PhoneUnregistered)) == 1
    assert world.node.counters.skipped == 1
