"""From the core's own decisions, through the real journal, to rows and counters: the three must agree (FAULTS.md W3, W4, W7)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.live.journal import Journal
from acd.metrics.decisions import DecisionCounters
from acd.records.reader import Reader
from acd.records.store import Store
from acd.records.story import tell
from acd.records.writer import RecordsWriter
from acd.words import Wish
from tests.core.world import World, policy

from .reading import rows


def busy_hour() -> World:
    """Served; served after one who let it ring; abandoned while ringing; abandoned in line; still in line at the end."""
    world = World(policy(2, queue_wrap_up_s=5.0, queue_ring_s=10.0, max_missed=1)).ready("a0").after(3)
    world.talks("c1", "a0")
    world.after(40)
    world.hangs_up("c1")
    world.after(20)
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.ready("a1").arrives("c2")
    world.rings("a1")
    world.after(10.5)
    world.asks("a0", Wish.READY)
    world.picks_up("a0")
    world.is_bridged("a0")
    world.after(30)
    world.hangs_up("c2")
    world.after(6)
    world.arrives("c3")
    world.after(2)
    world.hangs_up("c3")
    world.asks("a0", Wish.NOT_READY, "break")
    world.arrives("c4")
    world.after(9)
    world.hangs_up("c4")
    world.arrives("c5")
    world.after(1)
    return world


@pytest.fixture
def kept(tmp_path: Path, store_of: Callable[..., Store]) -> tuple[World, str]:
    world, url = busy_hour(), f"sqlite:///{tmp_path}/acd.db"
    journal = Journal(tmp_path / "journal")
    writer = RecordsWriter(journal, store_of(url), batch_lines=3)
    for decision in world.decisions:
        journal.write([decision])
        writer.turn()
    while writer.turn() == 0.0:
        pass
    journal.close()
    writer.stop()
    return world, url


def test_given_a_busy_hour_when_written_then_every_stay_and_offer_that_ended_is_one_row_with_its_outcome_W4(
    kept: tuple[World, str],
) -> None:
    world, url = kept
    entries = Counter(str(entry.outcome) for entry in world.ended(Entry))
    offers = Counter(str(offer.outcome) for offer in world.ended(Offer))
    assert dict(rows(url, "SELECT outcome, count(*) FROM queue_visits GROUP BY outcome")) == entries
    assert dict(rows(url, "SELECT outcome, count(*) FROM offers GROUP BY outcome")) == offers
    assert len(entries) >= 3 and len(offers) >= 3, "the hour was not busy"
    assert rows(url, "SELECT id FROM contacts ORDER BY id") == [("c1",), ("c2",), ("c3",), ("c4",)]
    assert rows(url, "SELECT count(*) FROM rejected_rows") == [(0,)]
    for table, column in [("contacts", "duration_s"), ("queue_visits", "waited_s"), ("offers", "ring_s")]:
        assert rows(url, f"SELECT count(*) FROM {table} WHERE {column} IS NULL OR {column} < 0") == [(0,)]


def test_given_a_busy_hour_when_written_then_each_agents_stretches_join_without_gap_or_overlap(kept: tuple[World, str]) -> None:
    world, url = kept
    for agent in ("a0", "a1"):
        stretches = rows(url, f"SELECT since, until, state FROM agent_activities WHERE agent='{agent}' ORDER BY since, until IS NULL")
        assert len(stretches) > 2
        assert all(a[1] == b[0] for a, b in zip(stretches, stretches[1:], strict=False)), stretches
        assert (stretches[-1][1], stretches[-1][2]) == (None, world.agent(agent).state)
    wrapped = "SELECT count(*) FROM agent_activities WHERE state='wrap_up' AND offer NOT IN (SELECT id FROM offers)"
    assert rows(url, wrapped) == [(0,)]


def test_given_a_busy_hour_when_counted_then_metrics_and_rows_agree_W7(kept: tuple[World, str]) -> None:
    world, url = kept
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, lambda: world.state.policy)
    for decision in world.decisions:
        counters.observe(decision)
    for outcome, number in rows(url, "SELECT outcome, count(*) FROM queue_visits GROUP BY outcome"):
        assert registry.get_sample_value("acd_queue_visits_ended_total", {"queue": "sales", "outcome": outcome}) == number
    for outcome, number in rows(url, "SELECT outcome, count(*) FROM offers GROUP BY outcome"):
        assert registry.get_sample_value("acd_offers_ended_total", {"queue": "sales", "outcome": outcome}) == number
    ended, live = rows(url, "SELECT count(*) FROM queue_visits")[0][0], len(world.state.entries)
    assert registry.get_sample_value("acd_offered_total", {"queue": "sales"}) == ended + live
    [(talked, waited)] = rows(url, "SELECT sum(talk_s), sum(waited_s) FROM queue_visits WHERE outcome='answered'")
    assert registry.get_sample_value("acd_talk_seconds_sum", {"queue": "sales"}) == pytest.approx(talked)
    assert registry.get_sample_value("acd_wait_seconds_sum", {"queue": "sales"}) == pytest.approx(waited)
    [(arrived,)] = rows(url, "SELECT count(*) FROM contacts")
    assert registry.get_sample_value("acd_calls_arrived_total") == arrived + len(world.state.calls)


def test_given_a_caller_for_whom_a_phone_rang_in_vain_when_told_then_the_story_says_who_and_why(kept: tuple[World, str]) -> None:
    reader = Reader(kept[1])
    story = reader.story("c2")
    reader.close()
    assert story is not None
    told = [line for moment in tell(story) for line in (moment.text, *moment.details)]
    assert any(line.startswith("a1: did not answer") for line in told)
    assert "passed over: a0 was not ready (lunch)" in told
    assert told.index("talk with a0 over after 30.0 s, ended by the customer") < next(
        i for i, line in enumerate(told) if line.startswith("left queue")
    )
    assert "offered to a0" in told and told[-2].startswith(("the call ended", "a0 in wrap-up"))
