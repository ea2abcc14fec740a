"""Callers held for one agent: for the one who served them, or whom their flow prefers."""

from typing import Any

import pytest

from acd.core.interpreter import EnterQueue
from acd.words import AgentId, Wish
from tests.core.routing import SALES, STICKY, E, asking, house
from tests.core.world import World


def served_by_a1(**more: Any) -> World:
    """Caller +4930123456 was served by a1; a0 has been idle for longer since."""
    world = World(house(2, sticky=STICKY, wrap_up_s=0.0, **more)).ready("a1")
    world.arrives("first", caller_number="+4930123456")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.at += 30
    world.hangs_up("first")
    return world


def test_given_a_caller_who_was_served_when_they_call_again_then_the_same_agent_first() -> None:
    world = served_by_a1()
    world.arrives("again", caller_number="+4930123456")
    assert world.rung() == ["1001", "1001"] and world.offer("a1").trace.held_for == "a1"
    assert ("a0", "held", "a1") in {(p.agent, p.rule, p.value) for p in world.offer("a1").trace.passed_over}


def test_given_the_agent_who_served_them_busy_when_they_call_again_then_they_wait_for_them_and_then_anyone() -> None:
    world = served_by_a1()
    world.arrives("other", caller_number="+4930999999")
    assert world.rung()[1:] == ["1000"]
    world.hangs_up("other")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.arrives("third", caller_number="anonymous")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.arrives("again", caller_number="+4930123456")
    assert world.entry("again").state is E.WAITING, "a0 is free, and they wait for a1"
    world.after(19.9)
    assert world.entry("again").state is E.WAITING
    world.after(0.1)
    assert world.offer("a0").call == "again"


@pytest.mark.parametrize("away", ["lunch", "log_out", "declined"])
def test_given_the_agent_who_served_them_away_when_they_call_again_then_anyone_at_once(away: str) -> None:
    world = served_by_a1()
    if away == "lunch":
        world.asks("a1", Wish.NOT_READY, "lunch")
    elif away == "log_out":
        world.asks("a1", Wish.LOG_OUT)
    world.arrives("again", caller_number="+4930123456")
    if away == "declined":
        world.phone_ends("a1", "CALL_REJECTED")
    assert world.offer("a0").call == "again"


def test_given_a_caller_who_waits_for_an_agent_when_that_agent_goes_away_then_anyone_at_once() -> None:
    world = served_by_a1()
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.arrives("third", caller_number="anonymous")
    world.picks_up("a1")
    world.is_bridged("a1")
    world.ready("a0")
    world.arrives("again", caller_number="+4930123456")
    assert world.entry("again").state is E.WAITING
    world.asks("a1", Wish.LOG_OUT)
    assert world.offer("a0").call == "again"


def test_given_a_bond_when_its_time_is_over_then_it_is_forgotten() -> None:
    world = served_by_a1()
    assert len(world.state.bonds) == 1
    world.after(3600)
    assert not world.state.bonds and ("Bond", "sales/+4930123456") not in world.all_records()


@pytest.mark.parametrize("number", ["", "anonymous", "12", "+49'; drop"])
def test_given_a_number_by_which_nobody_is_known_when_served_then_there_is_no_bond(number: str) -> None:
    world = World(house(1, sticky=STICKY)).ready("a0")
    world.arrives("c", caller_number=number)
    world.picks_up("a0")
    world.is_bridged("a0")
    world.hangs_up("c")
    assert not world.state.bonds


def test_given_too_many_bonds_when_one_more_is_made_then_the_one_that_was_renewed_the_longest_ago_goes(monkeypatch: Any) -> None:
    monkeypatch.setattr("acd.core.matching.sticky.BONDS_MAX", 2)
    world = World(house(1, sticky=STICKY, wrap_up_s=0.0)).ready("a0")
    for number in ("+4911111", "+4922222", "+4911111", "+4933333", "+4933333"):
        world.arrives(f"c{world.at}", caller_number=number)
        world.picks_up("a0")
        world.is_bridged("a0")
        world.at += 10
        world.hangs_up(next(iter(world.state.calls)))
    assert list(world.state.bonds) == ["sales/+4911111", "sales/+4933333"]


def test_given_a_flow_that_prefers_an_agent_when_that_one_is_busy_then_the_caller_waits_as_long_as_it_says() -> None:
    asks = {"7": EnterQueue(queue=SALES, prefer=AgentId("a1"), prefer_s=7.0)}
    world = asking(house(2), **asks).ready("a1")
    world.arrives("busy", dialled="1")
    world.ready("a0")
    world.arrives("c", dialled="7")
    world.after(6.9)
    assert world.rung() == ["1001"]
    world.after(0.1)
    assert world.rung() == ["1001", "1000"]
