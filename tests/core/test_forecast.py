"""The expected wait is said only when it is known, it says what happens, and it does not go up without a cause (ACD.md 55)."""

from collections import deque
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from random import Random

import pytest

from acd.core.lines.forecast import ANSWERS_MIN, LONGEST_S, P50, P80, Promise, Wait, expected, moments, quantile, told_next
from acd.core.lines.pace import Pace, answered, judged, left
from acd.words import QueueId

Q = QueueId("sales")


def line(gaps: list[float], *, at_work: int = 4, gave_up: int = 0, begins: float = 1000.0) -> Pace:
    """Answers, so many seconds from each other, to a line in which somebody waited all along."""
    pace, at = answered(Pace(id=Q), begins, at_work=at_work, waited_s=60.0, others_wait=True), begins
    for gap in gaps:
        at += gap
        pace = answered(pace, at, at_work=at_work, waited_s=60.0, others_wait=True)
    for _ in range(gave_up):
        pace = left(pace, at, waited_s=60.0, gave_up=True, others_wait=True)
    return pace


def wait(pace: Pace, position: int = 1, at_work: int = 4, later_s: float = 0.0) -> Wait | None:
    return expected(pace, position=position, at_work=at_work, at=pace.at + later_s)


def p80(pace: Pace, position: int = 1, at_work: int = 4) -> float:
    found = wait(pace, position, at_work)
    assert found is not None
    return found.p80_s


# -- what is said ---


def test_given_many_answers_when_asked_then_the_quantiles_of_a_sum_of_exponential_times() -> None:
    pace = line([30.0] * 400)
    first, fourth = wait(pace), wait(pace, 4)
    assert first is not None and fourth is not None
    assert (first.p50_s, first.p80_s) == (pytest.approx(30 * 0.693, rel=0.05), pytest.approx(30 * 1.609, rel=0.05))
    assert (fourth.p50_s, fourth.p80_s) == (pytest.approx(30 * 3.672, rel=0.03), pytest.approx(30 * 5.515, rel=0.05)), "Erlang-4"


@pytest.mark.parametrize(
    ("shape", "normal", "known"), [(1, P50, 0.6931), (1, P80, 1.6094), (4, P50, 3.6721), (4, P80, 5.5150), (30, P80, 34.4)]
)
def test_given_a_gamma_distribution_when_its_quantile_is_asked_then_as_in_the_tables(shape: int, normal: float, known: float) -> None:
    assert quantile(shape, shape, normal) == pytest.approx(known, rel=0.015)


def test_given_twice_the_agents_when_asked_then_half_the_wait_at_once() -> None:
    pace = line([30.0] * 100)
    assert p80(pace, 5, at_work=8) == pytest.approx(p80(pace, 5) / 2)


def test_given_callers_who_give_up_when_asked_then_those_ahead_will_too() -> None:
    patient, hasty = line([30.0] * 100), line([30.0] * 100, gave_up=20)
    assert p80(hasty, 1) == pytest.approx(p80(patient, 1), rel=0.01), "nobody is ahead of the first"
    assert p80(hasty, 20) < 0.85 * p80(patient, 20)


@pytest.mark.parametrize("theta", [0.0, 1e-7, 0.002])
def test_given_a_very_long_line_when_summed_then_the_integral_is_the_sum(theta: float) -> None:
    rates = [0.1 + j * theta for j in range(3000)]
    mean, variance = moments(0.1, theta, 3000)
    assert (mean, variance) == (
        pytest.approx(sum(1 / r for r in rates), rel=1e-3),
        pytest.approx(sum(1 / r**2 for r in rates), rel=1e-3),
    )


def test_given_few_answers_when_asked_then_the_promise_is_wider() -> None:
    few, many = line([30.0] * 6), line([30.0] * 200)
    assert p80(few, 30) > 1.1 * p80(many, 30)


# -- when nothing is said ---


@pytest.mark.parametrize(("answers", "known"), [(5, False), (6, True)])
def test_given_few_answers_when_asked_then_nothing_is_said(answers: int, known: bool) -> None:
    assert ANSWERS_MIN == 5
    assert (wait(line([30.0] * answers)) is not None) is known


def test_given_nobody_at_work_when_asked_then_nothing_is_said() -> None:
    assert wait(line([30.0] * 20), at_work=0) is None


def test_given_answers_that_come_much_slower_of_late_when_asked_then_nothing_is_said_until_that_is_the_rule() -> None:
    steady = [30.0] * 40
    assert wait(line(steady + [150.0] * 8)) is None and wait(line(steady + [4.0] * 10)) is None
    assert wait(line(steady + [45.0] * 6)) is not None and wait(line(steady + [120.0] * 60)) is not None


def test_given_no_answer_for_long_when_asked_then_nothing_is_said() -> None:
    pace = line([30.0] * 40)
    assert wait(pace, later_s=145) is not None and wait(pace, later_s=155) is None


def test_given_a_wait_of_hours_when_asked_then_nobody_is_told() -> None:
    pace = line([30.0] * 100)
    assert wait(pace, int(LONGEST_S / 30) - 40) is not None and wait(pace, int(LONGEST_S / 30)) is None


def test_given_answers_of_long_ago_when_asked_then_they_are_forgotten() -> None:
    pace = left(line([30.0] * 40), 1000.0 + 4 * 3600, waited_s=1.0, gave_up=False, others_wait=False)
    assert wait(pace) is None


def test_given_an_empty_line_between_two_answers_when_counted_then_that_time_says_nothing() -> None:
    pace = answered(line([30.0] * 10), 1330.0, at_work=4, waited_s=1.0, others_wait=False)
    again = answered(pace, 9000.0, at_work=4, waited_s=1.0, others_wait=True)
    assert again.busy_since == 9000.0 and again.agent_s / again.answers == pytest.approx(120.0)


def test_given_a_line_that_everybody_gave_up_when_the_next_answer_comes_then_that_time_says_nothing() -> None:
    pace = left(line([30.0] * 10), 1310.0, waited_s=1.0, gave_up=True, others_wait=False)
    assert pace.busy_since is None


# -- what may be told next ---


def promise(p50_s: float = 60.0, p80_s: float = 120.0, position: int = 3, at_work: int = 4) -> Promise:
    return Promise(at=1000.0, p50_s=p50_s, p80_s=p80_s, position=position, at_work=at_work)


@pytest.mark.parametrize(
    ("now", "position", "at_work", "told"),
    [
        ((50.0, 100.0), 2, 4, (50.0, 100.0, "")),
        ((70.0, 110.0), 2, 4, (60.0, 110.0, "")),
        ((80.0, 150.0), 3, 4, (60.0, 120.0, "")),
        ((130.0, 200.0), 3, 4, None),
        ((130.0, 200.0), 3, 3, (130.0, 200.0, "fewer_agents")),
        ((130.0, 200.0), 4, 4, (130.0, 200.0, "others_first")),
        (None, 3, 4, None),
    ],
)
def test_row_55_given_what_was_told_when_it_is_told_again_then_no_more_without_a_cause(
    now: tuple[float, float] | None, position: int, at_work: int, told: tuple[float, float, str] | None
) -> None:
    found = told_next(Wait(p50_s=now[0], p80_s=now[1]) if now else None, promise(), position=position, at_work=at_work, at=1060.0)
    assert (found and (found.p50_s, found.p80_s, found.cause)) == told


def test_given_promises_when_judged_then_they_are_counted() -> None:
    pace = judged(judged(Pace(id=Q), told=2, kept=1, told_at_most=2, kept_at_most=2), told=1, told_at_most=1)
    assert (pace.told, pace.kept, pace.told_at_most, pace.kept_at_most) == (3, 1, 3, 2)


# -- whether it is true: M/M/c+M ---


@dataclass(eq=False, slots=True)
class Caller:
    at: float
    told: Wait | None
    is_gone: bool = False
    is_served: bool = False


def coverage(agents: int, load: float, hasty: float, *, callers: int = 8_000, seed: int = 7) -> tuple[float, float, float]:
    """The share of waits within P50 and within P80, and how often something was said; talks of three minutes on average.

    Whoever gives up (``hasty``: per mean talk) is followed to the moment at which they would have been answered.
    """
    die, order, talk_s = Random(seed), count(), 180.0
    pace, waiting, waits = Pace(id=Q), deque[Caller](), list[tuple[float, Wait]]()
    events: list[tuple[float, int, str, Caller | None]] = [(0.0, next(order), "comes", None)]
    busy = in_line = asked = 0
    while asked < callers:
        at, _, what, caller = heappop(events)
        if what == "comes":
            heappush(events, (at + die.expovariate(load * agents / talk_s), next(order), "comes", None))
            if busy < agents:
                busy += 1
                heappush(events, (at + die.expovariate(1 / talk_s), next(order), "ends", None))
                continue
            in_line, asked = in_line + 1, asked + 1
            new = Caller(at, expected(pace, position=in_line, at_work=agents, at=at))
            waiting.append(new)
            if hasty:
                heappush(events, (at + die.expovariate(hasty / talk_s), next(order), "gives up", new))
        elif what == "gives up" and caller is not None and not caller.is_served:
            caller.is_gone, in_line = True, in_line - 1
            pace = left(pace, at, waited_s=at - caller.at, gave_up=True, others_wait=in_line > 0)
        elif what == "ends":
            busy -= 1
            while waiting and busy < agents:
                first = waiting.popleft()
                waits += [(at - first.at, first.told)] if first.told else []
                if not first.is_gone:
                    first.is_served, in_line, busy = True, in_line - 1, busy + 1
                    heappush(events, (at + die.expovariate(1 / talk_s), next(order), "ends", None))
                    pace = answered(pace, at, at_work=agents, waited_s=at - first.at, others_wait=in_line > 0)
    said = len(waits)
    return sum(w <= t.p50_s for w, t in waits) / said, sum(w <= t.p80_s for w, t in waits) / said, said / asked


@pytest.mark.parametrize("agents", [2, 5, 20, 80])
@pytest.mark.parametrize(("load", "hasty"), [(0.95, 0.0), (0.95, 0.3), (1.1, 0.3), (1.1, 1.0), (1.4, 1.0)])
def test_given_a_line_of_any_size_when_waits_are_told_then_half_and_four_in_five_are_kept(
    agents: int, load: float, hasty: float
) -> None:
    half, four_in_five, said = coverage(agents, load, hasty)
    assert 0.45 <= half <= 0.58 and 0.75 <= four_in_five <= 0.88 and said > 0.2, (half, four_in_five, said)


def test_given_agents_who_come_and_go_when_asked_then_what_is_known_of_one_answer_stays() -> None:
    pace = line([30.0] * 40, at_work=4)
    more = replace(pace)
    for n in range(40):
        more = answered(more, pace.at + 15.0 * (n + 1), at_work=8, waited_s=60.0, others_wait=True)
    assert p80(more, 3, at_work=8) == pytest.approx(p80(pace, 3, at_work=8), rel=0.02)
