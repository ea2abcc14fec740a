"""Exits and abandons per step are counted once, when the call is over."""

from dataclasses import replace

from prometheus_client import CollectorRegistry, generate_latest

from acd.core.decision import Decision
from acd.core.events import TimePassed
from acd.core.frame import Passed
from acd.core.policy import Policy
from acd.metrics import decisions
from acd.metrics.decisions import DecisionCounters
from acd.words import EndedBy, FlowId, Owner
from tests.records.making import T0, call


def passed(step: str, exit: str, times: int = 1) -> Passed:
    return Passed(flow=FlowId("main"), step=step, exit=exit, entered_at=T0, left_at=T0 + 1, times=times)


def counted(*calls: object) -> str:
    registry = CollectorRegistry()
    counters = DecisionCounters(registry, Policy)
    for one in calls:
        counters.observe(Decision(event=TimePassed(at=T0), changes=(one,)))  # type: ignore[arg-type]
    return generate_latest(registry).decode()


def test_given_a_call_when_it_is_over_then_each_step_it_passed_is_counted_once() -> None:
    trail = (passed("menu", "1"), passed("hold", "done", 3), passed("sales", ""))
    over = call("c1", owner=Owner.NOBODY, ended_at=T0, ended_by=EndedBy.CUSTOMER, trail=trail)
    text = counted(replace(over, owner=Owner.FLOW, ended_at=None), over)
    assert 'acd_flow_exits_total{exit="1",flow="main",step="menu"} 1.0' in text
    assert 'acd_flow_exits_total{exit="done",flow="main",step="hold"} 3.0' in text
    assert 'acd_flow_abandoned_total{flow="main",step="sales"} 1.0' in text


def test_given_a_call_that_the_house_ended_when_it_is_over_then_nobody_abandoned() -> None:
    over = call("c1", owner=Owner.NOBODY, ended_at=T0, ended_by=EndedBy.SYSTEM, trail=(passed("bye", ""),))
    assert "acd_flow_abandoned_total{" not in counted(over)


def test_given_more_ways_than_can_be_told_apart_when_counted_then_the_rest_is_one(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(decisions, "WAYS_MAX", 2)
    over = call("c1", owner=Owner.NOBODY, ended_at=T0, ended_by=EndedBy.SYSTEM, trail=tuple(passed(f"s{n}", "done") for n in range(5)))
    assert 'acd_flow_exits_total{exit="other",flow="other",step="other"} 3.0' in counted(over)
