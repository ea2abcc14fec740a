"""The simulated shift must agree with what can be computed by hand before anyone believes what it says of a pacer."""

from dataclasses import replace
from math import inf

import pytest

from acd.sim.dice import Lognormal, stream
from dialer.core.pacing.pacer import Kept, Pacer, View
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.sim.results import Mean, days, shifts
from dialer.sim.shift import Run, spread
from dialer.sim.world import RINGS, Inbound, Leaves, World, base

IDLE_S = {0.1: 178.95, 0.3: 55.28, 0.6: 24.37}


def test_given_rings_when_drawn_then_none_is_longer_than_the_line_may_ring() -> None:
    dice = stream("rings", 1)
    drawn = [RINGS(dice) for _ in range(20_000)]
    assert max(drawn) <= 25.0 and sum(drawn) / len(drawn) == pytest.approx(12.0, abs=0.1)


@pytest.mark.parametrize("hit_ratio", IDLE_S)
def test_given_one_line_for_each_free_agent_when_simulated_then_the_idle_time_is_that_of_the_closed_form(hit_ratio: float) -> None:
    world = base(20, hit_ratio, 60.0)
    results = shifts(world, Progressive, range(5))
    idle = sum(shift.present_s - shift.worked_s for shift in results.shifts) / sum(shift.answers for shift in results.shifts)
    assert idle == pytest.approx(IDLE_S[hit_ratio], rel=0.02)
    assert results.abandon_rate.value == 0.0


def test_given_answers_without_regard_to_agents_when_simulated_then_the_loss_is_erlangs() -> None:
    """Lines at a fixed pace make Poisson arrivals; without patience this is Erlang's loss system: 8 agents, 3.0 erlang → 0.81 %."""

    class Paced(Progressive):
        def lines(self, now: float, view: object) -> int:
            return int(now == int(now))

    always = Lognormal(mean_s=8.0, cv=1.5)
    world = World(agents=8, hit_ratio=0.1, talk=Lognormal(mean_s=30.0, cv=1.0), wrap_up=Lognormal(mean_s=10.0, cv=1.0), rings=always)
    world = replace(world, patience_s=0.0, ticks_only=True, outcomes=(replace(world.outcomes[0], share=1.0, after=always),))
    results = shifts(world, Paced, range(10))
    offered = 0.1 * 40.0
    loss = 1.0
    for servers in range(1, 9):
        loss = offered * loss / (servers + offered * loss)
    rate = sum(shift.abandons for shift in results.shifts) / sum(shift.answers for shift in results.shifts)
    assert rate == pytest.approx(loss, rel=0.12)


@pytest.mark.parametrize("made", [Progressive, lambda: Ratio(3.0), Predictive])
def test_given_the_same_seed_when_run_twice_then_the_same_shift_and_another_with_another(made: type[Pacer]) -> None:
    world = replace(base(4, 0.2, 60.0), shift_s=1_800.0)
    assert Run(world, made(), 1).through() == Run(world, made(), 1).through() != Run(world, made(), 2).through()


def test_given_a_step_of_the_hit_ratio_when_simulated_then_answers_follow_it() -> None:
    world = replace(base(10, 0.1, 60.0), shift_s=3_600.0, hit_ratio_steps=((1_800.0, 0.6),))
    quarters = Run(world, Progressive(), 1).through().quarters
    assert quarters[3][0] > 2 * quarters[1][0]


def test_given_agents_who_leave_when_simulated_then_their_time_away_is_not_counted_as_present() -> None:
    world = replace(base(4, 0.3, 60.0), shift_s=3_600.0, leaves=(Leaves(after_s=1_800.0, agents=2),))
    present = Run(world, Progressive(), 1).through().present_s
    assert 4 * 3_600 - 2 * 1_800 <= present <= 4 * 3_600 - 2 * 1_500


def test_given_agents_who_leave_and_return_when_simulated_then_they_work_again() -> None:
    short = replace(base(4, 0.3, 60.0), shift_s=3_600.0, leaves=(Leaves(after_s=600.0, agents=4, for_s=600.0),))
    quarters = Run(short, Progressive(), 1).through().quarters
    assert quarters[2][0] > 0 and quarters[3][0] > 0


def test_given_few_trunks_when_simulated_then_never_more_lines_at_once() -> None:
    class Watched(Ratio):
        most = 0

        def lines(self, now: float, view: object) -> int:
            asked = super().lines(now, view)  # type: ignore[arg-type]
            Watched.most = max(Watched.most, len(self._floor.ringing) + asked + len(self._floor.waiting) + run.talking)
            return asked

    run = Run(replace(base(10, 0.1, 60.0), shift_s=1_800.0, trunks=15), Watched(5.0), 1)
    run.through()
    assert Watched.most == 15


def test_given_calls_per_second_when_simulated_then_never_more_lines_in_a_second() -> None:
    world = replace(base(10, 0.1, 60.0), shift_s=600.0, earlier=(10_000, 0))
    free = Run(world, Ratio(5.0), 1).through().dialled
    bound = Run(replace(world, calls_per_second=1), Ratio(5.0), 1).through().dialled
    assert bound <= 601 < free


def test_given_inbound_work_when_simulated_then_it_comes_first_and_is_worked() -> None:
    world = replace(base(6, 0.1, 60.0), shift_s=7_200.0)
    alone = Run(world, Progressive(), 1).through()
    mixed = Run(replace(world, inbound=Inbound(per_hour=120.0, talk=Lognormal(mean_s=90.0, cv=1.0))), Progressive(), 1).through()
    assert mixed.utilisation > alone.utilisation + 0.2 and mixed.answers < alone.answers


def test_given_values_when_their_mean_is_taken_then_the_interval_is_students() -> None:
    assert Mean.of([1.0, 2.0, 3.0, 4.0]) == Mean(value=2.5, half=pytest.approx(3.18 * 0.6455, abs=1e-3))


def test_given_parts_of_wholes_when_their_share_is_taken_then_large_wholes_count_for_more_and_the_interval_is_that_of_a_ratio() -> None:
    share = Mean.share([1.0, 3.0], [10.0, 90.0])
    assert share == Mean(value=0.04, half=pytest.approx(12.71 * 0.6 / 50))  # residuals 0.6 and -0.6
    assert Mean.share([0.0, 0.0], [0.0, 0.0]) is None
    assert Mean.share([1.0], [4.0]) == Mean(value=0.25, half=inf)


def test_given_seconds_over_quarters_when_spread_then_each_quarter_has_its_own() -> None:
    over: dict[int, float] = {1: 5.0}
    spread(over, 890.0, 1_900.0, 2)
    assert over == {0: 20.0, 1: 1_805.0, 2: 200.0}


def test_given_shifts_when_told_by_quarter_then_it_is_over_all_of_them_and_adds_up() -> None:
    world = replace(base(4, 0.3, 60.0), shift_s=3_600.0, leaves=(Leaves(after_s=600.0, agents=2, for_s=900.0),))
    results = shifts(world, lambda: Ratio(4.0), range(3))
    told = list(results.by_quarter().values())
    assert len(told) == 4
    assert sum(each.answers.value for each in told) * 3 == pytest.approx(sum(shift.answers for shift in results.shifts))
    rates = sum(each.answers.value * each.abandon_rate.value for each in told if each.abandon_rate)
    assert rates * 3 == pytest.approx(sum(shift.abandons for shift in results.shifts)) and rates > 0
    present = [sum(shift.present[n] for shift in results.shifts) for n in range(4)]
    assert present[3] == 3 * 4 * 900.0 > present[1]
    busy = sum(each.utilisation.value * there for each, there in zip(told, present, strict=True) if each.utilisation)
    assert busy == pytest.approx(sum(shift.worked_s for shift in results.shifts))
    assert all(0.0 < each.utilisation.value <= 1.0 and each.utilisation.half > 0 for each in told if each.utilisation)


def test_given_nobody_who_is_there_when_told_by_quarter_then_there_is_no_share() -> None:
    gone = replace(base(2, 0.3, 60.0), shift_s=2_700.0, leaves=(Leaves(after_s=0.0, agents=2),))
    told = shifts(gone, Progressive, [1, 2]).by_quarter()[2]
    assert (told.answers.value, told.abandon_rate, told.utilisation) == (0.0, None, None)


def test_given_a_team_of_twenty_when_the_predictive_pacer_dials_for_two_hours_then_far_above_progressive_and_within_the_limit() -> None:
    world = replace(base(20, 0.3, 60.0), shift_s=7_200.0)
    shift = Run(world, Predictive(), 1).through()
    assert shift.utilisation > 0.78 and shift.abandon_rate <= 0.03


def test_given_a_first_half_hour_of_hits_of_one_in_ten_when_nothing_was_learnt_then_the_first_burst_abandons_few() -> None:
    cold = shifts(replace(base(10, 0.1, 180.0), shift_s=600.0, earlier=(5_000, 140)), Predictive, range(30))
    assert cold.abandon_rate.value < 0.03 and sum(shift.abandons > 3 for shift in cold.shifts) <= 2
    assert max(shift.abandons for shift in cold.shifts) <= 6
    assert cold.utilisation.value > 0.68


def test_given_a_large_team_with_nothing_learnt_when_all_its_first_lines_ring_together_then_it_does_not_swing() -> None:
    """Those that are answered end first, the others all at once: neither says what part is answered."""
    world = replace(base(200, 0.1, 60.0), shift_s=300.0, earlier=(10_000, 280))
    cold = shifts(world, Predictive, range(3))
    assert max(shift.abandon_rate for shift in cold.shifts) < 0.05
    assert cold.utilisation.value > 0.84


def test_given_days_before_when_they_abandoned_less_then_today_still_keeps_to_the_limit() -> None:
    world = replace(base(5, 0.3, 60.0), shift_s=3 * 3600.0, earlier=(20_000, 100))
    today = shifts(world, Predictive, range(2))
    assert 0.015 < today.abandon_rate.value < 0.038


def test_given_days_before_that_spent_the_limit_when_the_shift_begins_then_it_is_one_to_one() -> None:
    spent = shifts(replace(base(5, 0.3, 60.0), shift_s=1800.0, earlier=(1_000, 40)), Predictive, [1])
    assert spent.shifts[0].abandons == 0


def test_given_days_that_follow_each_other_when_simulated_then_ledger_and_learnt_go_on_and_dice_do_not_repeat() -> None:
    begun: list[Kept | None] = []
    seen: list[tuple[int, int]] = []

    def pacer(kept: Kept | None) -> Pacer:
        begun.append(kept)
        return Noted(3.0)

    class Noted(Ratio):
        def lines(self, now: float, view: View) -> int:
            if len(seen) < len(begun):
                seen.append((view.ledgers[0].answers, view.ledgers[0].abandons))
            return super().lines(now, view)

        def kept(self) -> Kept:
            return {"version": len(begun)}

    world = replace(base(4, 0.3, 60.0), shift_s=1_800.0, earlier=(1_000, 10))
    first, second = days(world, pacer, [7], 2)
    assert begun == [None, {"version": 1}]
    assert seen == [(1_000, 10), (1_000 + first.shifts[0].answers, 10 + first.shifts[0].abandons)]
    assert first.shifts[0] != second.shifts[0]


def test_given_a_large_team_when_simulated_quickly_then_it_is_asked_for_once_a_second_and_a_small_one_after_every_event() -> None:
    assert [base(agents, 0.3, 60.0).quickly().ticks_only for agents in (5, 49, 50, 200)] == [False, False, True, True]
