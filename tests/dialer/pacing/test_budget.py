from itertools import pairwise
from math import log

import pytest

from dialer.core.pacing.budget import (
    FIRST,
    LEAST,
    LITTLE,
    MOST,
    MUCH,
    OWED,
    REMEMBERED,
    SAVED,
    Budget,
    reserve,
    width,
)
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


def learns(budget: Budget, lines: int, each: float, *, every: int) -> list[float]:
    """So many lines are launched with this risk each, and of every so many one is abandoned; the costs on the way."""
    costs = []
    for n in range(lines):
        budget.launched(0.5, each / 0.5, wanted=True)
        if every and n % every == every - 1:
            budget.saw(None, abandoned=True)
        costs.append(budget.cost)
    return costs


def test_given_as_many_abandons_as_the_first_guess_when_told_again_and_again_then_the_cost_stays() -> None:
    costs = learns(Budget(), 20_000, 0.01 / FIRST, every=100)
    assert costs == pytest.approx([FIRST] * len(costs), rel=0.05)


@pytest.mark.parametrize("true", [0.5, 3.0])
def test_given_fewer_or_more_abandons_than_were_reckoned_with_when_told_then_the_cost_comes_to_what_it_is(true: float) -> None:
    costs = learns(Budget(), 40_000, 0.01 / true, every=100)
    assert costs[-1] == pytest.approx(true, rel=0.2)
    assert abs(costs[1_000] - FIRST) < 0.5 * abs(true - FIRST), "ten abandons do not outweigh the guess"


def test_given_thousands_of_abandons_when_the_cost_changes_then_those_of_long_ago_are_forgotten() -> None:
    budget = Budget()
    learns(budget, 200_000, 0.01, every=100)
    assert max(budget.came, budget.reckoned) == pytest.approx(REMEMBERED, abs=1.0)
    assert learns(budget, round(300 * REMEMBERED), 0.01, every=50)[-1] == pytest.approx(2.0, rel=0.15)


def test_given_nobody_was_abandoned_when_lines_were_launched_then_each_bears_more() -> None:
    budget = level()
    budget.theta(MONTH, 10)
    before = borne(budget)
    learns(budget, 10_000, 0.01, every=0)
    budget.theta(MONTH, 10)
    assert borne(budget) > 2 * before


def borne(budget: Budget) -> float:
    """The mean risk of which the budget wants no more and no less."""
    return budget.bears * budget.part


def test_given_lines_that_risk_what_is_borne_when_launched_then_the_level_stays() -> None:
    budget = level()
    budget.theta(MONTH, 10)
    budget.launched(5.0, borne(budget), wanted=True)
    assert borne(budget) == pytest.approx(0.98 * 0.03 / FIRST) and budget.level == pytest.approx(Budget().level)


@pytest.mark.parametrize(("risk", "bound"), [(0.0, MOST), (0.5, LEAST)])
def test_given_lines_that_risk_less_or_more_than_is_borne_when_launched_then_the_level_moves_to_its_bound(
    risk: float, bound: float
) -> None:
    budget = level()
    budget.theta(MONTH, 10)
    for _ in range(400):
        budget.launched(1.0, risk, wanted=True)
    assert budget.level == bound


def test_given_a_limit_of_five_in_a_hundred_when_lines_risk_what_three_bear_then_the_level_rises() -> None:
    canada = View(ledgers=(Ledger(answers=100_000, abandons=0, limit=0.05),))
    budget, three = level(), level()
    budget.theta(canada, 10)
    three.theta(MONTH, 10)
    budget.launched(5.0, borne(three), wanted=True)
    assert budget.level > Budget().level and borne(budget) == pytest.approx(5 / 3 * borne(three))


def test_given_a_debt_when_lines_risk_what_is_usual_then_that_is_too_much() -> None:
    budget = level()
    usual = borne(budget)
    told(budget, answers=0, abandons=5)
    assert borne(budget) < 0.8 * usual
    budget.launched(5.0, borne(budget), wanted=True)
    assert budget.level == pytest.approx(Budget().level)
    budget.launched(5.0, usual, wanted=True)
    assert budget.level < Budget().level


def test_given_larger_teams_when_a_few_lines_bear_too_little_then_their_level_moves_less() -> None:
    moved = []
    for agents in (3, 10, 20, 100):
        budget = Budget(own=reserve(agents))
        budget.theta(MONTH, agents)
        budget.launched(1.0, 0.0, wanted=True)
        moved.append(log(budget.level / Budget().level))
    assert moved[0] == moved[1] == pytest.approx(2 * moved[2]) and moved[1] == pytest.approx(10 * moved[3])


def test_given_little_left_by_the_law_when_nobody_is_abandoned_then_the_level_does_not_wind_up() -> None:
    budget = Budget()
    told(budget, answers=300, abandons=0, seen=view(2_000, 58))
    budget.launched(5.0, 0.0, wanted=True)
    assert budget.scarce and budget.level == Budget().level


def test_given_two_periods_when_asked_then_the_scarcer_one_counts() -> None:
    both = View(ledgers=(*view(10_000, 10).ledgers, *view(2_000, 58).ledgers))
    assert Budget().theta(both, 10) == Budget().theta(view(2_000, 58), 10) < Budget().theta(view(10_000, 10), 10)


def test_given_a_line_that_something_else_kept_from_more_when_launched_then_its_risk_counts_and_the_level_stays() -> None:
    budget = level()
    budget.theta(MONTH, 10)
    budget.launched(5.0, 0.0, wanted=False)
    budget.launched(5.0, 0.02, wanted=False)
    assert budget.level == Budget().level and budget.reckoned == pytest.approx(0.1)


def test_given_no_ledger_when_asked_then_the_own_account_alone_holds_three_in_a_hundred() -> None:
    assert Budget(level=0.02, own=reserve(10)).theta(View(), 10) == 0.02
    assert told(Budget(), answers=100, abandons=8, seen=View()) == told(Budget(), answers=100, abandons=8)


def test_given_a_larger_team_when_it_has_a_day_then_it_keeps_more_in_reserve() -> None:
    assert 0 <= reserve(1) < reserve(5) < reserve(15) < reserve(30) == reserve(90) == 7.0 < reserve(200)
    assert (reserve(20), reserve(200)) == pytest.approx((6.8, 14.0))
    assert told(Budget(own=reserve(20) - 3.0), 0, 0) < told(Budget(own=reserve(20)), 0, 0)


def test_given_a_burst_of_a_large_team_when_it_owes_it_then_it_is_not_forgiven() -> None:
    budget = Budget()
    for _ in range(25):
        budget.saw(None, abandoned=True)
    budget.theta(MONTH, 200)
    assert budget.own == -25.0


def test_given_a_larger_team_when_it_owes_as_much_then_that_means_less() -> None:
    assert width(5) == 10.5 and width(50) == 15.0 and width(200) == 60.0
