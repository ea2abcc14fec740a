"""What left the house, what did not, and how callbacks ended, as counters; each once."""

from prometheus_client import CollectorRegistry

from acd.metrics.decisions import DecisionCounters
from tests.core.called_back import CallbackWorld, callback_rules


def value(registry: CollectorRegistry, name: str, **labels: str) -> float:
    return registry.get_sample_value(name, labels) or 0.0


def test_given_callbacks_when_they_are_made_and_refused_then_each_is_counted_once() -> None:
    world = CallbackWorld(callback_rules(retries=(), gate={"per_number": 1})).asks_back()
    world.ready("a0")
    world.talks_back()
    world.customer_ends()
    world.asks_back("d").after(60)
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, lambda: world.state.policy)
    for decision in world.decisions:
        counters.observe(decision)
    assert value(registry, "acd_outbound_calls_total", reason="callback") == 1
    assert value(registry, "acd_callbacks_ended_total", queue="sales", outcome="served") == 1
