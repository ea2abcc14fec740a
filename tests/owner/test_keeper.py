"""Keepers and nodes against a fake switch: who may send, who stands by, and what is never written (ACD.md 83, FAULTS.md F35, F47)."""

from collections.abc import Iterator

import gevent
import pytest

from acd.core import commands as c
from acd.core import events as e
from acd.owner.ownership import Ownership
from acd.switch.commands_to import Dialect
from acd.switch.node import Node
from acd.switch.node_config import NodeConfig
from acd.words import LegId, NodeId
from tests.switch.fake_socket import PASSWORD, FakeSocket

LEASE_S = 2.0


class Switch(FakeSocket):
    """With the variable that says whose it is."""

    def __init__(self) -> None:
        super().__init__()
        self.value = ""
        self.answers |= {"global_setvar acd_owner": self._set, "global_getvar acd_owner": lambda _: self.value or "-ERR no reply\n"}

    def _set(self, command: str) -> str:
        _, new, *expected = command.split("=")
        if not expected or expected[0] == self.value:
            self.value = new
        return "+OK"

    def config(self, node: str = "fs1") -> NodeConfig:
        return NodeConfig(
            node=NodeId(node), password=PASSWORD, port=self.port, connect_s=0.5, tick_s=0.01, nudge_for_s=0.0, back_off_s=0.01
        )


class Clock:
    """The machine's, and hours of a test's own on top of it."""

    def __init__(self) -> None:
        self.skipped_s = 0.0

    def __call__(self) -> float:
        from acd.owner.keeper import boot_clock

        return boot_clock() + self.skipped_s


@pytest.fixture
def switch() -> Iterator[Switch]:
    fake = Switch()
    yield fake
    fake.close()


@pytest.fixture
def entering() -> Iterator[object]:
    made: list[Ownership] = []

    def enters(home: str, *switches: Switch, alone: bool = True, lost: list[str] | None = None, clock: object = None) -> Ownership:
        found = Ownership(
            home=home,
            process="0" + home,
            lease_s=LEASE_S,
            alone=alone,
            on_lost=(lost if lost is not None else []).append,
            **({"clock": clock} if clock else {}),  # type: ignore[arg-type]
        )
        made.append(found)
        for n, switch in enumerate(switches):
            found.keep(switch.config(f"fs{n + 1}"))
        return found

    yield enters
    for one in made:
        one.stop()


def test_given_a_fresh_switch_when_two_controllers_come_then_one_has_it_and_the_other_when_it_is_released(
    switch: Switch, entering
) -> None:  # type: ignore[no-untyped-def]
    """FAULTS.md F47: at once, not after a lease."""
    first, second = entering("aa", switch), None
    assert first.acquire(5.0) and first.owns == {"fs1": True}
    second = entering("bb", switch)
    assert not second.acquire(0.3) and second.owns == {"fs1": False}
    assert second.waits_for == ["node fs1: another controller has it"]
    first.stop()
    assert first.owns == {"fs1": False}
    assert second.acquire(1.0) and second.epochs == {"fs1": 2} and second.comes_from_elsewhere


def test_given_an_owner_whose_renewals_stop_when_another_takes_over_then_the_first_is_told_that_it_has_lost(
    switch: Switch, entering
) -> None:  # type: ignore[no-untyped-def]
    lost: list[str] = []
    first = entering("aa", switch, lost=lost)
    assert first.acquire(5.0)
    switch.value = "9:bb.0bb:1"  # taken
    assert switch.until(lambda: bool(lost))
    assert "another controller" in lost[0] and first.owns == {"fs1": False}


def test_given_two_switches_of_which_another_has_one_when_standing_by_then_neither_is_taken(entering) -> None:  # type: ignore[no-untyped-def]
    """Agents and queues are of the house: half a house is not taken."""
    a, b = Switch(), Switch()
    b.value = "3:cc.0cc:1"
    try:
        stop = gevent.spawn(_renewing, b)
        found = entering("aa", a, b)
        assert not found.acquire(LEASE_S * 1.3)
        assert a.value == "" and b.value.startswith("3:cc")
        stop.kill()
        assert found.acquire(LEASE_S * 2) and found.owns == {"fs1": True, "fs2": True}
    finally:
        a.close()
        b.close()


def _renewing(switch: Switch) -> None:
    for beat in range(2, 1000):
        gevent.sleep(LEASE_S / 10)
        switch.value = f"3:cc.0cc:{beat}"


def test_given_no_switch_that_can_be_reached_when_a_controller_comes_then_it_does_not_wait(entering) -> None:  # type: ignore[no-untyped-def]
    """It is started before its switch: callers come later."""
    away = Switch()
    config = away.config()
    away.close()
    found = entering("aa")
    found.keep(config)
    assert found.acquire(3.0) and found.owns == {"fs1": False}


def test_given_a_switch_that_refuses_the_command_when_asked_then_nothing_is_sent_and_it_is_said_what_to_do(
    switch: Switch, entering
) -> None:  # type: ignore[no-untyped-def]
    switch.answers["global_setvar acd_owner"] = "-ERR global_setvar Command not found!\n"
    found = entering("aa", switch)
    assert switch.until(lambda: any("docs/FREESWITCH.md" in why for why in found.waits_for))
    assert found.owns == {"fs1": False}


def test_given_a_process_that_stood_still_for_half_a_lease_when_it_goes_on_then_not_one_command_is_written_before_it_has_renewed(
    switch: Switch, entering
) -> None:  # type: ignore[no-untyped-def]
    """FAULTS.md F35: asked at the system call, so what was queued before the stop is not written either."""
    clock, lost, posted = Clock(), [], []  # type: ignore[var-annotated]
    found = entering("aa", switch, lost=lost, clock=clock)
    assert found.acquire(5.0)
    may_send = found.keep(switch.config())
    node = Node(
        switch.config(),
        Dialect(resolve=lambda medium: "/p.wav", lasts=lambda medium: 2.0),
        posted.append,
        lambda: 1000.0,
        may_send=may_send,
    )
    node.start()
    try:
        assert switch.until(lambda: any(isinstance(event, e.SnapshotTaken) for event in posted))
        node.send([c.HangUp(leg=LegId("fs1/u1"), cause="NORMAL_CLEARING")])
        assert switch.until(lambda: any("uuid_kill u1" in asked for asked in switch.asked))
        node.send([c.HangUp(leg=LegId("fs1/u2"), cause="NORMAL_CLEARING")])  # queued, not written
        clock.skipped_s += LEASE_S  # SIGSTOP, SIGCONT
        switch.value = "9:bb.0bb:1"
        assert not may_send()
        node.send([c.HangUp(leg=LegId("fs1/u3"), cause="NORMAL_CLEARING")])
        assert switch.until(lambda: bool(lost))
        assert switch.until(lambda: any(isinstance(event, e.NodeLost) for event in posted))
        assert not [asked for asked in switch.asked if "uuid_kill u2" in asked or "uuid_kill u3" in asked]
    finally:
        node.stop()


def test_given_a_switch_that_came_up_anew_when_its_node_connects_then_it_is_claimed_before_anything_is_asked(
    switch: Switch, entering
) -> None:  # type: ignore[no-untyped-def]
    found = entering("aa", switch)
    assert found.acquire(5.0)
    switch.value = ""
    switch.cut()
    assert switch.until(lambda: not found.owns["fs1"])
    assert switch.until(lambda: found.owns["fs1"])
    assert switch.value.startswith("2:aa")
