"""The controller over a core of a few lines: remember, then do; nothing that raises stops it; time never goes back."""

import threading
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from acd.core.commands import Answer
from acd.core.events import LegEnded, NodeLost, PolicyChanged, SnapshotTaken, TimePassed
from acd.core.policy import Policy
from acd.core.state import State
from acd.live.controller import STUCK_S, Unanswered
from acd.live.greenlets import spawn
from acd.live.recovery import recover
from acd.live.segments import read_journal
from acd.words import LegId, NodeId
from tests.live.house import FullDisk, arrived, call, house, tiny_step


def test_given_an_event_when_taken_then_it_is_written_before_its_commands_are_sent(tmp_path: Path) -> None:
    controller, node, _ = house(tmp_path)
    controller.post(arrived("u1"))
    controller.post(arrived("u2"))
    controller.turn()
    assert node.sent == [Answer(leg=LegId("a/u1")), Answer(leg=LegId("a/u2"))]
    assert node.written_when_sent == [2]
    assert [line.n for line in read_journal(tmp_path / "journal")] == [1, 2]


def test_given_a_killed_controller_when_recovered_then_the_state_is_the_same_and_nothing_was_decided(tmp_path: Path) -> None:
    controller, _, _ = house(tmp_path)
    for event in (arrived("u1"), arrived("u2"), LegEnded(at=1001.0, leg=LegId("a/u1"), cause="NORMAL_CLEARING")):
        controller.post(event)
    controller.turn()
    state = State(Policy(), None)  # type: ignore[arg-type]
    found = recover(state, read_journal(tmp_path / "journal"))
    assert state.calls == controller.state.calls and list(state.calls) == ["u2"]
    assert (found.calls, found.last_at, found.unreadable) == (1, 1001.0, 0)


def test_given_a_core_that_raises_after_a_decision_when_taken_then_that_decision_still_counts(tmp_path: Path) -> None:
    controller, node, _ = house(tmp_path)
    controller.post(replace(arrived("u1"), dialled="bad"))
    controller.post(arrived("u2"))
    controller.turn()
    assert [c.leg for c in node.sent] == ["a/u1", "a/u2"]
    assert [line.changes[0].id for line in read_journal(tmp_path / "journal")] == ["u1", "u2"]
    aside = (tmp_path / "poison.jsonl").read_text()
    assert '"type":"CallArrived"' in aside and "a fault after deciding" in aside


def test_given_a_core_that_raises_when_asked_then_the_asker_hears_it_and_the_controller_goes_on(tmp_path: Path) -> None:
    controller, node, _ = house(tmp_path)
    task = spawn("controller", controller.run, on_died=lambda name, error: None)
    with pytest.raises(RuntimeError, match="a fault before deciding"):
        controller.ask(replace(arrived("u1"), dialled="worse"))
    made = controller.ask(arrived("u2"))
    assert made[0].changes[0].id == "u2" and node.sent
    assert controller.stop() and task.dead is not None


def test_given_a_poisonous_stream_when_set_aside_then_the_file_stays_bounded(tmp_path: Path) -> None:
    controller, _, _ = house(tmp_path)
    controller._poison.max_bytes = 5_000
    for n in range(30):
        controller.post(replace(arrived(f"u{n}"), dialled="worse"))
    controller.turn()
    assert controller._poison.count == 30
    assert (tmp_path / "poison.jsonl").stat().st_size <= 5_000
    assert '"a/u29"' in (tmp_path / "poison.jsonl").read_text()


def test_given_a_deadline_when_it_comes_then_the_core_is_woken(tmp_path: Path) -> None:
    controller, _, time = house(tmp_path)
    controller.post(arrived("u1"))
    controller.turn()
    time.at += 59
    controller.turn()
    assert controller.state.next_deadline() == 1060.0
    time.at += 1
    controller.turn()
    assert controller.state.next_deadline() == 1120.0


def test_given_a_full_mailbox_when_a_deadline_is_due_then_it_comes_first(tmp_path: Path) -> None:
    controller, _, time = house(tmp_path)
    controller.post(arrived("u1"))
    controller.turn()
    time.at += 61
    for n in range(2, 5):
        controller.post(arrived(f"u{n}", at=time.at))
    controller.turn()
    assert isinstance([*read_journal(tmp_path / "journal")][1].event, TimePassed)


def test_given_a_deadline_that_the_core_does_not_clear_when_due_then_the_controller_does_not_spin(tmp_path: Path) -> None:
    def forgetful(state: State, event: object):  # type: ignore[no-untyped-def]
        if not isinstance(event, TimePassed):
            yield from tiny_step(state, event)  # type: ignore[arg-type]

    controller, _, time = house(tmp_path, step=forgetful)
    controller.post(arrived("u1"))
    controller.turn()
    time.at += 100
    for _ in range(5):
        controller.turn()
    assert controller.events == 2 and controller._wait_s() == pytest.approx(STUCK_S)


def test_given_a_start_when_deadlines_are_long_past_then_they_wait_until_a_switch_was_heard(tmp_path: Path) -> None:
    controller, _, time = house(tmp_path)
    controller.post(arrived("u1"))
    controller.turn()
    time.at += 100
    controller.hold_deadlines(3.0)
    controller.turn()
    assert controller.state.next_deadline() == 1060.0
    controller.post(SnapshotTaken(at=time.at, node=NodeId("a"), asked_at=time.at, channels=()))
    controller.turn()
    controller.turn()
    assert controller.state.next_deadline() == 1160.0


def test_given_an_event_that_comes_late_when_taken_then_time_does_not_go_back(tmp_path: Path) -> None:
    """ACD.md 79, 81."""
    controller, _, _ = house(tmp_path)
    controller.post(arrived("u1", at=1010.0))
    controller.post(LegEnded(at=1005.0, leg=LegId("a/u1"), cause="NORMAL_CLEARING"))
    controller.turn()
    assert [line.at for line in read_journal(tmp_path / "journal")] == [1010.0, 1010.0]


def test_given_a_node_that_raises_or_is_unknown_when_sent_to_then_the_rest_is_still_done(tmp_path: Path) -> None:
    class Broken:
        def send(self, commands: object) -> None:
            raise OSError("broken")

    controller, node, _ = house(tmp_path)
    controller._nodes = {NodeId("a"): node, NodeId("b"): Broken()}  # type: ignore[dict-item]
    for leg in ("b/u1", "c/u2", "a/u3"):
        controller.post(replace(arrived(), leg=LegId(leg)))
    controller.turn()
    assert [c.leg for c in node.sent] == ["a/u3"] and controller.undelivered == 2


def test_given_a_full_disk_when_an_event_comes_then_the_call_is_still_served(tmp_path: Path) -> None:
    """FAULTS.md F28, ACD.md 82."""
    disk = FullDisk(room=0)
    controller, node, _ = house(tmp_path, disk=disk)
    controller.post(arrived("u1"))
    controller.turn()
    assert [c.leg for c in node.sent] == ["a/u1"] and not controller._journal.healthy
    disk.room = 1 << 30
    controller.turn()
    assert controller._journal.healthy and len(list(read_journal(tmp_path / "journal"))) == 1


def test_given_a_new_policy_when_changed_then_it_is_in_place_before_the_core_hears_of_it(tmp_path: Path) -> None:
    seen: list[str] = []

    def watching(state: State, event: object):  # type: ignore[no-untyped-def]
        if isinstance(event, PolicyChanged):
            seen.append(state.policy.version)
        yield from ()

    controller, _, _ = house(tmp_path, step=watching)
    spawn("controller", controller.run, on_died=lambda name, error: None)
    controller.change_policy(Policy(version="2"), lambda state: state.flows)
    assert seen == ["2"] and controller.stop()


def test_given_a_slow_reader_when_decisions_come_then_it_loses_the_oldest_and_nobody_waits(tmp_path: Path) -> None:
    """FAULTS.md F45."""
    controller, _, _ = house(tmp_path)
    reader = controller.subscribers.subscribe("slow", size=3)
    for n in range(5):
        controller.post(arrived(f"u{n}"))
        controller.turn()
    assert [d.changes[0].id for d in reader.take(wait_s=0)] == ["u2", "u3", "u4"]
    assert reader.missed == 2 and reader.take(wait_s=0) == []


def test_given_another_thread_when_it_posts_then_the_event_arrives(tmp_path: Path) -> None:
    controller, _, _ = house(tmp_path)
    thread = threading.Thread(target=controller.post_from_thread, args=(arrived("u1"),))
    thread.start()
    thread.join(5)
    controller.turn(wait_s=5.0)
    assert list(controller.state.calls) == ["u1"]


def test_given_nobody_runs_when_asked_then_the_wait_has_an_end(tmp_path: Path) -> None:
    controller, _, _ = house(tmp_path)
    with pytest.raises(Unanswered):
        controller.ask(arrived("u1"), timeout_s=0.001)
    controller.stop(timeout_s=0.001)
    with pytest.raises(Unanswered, match="stopping"):
        controller.ask(arrived("u1"))


def test_given_events_in_the_mailbox_when_stopped_then_they_are_finished_and_later_ones_refused(tmp_path: Path) -> None:
    """FAULTS.md F47."""
    controller, _, _ = house(tmp_path)
    for n in range(600):
        controller.post(arrived(f"u{n}"))
    spawn("controller", controller.run, on_died=lambda name, error: None)
    assert controller.stop()
    controller.post(NodeLost(at=1.0, node=NodeId("a")))
    assert len(controller.state.calls) == 600 and controller.depth == 0


def test_given_a_big_segment_when_the_mailbox_is_drained_then_a_snapshot_of_the_living_is_taken(tmp_path: Path) -> None:
    controller, _, _ = house(tmp_path, segment_lines=3)
    for event in (arrived("u1"), arrived("u2"), LegEnded(at=1001.0, leg=LegId("a/u1"), cause="X")):
        controller.post(event)
    controller.turn()
    gevent.joinall(controller._journal._greenlets[-1:], timeout=5)
    controller._journal.release(3)
    controller.post(arrived("u3"))
    controller.turn()
    lines = list(read_journal(tmp_path / "journal"))
    assert [(line.n, line.is_snapshot) for line in lines] == [(3, True), (4, False)]
    assert [r.id for r in lines[0].changes] == ["u2"] and lines[0].changes[0] == call("u2", arm_at=1060.0)
