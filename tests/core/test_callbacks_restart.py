"""Callbacks after a gap, and the table of their moves."""

from itertools import product

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.illegal import IllegalMove
from acd.core.outside.callback import MOVES, Callback, CallbackOutcome, CallbackState
from acd.words import AgentState
from tests.core.called_back import FIRST, MINE, CallbackWorld, callback_rules
from tests.core.world import FS, World

C, O = CallbackState, CallbackOutcome


# -- after a gap ---


def seen(leg_: str, **more: object) -> ev.ChannelSeen:
    return ev.ChannelSeen(leg=leg_, inbound=False, **more)  # type: ignore[arg-type]


def looks(w: World, *channels: ev.ChannelSeen, after: float = 5.0) -> list[cm.Command]:
    w.at += after
    return w.feed(ev.SnapshotTaken(at=w.at, node=FS, asked_at=w.at, channels=channels))


def test_given_i10_a_customer_who_was_dialled_when_nothing_rings_after_a_gap_then_it_was_an_attempt_and_the_agent_is_free() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    agent = w.offer("a0").leg
    looks(w, seen(agent, answered=True))
    assert w.back().attempts[0].outcome == "lost" and w.agent("a0").state is AgentState.READY and w.dialled == [MINE]


def test_given_i10_both_stand_after_a_gap_when_looked_at_then_they_are_joined() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    agent, customer = w.offer("a0").leg, w.customer()
    commands = looks(w, seen(agent, answered=True), seen(customer, answered=True))
    assert cm.Bridge(leg=customer, other=agent) in commands


def test_given_row_70_an_agent_who_stands_ready_for_a_customer_who_rings_when_looked_at_then_nothing_was_missed() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    before = len(w.decisions)
    looks(w, seen(w.offer("a0").leg, answered=True, playing=True), seen(w.customer(), answered=False))
    assert [each.event for each in w.decisions[before:] if each.healed] == []


def test_given_i10_a_customer_who_still_rings_when_looked_at_then_nothing_is_played_to_them() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0")
    assert looks(w, seen(w.customer(), answered=False)) == [] and w.back().state is C.DIALLING
    assert w.agent("a0").state is AgentState.OFFERED, "who is only reserved has no leg that could be lost"


def test_given_a_switch_that_is_away_when_the_ringing_should_be_over_then_nobody_is_dialled_until_it_is_back() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.feed(ev.NodeLost(at=w.at, node=FS))
    w.after(100)
    assert w.back().state is C.DIALLING and w.dialled == [MINE]


# -- the table ---


@pytest.mark.parametrize(("was", "to"), list(product(C, C)))
def test_given_a_callback_when_moved_then_only_as_its_table_allows(was: C, to: C) -> None:
    back = Callback(id="x", call="x", queue="q", number="1", asked_at=0.0, since=0.0, expires_at=1.0, state=was)  # type: ignore[arg-type]
    if to in MOVES[was]:
        assert back.move(to).state is to
    else:
        with pytest.raises(IllegalMove, match=f"{was} -> {to}"):
            back.move(to)
