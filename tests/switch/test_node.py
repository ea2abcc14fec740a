"""A node against a fake switch: what it does when all is well, and when it is not (FAULTS.md F13 to F20)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from acd.core import commands as c
from acd.core import events as e
from acd.core.media import Media, Music, Recorded
from acd.switch.commands_to import Dialect
from acd.switch.node import Node
from acd.switch.node_config import NodeConfig
from acd.words import LegId, NodeId, PhoneId, PlayId
from tests.switch.fake_socket import PASSWORD, FakeSocket

NODE = NodeId("fs1")


def resolve(media: Media) -> str:
    return f"local_stream://{media.name}" if isinstance(media, Music) else "/prompts/one.wav"


class Clock:
    """Hours of a test's own, that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    fake: FakeSocket
    node: Node
    clock: Clock
    posted: list[e.Event] = field(default_factory=list)

    def of(self, kind: type[e.Event]) -> list[e.Event]:
        return [each for each in self.posted if isinstance(each, kind)]

    def until(self, kind: type[e.Event], count: int = 1) -> bool:
        return self.fake.until(lambda: len(self.of(kind)) >= count)

    def start(self) -> "World":
        self.node.start()
        assert self.until(e.SnapshotTaken)
        return self

    def answered(self, commands: list[c.Command]) -> None:
        """Send these, and have their answers heard without a complaint: what is refused after them has been counted."""
        self.fake.answers["uuid_setvar_multi"] = "-ERR no\n"
        self.node.send([*commands, c.Mark(leg=leg("z"), values={"call": "z"})])
        assert self.fake.until(lambda: self.node.counters.command_errors > 0)
        assert self.node.counters.command_errors == 1

    def ticks(self, passed_s: float) -> None:
        """Time passes, and the node has looked at it: it does all that is due before it pings."""
        pings = len(self.asked("api status"))
        self.clock.now += passed_s
        assert self.fake.until(lambda: len(self.asked("api status")) > pings)

    def asked(self, words: str) -> list[str]:
        return [each for each in self.fake.asked if words in each]


def leg(uuid: str) -> LegId:
    return LegId(f"fs1/{uuid}")


@pytest.fixture
def world() -> Iterator[World]:
    yield from make()


def make(**config: object) -> Iterator[World]:
    fake, clock = FakeSocket(), Clock()
    posted: list[e.Event] = []
    settings = {"connect_s": 0.5, "reply_s": 0.5, "snapshot_s": 0.5, "tick_s": 0.01, "nudge_for_s": 0.0, "back_off_s": 0.01}
    settings |= config
    node = Node(
        NodeConfig(node=NODE, password=PASSWORD, port=fake.port, **settings),  # type: ignore[arg-type]
        Dialect(resolve=resolve, lasts=lambda medium: 2.0),
        posted.append,
        clock,
    )
    yield World(fake=fake, node=node, clock=clock, posted=posted)
    node.stop()
    fake.close()


def ring(uuid: str = "leg-b") -> c.Ring:
    return c.Ring(leg=leg(uuid), phone=PhoneId("1001"), timeout_s=20, caller_number="+4930", caller_name="", marks={})


def test_given_a_switch_when_connected_then_subscribed_before_asked_and_a_snapshot_is_posted(world: World) -> None:
    world.start()
    events = [line for line in world.fake.lines if line.subscribed]
    assert len(events) == 1
    order = [each for each in world.fake.asked if each.startswith(("event plain", "api show"))]
    assert order[0].startswith("event plain CHANNEL_CREATE CHANNEL_PARK")
    assert order[0].endswith("CUSTOM sofia::register sofia::unregister sofia::expire")
    assert [each for each in order[1:]] == [
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


def test_given_a_wrong_password_when_started_then_it_goes_on_trying_and_posts_nothing(world: World) -> None:
    world.node.config = NodeConfig(node=NODE, password="no", port=world.fake.port, tick_s=0.01, back_off_s=0.01)
    world.node.start()
    assert world.fake.until(lambda: len(world.asked("auth no")) >= 2)
    assert world.posted == []


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


def test_given_a_play_that_does_not_begin_when_its_leg_is_gone_then_it_is_not_asked_for_again(world: World) -> None:
    world.start()
    world.fake.answers["sendmsg a"] = "-ERR invalid session id [a]"
    world.answered([c.Play(leg=leg("a"), play=PlayId("p.1"), media=(Music(name="default"),))])
    world.ticks(3)
    assert len(world.asked("sendmsg")) == 1


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


def test_row12_given_a_phone_that_registers_anew_when_its_old_registration_ends_then_it_is_not_gone(world: World) -> None:
    world.start()
    for kind, call_id in (("register", "old"), ("register", "new"), ("expire", "old"), ("unregister", "new")):
        world.fake.fire("CUSTOM", Event_Subclass=f"sofia::{kind}", **{"from_user": "1001", "call_id": call_id})
    assert world.until(e.PhoneUnregistered)
    assert len(world.of(e.PhoneRegistered)) == 2 and len(world.of(e.PhoneUnregistered)) == 1
    assert world.node.counters.skipped == 1
