import logging

import pytest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from acd.metrics import Metrics
from acd.metrics.sampled import COUNTED

from .floor import POLICY, FakeFloor, floor, served


def scrape(given: FakeFloor, metrics: Metrics | None = None) -> dict[tuple[str, tuple[str, ...]], float]:
    text = (metrics or Metrics(lambda: POLICY)).render(given).decode()
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.values()))): s.value for family in families for s in family.samples}


def test_given_a_floor_when_scraped_then_it_says_who_waits_who_works_and_what_is_up() -> None:
    found = scrape(floor())
    assert found["acd_waiting", ("sales",)] == 2 and found["acd_waiting", ("help",)] == 0
    assert found["acd_longest_wait_seconds", ("sales",)] == 16
    assert found["acd_agents", ("", "offered")] == 1
    assert found["acd_agents", ("lunch", "not_ready")] == 1
    assert found["acd_agents", ("", "logged_out")] == 1
    assert found["acd_calls", ("flow",)] == 1 and found["acd_calls", ("queue",)] == 2
    assert found["acd_node_reachable", ("main",)] == 1
    assert found["acd_phones_registered", ()] == 1


def test_given_a_reason_that_the_configuration_has_lost_when_scraped_then_labels_stay_bounded() -> None:
    given = floor()
    given.state.put(given.state.agents["bob"].move(given.state.agents["bob"].state, 5.0, reason="x" * 50))
    found = scrape(given)
    assert found["acd_agents", ("not_ready", "other")] == 1
    assert not any("xxx" in label for _, labels in found for label in labels)


def test_given_numbers_kept_elsewhere_when_scraped_then_each_has_its_name_and_label() -> None:
    counters = {
        name: {"main": float(i)} if label == "node" else {"write": float(i)} if label else float(i)
        for i, (name, (_, _, _, label)) in enumerate(COUNTED.items(), start=1)
    }
    found = scrape(floor(counters=counters))
    for i, (family, metric, _, label) in enumerate(COUNTED.values(), start=1):
        name = metric + ("_total" if family.__name__.startswith("Counter") else "")
        assert found[name, ("main",) if label == "node" else ("write",) if label else ()] == i


def test_given_a_counter_that_nobody_knows_when_scraped_twice_then_it_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    given, metrics = floor(counters={"jornal_bytes": 1.0}), Metrics(lambda: POLICY)
    with caplog.at_level(logging.ERROR):
        scrape(given, metrics)
        scrape(given, metrics)
    assert caplog.text.count("jornal_bytes") == 1


def test_given_callers_and_agents_when_scraped_then_nothing_of_a_person_is_in_the_text() -> None:
    metrics = Metrics(lambda: POLICY)
    for decision in served():
        metrics.observe(decision)
    text = metrics.render(floor()).decode()
    assert "acd_answered_total" in text
    for personal in ("+4930123", "+4940999", "4930123", "Ada", "ann", "Ann", "bob", '"101"', "c1"):
        assert f'"{personal}"' not in text, personal


def test_given_a_decision_that_was_missed_when_scraped_then_ended_entries_are_not_remembered_for_ever() -> None:
    metrics = Metrics(lambda: POLICY)
    first, *_ = served()
    metrics.observe(first)
    metrics.render(floor(records=()))
    assert metrics._decisions._entries == {}


def test_given_steps_and_hub_lag_when_told_then_they_are_histograms() -> None:
    metrics = Metrics(lambda: POLICY)
    metrics.took("write", 0.002)
    metrics.hub_late(0.3)
    found = scrape(floor(), metrics)
    assert found["acd_took_seconds_count", ("write",)] == 1 and found["acd_hub_lag_seconds_sum", ()] == 0.3


def test_given_configured_queues_when_first_scraped_then_every_counter_of_theirs_stands_at_zero() -> None:
    found = scrape(floor())
    assert found["acd_queue_visits_ended_total", ("abandoned", "help")] == 0
    assert found["acd_offers_ended_total", ("bridge_failed", "help")] == 0
    assert found["acd_healed_differences_total", ("LegEnded",)] == 0


def test_given_somebody_beside_the_house_when_scraped_then_what_stands_with_them_at_that_moment_is_in_the_text() -> None:
    metrics, stands = Metrics(lambda: POLICY), [3.0]
    metrics.also(lambda: [GaugeMetricFamily("acd_campaign_beside", "Beside", stands[0])])
    assert "acd_campaign_beside 3.0" in metrics.render(floor()).decode()
    stands[0] = 4.0
    text = metrics.render(floor()).decode()
    assert "acd_campaign_beside 4.0" in text and text.count("\nacd_campaign_beside ") == 1
