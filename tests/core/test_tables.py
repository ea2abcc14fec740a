"""The tables of moves: what they do not hold is refused, for every noun and every pair of states."""

from itertools import product

import pytest

from acd.core import call as calls
from acd.core.illegal import IllegalMove
from acd.core.lines import entry as entries
from acd.core.matching.trace import Trace
from acd.core.offers import offer as offers
from acd.core.staff import agent as agents
from acd.words import AgentState, EntryState, OfferState, Owner

NO_TRACE = Trace(strategy="", policy="", at=0.0, waited_s=0.0, line=0)


def a_call(owner: Owner) -> calls.Call:
    return calls.Call(id="c", leg="fs/c", owner=owner, arrived_at=0.0, dialled="1")  # type: ignore[arg-type]


def an_entry(state: EntryState) -> entries.Entry:
    return entries.Entry(id="e", call="c", leg="fs/c", queue="q", joined_at=0.0, since=0.0, state=state)  # type: ignore[arg-type]


def an_offer(state: OfferState) -> offers.Offer:
    ids = {"id": "o", "entry": "e", "call": "c", "queue": "q", "agent": "a", "leg": "fs/o"}
    return offers.Offer(**ids, offered_at=0.0, trace=NO_TRACE, state=state)  # type: ignore[arg-type]


CASES = [
    *((a_call, calls.MOVES, a, b) for a, b in product(Owner, Owner)),
    *((an_entry, entries.MOVES, a, b) for a, b in product(EntryState, EntryState)),
    *((an_offer, offers.MOVES, a, b) for a, b in product(OfferState, OfferState)),
]


@pytest.mark.parametrize(("make", "table", "was", "to"), CASES)
def test_given_a_record_when_moved_then_only_as_its_table_allows(make, table, was, to) -> None:  # type: ignore[no-untyped-def]
    record = make(was)
    if to in table[was]:
        moved = record.move(to)
        assert (getattr(moved, "state", None) or moved.owner) is to
    else:
        with pytest.raises(IllegalMove, match=f"{was} -> {to}"):
            record.move(to)


@pytest.mark.parametrize(("was", "to"), list(product(AgentState, AgentState)))
def test_given_an_agent_when_moved_then_only_as_the_table_allows(was: AgentState, to: AgentState) -> None:
    agent = agents.Agent(id="a", state=was, since=1.0)  # type: ignore[arg-type]
    if to in agents.MOVES[was]:
        moved = agent.move(to, 5.0)
        assert (moved.state, moved.since) == (to, 1.0 if to is was else 5.0)
    else:
        with pytest.raises(IllegalMove, match=f"agent a: {was} -> {to}"):
            agent.move(to, 5.0)


def test_given_the_tables_when_read_then_every_state_has_its_row_and_every_end_is_final() -> None:
    for table, states, ends in (
        (calls.MOVES, Owner, {Owner.NOBODY}),
        (entries.MOVES, EntryState, {EntryState.ENDED}),
        (offers.MOVES, OfferState, {OfferState.ENDED}),
        (agents.MOVES, AgentState, set()),
    ):
        assert set(table) == set(states)
        assert {state for state in states if not table[state]} == ends  # type: ignore[index]


def test_given_a_state_left_when_moved_on_then_what_belonged_to_it_falls_away() -> None:
    wrap_up = agents.Agent(id="a", state=AgentState.WRAP_UP, offer="o", deadline=9.0, reason="x", resting=True)  # type: ignore[arg-type]
    ready = wrap_up.move(AgentState.READY, 5.0)
    assert (ready.offer, ready.deadline, ready.reason, ready.resting) == (None, None, "", False)


def test_given_a_break_when_its_reason_changes_then_its_time_begins_anew() -> None:
    lunch = agents.Agent(id="a", state=AgentState.NOT_READY, reason="lunch", since=1.0)  # type: ignore[arg-type]
    assert lunch.move(AgentState.NOT_READY, 5.0, reason="meeting").since == 5.0


@pytest.mark.parametrize(
    ("excluded", "agent", "at", "is_excluded"),
    [((("a", 5.0),), "a", 4.9, True), ((("a", 5.0),), "a", 5.0, False), ((("a", 5.0),), "b", 1.0, False), ((), "a", 0.0, False)],
)
def test_given_exclusions_when_asked_then_until_their_time_and_for_that_agent_only(
    excluded: tuple[tuple[str, float], ...], agent: str, at: float, is_excluded: bool
) -> None:
    entry = an_entry(EntryState.WAITING).move(EntryState.WAITING, excluded=excluded)
    assert entry.excludes(agent, at) is is_excluded  # type: ignore[arg-type]
