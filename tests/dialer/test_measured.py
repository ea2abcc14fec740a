"""What Prometheus sees of campaigns (ACD.md 37, 86, 88), read as Prometheus reads it."""

from collections.abc import Mapping
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from acd.campaign import Mode
from acd.law.profile import DAY_S
from acd.words import AgentState
from dialer.core.attempt import Outcome
from dialer.core.explaining import WORDS
from dialer.core.pacing.choosing import pacer_of
from dialer.core.run import RunWish
from dialer.core.state import Dialler
from dialer.live import measured
from dialer.live.measured import of_campaigns, of_database

from .floor import NOON, O, World, campaign


class Scrape:
    """``value(name, label=…)``: of the one sample with these labels; None where there is none."""

    def __init__(self, *metrics: Metric) -> None:
        class Once:
            def collect(self) -> tuple[Metric, ...]:
                return metrics

        registry = CollectorRegistry(auto_describe=False)
        registry.register(Once())  # type: ignore[arg-type]
        self.text = generate_latest(registry).decode()
        self.samples = [each for family in text_string_to_metric_families(self.text) for each in family.samples]

    def value(self, name: str, **labels: str) -> float | None:
        found = [each.value for each in self.samples if each.name == f"acd_{name}" and labels.items() <= each.labels.items()]
        assert len(found) < 2, f"{name} {labels}: {found}"
        return found[0] if found else None


def scraped(world: World, listed: Mapping[str, float] | None = None, since: float = NOON) -> Scrape:
    return Scrape(*of_campaigns(world.state, world.at, since=since, listed=listed))


def test_row_37_given_calls_in_each_state_when_scraped_then_each_state_has_its_number_and_the_others_0() -> None:
    world = World(campaign(lines=9))
    for n in range(4):
        world.agent(f"a{n}")
    world.rings("t1")
    world.answers("t2")
    world.answers("t3")
    world.talks("t3", "a2")
    seen = scraped(world)
    calls = {
        state: seen.value("campaign_calls", campaign="spring", state=state) for state in ("asked", "ringing", "answered", "talking")
    }
    assert calls == {"asked": 1, "ringing": 1, "answered": 1, "talking": 1}
    assert seen.value("campaign_calls", state="abandoned") == 0
    assert seen.value("campaign_agents_free") == 3 and seen.value("campaign_running") == 1


def test_row_91_given_an_end_that_is_told_again_when_scraped_then_it_is_counted_once_and_seen_until_it_is_stored() -> None:
    world = World(campaign(), leads=1)
    world.stores = False
    world.agent("anna")
    world.ends("t1", O.BUSY)
    for _ in range(4):
        world.tick(20)
    assert list(world.finished) == ["t1"] and len(world.decided) > 4, "it was told again"
    seen = scraped(world)
    assert seen.value("campaign_attempts_ended_total", campaign="spring", outcome="busy") == 1
    assert seen.value("campaign_calls", state="ended") == 1


def test_given_a_campaign_that_has_not_begun_when_scraped_then_every_outcome_stands_at_0() -> None:
    seen = scraped(World(campaign(), start=False))
    assert {outcome: seen.value("campaign_attempts_ended_total", outcome=outcome) for outcome in Outcome} == dict.fromkeys(Outcome, 0)
    assert seen.value("campaign_running") == 0 and seen.value("campaign_binds", by="stopped") == 1


def test_row_86_given_an_abandon_when_scraped_then_each_period_has_its_counts_rate_limit_and_room() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.agent("anna", AgentState.NOT_READY)
    world.abandons("t1")
    seen = scraped(world)
    for period in ("24h", "30d"):
        here = {"campaign": "spring", "period": period}
        assert (seen.value("campaign_answered", **here), seen.value("campaign_abandoned", **here)) == (1, 1)
        assert (seen.value("campaign_abandon_rate", **here), seen.value("campaign_abandon_room", **here)) == (1, -1)
    assert seen.value("campaign_abandon_limit", campaign="spring") == 0.03
    world.at += 2 * DAY_S
    later = scraped(world)
    assert later.value("campaign_abandoned", period="24h") == 0 and later.value("campaign_abandoned", period="30d") == 1


def test_given_what_binds_when_it_changes_then_one_word_stands_at_1_and_it_is_of_the_closed_set() -> None:
    world = World(campaign(), leads=0)
    for word, event in (("agents", None), ("leads", "anna")):
        if event:
            world.agent(event)
        bound = [each.labels["by"] for each in scraped(world).samples if each.name == "acd_campaign_binds"]
        assert bound == [word] and word in WORDS


def test_given_a_predictive_campaign_when_it_has_decided_then_its_forecast_is_seen_and_another_mode_has_none() -> None:
    world = World(campaign(mode=Mode.PREDICTIVE), campaign("plain", queue="help"), start=False)
    world.state.pacer_of = pacer_of
    world.wish("spring", RunWish.START)
    world.wish("plain", RunWish.START)
    world.agent("anna")
    seen = scraped(world)
    for name in ("theta", "hit_ratio", "expected_answers", "expected_free"):
        assert seen.value(f"campaign_{name}", campaign="spring") is not None, name
        assert seen.value(f"campaign_{name}", campaign="plain") is None, name
    assert seen.value("campaign_expected_free", campaign="spring") == 1


def test_given_a_campaign_that_dials_nobody_when_scraped_then_how_long_and_only_while_it_runs() -> None:
    world = World(campaign())
    world.tick(300)
    assert scraped(world).value("campaign_idle_seconds") == 300
    world.agent("anna")
    world.tick(20)
    assert scraped(world).value("campaign_idle_seconds") == 20
    world.wish("spring", RunWish.PAUSE)
    assert scraped(world).value("campaign_idle_seconds") is None


def test_given_a_run_from_before_a_restart_when_scraped_then_nothing_is_counted_from_before_we_were_there() -> None:
    world = World(campaign())
    world.tick(5000)
    assert scraped(world, since=world.at - 60).value("campaign_idle_seconds") == 60


@pytest.mark.parametrize(
    ("listed", "left_s"),
    [
        (None, None),
        ({}, 0.0),
        ({"uk": NOON - 20 * DAY_S}, 8 * DAY_S),
        ({"uk": NOON, "us": NOON - 30 * DAY_S}, 28 * DAY_S),
        ({"uk": NOON, "robinson": NOON - 30 * DAY_S}, -2 * DAY_S),
    ],
)
def test_row_94_given_do_not_call_lists_of_some_age_when_scraped_then_how_long_the_oldest_may_still_be_used(
    listed: dict[str, float] | None, left_s: float | None
) -> None:
    assert scraped(World(campaign()), listed).value("campaign_do_not_call_left_seconds") == left_s


def test_row_94_given_the_strictest_law_when_scraped_then_as_long_as_the_freshest_list_may_be_used() -> None:
    listed = {"uk": NOON - 10 * DAY_S, "it": NOON - 14 * DAY_S}
    assert scraped(World(campaign(law="strict")), listed).value("campaign_do_not_call_left_seconds") == 5 * DAY_S


def test_given_more_campaigns_than_may_be_seen_when_scraped_then_the_labels_are_bounded_and_no_end_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measured, "MOST", 2)
    world = World(*(campaign(f"c{n}", queue=f"q{n}") for n in range(5)), start=False)
    for running in world.state.campaigns.values():
        running.ended[Outcome.BUSY] += 1
    seen = scraped(world)
    assert {each.labels["campaign"] for each in seen.samples} == {"c0", "c1", "other"}
    assert seen.value("campaign_attempts_ended_total", campaign="other", outcome="busy") == 3
    assert {each.labels["campaign"] for each in seen.samples if each.name != "acd_campaign_attempts_ended_total"} == {"c0", "c1"}


def test_given_calls_when_scraped_then_no_number_lead_or_agent_is_in_the_text() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.talks("t1")
    text = scraped(world, {"uk": NOON}).text
    assert "campaign_calls" in text and not any(word in text for word in ("anna", "+44", "t1"))


@pytest.mark.parametrize("is_well", [True, False])
def test_given_a_database_when_scraped_then_what_failed_what_waits_and_whether_it_is_well(is_well: bool) -> None:
    seen = Scrape(*of_database(failed=3, waiting=7, is_well=is_well))
    values: list[Any] = [seen.value(f"leads_database_{name}") for name in ("failures_total", "jobs", "healthy")]
    assert values == [3, 7, float(is_well)]


def test_given_no_campaign_when_scraped_then_nothing_but_names() -> None:
    assert not Scrape(*of_campaigns(Dialler(pacer_of), NOON, since=NOON, listed={})).samples
