"""Gauges read from what stands at the moment of a scrape, and counters that other parts keep as plain numbers.

``COUNTED`` is the contract with those parts: ``floor.counters`` is a mapping from these names to a number, or to a
mapping from a label's value to a number. A name that is not here is a mistake and is said once in the log.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from acd.core.policy import Policy
from acd.core.state import State
from acd.words import SYSTEM_REASONS, AgentState, EntryState, Owner

log = logging.getLogger("acd.metrics")

Counters = Mapping[str, float | Mapping[str, float]]

COUNTER, GAUGE = CounterMetricFamily, GaugeMetricFamily

COUNTED: dict[str, tuple[type[CounterMetricFamily] | type[GaugeMetricFamily], str, str, str]] = {
    "configuration": (GAUGE, "acd_configuration_info", "1 for the version that is in force", "version"),
    "configuration_applied_at": (GAUGE, "acd_configuration_applied_timestamp_seconds", "When it came into force", ""),
    "configuration_pinned": (GAUGE, "acd_configuration_pinned", "1 while a restart starts this version, not the folder", ""),
    "configuration_refused": (GAUGE, "acd_configuration_refused", "1 since a start at which the folder was refused", ""),
    "configuration_refusals": (COUNTER, "acd_configuration_refused_applies", "Applies that changed nothing", ""),
    "owner": (GAUGE, "acd_owner", "1 while this controller may send to the switch; of all controllers one has it", "node"),
    "owner_epoch": (GAUGE, "acd_owner_epoch", "How often the switch has changed hands, as this controller knows it", "node"),
    "node_events": (COUNTER, "acd_node_events", "Events read from a switch", "node"),
    "node_lag_s": (GAUGE, "acd_node_event_lag_seconds", "Age of the last event when it was read", "node"),
    "node_reconnects": (COUNTER, "acd_node_reconnects", "Times the event socket was connected anew", "node"),
    "node_gaps": (COUNTER, "acd_node_gaps", "Gaps in a switch's Event-Sequence", "node"),
    "node_bad_frames": (COUNTER, "acd_node_bad_frames", "Frames of a switch that could not be read", "node"),
    "node_command_errors": (COUNTER, "acd_node_command_errors", "Commands that a switch refused", "node"),
    "node_hears_beeps": (GAUGE, "acd_node_hears_beeps", "1 where the beep of an answering machine is heard (mod_avmd)", "node"),
    "node_beeps_unheard": (COUNTER, "acd_node_beeps_unheard", "Legs of campaigns with amd where no beep could be heard", "node"),
    "commands_undelivered": (COUNTER, "acd_commands_undelivered", "Commands that could not be handed to a switch", ""),
    "events": (COUNTER, "acd_events", "Events that were stepped", ""),
    "mailbox": (GAUGE, "acd_mailbox_events", "Events that wait for the controller", ""),
    "poison_events": (COUNTER, "acd_poison_events", "Events on which the core failed (a bug; aim: 0)", ""),
    "decisions_missed": (COUNTER, "acd_decisions_missed", "Decisions that a reader was too slow for", "reader"),
    "journal_healthy": (GAUGE, "acd_journal_healthy", "1 while the journal is written and synced", ""),
    "journal_bytes": (GAUGE, "acd_journal_bytes", "Size of the journal on disk", ""),
    "journal_pending_bytes": (GAUGE, "acd_journal_pending_bytes", "Lines in memory that the disk did not take yet", ""),
    "journal_errors": (COUNTER, "acd_journal_errors", "Journal writes and syncs that failed", "what"),
    "journal_lost_lines": (COUNTER, "acd_journal_lost_lines", "Lines that were never written", ""),
    "records_healthy": (GAUGE, "acd_records_healthy", "1 while the database takes rows", ""),
    "records_behind_lines": (GAUGE, "acd_records_behind_lines", "Journal lines that are not in the database yet", ""),
    "records_failures": (COUNTER, "acd_records_failures", "Times the database could not be written", ""),
    "records_rejected": (COUNTER, "acd_records_rejected_rows", "Rows set aside that the database would never take", ""),
}


class Floor(Protocol):
    @property
    def state(self) -> State: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def counters(self) -> Counters: ...

    def now(self) -> float: ...


class Sampled:
    """A collector that answers with what ``take`` saw last; never touches the state itself."""

    def __init__(self) -> None:
        self.others: list[Callable[[], Iterable[Metric]]] = []
        self._seen: list[Metric] = []
        self._strange: set[str] = set()

    def take(self, floor: Floor) -> None:
        """On the greenlet's side, where nothing changes the state meanwhile."""
        self._seen = [*of_state(floor.state, floor.policy, floor.now()), *self.of_counters(floor.counters)]
        for other in self.others:
            self._seen += other()

    def take_counters(self, counters: Counters) -> None:
        """Where there is no state yet."""
        self._seen = list(self.of_counters(counters))

    def collect(self) -> Iterable[Metric]:
        return self._seen

    def describe(self) -> Iterable[Metric]:
        return []

    def of_counters(self, counters: Counters) -> Iterable[Metric]:
        for name in counters.keys() - COUNTED.keys() - self._strange:
            log.error("counter %s is not in acd.metrics.sampled.COUNTED: nobody will see it", name)
            self._strange.add(name)
        for name, (family, metric_name, what, label) in COUNTED.items():
            value = counters.get(name)
            if value is None:
                continue
            metric = family(metric_name, what, labels=[label] if label else [])
            for key, number in value.items() if isinstance(value, Mapping) else [("", value)]:
                metric.add_metric([key] if label else [], float(number))
            yield metric


def of_state(state: State, policy: Policy, now: float) -> Iterable[Metric]:
    yield gauge("acd_calls", "Live calls, by owner", "owner", calls_by_owner(state))
    counts, longest = lines(state, policy, now)
    yield gauge("acd_waiting", "Callers who wait (also while an agent is rung)", "queue", counts)
    yield gauge("acd_longest_wait_seconds", "How long the one who waits longest has waited", "queue", longest)
    yield from promises(state)
    agents = GaugeMetricFamily("acd_agents", "Agents, by state and reason", labels=["state", "reason"])
    for (state_word, reason), number in sorted(agents_by_state(state, policy).items()):
        agents.add_metric([state_word, reason], number)
    yield agents
    yield gauge("acd_node_reachable", "1 while the event socket is up", "node", {n.id: n.reachable for n in state.nodes.values()})
    registered = GaugeMetricFamily("acd_phones_registered", "Phones that are registered")
    registered.add_metric([], sum(phone.registered for phone in state.phones.values()))
    yield registered


def promises(state: State) -> Iterable[Metric]:
    """Of ``p50`` half should be kept, of ``p80`` four in five."""
    told = CounterMetricFamily("acd_wait_promises_told", "Expected waits told whose end is known", labels=["queue", "quantile"])
    kept = CounterMetricFamily("acd_wait_promises_kept", "Those of them that were true", labels=["queue", "quantile"])
    for queue, pace in sorted(state.paces.items()):
        for quantile, of, held in (("p50", pace.told, pace.kept), ("p80", pace.told_at_most, pace.kept_at_most)):
            told.add_metric([queue, quantile], of)
            kept.add_metric([queue, quantile], held)
    yield from (told, kept)


def calls_by_owner(state: State) -> Mapping[str, float]:
    found = Counter(call.owner.value for call in state.calls.values())
    return {owner.value: found[owner.value] for owner in Owner if owner is not Owner.NOBODY}


def lines(state: State, policy: Policy, now: float) -> tuple[dict[str, float], dict[str, float]]:
    """Who waits in each queue, and how long the longest; every configured queue is there, with 0."""
    counts: dict[str, float] = dict.fromkeys(policy.queues, 0)
    longest: dict[str, float] = dict.fromkeys(policy.queues, 0.0)
    for entry in state.entries.values():
        if entry.state in (EntryState.WAITING, EntryState.OFFERED, EntryState.CONNECTING):
            counts[entry.queue] = counts.get(entry.queue, 0) + 1
            longest[entry.queue] = max(longest.get(entry.queue, 0.0), now - entry.since)
    return counts, longest


def agents_by_state(state: State, policy: Policy) -> Mapping[tuple[str, str], float]:
    """Every state is there, with 0 where nobody is in it; a reason that the policy does not know is ``other``."""
    known = policy.reasons | SYSTEM_REASONS | {""}
    found: Counter[tuple[str, str]] = Counter({(word.value, ""): 0 for word in AgentState})
    for id in policy.agents:
        agent = state.agents.get(id)
        word, reason = (agent.state.value, agent.reason) if agent else (AgentState.LOGGED_OUT.value, "")
        found[word, reason if reason in known else "other"] += 1
    return found


def gauge(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    metric = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        metric.add_metric([key], float(value))
    return metric
