"""The formulas against published values and against each other, before anything is measured by them."""

from math import exp, expm1, inf

import pytest

from acd.sim.erlang import answered_within, erlang_a, erlang_b, erlang_c, mean_wait_c_s, mean_wait_one_agent_s, service_level_c

TABLE_B = [(1, 1.0, 0.5), (2, 1.0, 0.2), (5, 3.0, 0.11005), (10, 5.0, 0.01838), (20, 20.0, 0.15889), (100, 84.06, 0.01)]
"""(trunks, erlangs, blocking), as every table of Erlang B prints them."""
TABLE_C = [(11, 0.6821), (12, 0.4494), (13, 0.2853), (14, 0.1741)]
"""100 calls in half an hour of 3 minutes each (10 erlangs): the probability of waiting by agents, as printed widely."""


@pytest.mark.parametrize(("agents", "load", "blocking"), TABLE_B)
def test_given_a_published_table_when_erlang_b_is_asked_then_the_same(agents: int, load: float, blocking: float) -> None:
    assert erlang_b(agents, load) == pytest.approx(blocking, abs=1e-4)


@pytest.mark.parametrize(("agents", "waiting"), TABLE_C)
def test_given_a_published_table_when_erlang_c_is_asked_then_the_same(agents: int, waiting: float) -> None:
    assert erlang_c(agents, 10.0) == pytest.approx(waiting, abs=1e-4)


def test_given_ten_erlangs_and_fourteen_agents_when_asked_then_the_published_service_level_and_wait() -> None:
    assert service_level_c(14, 10.0, 180.0, 20.0) == pytest.approx(0.888, abs=5e-4)
    assert mean_wait_c_s(14, 10.0, 180.0) == pytest.approx(7.8, abs=0.05)


def test_given_the_published_example_of_impatience_when_asked_then_the_same() -> None:
    """Garnett, Mandelbaum, Reiman, Designing a call center with impatient customers, 2002: 50 agents, 48 calls a minute of a minute
    each, two minutes of patience: 3.1 % leave, 3.7 s wait, agents busy 93 %; without impatience 20.8 s."""
    found = erlang_a(50, 48 / 60, 60.0, 120.0, 20.0)
    assert found.abandoned == pytest.approx(0.031, abs=5e-4)
    assert found.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert found.occupancy == pytest.approx(0.93, abs=5e-3)
    assert mean_wait_c_s(50, 48.0, 60.0) == pytest.approx(20.8, abs=0.05)


@pytest.mark.parametrize(("agents", "per_s", "patience_s"), [(50, 0.8, 120.0), (10, 0.2, 60.0), (1, 0.01, 30.0), (2000, 33.3, 120.0)])
def test_given_two_ways_to_erlang_a_when_both_are_gone_then_they_meet(agents: int, per_s: float, patience_s: float) -> None:
    """The chain of states, and the integral over waits: they share nothing but Erlang B."""
    stays, stayed = (lambda x: exp(-x / patience_s)), (lambda x: -patience_s * expm1(-x / patience_s))
    found = erlang_a(agents, per_s, 60.0, patience_s, 20.0)
    assert answered_within(agents, per_s, 60.0, stays, stayed, 0.0) == pytest.approx(1 - found.waiting, abs=1e-6)
    assert answered_within(agents, per_s, 60.0, stays, stayed, 1e4) == pytest.approx(1 - found.abandoned, abs=1e-6)


def test_given_endless_patience_when_erlang_a_is_asked_then_it_is_erlang_c() -> None:
    found = erlang_a(12, 10 / 180, 180.0, 1e9, 20.0)
    assert found.waiting == pytest.approx(erlang_c(12, 10.0), abs=1e-4)
    assert found.answered_in_time == pytest.approx(service_level_c(12, 10.0, 180.0, 20.0), abs=1e-4)


def test_given_no_patience_when_erlang_a_is_asked_then_it_is_erlang_b() -> None:
    assert erlang_a(10, 5 / 60, 60.0, 1e-6, 0.0).abandoned == pytest.approx(erlang_b(10, 5.0), abs=1e-4)


def test_given_more_work_than_agents_when_asked_then_everybody_waits_for_ever() -> None:
    assert (erlang_c(3, 3.0), mean_wait_c_s(3, 3.5, 60.0), service_level_c(3, 3.0, 60.0, 1e9)) == (1.0, inf, 0.0)
    assert mean_wait_one_agent_s(1.0, 1.0, 1.0) == inf


def test_given_one_agent_when_handling_is_exponential_then_both_formulas_say_the_same() -> None:
    assert mean_wait_one_agent_s(0.01, 70.0, 1.0) == pytest.approx(mean_wait_c_s(1, 0.7, 70.0))
