"""From one queue into another (ACD.md 48, 50-52): as the same contact, once round at most, and never where nobody takes them."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from acd.core.events import PolicyChanged
from acd.core.lines.entry import Entry
from acd.core.policy import Policy, QueuePolicy
from acd.words import EntryOutcome, Owner, QueueId, Wish
from tests.core.test_rows_queue import Until
from tests.core.world import Flows, World, policy

E = EntryOutcome
EXITS = frozenset({"no_agents", "closed", "full", "timed_out"})


def house(queues: Mapping[str, dict[str, object]], agents: int = 2, **more: object) -> Policy:
    """Queues with rules of their own; every agent serves all of them, number 1 leads to the first."""
    rules = policy(agents, queues, **more)
    own = {QueueId(id): replace(QueuePolicy(id=QueueId(id)), **changes) for id, changes in queues.items()}  # type: ignore[arg-type]
    return replace(rules, queues=own)


def world(queues: Mapping[str, dict[str, object]], max_wait_s: float | None = None, **more: object) -> World:
    """One agent is there, and not ready."""
    found = World(house(queues, **more), Flows(exits=EXITS, max_wait_s=max_wait_s))
    found.asks("a0", Wish.LOG_IN)
    return found


def visits(w: World) -> list[tuple[str, str, str]]:
    return [(entry.queue, entry.outcome, entry.exit) for entry in w.ended(Entry)]


FULL = {"sales": {"max_waiting": 1, "overflow": {"full": "support"}}, "support": {}}


def test_row_51_given_a_full_queue_when_another_takes_its_callers_then_they_wait_there_as_the_same_contact() -> None:
    w = world(FULL)
    w.arrives("c")
    w.arrives("d")
    assert visits(w) == [("sales", E.OVERFLOWED, "full")]
    entry = w.entry("d")
    assert (entry.queue, entry.id, entry.call, entry.via) == ("support", "d.q2", "d", ("sales",))
    assert w.call("d").entries == 2 and entry.exits == tuple(sorted(EXITS)), "the exits are those of the step"


@pytest.mark.parametrize(
    "other",
    [{"max_waiting": 0}, {"hours": "shop"}, {"is_draining": True}, {"join_when": "available"}, None],
    ids=["full", "closed", "draining", "nobody there", "unknown"],
)
def test_row_51_given_a_full_queue_when_the_other_does_not_take_them_either_then_the_exit_is_taken(
    other: dict[str, object] | None,
) -> None:
    queues = {"sales": FULL["sales"], **({"support": other} if other is not None else {})}
    w = world(queues, calendars={"shop": Until(900)})
    w.arrives("c")
    w.arrives("d")
    assert visits(w) == [("sales", E.FULL, "full")]


@pytest.mark.parametrize(("carry_age", "since"), [(True, 1000.0), (False, 1030.0)])
def test_row_50_given_the_longest_wait_is_over_when_another_queue_takes_them_then_their_age_is_carried(
    carry_age: bool, since: float
) -> None:
    w = world({"sales": {"overflow": {"timed_out": "support"}}, "support": {"carry_age": carry_age}}, max_wait_s=30.0)
    w.arrives("c")
    w.after(30)
    assert visits(w) == [("sales", E.OVERFLOWED, "timed_out")]
    entry = w.entry("c")
    assert (entry.joined_at, entry.since, entry.leave_at) == (1030.0, since, None)
    assert w.call("c").owner is Owner.QUEUE and w.call("c").waiting_since == since
    w.ready("a0")
    assert w.rung() == ["1000"]


def test_row_50_given_a_caller_who_is_older_when_they_overflow_then_they_go_before_those_who_wait_there() -> None:
    w = world({"sales": {"overflow": {"timed_out": "support"}, "max_wait_s": 30.0}, "support": {}})
    w.arrives("old")
    w.after(20)
    w.arrives("young", "2")
    w.after(20)
    assert [entry.call for entry in w.state.line(QueueId("support"))] == ["old", "young"]


def test_row_48_given_the_longest_wait_over_while_ringing_when_nobody_answers_then_only_then_over_to_the_other() -> None:
    w = World(house({"sales": {"overflow": {"timed_out": "support"}, "max_wait_s": 10.0}, "support": {}}), Flows(exits=EXITS))
    w.ready("a0")
    w.arrives("c")
    w.rings("a0")
    w.after(14.9)
    assert w.entry("c").queue == "sales"
    w.after(0.2)
    assert w.entry("c").queue == "support"


def test_row_47_given_everybody_has_gone_when_another_queue_is_staffed_then_the_line_goes_over() -> None:
    rules = house({"sales": {"overflow": {"no_agents": "support"}}, "support": {}})
    a1 = replace(rules.agents["a1"], queues=(QueueId("support"),))  # type: ignore[index]
    w = World(replace(rules, agents={**rules.agents, a1.id: a1}), Flows(exits=EXITS))
    w.asks("a0", Wish.LOG_IN)
    w.asks("a1", Wish.LOG_IN)
    w.arrives("c")
    w.arrives("d")
    w.asks("a0", Wish.LOG_OUT)
    w.after(10.1)
    assert [entry.call for entry in w.state.line(QueueId("support"))] == ["c", "d"]
    assert visits(w) == [("sales", E.OVERFLOWED, "no_agents")] * 2


def test_row_43_given_a_closed_queue_when_another_is_open_then_its_callers_wait_there() -> None:
    w = world({"sales": {"hours": "shop", "overflow": {"closed": "support"}}, "support": {}}, calendars={"shop": Until(900)})
    w.arrives("c")
    assert visits(w) == [("sales", E.OVERFLOWED, "closed")] and w.entry("c").queue == "support"


RING = {"a": {"max_wait_s": 10.0, "overflow": {"timed_out": "b"}}, "b": {"max_wait_s": 10.0, "overflow": {"timed_out": "a"}}}


def test_row_50_given_queues_that_send_callers_to_each_other_when_one_has_been_in_both_then_out_by_the_exit() -> None:
    """Such rules are refused when they are loaded; what is in force was perhaps not."""
    w = world(RING)
    w.arrives("c")
    w.after(20)
    assert visits(w) == [("a", E.OVERFLOWED, "timed_out"), ("b", E.TIMED_OUT, "timed_out")]


@pytest.mark.parametrize(("max_hops", "stays"), [(1, 2), (2, 3), (3, 4)])
def test_row_50_given_a_chain_of_queues_when_a_caller_goes_along_it_then_only_so_many_hops(max_hops: int, stays: int) -> None:
    chain = {id: {"max_wait_s": 10.0, "overflow": {"timed_out": to}} for id, to in zip("abcde", "bcdef", strict=True)}
    w = world({**chain, "f": {"max_wait_s": 10.0}}, max_hops=max_hops)
    w.arrives("c")
    w.after(100)
    assert len(visits(w)) == stays and visits(w)[-1][1] == E.TIMED_OUT


def test_row_50_given_full_queues_in_a_chain_when_a_caller_comes_then_the_first_with_room() -> None:
    chain = {id: {"max_waiting": 0, "overflow": {"full": to}} for id, to in zip("ab", "bc", strict=True)}
    w = world({**chain, "c": {}})
    w.arrives("x")
    assert visits(w) == [("a", E.OVERFLOWED, "full")] and w.entry("x").queue == "c"


def test_given_a_caller_who_may_wait_a_minute_when_they_overflow_after_half_of_it_then_half_is_left() -> None:
    w = world(
        {"sales": {"hours": "shop", "at_close": "leave", "overflow": {"closed": "support"}}, "support": {}},
        60.0,
        calendars={"shop": Until(1020)},
    )
    w.arrives("c")
    w.after(21)
    assert w.entry("c").queue == "support" and w.entry("c").leave_at == 1060.0


def test_row_53_given_a_running_offer_when_its_queue_changes_then_it_finishes() -> None:
    w = World(house(FULL), Flows(exits=EXITS)).ready("a0")
    w.arrives("c")
    w.state.policy = replace(w.state.policy, queues={QueueId("sales"): QueuePolicy(id=QueueId("sales"), priority=9)})
    w.feed(PolicyChanged(at=w.at))
    w.picks_up("a0")
    w.is_bridged("a0")
    assert w.call("c").owner is Owner.AGENT
