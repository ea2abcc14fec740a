"""What left the house, what did not, and how callbacks ended, as counters; each once."""

from prometheus_client import CollectorRegistry

from acd.core.outside.dialled_call import KEPT_S, DialOutcome
from acd.metrics.decisions import DecisionCounters
from acd.words import QueueId, Wish, WrapUpMode
from tests.core.called_back import CallbackWorld, callback_rules
from tests.core.dialled_out import DialledWorld, dialling_rules, talked


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


def test_row_91_given_calls_that_a_campaign_dialled_when_they_end_then_each_is_counted_once_by_its_outcome() -> None:
    world = DialledWorld()
    world.dials("t1")
    world.far_ends("t1", cause="USER_BUSY")
    world.dials("t2")
    world.answers("t2")
    world.far_ends("t2")
    world.after(KEPT_S + 1)
    assert not world.state.dialled, "also what is forgotten later was counted once"
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, lambda: world.state.policy)
    counters.begin([QueueId("sales")])
    assert registry.get_sample_value("acd_dialled_calls_ended_total", {"queue": "sales", "outcome": "lost"}) == 0.0
    for decision in world.decisions:
        counters.observe(decision)
    ended = {outcome: value(registry, "acd_dialled_calls_ended_total", queue="sales", outcome=outcome) for outcome in DialOutcome}
    assert {outcome: n for outcome, n in ended.items() if n} == {"busy": 1.0, "hung_up": 1.0}
    assert value(registry, "acd_outbound_calls_total", reason="campaign") == 2


def test_row_39_given_a_dialled_call_that_is_over_when_the_agent_says_what_came_of_it_then_it_has_ended_once() -> None:
    said = {"queue_dispositions": {"sold": "1"}, "queue_wrap_up_mode": WrapUpMode.MANDATORY, "queue_wrap_up_limit_s": 3600.0}
    world = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said)).ready("a0")
    world.dials()
    talked(world)
    world.after(30)
    world.far_ends()
    world.after(KEPT_S + 1)
    world.asks("a0", Wish.DISPOSE, "sold")
    assert world.dialled().disposition == "sold"
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, lambda: world.state.policy)
    for decision in world.decisions:
        counters.observe(decision)
    assert value(registry, "acd_dialled_calls_ended_total", queue="sales", outcome="talked") == 1
