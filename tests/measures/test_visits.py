"""ACD.md, metric definitions: each formula on a day that can be counted by hand, and on what the peers' own pages say."""

import pytest

from acd.measures.visits import SERVICE_LEVEL, VISITS, Visits, count
from acd.records.rows import visit_row
from acd.words import EntryOutcome
from tests.records.making import T0, abandoned, entry

T_S = 20.0


def day() -> Visits:
    """8 answered, of these 6 in time; abandoned: 1 short, 1 within the target, 1 after it; timed out 1; flow-outs 2."""
    answered = [entry(f"a{i}", connected_at=T0 + 4 + waited) for i, waited in enumerate([1, 2, 3, 4, 5, 20, 21, 40])]
    gone = [
        abandoned("s", 2, EntryOutcome.SHORT_ABANDONED),
        abandoned("b", 10),
        abandoned("c", 30, EntryOutcome.ABANDONED_WHILE_RINGING),
        abandoned("t", 60, EntryOutcome.TIMED_OUT),
        abandoned("k", 8, EntryOutcome.EXITED_KEY),
        abandoned("f", 0, EntryOutcome.FULL),
    ]
    return count(visit_row(e, T_S) for e in answered + gone)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("acd-1", 6 / (8 + 2 + 1)),
        ("asterisk", 6 / 8),  # who gave up is not in it
        ("asterisk-2", (6 + 2) / (8 + 3 + 1)),  # two gave up within 20 s, the time-out counts as abandoned, the key as nothing
        ("connect", (6 + 2) / 14),  # who gave up within 20 s counts as served in time
        ("genesys", 6 / (8 + 2 + 1)),
        ("genesys+flow_outs", 6 / (8 + 2 + 1 + 3)),
        ("genesys-short", 6 / (8 + 2)),
        ("genesys+flow_outs-short", 6 / (8 + 2 + 3)),
        ("genesys-abandoned", 6 / 8),
        ("genesys+flow_outs-abandoned", 6 / (8 + 3)),
        ("industry", 6 / 14),
    ],
)
def test_given_a_day_when_the_service_level_is_asked_for_then_each_definition_gives_its_own(definition: str, expected: float) -> None:
    assert SERVICE_LEVEL[definition].of(day()) == pytest.approx(expected)


def test_given_the_definitions_when_listed_then_every_one_was_counted_by_hand() -> None:
    assert len(SERVICE_LEVEL) == 11


def test_given_a_callback_asked_for_in_time_when_counted_as_connect_then_it_left_the_queue_in_time() -> None:
    visits = count([visit_row(abandoned("x", 15, "callback_requested"), T_S), visit_row(abandoned("y", 25, "callback_requested"), T_S)])  # type: ignore[arg-type]
    assert SERVICE_LEVEL["connect"].of(visits) == 1 / 2
    assert SERVICE_LEVEL["industry"].of(visits) == 0


def test_given_a_wait_of_exactly_the_target_when_counted_then_it_is_in_time() -> None:
    waits = [visit_row(entry("a", connected_at=T0 + 4 + waited), T_S) for waited in (T_S, T_S + 0.001)]
    assert count(waits).answered_in_time == 1


def test_given_a_row_without_a_target_when_counted_then_the_given_one_holds() -> None:
    rows = [visit_row(entry("a", connected_at=T0 + 4 + 25))]
    assert (count(rows).answered_in_time, count(rows, 30).answered_in_time) == (0, 1)


def test_given_a_day_when_counted_then_the_outcomes_sum_to_offered_I4() -> None:
    v = day()
    assert (v.offered, v.answered, v.abandoned, v.short_abandoned, v.unserved, v.flow_outs) == (14, 8, 2, 1, 1, 2)


def test_given_every_outcome_when_counted_then_each_falls_into_exactly_one_counter() -> None:
    for outcome in EntryOutcome:
        v = count([visit_row(abandoned("x", 1, outcome))])
        assert sorted((v.answered, v.abandoned, v.short_abandoned, v.unserved, v.flow_outs)) == [0, 0, 0, 0, 1], outcome


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("abandon_rate/acd-1", 2 / (14 - 1 - 2)),
        ("abandon_rate/ccai", 2 / (8 + 2)),
        ("abandon_rate/connect", 3 / 14),
        ("average_speed_of_answer/acd-1", 96 / 8),
        ("average_time_to_abandon/acd-1", (10 + 30) / 2),
        ("longest_wait/acd-1", 60),
    ],
)
def test_given_a_day_when_a_rate_is_asked_for_then_it_follows_the_glossary(id: str, expected: float) -> None:
    assert VISITS[id].of(day()) == pytest.approx(expected)


def test_given_nobody_when_asked_then_there_is_no_number() -> None:
    counts = {"offered", "answered", "answered_in_time", "abandoned", "short_abandoned", "unserved", "flow_outs"}
    for definition in VISITS:
        assert definition.of(Visits()) == (0 if definition.measure in counts else None), definition.id


def test_given_two_halves_when_added_then_they_are_the_day() -> None:
    assert (day() + day()).by.keys() == day().by.keys()
    for definition in VISITS:
        whole, half = definition.of(day() + day()), definition.of(day())
        assert whole == pytest.approx(half * 2 if definition.unit == "count" else half), definition.id  # type: ignore[operator]
