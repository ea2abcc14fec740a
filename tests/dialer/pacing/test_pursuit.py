import pytest

from dialer.core.pacing.floor import Rang
from dialer.core.pacing.learnt import Learnt
from dialer.core.pacing.pursuit import Pursuit


def rung(pursuit: Pursuit, lines: int, every: int, expected: float) -> Pursuit:
    """Each ``every``-th line is answered."""
    for n in range(lines):
        pursuit.rang(n % every == 0, expected)
    return pursuit


def learnt(answers: int, ended: int) -> Learnt:
    rings = Learnt()
    for n in range(answers + ended):
        rings.saw(Rang(age_s=12.0, answered=n < answers))
    return rings


def test_given_answers_as_expected_when_lines_ring_then_the_factor_is_one() -> None:
    assert rung(Pursuit(), 1_000, 10, 0.1).factor == pytest.approx(1.0, abs=0.03)


def test_given_three_times_the_answers_when_a_hundred_lines_rang_then_most_of_it_is_followed() -> None:
    assert 2.0 < rung(Pursuit(), 100, 3, 0.1).factor < 3.4


def test_given_a_surprise_when_the_tables_have_learnt_it_too_then_it_is_not_counted_twice() -> None:
    pursuit = rung(Pursuit(), 200, 10, 0.4)
    before = pursuit.factor
    pursuit.learnt(0.4, 0.1)
    assert before < 0.5 and pursuit.factor == pytest.approx(1.0, abs=0.05)


def test_given_few_answers_when_reckoned_with_then_caution_is_large_and_fades_with_every_answer() -> None:
    cautions = [learnt(answers, 10 * answers).caution for answers in (0, 3, 24, 399)]
    assert cautions == pytest.approx([2.0, 1.5, 1.2, 1.05])


def test_given_lines_that_ended_when_told_then_the_hit_ratio_is_theirs() -> None:
    assert learnt(0, 0).hit_ratio > 0.5
    assert learnt(200, 1_800).hit_ratio == pytest.approx(0.1, abs=0.002)
