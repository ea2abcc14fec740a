"""What Prometheus sees. Counts what was decided, samples what stands; decides nothing and is waited for by nobody.

Labels are ids of queues and nodes, states, outcomes and names of events: a bounded set, and never anything of a person, neither
caller nor agent (an agent's numbers are in the records). Counters start from 0 with the process, as Prometheus expects.

    metrics = Metrics(policy)             policy() gives the policy in force
    metrics.observe(decision)             for each decision, once
    metrics.took("write", seconds)        how long the journal's writes and syncs and the core's steps take
    metrics.hub_late(seconds)             from the watchdog
    metrics.also(sample)                  sample() gives what stands with somebody beside the house, at each scrape
    metrics.render(floor)                 the text of /metrics
"""

from collections.abc import Callable, Iterable

from gevent import get_hub
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.process_collector import ProcessCollector

from acd.core.decision import Decision
from acd.core.policy import Policy
from acd.metrics.decisions import DecisionCounters
from acd.metrics.sampled import Floor, Sampled

__all__ = ["Metrics"]


class Metrics:
    def __init__(self, policy: Callable[[], Policy]) -> None:
        self.registry = CollectorRegistry()
        self._decisions = DecisionCounters(self.registry, policy)
        self._sampled = Sampled()
        self.registry.register(self._sampled)
        self.also: Callable[[Callable[[], Iterable[Metric]]], None] = self._sampled.others.append
        ProcessCollector(registry=self.registry)
        self.observe: Callable[[Decision], None] = self._decisions.observe
        self.took: Callable[[str, float], None] = self._decisions.took
        self.hub_late: Callable[[float], None] = self._decisions.hub_lag.observe

    def render(self, floor: Floor) -> bytes:
        """Samples the state here, where its owner lives, and makes the text in a native thread: that takes milliseconds."""
        self._sampled.take(floor)
        self._decisions.forget_all_but(floor.state)
        self._decisions.begin(floor.policy.queues)
        return get_hub().threadpool.apply(generate_latest, (self.registry,))
