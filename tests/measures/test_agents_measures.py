"""ACD.md, metric definitions: what is said of agents, counted by hand."""

import pytest

from acd.measures.fairness import DEALT, FAIRNESS, Dealt, dealt, gini
from acd.measures.offers import OFFERS, Handled, Offers
from acd.measures.promises import PROMISES, Promised
from acd.measures.repeats import REPEATS, Repeats
from acd.measures.times import TIMES, Times
from acd.measures.waits import percentile


def an_agents_day() -> Offers:
    """20 offers: 12 answered, 3 let ring, 2 declined, 2 callers left while it rang, 1 at the pick-up."""
    return Offers(
        by={
            "answered": Handled(n=12, talk_s=3000.0, hold_s=240.0, wrap_up_s=600.0, transferred=3),
            "no_answer": Handled(n=3),
            "declined": Handled(n=2),
            "caller_gone": Handled(n=2),
            "caller_gone_at_answer": Handled(n=1),
        }
    )


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("offers/acd-1", 20),
        ("handled/acd-1", 12),
        ("not_answered/acd-1", 3),
        ("caller_left/acd-1", 3),
        ("average_handling_time/acd-1", (3000 + 600) / 12),  # hold is within the talk
        ("average_talk_time/acd-1", 250),
        ("average_hold_time/acd-1", 20),
        ("average_wrap_up/acd-1", 50),
        ("rna_rate/acd-1", 3 / 20),  # the customer who hung up is not the agent's doing
        ("rna_rate/connect", (3 + 2 + 2) / 20),
        ("transfer_rate/acd-1", 3 / 12),
    ],
)
def test_given_an_agents_day_when_asked_then_it_follows_the_glossary(id: str, expected: float) -> None:
    assert OFFERS[id].of(an_agents_day()) == pytest.approx(expected)


def test_given_the_offers_glossary_when_listed_then_every_one_was_counted_by_hand() -> None:
    assert len([*OFFERS]) == 11


def hours() -> Times:
    """8 h logged in: ready 2 h, rung 15 min, talking 4 h, wrap-up 45 min, lunch 30 min, training 30 min; 16 h away."""
    return Times(
        by={
            ("ready", ""): 7200, ("offered", ""): 900, ("talking", ""): 14400, ("wrap_up", ""): 2700, ("not_ready", "lunch"): 1800,
            ("not_ready", "training"): 1800, ("logged_out", ""): 57600,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("logged_in_time/acd-1", 8 * 3600),
        ("ready_time/acd-1", 7200),
        ("rung_time/acd-1", 900),
        ("talk_time/acd-1", 14400),
        ("wrap_up_time/acd-1", 2700),
        ("not_ready_time/acd-1", 3600),
        ("occupancy/acd-1", 17100 / 24300),
        ("occupancy/icmi", (900 + 17100 + 1800) / (900 + 17100 + 1800 + 7200)),
        ("utilisation/acd-1", 18000 / 28800),
    ],
)
def test_given_hours_of_an_agent_when_asked_then_it_follows_the_glossary(id: str, expected: float) -> None:
    assert TIMES[id].of(hours()) == pytest.approx(expected)


def test_given_nobody_there_when_asked_then_there_is_no_occupancy() -> None:
    assert [TIMES[id].of(Times()) for id in ("occupancy/acd-1", "occupancy/icmi", "utilisation/acd-1")] == [None] * 3


@pytest.mark.parametrize(
    ("waits", "p50", "p80", "p95"),
    [
        ([7.0], 7, 7, 7),
        ([1.0, 2.0, 3.0, 4.0], 2, 4, 4),
        ([float(n) for n in range(1, 101)], 50, 80, 95),
        ([float(n) for n in range(1, 22)], 11, 17, 20),  # 10.5 -> 11th, 16.8 -> 17th, 19.95 -> 20th
    ],
)
def test_given_waits_when_a_percentile_is_asked_for_then_it_is_of_the_nearest_rank(
    waits: list[float], p50: float, p80: float, p95: float
) -> None:
    assert [percentile(waits, each) for each in (50, 80, 95)] == [p50, p80, p95]


def test_given_no_waits_when_a_percentile_is_asked_for_then_there_is_none() -> None:
    assert percentile([], 50) is None


def test_given_four_served_of_whom_one_called_again_when_asked_then_three_quarters_were_resolved() -> None:
    assert REPEATS["first_contact_resolution/acd-1"].of(Repeats(served=4, again=1)) == 0.75
    assert REPEATS["first_contact_resolution/acd-1"].of(Repeats()) is None


def test_given_choices_when_dealt_then_each_who_could_is_owed_the_same_part() -> None:
    found = dealt([("ann", ["ann", "ben"], 2), ("ann", ["ann", "ben", "cy", "dee"], 4), ("ben", ["ben"], 1)])
    assert found == {
        "ann": Dealt(received=2, expected=0.75),
        "ben": Dealt(received=1, expected=1.75),
        "cy": Dealt(received=0, expected=0.25),
        "dee": Dealt(received=0, expected=0.25),
    }
    assert DEALT["fairness/acd-1"].of(found["cy"]) == 0


def test_given_more_free_than_the_trace_names_when_dealt_then_the_named_are_owed_their_part_only() -> None:
    assert dealt([("ann", ["ann", "ben"], 100)])["ben"].expected == 0.01


@pytest.mark.parametrize(("shares", "expected"), [([1, 1, 1], 0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25), ([2, 4, 4, 10], 0.3)])
def test_given_shares_when_the_gini_coefficient_is_asked_for_then_it_is_the_known_one(shares: list[float], expected: float) -> None:
    assert gini(shares) == pytest.approx(expected)


def test_given_nothing_dealt_when_the_gini_coefficient_is_asked_for_then_there_is_none() -> None:
    assert gini([]) is None and gini([0.0, 0.0]) is None
    assert FAIRNESS["gini/acd-1"].of({"ann": Dealt()}) is None


def test_given_ten_waits_that_were_told_when_judged_then_those_without_an_end_count_nowhere() -> None:
    told = Promised(told=10, kept=4, broken=4, kept_at_most=7, broken_at_most=2)
    assert [definition.of(told) for definition in PROMISES] == [10, 0.5, pytest.approx(7 / 9), 1]
    assert PROMISES["promise_p80/acd-1"].of(Promised(told=3)) is None


def test_given_own_calls_when_asked_then_they_are_occupied_and_not_ready_time() -> None:
    times = Times(by={("ready", ""): 600.0, ("own_call", ""): 200.0, ("talking", ""): 100.0, ("wrap_up", ""): 100.0})
    assert TIMES["own_call_time/acd-1"].of(times) == 200.0 and TIMES["ready_time/acd-1"].of(times) == 600.0
    assert TIMES["occupancy/acd-2"].of(times) == pytest.approx(0.4)
    assert TIMES["occupancy/acd-1"].of(times) == pytest.approx(0.25)
