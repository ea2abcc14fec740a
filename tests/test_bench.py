"""What measures must run: each bench in its smallest form. How fast it is, no test says."""

import pytest

from bench import flows, step


def test_given_the_bench_of_step_when_a_few_calls_go_through_then_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "ROUNDS", 3)
    assert step.measure(2, 5) > 0


def test_given_the_bench_of_flows_when_a_short_flow_is_loaded_then_it_holds_what_it_says() -> None:
    assert flows.loading_s(flows.text_of(10)) > 0
    assert flows.text_of(10).count("step:") == 10
