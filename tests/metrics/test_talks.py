"""Holds, transfers and consults in numbers; a consult is nobody who was offered to a queue."""

from prometheus_client import CollectorRegistry

from acd.metrics.decisions import DecisionCounters
from tests.core.talking import Floor
from tests.core.test_talk_consult import TWO


def counted(floor: Floor) -> CollectorRegistry:
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, lambda: TWO)
    counters.begin(TWO.queues)
    for decision in floor.world.decisions:
        counters.observe(decision)
    return registry


def test_given_a_consult_that_was_completed_when_counted_then_one_offered_one_transfer_and_its_hold() -> None:
    floor = Floor(TWO).talk().consults("support").after(12)
    floor.asks("a0", "complete")
    floor.after(5).hangs_up("c")
    value = counted(floor).get_sample_value
    assert value("acd_offered_total", {"queue": "sales"}) == 1 and value("acd_offered_total", {"queue": "support"}) == 0
    assert value("acd_answered_total", {"queue": "support"}) == 0 and value("acd_transferred_total", {"queue": "sales"}) == 1
    assert value("acd_hold_seconds_sum", {"queue": "sales"}) == 12.0
    assert value("acd_consults_ended_total", {"queue": "support", "outcome": "handed_over"}) == 1


def test_given_a_consult_that_rang_when_completed_then_the_customer_is_offered_and_answered_there() -> None:
    floor = Floor(TWO).talk().consults("support", answered_by="")
    floor.asks("a0", "complete")
    floor.picks_up("a1")
    value = counted(floor).get_sample_value
    assert value("acd_offered_total", {"queue": "support"}) == 1 == value("acd_answered_total", {"queue": "support"})


def test_given_a_customer_who_hung_up_holding_when_counted_then_it_is_a_hold_abandon() -> None:
    floor = Floor(TWO).talk()
    floor.asks("a0", "hold")
    floor.after(9).hangs_up("c")
    assert counted(floor).get_sample_value("acd_hold_abandoned_total", {"queue": "sales"}) == 1
