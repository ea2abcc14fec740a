from itertools import pairwise
from math import log

import pytest

from dialer.core.pacing.budget import AIM, BURST, CHEAP, DEAR, LEAST, LITTLE, MOST, MUCH, OWED, SAVED, Budget, reserve, width
from dialer.core.pacing.floor import Rang
from dialer.core.pacing.pacer import Ledger, View

ANSWERED = Rang(age_s=10.0, answered=True)


def view(answers: int, abandons: int) -> View:
    return View(ledgers=(Ledger(answers=answers, abandons=abandons, limit=0.03),))


MONTH = view(100_000, 0)


def level() -> Budget:
    """Its own account holds what it aims to hold, for a team of ten."""
    return Budget(own=reserve(10))


def told(budget: Budget, answers: int, abandons: int, seen: View = MONTH) -> float:
    for _ in range(answers):
        budget.saw(ANSWERED, abandoned=False)
    for _ in range(abandons):
        budget.saw(None, abandoned=True)
    return budget.theta(seen, 10)


def test_given_less_and_less_left_when_asked_then_theta_falls_by_the_same_step_and_a_little_stays_before_the_limit() -> None:
    thetas = [level().theta(view(2_000, abandons), 10) for abandons in range(53, 60)]
    steps = [earlier - later for earlier, later in pairwise(thetas)]
    assert steps == pytest.approx([steps[0]] * len(steps)) and steps[0] > 0
    assert thetas[-1] == pytest.approx(LITTLE * Budget().level)


def test_given_a_larger_team_when_as_much_is_left_then_it_risks_less() -> None:
    assert Budget().theta(view(2_000, 55), 50) < Budget().theta(view(2_000, 55), 5)


def test_given_the_savings_of_a_month_when_asked_then_theta_is_that_of_a_day() -> None:
    assert level().theta(MONTH, 10) == level().level
    assert told(Budget(), answers=100_000, abandons=0) <= MUCH * MOST


def test_given_too_many_abandons_today_when_the_law_has_plenty_left_then_theta_falls_but_never_to_nothing() -> None:
    budget = Budget()
    before = budget.theta(MONTH, 10)
    some = told(budget, answers=100, abandons=8)
    assert LITTLE * before < some < 0.6 * before
    assert told(budget, answers=0, abandons=100) >= LITTLE * LEAST


def test_given_debts_and_savings_when_they_are_large_then_they_are_forgotten_beyond_a_bound() -> None:
    debts, savings = Budget(), Budget()
    told(debts, answers=0, abandons=500)
    told(savings, answers=50_000, abandons=0)
    assert (debts.own, savings.own) == (-OWED * width(10), SAVED * width(10))


def test_given_answers_when_as_many_are_abandoned_as_is_aimed_at_then_the_cost_stays() -> None:
    budget = level()
    for _ in range(10):
        told(budget, answers=10_000, abandons=round(10_000 * AIM * 0.03))
    assert budget.cost == pytest.approx(Budget().cost, rel=0.05)


def test_given_answers_without_abandons_when_told_again_and_again_then_the_cost_falls_to_its_least_and_no_further() -> None:
    budget, costs = Budget(), []
    for _ in range(400):
        told(budget, answers=50, abandons=0)
        costs.append(budget.cost)
    assert costs == sorted(costs, reverse=True) and costs[0] > costs[-1] == CHEAP


def test_given_too_many_abandons_when_told_again_and_again_then_the_cost_rises_to_its_most() -> None:
    budget = Budget()
    for _ in range(400):
        told(budget, answers=50, abandons=5)
    assert budget.cost == DEAR


def borne(budget: Budget) -> float:
    """The mean risk of which the budget wants no more and no less."""
    return budget.bears * budget.part


def test_given_lines_that_risk_what_is_borne_when_launched_then_the_level_stays() -> None:
    budget = level()
    budget.theta(MONTH, 10)
    budget.launched(5.0, borne(budget))
    assert borne(budget) == pytest.approx(0.98 * 0.03 / (1.2 * 1.075)) and budget.level == pytest.approx(Budget().level)


@pytest.mark.parametrize(("risk", "bound"), [(0.0, MOST), (0.5, LEAST)])
def test_given_lines_that_risk_less_or_more_than_is_borne_when_launched_then_the_level_moves_to_its_bound(
    risk: float, bound: float
) -> None:
    budget = level()
    budget.theta(MONTH, 10)
    for _ in range(400):
        budget.launched(1.0, risk)
    assert budget.level == bound


def test_given_a_limit_of_five_in_a_hundred_when_lines_risk_what_three_bear_then_the_level_rises() -> None:
    canada = View(ledgers=(Ledger(answers=100_000, abandons=0, limit=0.05),))
    budget, three = level(), level()
    budget.theta(canada, 10)
    three.theta(MONTH, 10)
    budget.launched(5.0, borne(three))
    assert budget.level > Budget().level and borne(budget) == pytest.approx(5 / 3 * borne(three))


def test_given_a_larger_team_when_the_forecast_is_the_same_then_each_line_bears_less() -> None:
    teams = [Budget(), Budget(), Budget(), Budget()]
    for budget, agents in zip(teams, (3, 5, 20, 200), strict=True):
        budget.theta(MONTH, agents)
    bears = [budget.bears for budget in teams]
    assert bears[0] == bears[1] > bears[2] > bears[3] == pytest.approx(bears[0] / 1.25)


def test_given_a_debt_when_lines_risk_what_is_usual_then_that_is_too_much() -> None:
    budget = level()
    usual = borne(budget)
    told(budget, answers=0, abandons=5)
    assert borne(budget) < 0.8 * usual
    budget.launched(5.0, borne(budget))
    assert budget.level == pytest.approx(Budget().level)
    budget.launched(5.0, usual)
    assert budget.level < Budget().level


def test_given_a_thousand_lines_at_once_when_they_risk_much_then_the_level_falls_as_for_a_few() -> None:
    few, many = level(), level()
    few.launched(BURST, 0.5)
    many.launched(1_000.0, 0.5)
    assert many.level <= few.level and many.level == pytest.approx(Budget().level * 0.8187, rel=0.001)


def test_given_larger_teams_when_a_few_lines_bear_too_little_then_their_level_moves_less() -> None:
    moved = []
    for agents in (3, 10, 40, 1_000):
        budget = Budget(own=reserve(agents))
        budget.theta(MONTH, agents)
        budget.launched(1.0, 0.0)
        moved.append(log(budget.level / Budget().level))
    assert moved[0] == moved[1] == pytest.approx(2 * moved[2]) and moved[1] == pytest.approx(10 * moved[3])


def test_given_little_left_by_the_law_when_nobody_is_abandoned_then_neither_cost_nor_level_winds_up() -> None:
    budget = Budget()
    told(budget, answers=300, abandons=0, seen=view(2_000, 58))
    budget.launched(5.0, 0.0)
    assert budget.scarce and (budget.level, budget.cost) == (Budget().level, Budget().cost)


def test_given_two_periods_when_asked_then_the_scarcer_one_counts() -> None:
    both = View(ledgers=(*view(10_000, 10).ledgers, *view(2_000, 58).ledgers))
    assert Budget().theta(both, 10) == Budget().theta(view(2_000, 58), 10) < Budget().theta(view(10_000, 10), 10)


def test_given_nothing_new_when_asked_often_then_the_cost_stays() -> None:
    budget = Budget()
    told(budget, answers=1_000, abandons=0)
    cost = budget.cost
    for _ in range(100):
        budget.theta(MONTH, 10)
    assert budget.cost == cost != Budget().cost


def test_given_no_ledger_when_asked_then_the_own_account_alone_holds_three_in_a_hundred() -> None:
    assert Budget(level=0.02, own=reserve(10)).theta(View(), 10) == 0.02
    assert told(Budget(), answers=100, abandons=8, seen=View()) == told(Budget(), answers=100, abandons=8)


def test_given_a_larger_team_when_it_has_a_day_then_it_keeps_more_in_reserve() -> None:
    assert 0 <= reserve(1) < reserve(5) < reserve(15) < reserve(200) == reserve(1_000)
    assert told(Budget(own=reserve(20) - 3.0), 0, 0) < told(Budget(own=reserve(20)), 0, 0)


def test_given_a_burst_of_a_large_team_when_it_owes_it_then_it_is_not_forgiven() -> None:
    budget = Budget()
    for _ in range(25):
        budget.saw(None, abandoned=True)
    budget.theta(MONTH, 200)
    assert budget.own == -25.0
