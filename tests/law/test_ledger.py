"""The ledger of answered and abandoned calls, held against a list of every call (ACD.md 88)."""

import json
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.law.ledger import Ledger, allowed
from acd.law.profile import DAY_S
from acd.law.profiles import PROFILES

PERIODS_S = (DAY_S, 30 * DAY_S)
LIMIT = 0.03
NOON = 1_800_000_000.0


@dataclass
class Naive:
    """A list of every call, looked through each time. An abandon at the very edge of a period counts, an answer does not."""

    answered_at: list[float] = field(default_factory=list)
    abandoned_at: list[float] = field(default_factory=list)

    def room(self, at: float, limit: float, periods_s: tuple[float, ...] = PERIODS_S) -> int:
        return min(self._room(at, limit, period_s) for period_s in periods_s)

    def _room(self, at: float, limit: float, period_s: float) -> int:
        answered = sum(1 for each in self.answered_at if each > at - period_s)
        abandoned = sum(1 for each in self.abandoned_at if each >= at - period_s)
        return int(Fraction(str(limit)) * answered) - abandoned


def ledger(limit: float = LIMIT) -> Ledger:
    return Ledger(periods_s=PERIODS_S, limit=limit)


LEAPS = st.one_of(
    st.floats(0, 200),
    st.floats(0, 2 * DAY_S),
    st.floats(29 * DAY_S, 31 * DAY_S),
    st.sampled_from([0.0, 59.999999, 60.0, DAY_S, DAY_S - 60, 30 * DAY_S, 30 * DAY_S - 60, 30 * DAY_S + 60, -1.0, -59.0, -3600.0]),
)
HAPPENS = st.one_of(
    st.tuples(st.just("answered"), st.integers(1, 120)),
    st.tuples(st.just("abandoned"), st.integers(1, 3)),
    st.tuples(st.just("late"), st.integers(1, 3)),  # an abandon of which we hear afterwards
    st.tuples(st.just("restart"), st.just(0)),
    st.tuples(st.just("passes"), LEAPS),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(HAPPENS, min_size=1, max_size=60), st.sampled_from([0.0, 0.005, 0.03, 0.05, 0.29]))
def test_row_88_given_any_order_of_calls_and_time_when_there_is_room_then_a_list_of_every_call_has_it_too(
    happens: list[tuple[str, float]], limit: float
) -> None:
    real, naive, at = ledger(limit), Naive(), NOON + 17.25
    for what, much in happens:
        match what:
            case "answered":
                real.answered(at, int(much))
                naive.answered_at += [at] * int(much)
            case "abandoned" | "late":
                then = at if what == "abandoned" else at - 90.0 * much
                real.abandoned(then, int(much))
                naive.abandoned_at += [then] * int(much)
            case "restart":
                real = Ledger.from_kept(json.loads(json.dumps(real.kept())), replace(PROFILES["us"], abandon_limit=limit))
            case "passes":
                at += much
        assert real.room(at) <= naive.room(at, limit)
        if real.may_overdial(at):
            naive.abandoned_at.append(at)
            assert naive.room(at, limit) >= 0, "one more abandon would have passed the limit"
            naive.abandoned_at.pop()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 40 * DAY_S), st.booleans()), max_size=80), st.floats(0, 40 * DAY_S))
def test_given_calls_in_any_order_when_counted_then_a_minute_is_all_that_is_taken_to_the_safe_side(
    calls: list[tuple[float, bool]], later_s: float
) -> None:
    real, naive = ledger(), Naive()
    for after_s, is_abandon in sorted(calls):
        (real.abandoned if is_abandon else real.answered)(NOON + after_s)
        (naive.abandoned_at if is_abandon else naive.answered_at).append(NOON + after_s)
    at = NOON + max([later_s, *(after_s for after_s, _ in calls)])
    for count in real.counts(at):
        inner = sum(each > at - count.period_s + 60 for each in naive.answered_at)
        outer = sum(each > at - count.period_s for each in naive.answered_at)
        assert inner <= count.answered <= outer
        least = sum(each >= at - count.period_s for each in naive.abandoned_at)
        most = sum(each >= at - count.period_s - 60 for each in naive.abandoned_at)
        assert least <= count.abandoned <= most


def test_row_88_given_a_hundred_answers_when_abandoned_one_by_one_then_the_third_is_the_last() -> None:
    real = ledger()
    real.answered(NOON, 100)
    said = []
    for _ in range(4):
        said.append(real.may_overdial(NOON))
        real.abandoned(NOON)
    assert said == [True, True, True, False] and real.room(NOON) == -1


def test_given_a_full_month_with_room_when_the_day_has_none_then_there_is_none() -> None:
    real = ledger()
    real.answered(NOON, 10_000)
    tomorrow = NOON + DAY_S + 120
    assert [(c.answered, c.abandoned) for c in real.counts(tomorrow)] == [(0, 0), (10_000, 0)]
    assert real.room(tomorrow) == 0 and not real.may_overdial(tomorrow)
    real.answered(tomorrow, 34)
    assert real.room(tomorrow) == 1


def test_given_a_campaigns_lower_limit_when_asked_then_it_holds_and_a_higher_one_does_not() -> None:
    us = PROFILES["us"]
    for limit, room in ((0.01, 10), (0.2, 30), (0.0, 0), (None, 30)):
        real = Ledger.of(us, limit)
        real.answered(NOON, 1000)
        assert real.room(NOON) == room
    assert Ledger.of(us).room(NOON, 0.5) == 0 and real.room(NOON, 0.5) == 30 and real.room(NOON, 0.02) == 20


@pytest.mark.parametrize(
    ("limit", "answered", "most"), [(0.03, 100, 3), (0.29, 100, 29), (0.07, 100, 7), (0.03, 99, 2), (0.0, 9, 0), (0.05, 60, 3)]
)
def test_given_a_share_that_a_float_cannot_hold_when_it_is_of_calls_then_it_is_whole(limit: float, answered: int, most: int) -> None:
    assert allowed(limit, answered) == most


def test_given_thirty_days_of_a_hundred_thousand_calls_when_kept_then_it_is_small_and_the_same() -> None:
    real = ledger()
    for day in range(45):
        for minute in range(13 * 60):
            at = NOON + day * DAY_S + minute * 60
            real.answered(at, 25)
            if minute % 10 == 0:
                real.abandoned(at, 5)
    text = json.dumps(real.kept(), separators=(",", ":"))
    at = NOON + 44 * DAY_S + 13 * 3600
    back = Ledger.from_kept(json.loads(text), PROFILES["us"], 0.5)
    assert len(text) < 300_000 and sum(1 for _ in real.rows()) < 34 * 780
    assert back.counts(at) == real.counts(at) and back.room(at) == real.room(at) > 0
    assert real.counts(at)[1].answered == 25 * 780 * 30


def test_given_what_is_older_than_every_period_when_it_is_forgotten_then_no_count_has_changed() -> None:
    real, whole = ledger(), Naive()
    for day in range(200):
        at = NOON + day * DAY_S
        real.answered(at, 40)
        whole.answered_at += [at] * 40
        real.abandoned(at)
        whole.abandoned_at.append(at)
        assert real.room(at) == whole.room(at, LIMIT)
    assert sum(1 for _ in real.rows()) < 100


def test_given_an_abandon_of_long_ago_when_it_is_told_after_it_was_forgotten_then_it_counts_nowhere() -> None:
    real = ledger()
    for day in range(200):
        real.answered(NOON + day * DAY_S, 40)
    before = list(real.rows())
    real.answered(NOON - 900 * DAY_S, 10_000)
    at = NOON + 199 * DAY_S
    assert real.counts(at)[1].answered == 30 * 40 and [row for row in real.rows() if row in before] == before


def test_given_a_campaign_in_anothers_place_when_their_ledgers_are_joined_then_every_call_counts() -> None:
    old, new = ledger(), ledger()
    old.answered(NOON, 100)
    old.abandoned(NOON, 3)
    new.answered(NOON + 30, 100)
    new.answered(NOON - 600, 20)
    new.add(old.rows())
    assert [(c.answered, c.abandoned) for c in new.counts(NOON + 60)] == [(220, 3)] * 2
    assert [minute for minute, _, _ in new.rows()] == sorted({minute for minute, _, _ in new.rows()})


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"version": 2, "grain_s": 60.0, "rows": []},
        {"version": 1, "grain_s": 1.0, "rows": []},
        {"version": 1, "grain_s": 60.0, "rows": [1, 2]},
        {"version": 1, "grain_s": 60.0, "rows": [1, 2, -3]},
        {"version": 1, "grain_s": 60.0, "rows": ["1", 2, 3]},
        {"version": 1, "grain_s": 60.0, "rows": "x"},
    ],
)
def test_given_what_is_no_ledger_when_it_is_read_then_it_is_refused_and_not_empty(kept: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a ledger"):
        Ledger.from_kept(kept, PROFILES["us"])


def test_given_a_ledger_when_kept_then_its_form_is_what_stands_in_databases() -> None:
    real = ledger()
    real.answered(120.0, 2)
    real.abandoned(60 * 5)
    assert real.kept() == {"version": 1, "grain_s": 60.0, "rows": [2, 2, 0, 3, 0, 1]}
    assert all(a < b for a, b in pairwise(minute for minute, _, _ in real.rows()))
