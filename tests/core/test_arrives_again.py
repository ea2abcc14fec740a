"""FAULTS.md F18: what is told again, or late, never opens a call that has ended."""

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.gone import KEPT_S, Gone
from acd.core.state import State
from acd.core.step import step
from acd.words import LegId, Wish
from tests.core.test_rows_machine import seen
from tests.core.world import FS, World, leg


def is_late(world: World) -> bool:
    return world.decisions[-1].late and not world.decisions[-1].commands


def test_f18_given_a_call_that_has_ended_when_its_arrival_is_told_again_then_it_stays_ended() -> None:
    world = World()
    world.arrives("c")
    world.at += 20
    world.hangs_up("c")
    world.at += KEPT_S - 1
    world.arrives("c")
    assert is_late(world) and not world.state.calls and len(world.ended(Call)) == 1


def test_f18_given_a_talk_that_ended_by_the_agent_when_the_arrival_is_told_again_then_nothing_is_rung() -> None:
    world = World().talks("c", "a0")
    world.phone_ends("a0", "NORMAL_CLEARING")
    world.hangs_up("c")
    before = world.rung()
    world.ready("a0", "a1")
    world.arrives("c")
    assert is_late(world) and world.rung() == before


def test_f18_given_an_end_told_twice_and_the_arrival_between_then_each_is_late() -> None:
    world = World()
    world.arrives("c")
    world.hangs_up("c")
    for again in (lambda: world.arrives("c"), lambda: world.hangs_up("c"), lambda: world.arrives("c")):
        again()
        assert is_late(world)


@pytest.mark.parametrize("cause", ["LOST", "SWITCH_CRASH", "NODE_DOWN"])
def test_f18_f25_given_a_call_that_was_only_missed_when_the_switch_brings_it_back_then_it_is_adopted(cause: str) -> None:
    """Its end was ours to conclude, not the switch's to tell: after a crash it stands again."""
    world = World()
    world.arrives("c")
    world.hangs_up("c", cause)
    list(step(world.state, ev.CallArrived(at=world.at, leg=leg("c"), dialled="1")))
    assert world.call("c").is_live


def test_f18_given_a_call_that_ended_when_a_later_look_shows_it_then_it_is_what_it_seems() -> None:
    """The switch is the truth about legs: nobody stands in silence because we remember otherwise."""
    world = World()
    world.arrives("c")
    world.hangs_up("c")
    world.at += 10
    list(step(world.state, ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(seen("c"),))))
    assert world.call("c").is_live


def test_f18_given_a_restart_from_the_journal_when_the_arrival_is_told_again_then_it_stays_ended() -> None:
    world = World()
    world.arrives("c")
    world.hangs_up("c")
    fresh = State(world.state.policy, world.state.flows)
    for decision in world.decisions:
        for record in decision.changes:
            fresh.put(record)
    world.state = fresh
    world.arrives("c")
    assert is_late(world) and not world.state.calls


def test_f18_given_a_line_that_stays_up_when_it_is_the_agents_then_its_leg_is_not_taken_for_gone() -> None:
    world = World()
    world.asks("a0", Wish.LOG_IN)
    gone = world.state.gone
    gone.add(leg("n"), world.at)
    assert not gone.has_ended(leg("n"), world.at) and gone.since(leg("n"), world.at)


def test_f18_given_many_calls_when_a_minute_has_passed_then_the_memory_holds_none_of_them() -> None:
    gone = Gone()
    for n in range(1000):
        gone.add(LegId(f"fs/{n}"), 1000.0 + n, told=True)
    assert len(gone) <= KEPT_S + 1
    assert gone.has_ended(LegId("fs/999"), 1999.0 + KEPT_S) and not gone.has_ended(LegId("fs/999"), 2000.0 + KEPT_S)
