from dialer.core.pacing.budget import LEAST, MOST, Budget
from dialer.core.pacing.pacer import Ledger, View


def view(answers: int, abandons: int) -> View:
    return View(ledgers=(Ledger(answers=answers, abandons=abandons, limit=0.03),))


def test_given_less_and_less_left_when_asked_then_theta_falls_smoothly_towards_nothing_before_the_limit() -> None:
    thetas = [Budget().theta(view(2_000, abandons), 10) for abandons in range(50, 61)]
    assert all(earlier >= later for earlier, later in zip(thetas, thetas[1:], strict=False))
    assert thetas[0] > Budget().level and 0 < thetas[-1] < 0.02 * Budget().level
    assert max(earlier / later for earlier, later in zip(thetas[:8], thetas[1:8], strict=False)) < 5


def test_given_answers_without_abandons_when_asked_again_and_again_then_the_level_rises_to_its_most_and_no_further() -> None:
    budget = Budget()
    levels = []
    for answers in range(0, 4_000, 50):
        budget.theta(view(answers, 0), 10)
        levels.append(budget.level)
    assert levels == sorted(levels) or levels[0] < levels[-1]
    assert levels[-1] == MOST and max(levels) == MOST


def test_given_too_many_abandons_when_asked_again_and_again_then_the_level_falls() -> None:
    budget = Budget()
    for answers in range(0, 4_000, 50):
        budget.theta(view(answers, answers // 10), 10)
    assert LEAST <= budget.level < 0.01


def test_given_two_periods_when_asked_then_the_scarcer_one_counts() -> None:
    both = View(ledgers=(*view(10_000, 10).ledgers, *view(2_000, 59).ledgers))
    assert Budget().theta(both, 10) == Budget().theta(view(2_000, 59), 10)


def test_given_the_same_answers_when_asked_often_then_the_level_stays() -> None:
    budget = Budget()
    budget.theta(view(1_000, 0), 10)
    level = budget.level
    for _ in range(100):
        budget.theta(view(1_000, 0), 10)
    assert budget.level == level


def test_given_no_ledger_when_asked_then_the_level() -> None:
    assert Budget(level=0.02).theta(View(), 10) == 0.02
