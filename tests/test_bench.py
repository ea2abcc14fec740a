"""What measures must run: each bench in its smallest form. How fast it is, no test says."""

from dataclasses import replace

import pytest

from bench import callcenter, campaign, flows, leads, pacing, pacing_cost, pacing_worlds, report, routing, simulate, step
from bench._listener import Noted


def test_given_the_bench_of_step_when_a_few_calls_go_through_then_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "ROUNDS", 3)
    assert step.measure(2, 5) > 0


def test_given_the_bench_of_routing_when_a_small_day_goes_by_then_offers_are_made_and_measured() -> None:
    cost = routing.measure(routing.Size(6, 3, 20), events=200)
    assert cost.events >= 200 and cost.offer_p99_ms > 0 and cost.kib_per_caller > 0


def test_given_the_bench_of_simulation_when_a_few_calls_are_simulated_then_it_measures() -> None:
    cost = simulate.measure(3, 20)
    assert cost.us_a_call > 0 and cost.times_real_speed > 1


def test_given_the_bench_of_flows_when_a_short_flow_is_loaded_then_it_holds_what_it_says() -> None:
    assert flows.loading_s(flows.text_of(10)) > 0
    assert flows.text_of(10).count("step:") == 10


def test_given_the_bench_of_leads_when_few_are_taken_and_imported_then_it_measures() -> None:
    costs = leads.measure([100, 200], rounds=3, rows=50)
    assert list(costs) == [100, 200]
    assert all(cost.claim_ms > 0 and cost.held_ms > 0 and cost.imported_per_s > 0 for cost in costs.values())
    assert leads.memory_mib(50) >= 0


def test_given_the_bench_of_pacers_when_one_cell_is_simulated_then_its_column_stands_beside_it() -> None:
    row = pacing.row("progressive", (5, 0.6, 60), [1])
    assert "76.4 @2.71" in str(row) and row.above == 0
    assert row.gains == pytest.approx(71.9 - 76.4) and 100 * row.used.value == row.one_to_one
    assert list(pacing.told([row]))[1] == "progressive: shifts above 3.00%: none"
    over = replace(row, abandoned=[0.031, 0.029, 0.04])
    assert list(pacing.told([over, over]))[1] == "progressive: shifts above 3.00%: 4 of 5 agents"
    assert pacing.world((5, 0.6, 60), 20).earlier == (38_400, 1_075)
    assert [pacing.world((agents, 0.6, 60), 0, 50).ticks_only for agents in (20, 50)] == [False, True]


@pytest.mark.parametrize("name", pacing_worlds.WORLDS)
def test_given_the_bench_of_other_worlds_when_a_few_minutes_are_simulated_then_three_pacers_are_told(name: str) -> None:
    row = pacing_worlds.row(name, 3, 0.1, [1])
    assert row.startswith(f"{name:>14}      3") and row.count("@") == 3


def test_given_the_bench_of_a_pacer_when_a_small_floor_is_asked_then_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing_cost, "EVENTS", 20)
    mean, most = pacing_cost.cost(5, 20)
    assert 0 < mean <= most


def noted(what: str, at: float, leg: str, other: str = "", name: str = "sofia/trunk/41@h", inbound: bool = False) -> Noted:
    return Noted(what=what, at=at, leg=leg, other=other, name=name, inbound=inbound)


def test_given_what_a_switch_said_when_an_agent_serves_two_callers_then_the_turn_between_them_is_measured() -> None:
    heard = [
        noted("CHANNEL_CREATE", 1.0, "c1", inbound=True),
        noted("CHANNEL_CREATE", 1.5, "a1", name="sofia/agents/2003"),
        noted("CHANNEL_BRIDGE", 2.0, "c1", "a1", inbound=True),
        noted("CHANNEL_CREATE", 2.5, "c2", inbound=True),
        noted("CHANNEL_HANGUP_COMPLETE", 4.0, "a1", name="sofia/agents/2003@h"),
        noted("CHANNEL_CREATE", 4.5, "a2", name="sofia/agents/2003@h"),
        noted("CHANNEL_BRIDGE", 5.0, "a2", "c2"),
    ]
    assert list(callcenter.turns(heard)) == [(1.0, 3.0)]
    assert list(callcenter.waits(heard)) == [1.0, 2.5]


def test_given_the_bench_of_reports_when_a_few_visits_are_counted_then_every_report_is_measured() -> None:
    assert report.measure(50).keys() >= {"queues", "queues --by 30m", "agents --by day", "fairness", "repeats"}


def test_given_the_bench_of_campaigns_when_a_floor_has_filled_then_lines_are_out_agents_are_busy_and_it_measures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(campaign, "MEASURED", 60)
    cost = campaign.measure(5, campaign.learnt())
    assert cost.event_s > 0 and 0 < cost.pacer < 1 and cost.core > 0
    assert 5 < cost.lines <= 20 and 0 < cost.busy <= 1
