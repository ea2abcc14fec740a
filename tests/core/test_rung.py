"""Several agents rung for one caller at once: whoever picks up first has the caller, the others lose nothing (ACD.md 18, 28)."""

import pytest

from acd.core import events as ev
from acd.core.commands import Dismiss, HangUp, Ring
from acd.core.draft import Draft
from acd.core.matching.tracing import trace_of
from acd.core.offers.offer import Offer
from acd.core.offers.offering import make
from acd.core.step import _take
from acd.sim.switch import FakeSwitch
from acd.words import AgentState, EntryState, OfferOutcome, Wish
from tests.core.invariants import assert_invariants
from tests.core.world import FS, World, leg, policy

A, E, O = AgentState, EntryState, OfferOutcome


def all_rung(agents: int = 3) -> World:
    """Caller c, for whom every agent's phone rings."""
    world = World(policy(agents=agents)).ready(*(f"a{n}" for n in range(agents)))
    world.arrives("c")
    for id in [a.id for a in world.state.agents.values() if a.is_free]:
        entry = world.entry("c")
        draft = Draft(world.state, ev.TimePassed(at=world.at), world.at)
        make(draft, entry, id, trace_of(world.state, entry, id, world.at))
        decision = _take(world.state, draft)
        world.decisions.append(decision)
        world.ledger.note([decision])
    assert_invariants(world.state, world.ledger)
    return world


def test_row_28_given_three_phones_that_ring_when_one_is_picked_up_then_the_others_stop_and_nobody_is_blamed() -> None:
    world = all_rung()
    idle, legs = {n: world.agent(n).idle_since for n in ("a0", "a2")}, {n: world.offer(n).leg for n in ("a0", "a2")}
    commands = world.picks_up("a1")
    assert [c for c in commands if isinstance(c, HangUp)] == [HangUp(leg=legs["a0"]), HangUp(leg=legs["a2"])]
    assert world.entry("c").state is E.CONNECTING and world.entry("c").offer == world.agent("a1").offer
    assert {o.agent: o.outcome for o in world.ended(Offer)} == {"a0": O.LOST_RACE, "a2": O.LOST_RACE}
    for name, since in idle.items():
        agent = world.agent(name)
        assert (agent.state, agent.idle_since, agent.missed) == (A.READY, since, 0)
    world.is_bridged("a1")
    assert world.agent("a1").state is A.TALKING


def test_row_28_given_two_who_pick_up_at_once_when_the_second_is_heard_of_then_it_is_dismissed() -> None:
    world = all_rung(2)
    late = world.offer("a1").leg
    world.picks_up("a0")
    assert world.feed(ev.LegAnswered(at=world.at, leg=late)) == []
    assert world.feed(ev.LegParked(at=world.at, leg=late, inbound=False)) == [Dismiss(leg=late)]
    assert world.decisions[-1].late and world.agent("a1").state is A.READY


def test_row_18_given_several_phones_that_ring_when_one_fails_then_the_others_go_on_ringing() -> None:
    world = all_rung()
    commands = world.phone_ends("a0", "CALL_REJECTED")
    entry = world.entry("c")
    assert commands == [] and entry.state is E.OFFERED and len(entry.rung) == 2
    assert [who for who, _ in entry.excluded] == ["a0"]
    world.asks("a1", Wish.NOT_READY)
    assert len(world.entry("c").rung) == 1 and world.agent("a2").state is A.OFFERED


def test_given_several_phones_that_ring_when_the_last_one_fails_then_the_caller_is_back_in_line() -> None:
    world = all_rung(2)
    world.phone_ends("a0", "CALL_REJECTED")
    world.phone_ends("a1", "CALL_REJECTED")
    entry = world.entry("c")
    assert entry.state is E.WAITING and entry.rung == () and entry.retry_at is not None
    assert [who for who, _ in entry.excluded] == ["a0", "a1"]


def test_row_1_given_several_phones_that_ring_when_the_caller_leaves_then_all_stop() -> None:
    world = all_rung()
    legs = {world.offer(f"a{n}").leg for n in range(3)}
    assert {c.leg for c in world.hangs_up("c") if isinstance(c, HangUp)} == legs
    assert {o.outcome for o in world.ended(Offer)} == {O.CALLER_GONE}
    assert all(world.agent(f"a{n}").state is A.READY for n in range(3))


def test_row_18_given_a_winner_who_hangs_up_before_the_bridge_then_the_caller_is_back_in_line_and_rings_again() -> None:
    world = all_rung(2)
    world.picks_up("a0")
    commands = world.phone_ends("a0", "NORMAL_CLEARING")
    assert [c.phone for c in commands if isinstance(c, Ring)] == ["1001"]
    assert world.agent("a0").state is A.READY and O.DUMPED in {o.outcome for o in world.ended(Offer)}


@pytest.mark.parametrize("joined", ["a0", "a1"])
def test_given_two_who_picked_up_while_we_were_away_when_we_look_then_who_is_joined_to_the_caller_has_won(joined: str) -> None:
    world, switch = all_rung(2), FakeSwitch()
    switch.call(world.at, leg("c"))
    for name in ("a0", "a1"):
        switch.do(world.at, Ring(leg=world.offer(name).leg, phone="", timeout_s=9, caller_number="", caller_name="", marks={}))  # type: ignore[arg-type]
        switch.legs[world.offer(name).leg].answered = True
    winner = world.offer(joined).leg
    switch.legs[winner].bridged_to, switch.legs[leg("c")].bridged_to = leg("c"), winner
    world.at += 5
    world.feed(ev.NodeLost(at=world.at, node=FS))
    commands = world.feed(switch.snapshot(world.at))
    assert world.agent(joined).state is A.TALKING and world.entry("c").state is E.CONNECTED
    loser = next(o for o in world.ended(Offer))
    assert loser.outcome is O.LOST_RACE and {c.leg for c in commands if isinstance(c, HangUp | Dismiss)} == {loser.leg}
