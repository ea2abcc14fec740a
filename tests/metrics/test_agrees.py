"""FAULTS.md W7: after a day, what /metrics says is what the database says."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from acd.core.decision import Decision
from acd.core.events import TimePassed
from acd.core.interpreter import EnterQueue
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.measures.visits import VISITS
from acd.metrics import Metrics
from acd.records import counting
from acd.records.batch import batch_of
from acd.records.counting import Scope
from acd.records.reader import Reader
from acd.records.store import Store
from acd.sim.dice import Exponential
from acd.sim.experiment import Poisson, Shift, Stream
from acd.sim.people import Manners, People
from acd.sim.straight import STRAIGHT, Straight
from acd.sim.world import World
from acd.words import AgentId, EntryKind, EntryOutcome, OfferOutcome, PhoneId, QueueId, Wish
from tests.records.making import FakeLine, entry

HOUR = 3600.0
QUEUES = {
    QueueId("sales"): QueuePolicy(id=QueueId("sales"), service_level_s=15.0, max_wait_s=120.0, max_waiting=6),
    QueueId("help"): QueuePolicy(id=QueueId("help"), priority=2),
}
AGENTS = [AgentPolicy(id=AgentId(f"a{n}"), name="", phone=PhoneId(f"p{n}"), queues=tuple(QUEUES)[: 1 + n % 2]) for n in range(5)]
HOUSE = Policy(version="1", queues=QUEUES, agents={agent.id: agent for agent in AGENTS}, numbers={"*": STRAIGHT})


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Metrics, Reader]:
    """Eight hours with too few agents, two breaks, phones that are let ring; every decision counted and recorded."""
    flows = Straight()
    world, metrics = World(HOUSE, flows), Metrics(lambda: HOUSE)
    decisions: list[Decision] = []
    world.watchers += [metrics.observe, decisions.append]
    people = People(world, flows, Manners(answer=Exponential(mean_s=6.0)), "W7")
    for n, agent in enumerate(AGENTS):
        shift = Shift(agent=agent.id, start=60.0 * n, end=8 * HOUR)
        world.when(shift.start, partial(people.asks, agent.id, Wish.READY))
        world.when(2 * HOUR + 600 * n, partial(people.asks, agent.id, Wish.NOT_READY))
        world.when(2 * HOUR + 600 * n + 900, partial(people.asks, agent.id, Wish.READY))
        world.when(shift.end, partial(people.asks, agent.id, Wish.LOG_OUT))
    for queue, per_hour in (("sales", 150), ("help", 45)):
        ask = EnterQueue(queue=QueueId(queue), exits=frozenset({"full", "timed_out"}), exit_keys="")
        calls = Poisson(rates=((0.0, per_hour / HOUR),), until=8 * HOUR)
        talk, patience = Exponential(mean_s=90.0), Exponential(mean_s=60.0)
        people.come(Stream(name=queue, ask=ask, arrivals=calls, talk=talk, patience=patience).callers("W7"))
    world.run(12 * HOUR)
    url = f"sqlite:///{tmp_path_factory.mktemp('day')}/acd.db"
    store = Store(url)
    lines = [FakeLine(n=n, changes=decision.changes) for n, decision in enumerate(decisions, start=1)]
    store.write(batch_of(0, lines, {}, lambda queue: HOUSE.queues[queue].service_level_s))
    store.close()
    return metrics, Reader(url)


def counted(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


ALL_DAY = Scope(since=0.0, until=24 * HOUR)


def test_given_a_day_when_it_is_over_then_visits_in_the_metrics_are_those_of_the_database_W7(day: tuple[Metrics, Reader]) -> None:
    metrics, reader = day
    found = counting.by_queue(reader, ALL_DAY)
    assert found.keys() == set(QUEUES) and all(visits.offered > 100 for visits in found.values())
    assert len({outcome for visits in found.values() for outcome in visits.by}) >= 4, "a day that is worth comparing"
    for queue, visits in found.items():
        for outcome in EntryOutcome:
            tally = visits.of(outcome)
            assert counted(metrics, "acd_queue_visits_ended_total", queue=queue, outcome=outcome) == tally.n, (queue, outcome)
            assert counted(metrics, "acd_queue_visits_ended_in_time_total", queue=queue, outcome=outcome) == tally.in_time
        assert counted(metrics, "acd_offered_total", queue=queue) == visits.offered
        assert counted(metrics, "acd_answered_total", queue=queue) == visits.answered
        assert counted(metrics, "acd_answered_in_time_total", queue=queue) == visits.answered_in_time
        answered = visits.of("answered")
        assert counted(metrics, "acd_wait_seconds_sum", queue=queue) == pytest.approx(answered.waited_s)


def test_given_a_day_when_it_is_over_then_offers_and_talks_agree_W7(day: tuple[Metrics, Reader]) -> None:
    metrics, reader = day
    by: dict[tuple[str, str], Any] = {}
    for queue, _, outcome, each in counting.handled(reader, ALL_DAY, "queue"):
        by[queue, outcome] = by[queue, outcome] + each if (queue, outcome) in by else each
    assert len(by) > 3
    for queue in QUEUES:
        for outcome in OfferOutcome:
            n = by[queue, outcome].n if (queue, outcome) in by else 0
            assert counted(metrics, "acd_offers_ended_total", queue=queue, outcome=outcome) == n
        assert counted(metrics, "acd_talk_seconds_sum", queue=queue) == pytest.approx(by[queue, "answered"].talk_s)


def test_given_a_day_when_it_is_over_then_calls_agree_W7(day: tuple[Metrics, Reader]) -> None:
    metrics, reader = day
    calls = reader.calls(limit=100_000)
    assert counted(metrics, "acd_calls_arrived_total") == len(calls) > 800
    for by in ("customer", "agent", "system"):
        assert counted(metrics, "acd_calls_ended_total", ended_by=by) == sum(call["ended_by"] == by for call in calls)


def test_given_the_counters_of_the_metrics_when_put_into_a_formula_then_it_is_what_the_report_says(day: tuple[Metrics, Reader]) -> None:
    metrics, reader = day
    sales = counting.by_queue(reader, ALL_DAY)["sales"]
    ended = {o: counted(metrics, "acd_queue_visits_ended_total", queue="sales", outcome=o) for o in EntryOutcome}
    in_time = counted(metrics, "acd_answered_in_time_total", queue="sales")
    gone = ended[EntryOutcome.ABANDONED] + ended[EntryOutcome.ABANDONED_WHILE_RINGING]
    unserved = ended[EntryOutcome.TIMED_OUT] + ended[EntryOutcome.SYSTEM_ERROR]
    expected = in_time / (ended[EntryOutcome.ANSWERED] + gone + unserved)
    assert VISITS["service_level/acd-1"].of(sales) == pytest.approx(expected)


def test_given_a_callback_when_it_ends_then_it_is_no_visit_of_a_caller() -> None:
    metrics = Metrics(lambda: HOUSE)
    waited_at_home = replace(entry("e9", queue="sales"), kind=EntryKind.CALLBACK)
    metrics.observe(Decision(event=TimePassed(at=0.0), changes=(waited_at_home,)))
    assert counted(metrics, "acd_offered_total", queue="sales") == 0
    assert counted(metrics, "acd_queue_visits_ended_total", queue="sales", outcome="answered") == 0
