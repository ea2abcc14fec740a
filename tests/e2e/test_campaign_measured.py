"""A campaign with real calls, as Prometheus sees it on the house's own port (ACD.md 37, 94; FAULTS.md W7)."""

import json
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from .house import House
from .people import Does
from .test_campaign import NUMBERS, OpenHouse, attempts, dialer, opened
from .waiting import until

DAY_S = 86400.0


def value(here: House, name: str, **labels: str) -> float | None:
    port = json.loads((here.centre.config / "acd.yaml").read_text())["http"]["port"]
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples if each.name == f"acd_{name}"]
    return next((each.value for each in samples if labels.items() <= each.labels.items()), None)


def test_given_a_campaign_that_talks_and_runs_dry_when_scraped_then_its_end_law_list_and_what_binds_it(
    house: OpenHouse,
) -> None:
    here, _ = opened(house, lambda number: Does(talks_s=4), NUMBERS[:1])
    anna = here.ready_phone("anna")
    assert value(here, "campaign_running", campaign="spring") == 0
    dialer(here, "start", "spring")
    anna.must_ring()
    anna.accept()
    until("they talk", lambda: value(here, "campaign_calls", campaign="spring", state="talking") == 1, within_s=10)
    anna.must_be_released()
    until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=15)
    assert value(here, "campaign_attempts_ended_total", campaign="spring", outcome="talked") == 1
    assert value(here, "campaign_answered", campaign="spring", period="24h") == 1
    until("there is nobody left", lambda: value(here, "campaign_binds", campaign="spring", by="leads") == 1, within_s=15)
    left_s = value(here, "campaign_do_not_call_left_seconds", campaign="spring")
    assert left_s is not None and 29 * DAY_S < left_s <= 31 * DAY_S
    assert value(here, "leads_database_healthy") == 1 and value(here, "leads_database_failures_total") == 0
