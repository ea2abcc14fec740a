import numpy as np
import pytest

from dialer.core.pacing.floor import Rang
from dialer.core.pacing.learnt import RING_CLASSES, Learnt
from dialer.core.pacing.lifetimes import Floats
from dialer.core.pacing.pursuit import FAR_S, JUMPS_S, Pursuit

HAZARD = np.full(len(RING_CLASSES) - 1, 0.01)
"""Of a line that rings for ten seconds, a tenth of an answer is expected."""


def one(age: float) -> Floats:
    return np.array([age])


def rung(pursuit: Pursuit, lines: int, every: int) -> Pursuit:
    """One after the other rings for ten seconds; each ``every``-th is answered then."""
    at = pursuit.until if pursuit.until > 0 else 0.0
    pursuit.settles(at, np.zeros(0), HAZARD)
    for n in range(lines):
        pursuit.ended(at + 10.0 * (n + 1), 10.0, n % every == 0)
        pursuit.settles(at + 10.0 * (n + 1), np.zeros(0), HAZARD)
    return pursuit


def surprised(within_s: float, answers: int) -> float:
    """The factor when 36 answers were to be expected within so many seconds, and so many came."""
    pursuit = Pursuit(answers=answers, spans_s=within_s)
    pursuit.rang_s[10] = 36.0 / HAZARD[10]
    return pursuit.factor(HAZARD)


def learnt(answers: int, ended: int) -> Learnt:
    rings = Learnt()
    for n in range(answers + ended):
        rings.saw(Rang(age_s=12.0, answered=n < answers))
    return rings


def test_given_answers_as_expected_when_lines_ring_then_the_factor_is_one() -> None:
    assert rung(Pursuit(), 1_000, 10).factor(HAZARD) == pytest.approx(1.0, abs=0.03)


def test_given_three_times_the_answers_when_a_hundred_lines_rang_then_most_of_it_is_followed() -> None:
    assert 2.0 < rung(Pursuit(), 100, 3).factor(HAZARD) < 3.4


def test_given_a_surprise_when_the_tables_have_learnt_it_too_then_it_is_not_counted_twice() -> None:
    pursuit = rung(Pursuit(), 400, 40)
    assert pursuit.factor(HAZARD) < 0.4
    assert pursuit.factor(HAZARD / 4) == pytest.approx(1.0, abs=0.05)


def test_given_lines_dialled_together_when_only_the_answered_have_ended_then_those_that_ring_still_speak_too() -> None:
    """A hundred lines; ten are answered in ten seconds, as expected. The ninety rang as long as they."""
    pursuit = Pursuit()
    pursuit.settles(0.0, np.zeros(100), HAZARD)
    for _ in range(10):
        pursuit.ended(10.0, 10.0, True)
    pursuit.settles(10.0, np.full(90, 10.0), HAZARD)
    assert pursuit.factor(HAZARD) == pytest.approx(1.0, abs=0.01)


def test_given_a_line_when_it_was_settled_while_it_rang_then_no_second_of_it_counts_twice() -> None:
    pursuit = Pursuit()
    for at in (0.0, 0.5, 3.0, 7.25):
        pursuit.settles(at, one(at), HAZARD)
    pursuit.ended(10.0, 10.0, True)
    assert pursuit.rang_s.sum() == pytest.approx(10.0)
    assert pursuit.rang_s[:10].cumsum() == pytest.approx(np.arange(1.0, 11.0), abs=0.5)


def test_given_nobody_asked_for_long_when_lines_rang_meanwhile_then_their_seconds_are_those_of_their_ages() -> None:
    pursuit = Pursuit()
    pursuit.settles(0.0, np.zeros(0), HAZARD)
    pursuit.settles(60.0, np.array([20.0, 5.0]), HAZARD)
    assert pursuit.rang_s.sum() == pytest.approx(25.0)
    assert pursuit.rang_s[:5] == pytest.approx(2.0) and pursuit.rang_s[5:20] == pytest.approx(1.0)


def test_given_one_surprise_when_it_took_seconds_then_it_is_believed_less_than_when_it_took_minutes() -> None:
    """Two standard deviations nearly: in ten seconds that is luck, in two minutes it may be another list."""
    assert surprised(10.0, 24) == pytest.approx(0.983, abs=0.001)
    assert surprised(120.0, 24) == pytest.approx(0.874, abs=0.001)
    assert surprised(120.0, 36) == 1.0


def test_given_a_jump_when_it_is_seen_within_seconds_then_it_is_followed_all_the_same() -> None:
    assert surprised(10.0, 12) == pytest.approx(16 / 40, rel=0.08)
    assert surprised(10.0, 72) == pytest.approx(76 / 40, rel=0.01)


def test_given_a_jump_beyond_all_measure_when_reckoned_with_then_it_is_followed_and_nothing_overflows() -> None:
    assert surprised(10.0, 5_000) == pytest.approx(5_004 / 40)


def test_given_hours_when_they_are_remembered_then_they_are_taken_for_three_minutes() -> None:
    """However far back: the odds that it holds a jump are one to seven."""
    pursuit = Pursuit(until=0.0, spans_s=1.0)
    pursuit.settles(60.0, np.zeros(0), HAZARD)
    assert pursuit.spans_s == 61.0
    pursuit.settles(7200.0, np.zeros(0), HAZARD)
    assert pursuit.spans_s == FAR_S == pytest.approx(JUMPS_S / 7)


def test_given_nothing_is_known_of_before_when_the_first_surprise_comes_then_a_jump_is_as_likely_as_ever() -> None:
    pursuit = Pursuit()
    assert pursuit.spans_s == FAR_S
    pursuit.settles(0.0, np.zeros(0), HAZARD)
    assert pursuit.spans_s == FAR_S


def test_given_a_busy_team_when_older_answers_are_forgotten_then_its_memory_spans_the_seconds_of_the_newest_forty() -> None:
    """Four hundred lines that ring all the time have four answers a second: forty of them are ten seconds."""
    pursuit = Pursuit()
    for second in range(200):
        pursuit.settles(float(second), np.full(400, 30.0), HAZARD)
    assert pursuit.spans_s == pytest.approx(10.0, rel=0.1)


def test_given_few_answers_when_reckoned_with_then_caution_is_large_and_fades_with_every_answer() -> None:
    cautions = [learnt(answers, 10 * answers).caution for answers in (0, 1, 3, 24, 399)]
    assert cautions == pytest.approx([2.0, 1.5, 1.25, 1.04, 1.0025])
