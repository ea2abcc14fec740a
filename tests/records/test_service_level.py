import pytest

from acd.records.rows import visit_row
from acd.records.service_level import SERVICE_LEVEL, abandon_rate, average_speed_of_answer_s, count
from acd.words import EntryOutcome

from .making import T0, abandoned, entry


def day() -> list[dict[str, object]]:
    """6 answered in time, 2 late; abandoned: 1 short, 1 within the target, 1 after it; 1 timed out, 2 flow-outs."""
    answered = [entry(f"a{i}", connected_at=T0 + 4 + waited) for i, waited in enumerate([1, 2, 3, 4, 5, 20, 21, 40])]
    gone = [
        abandoned("s", 2, EntryOutcome.SHORT_ABANDONED),
        abandoned("b", 10),
        abandoned("c", 30, EntryOutcome.ABANDONED_WHILE_RINGING),
        abandoned("t", 60, EntryOutcome.TIMED_OUT),
        abandoned("k", 8, EntryOutcome.EXITED_KEY),
        abandoned("f", 0, EntryOutcome.FULL),
    ]
    return [visit_row(e, 20.0) for e in answered + gone]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [("acd-1", 6 / 11), ("asterisk", 6 / 8), ("connect", 8 / 14), ("genesys", 6 / 11), ("industry", 6 / 14)],
)
def test_given_a_day_when_the_service_level_is_asked_for_then_each_definition_gives_its_own(
    definition: str, expected: float
) -> None:
    assert SERVICE_LEVEL[definition](count(day())) == pytest.approx(expected)


def test_given_a_day_when_counted_then_the_outcomes_sum_to_offered_I4() -> None:
    c = count(day())
    assert c.offered == 14 == c.answered + c.abandoned + c.short_abandoned + c.unserved + c.flow_outs


def test_given_every_outcome_when_counted_then_each_falls_into_exactly_one_counter() -> None:
    for outcome in EntryOutcome:
        c = count([visit_row(abandoned("x", 1, outcome))])
        assert c.answered + c.abandoned + c.short_abandoned + c.unserved + c.flow_outs == 1, outcome


def test_given_a_day_when_rates_are_asked_for_then_they_follow_the_glossary() -> None:
    c = count(day())
    assert abandon_rate(c) == pytest.approx(2 / 11)
    assert average_speed_of_answer_s(c) == pytest.approx(96 / 8)


def test_given_nobody_when_asked_then_there_is_no_number() -> None:
    assert [formula(count([])) for formula in SERVICE_LEVEL.values()] == [None] * len(SERVICE_LEVEL)
