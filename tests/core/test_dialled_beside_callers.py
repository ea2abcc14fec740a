"""Who was dialled and who called us want the same agents (ACD.md 37)."""

from dataclasses import replace

import pytest

from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.core.outside.seats import seats
from acd.words import QueueId, Wish
from tests.core.dialled_out import DialledWorld, dialling_rules

D, O = DialledState, DialOutcome


# -- one arbiter ---


def busy_house(**rules: object) -> DialledWorld:
    """One agent, who talks."""
    w = DialledWorld(dialling_rules(1, **rules))  # type: ignore[arg-type]
    w.talks("first", "a0")
    return w


def freed(w: DialledWorld) -> str:
    """Whom the agent has next."""
    w.phone_ends("a0", "NORMAL_CLEARING")
    return w.offer("a0").call


def test_row_37_given_an_inbound_caller_of_equal_priority_when_a_dialled_one_has_answered_then_that_one_first() -> None:
    w = busy_house()
    w.arrives("c")
    w.dials()
    w.at += 20
    w.answers()
    assert freed(w) == w.contact().id


def test_row_37_given_an_inbound_caller_who_has_waited_for_a_point_when_a_dialled_one_has_answered_then_the_caller_first() -> None:
    w = busy_house(queue_ageing_s=60.0)
    w.arrives("c")
    w.at += 59
    w.dials()
    w.answers()
    assert freed(w) == "c"


@pytest.mark.parametrize("later_s", [0.0, 1.0, 1.99])
def test_row_37_given_an_inbound_caller_of_higher_priority_when_they_come_even_later_then_they_go_first(later_s: float) -> None:
    rules = dialling_rules(1, queues=("sales", "vip"))
    vip = replace(rules.queues[QueueId("vip")], priority=1)
    w = DialledWorld(replace(rules, queues={**rules.queues, vip.id: vip}))
    w.talks("first", "a0")
    w.dials()
    w.answers()
    w.at += later_s
    w.arrives("c", "2")
    assert freed(w) == "c"


def test_row_37_given_an_offer_to_an_inbound_caller_when_a_dialled_one_answers_then_it_is_not_taken_away() -> None:
    w = DialledWorld(dialling_rules(1)).ready("a0")
    w.dials(priority=50)
    w.arrives("c")
    w.answers()
    assert w.offer("a0").call == "c"
    w.after(2)
    assert w.offer("a0").call == "c" and w.dialled().state is D.ABANDONED


def test_row_37_given_dialled_calls_that_ring_when_somebody_calls_then_an_agent_is_theirs() -> None:
    """What a campaign expects to need blocks nobody."""
    w = DialledWorld(dialling_rules(1)).ready("a0")
    for n in range(5):
        w.dials(f"t{n}")
    w.arrives("c")
    assert w.offer("a0").call == "c"


def test_row_37_given_a_floor_when_the_campaign_looks_then_it_sees_who_is_free_and_since_when_the_others_are_not() -> None:
    w = DialledWorld(dialling_rules(5, queue_wrap_up_s=30.0)).ready("a0")
    w.arrives("x")
    w.picks_up("a0")
    w.is_bridged("a0")
    talks = w.at
    w.ready("a1")
    w.arrives("y")
    offered = w.at
    w.ready("a2", "a3")
    w.dials("t1")
    dialled = w.at
    w.at += 3
    w.dials("t2")
    w.far_rings("t2")
    rings = w.at
    found = seats(w.state, QueueId("sales"))
    assert (found.free, found.talking, found.offered, found.wrap_up) == (2, (talks,), (offered,), ())
    assert (found.dialling, found.ringing, found.answered, found.callers) == ((dialled,), (rings,), (), 1)
    w.asks("a2", Wish.NOT_READY)
    w.asks("a3", Wish.NOT_READY)
    w.answers("t2")
    w.phone_ends("a0", "NORMAL_CLEARING")
    found = seats(w.state, QueueId("sales"))
    assert (found.free, found.wrap_up, found.answered, found.ringing, found.callers) == (0, (w.at,), (w.at,), (), 1)
    assert seats(w.state, QueueId("other")).free == 0


@pytest.mark.parametrize("queue", ["sales", "vip"])
def test_row_37_given_two_who_answered_when_an_agent_comes_free_then_the_one_of_the_higher_campaign_first_though_they_answered_later(
    queue: str,
) -> None:
    """Within a queue, and across queues of the same agents."""
    w = DialledWorld(dialling_rules(1, queues=("sales", "vip")))
    w.talks("first", "a0")
    w.dials("t1", priority=1)
    w.dials("t2", priority=2, queue=QueueId(queue))
    w.answers("t1")
    w.at += 1.5
    w.answers("t2")
    assert freed(w) == w.contact("t2").id
