import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from acd.core.decision import Decision, Record
from acd.core.events import LegEnded, TimePassed
from acd.core.policy import Policy, QueuePolicy
from acd.metrics.decisions import DecisionCounters
from acd.words import EndedBy, EntryOutcome, EntryState, OfferOutcome, Owner
from tests.records.making import T0, abandoned, call, entry, offer


class Seen:
    """Decisions in, numbers out."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        policy = Policy(queues={"sales": QueuePolicy(id="sales", service_level_s=10.0)})
        self.counters = DecisionCounters(self.registry, lambda: policy)

    def at(self, at: float, *changes: Record, **marks: Any) -> "Seen":
        self.counters.observe(Decision(event=TimePassed(at=at), changes=changes, **marks))
        return self

    def number(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
def seen() -> Iterator[Seen]:
    yield Seen()


WAITING = {"state": EntryState.WAITING, "connected_at": None, "ended_at": None, "outcome": None, "agent": None}


def test_given_a_served_caller_when_all_versions_are_seen_then_each_thing_is_counted_once(seen: Seen) -> None:
    live = entry(**WAITING)
    seen.at(T0 + 4, live).at(T0 + 9, entry(**WAITING | {"state": EntryState.OFFERED, "offers": 1}))
    connected = {"ended_at": None, "outcome": None}
    seen.at(T0 + 14, entry(state=EntryState.CONNECTED, **connected))
    seen.at(T0 + 15, entry(state=EntryState.CONNECTED, **connected))
    seen.at(T0 + 60, entry(), offer())
    assert seen.number("acd_offered_total", queue="sales") == 1
    assert seen.number("acd_answered_total", queue="sales") == 1
    assert seen.number("acd_answered_in_time_total", queue="sales") == 1
    assert seen.number("acd_queue_visits_ended_total", queue="sales", outcome="answered") == 1
    assert seen.number("acd_offers_ended_total", queue="sales", outcome="answered") == 1
    assert seen.number("acd_wait_seconds_sum", queue="sales") == 10.0
    assert seen.number("acd_talk_seconds_sum", queue="sales") == 46.0
    assert seen.number("acd_ring_to_media_seconds_sum") == 0.5
    assert seen.counters._entries == {}, "what has ended is not remembered"


def test_given_an_answer_after_the_target_when_seen_then_it_is_not_in_time(seen: Seen) -> None:
    seen.at(T0 + 4, entry(**WAITING)).at(T0 + 15, entry(state=EntryState.CONNECTED, connected_at=T0 + 15, ended_at=None, outcome=None))
    assert seen.number("acd_answered_total", queue="sales") == 1
    assert seen.number("acd_answered_in_time_total", queue="sales") is None


@pytest.mark.parametrize("outcome", [o for o in EntryOutcome if o is not EntryOutcome.ANSWERED])
def test_given_a_stay_that_ends_unserved_when_seen_then_its_outcome_is_counted_and_nobody_was_answered(
    seen: Seen, outcome: EntryOutcome
) -> None:
    seen.at(T0 + 4, entry(**WAITING)).at(T0 + 11, abandoned("e1", 7.0, outcome))
    assert seen.number("acd_queue_visits_ended_total", queue="sales", outcome=outcome) == 1
    assert seen.number("acd_offered_total", queue="sales") == 1
    assert seen.number("acd_answered_total", queue="sales") is None
    assert seen.number("acd_abandon_wait_seconds_count") == float("abandoned" in outcome)


def test_given_a_full_queue_when_the_entry_is_born_ended_then_it_was_offered_ACD_51(seen: Seen) -> None:
    seen.at(T0 + 4, abandoned("e1", 0.0, EntryOutcome.FULL))
    assert seen.number("acd_offered_total", queue="sales") == 1


def test_given_a_restart_when_old_entries_are_seen_again_then_nothing_is_counted_twice(seen: Seen) -> None:
    """The process before us counted them: joined earlier, connected earlier."""
    seen.at(T0 + 30, entry(state=EntryState.CONNECTED, ended_at=None, outcome=None)).at(T0 + 60, entry())
    assert seen.number("acd_offered_total", queue="sales") is None
    assert seen.number("acd_answered_total", queue="sales") is None
    assert seen.number("acd_queue_visits_ended_total", queue="sales", outcome="answered") == 1


def test_given_a_restart_while_a_caller_waited_when_served_then_the_answer_is_counted(seen: Seen) -> None:
    seen.at(T0 + 14, entry(state=EntryState.CONNECTED, ended_at=None, outcome=None))
    assert seen.number("acd_answered_total", queue="sales") == 1
    assert seen.number("acd_offered_total", queue="sales") is None


def test_given_a_call_when_it_arrives_and_ends_then_each_is_counted_once(seen: Seen) -> None:
    live = call(owner=Owner.FLOW, ended_at=None, ended_by=None)
    seen.at(T0, live).at(T0 + 1, live).at(T0 + 60, call())
    assert seen.number("acd_calls_arrived_total") == 1
    assert seen.number("acd_calls_ended_total", ended_by=EndedBy.CUSTOMER) == 1


def test_given_an_offer_that_rang_in_vain_when_it_ends_then_it_is_counted_and_no_talk_is(seen: Seen) -> None:
    seen.at(T0 + 24, offer(outcome=OfferOutcome.NO_ANSWER, answered_at=None, bridged_at=None))
    assert seen.number("acd_offers_ended_total", queue="sales", outcome="no_answer") == 1
    assert seen.number("acd_talk_seconds_count", queue="sales") is None


def test_given_late_healed_and_refused_decisions_when_seen_then_they_are_counted_by_event(seen: Seen) -> None:
    seen.at(T0, late=True).at(T0, healed=True).at(T0, refused="no")
    seen.counters.observe(Decision(event=LegEnded(at=T0, leg="main/x", cause="LOST"), healed=True))
    assert seen.number("acd_late_events_total", event="TimePassed") == 1
    assert seen.number("acd_healed_differences_total", event="LegEnded") == 1
    assert seen.number("acd_healed_differences_total", event="TimePassed") == 1
    assert seen.number("acd_wishes_refused_total") == 1


PATCHED = """
import gevent.monkey; gevent.monkey.patch_all()
import gevent
from acd.core.policy import Policy
from acd.metrics import Metrics
from tests.metrics.floor import floor, served
metrics, floor = Metrics(Policy), floor()
stop = []
def busy():
    while not stop:
        for decision in served():
            metrics.observe(decision)
        gevent.sleep(0)
running = [gevent.spawn(busy) for _ in range(4)]
with gevent.Timeout(60):
    for _ in range(30):
        text = metrics.render(floor)
stop.append(True)
gevent.joinall(running, raise_error=True)
print(b"acd_answered_total" in text)
"""


def test_given_a_process_patched_by_gevent_when_scraped_while_counting_then_neither_waits_for_ever() -> None:
    done = subprocess.run([sys.executable, "-c", PATCHED], capture_output=True, text=True, timeout=90)
    assert done.stdout == "True\n", done.stderr
