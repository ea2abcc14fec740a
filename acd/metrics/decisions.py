"""Counters and histograms moved by decisions. Each thing is counted once, however many versions it has."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram

from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.events import Event
from acd.core.lines.entry import Entry
from acd.core.lines.promising import verdict
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback, CallbackOutcome
from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.core.outside.gate import NotOut
from acd.core.outside.outgoing import Outgoing
from acd.core.policy import Policy
from acd.core.staff.agent import ALARMS, Agent
from acd.core.staff.wrap_up import WrapUp
from acd.core.state import State
from acd.core.talking.recording import Recording
from acd.words import AgentId, CallId, EndedBy, EntryId, EntryKind, EntryOutcome, EntryState, OfferOutcome, QueueId, RecordingOutcome

WAIT_BUCKETS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600)
TALK_BUCKETS = (5, 15, 30, 60, 120, 180, 300, 420, 600, 900, 1800, 3600)
MEDIA_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5)
TOOK_BUCKETS = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
BEGUN_MAX = 100
"""So many queues begin at 0; of further ones only what happens is there."""
WAYS_MAX = 5000
"""So many different ways out of steps are counted by name; what a house has beyond that counts as ``other``."""
ABANDONED = frozenset({EntryOutcome.ABANDONED, EntryOutcome.SHORT_ABANDONED, EntryOutcome.ABANDONED_WHILE_RINGING})


class DecisionCounters:
    def __init__(self, registry: CollectorRegistry, policy: Callable[[], Policy]) -> None:
        self._policy = policy
        self._calls: set[CallId] = set()  # live and counted
        self._entries: dict[EntryId, bool] = {}  # live and counted -> connected
        r = registry
        self.arrived = Counter("acd_calls_arrived", "Calls that arrived", registry=r)
        self.calls_ended = Counter("acd_calls_ended", "Calls that ended, by who ended them", ["ended_by"], registry=r)
        self.offered = Counter("acd_offered", "Queue visits that began", ["queue"], registry=r)
        self.answered = Counter("acd_answered", "Queue visits that reached two-way media with an agent", ["queue"], registry=r)
        self.in_time = Counter("acd_answered_in_time", "Of those, within the service-level target", ["queue"], registry=r)
        self.visits = Counter("acd_queue_visits_ended", "Queue visits that ended, by outcome", ["queue", "outcome"], registry=r)
        self.visits_in_time = Counter(
            "acd_queue_visits_ended_in_time", "Of those, after a wait within the target", ["queue", "outcome"], registry=r
        )
        self.promised = Counter(
            "acd_promises",
            "Waits that callers were told, by whether the P80 held (unknown: left before)",
            ["queue", "kept"],
            registry=r,
        )
        self.offers = Counter("acd_offers_ended", "Offers to agents that ended, by outcome", ["queue", "outcome"], registry=r)
        self.waited = histogram(r, "acd_wait_seconds", "Wait of the answered, until two-way media", WAIT_BUCKETS, "queue")
        self.gave_up = histogram(r, "acd_abandon_wait_seconds", "Wait of those who hung up", WAIT_BUCKETS)
        self.talked = histogram(r, "acd_talk_seconds", "Two-way media, from bridge to end", TALK_BUCKETS, "queue")
        self.dead_air = histogram(r, "acd_ring_to_media_seconds", "From an agent's pick-up to two-way media", MEDIA_BUCKETS)
        self.step_took = histogram(r, "acd_took_seconds", "How long a step, journal write or sync took", TOOK_BUCKETS, "what")
        self.hub_lag = histogram(r, "acd_hub_lag_seconds", "By how much the hub was late", TOOK_BUCKETS)
        self.late = Counter("acd_late_events", "Events that came when their moment had passed", ["event"], registry=r)
        self.healed = Counter("acd_healed_differences", "Events missed and found by a snapshot (aim: 0)", ["event"], registry=r)
        self.refused = Counter("acd_wishes_refused", "Wishes of agents that were not granted", registry=r)
        self.held = histogram(r, "acd_hold_seconds", "What customers held in a talk, also during a consult", TALK_BUCKETS, "queue")
        self.hold_abandoned = Counter("acd_hold_abandoned", "Talks whose customer hung up while holding", ["queue"], registry=r)
        self.transferred = Counter("acd_transferred", "Talks that ended with a transfer, blind or consulted", ["queue"], registry=r)
        self.consults = Counter("acd_consults_ended", "Consults that ended, by queue and outcome", ["queue", "outcome"], registry=r)
        self.wrapped = Counter("acd_wrap_ups_ended", "Wrap-ups that ended, by what ended them", ["queue", "ended_by"], registry=r)
        self.tapes = Counter("acd_recordings_ended", "Recordings of talks that ended, by outcome", ["outcome"], registry=r)
        for tape in RecordingOutcome:
            self.tapes.labels(tape)
        self.alarms = Counter("acd_agent_alarms", "What somebody should look at: see docs/AGENTS.md", ["alarm"], registry=r)
        self._alarmed: dict[AgentId, str] = {}
        self.left = Counter("acd_outbound_calls", "Calls that left the house", ["reason"], registry=r)
        self.kept_in = Counter("acd_outbound_refused", "Calls that were not let out, by rule", ["rule"], registry=r)
        self.back = Counter("acd_callbacks_ended", "Callbacks that ended, by outcome", ["queue", "outcome"], registry=r)
        self.dialled = Counter("acd_dialled_calls_ended", "Dialled calls that ended, by outcome", ["queue", "outcome"], registry=r)
        ways = ["flow", "step", "exit"]
        self.flow_exits = Counter("acd_flow_exits", "Callers who left a step of a flow, by exit", ways, registry=r)
        self.flow_abandoned = Counter("acd_flow_abandoned", "Callers who hung up in a step of a flow", ways[:2], registry=r)
        self._ways: set[tuple[str, ...]] = set()
        self._begun: set[QueueId] = set()
        for what in ("step", "write", "sync"):
            self.step_took.labels(what)
        for alarm in ALARMS:
            self.alarms.labels(alarm)
        for reason in ("transfer", "agent", "consult", "callback", "campaign"):
            self.left.labels(reason)
        for rule in NotOut:
            self.kept_in.labels(rule)
        for event in Event.__subclasses__():
            self.healed.labels(event.__name__)

    def begin(self, queues: Iterable[QueueId]) -> None:
        """Every counter of a queue stands at 0 before it moves: an increase from nothing is none to Prometheus."""
        fresh = set(queues) - self._begun
        for queue in sorted(fresh)[: BEGUN_MAX - len(self._begun)]:
            self._begun.add(queue)
            for counter in (self.offered, self.answered, self.in_time, self.hold_abandoned, self.transferred):
                counter.labels(queue)
            for outcome in EntryOutcome:
                self.visits.labels(queue, outcome)
                self.visits_in_time.labels(queue, outcome)
            for ended in CallbackOutcome:
                self.back.labels(queue, ended)
            for dialled_outcome in DialOutcome:
                self.dialled.labels(queue, dialled_outcome)
            for offer_outcome in OfferOutcome:
                self.offers.labels(queue, offer_outcome)

    def took(self, what: str, seconds: float) -> None:
        self.step_took.labels(what).observe(seconds)

    def observe(self, decision: Decision) -> None:
        kind = type(decision.event).__name__
        if decision.late:
            self.late.labels(kind).inc()
        if decision.healed:
            self.healed.labels(kind).inc()
        if decision.refused:
            self.refused.inc()
        for record in decision.changes:
            match record:
                case Entry():
                    self.entry(record, decision.event.at)
                case Offer() if not record.is_live:
                    self.offer_ended(record)
                case WrapUp() if not record.is_live:
                    self.wrapped.labels(record.queue, record.ended_by or "unknown").inc()
                case Recording() if not record.is_live:
                    self.tapes.labels(record.outcome or "unknown").inc()
                case Agent():
                    self.agent(record)
                case Call():
                    self.call(record, decision.event.at)
                case Outgoing() | Callback() | DialledCall():
                    self.called(record, decision.event.at)

    def agent(self, agent: Agent) -> None:
        """An alarm stands as long as its stretch lasts, and is counted once."""
        if agent.alarm and self._alarmed.get(agent.id) != agent.alarm:
            self.alarms.labels(agent.alarm).inc()
        self._alarmed[agent.id] = agent.alarm

    def call(self, call: Call, at: float) -> None:
        """What is seen for the first time but began earlier was counted by the process before us."""
        if call.id not in self._calls and call.arrived_at >= at:
            self.arrived.inc()
        if call.is_live:
            self._calls.add(call.id)
        else:
            self._calls.discard(call.id)
            self.calls_ended.labels(call.ended_by or "unknown").inc()
            self.path(call)

    def called(self, out: Outgoing | Callback | DialledCall, at: float) -> None:
        """The first version of what left is of the moment in which it was decided; those that follow say what became of it."""
        if isinstance(out, Callback):
            if not out.is_live:
                self.back.labels(out.queue, out.outcome or "unknown").inc()
        elif isinstance(out, DialledCall):
            if out.state is DialledState.ENDED and not out.is_told_after:  # it is kept for a while, and then forgotten: no second end
                self.dialled.labels(out.queue or "", out.outcome or "unknown").inc()
        elif out.refused:
            self.kept_in.labels(out.refused).inc()
        elif out.is_live and out.at >= at and out.answered_at is None:
            self.left.labels(out.reason).inc()

    def path(self, call: Call) -> None:
        """The steps that a call went through, once it is over; where its caller hung up is no exit but an abandon."""
        for passed in call.trail:
            if passed.exit:
                self.flow_exits.labels(*self.way(passed.flow, passed.step, passed.exit)).inc(passed.times)
            elif call.ended_by is EndedBy.CUSTOMER:
                self.flow_abandoned.labels(*self.way(passed.flow, passed.step)).inc()

    def way(self, *names: str) -> tuple[str, ...]:
        if names in self._ways or len(self._ways) < WAYS_MAX:
            self._ways.add(names)
            return names
        return ("other",) * len(names)

    def entry(self, entry: Entry, at: float) -> None:
        """An agent who stands in line for a colleague is nobody who was offered to it; one who is handed over is, from then on."""
        if entry.kind is EntryKind.CONSULT:
            if not entry.is_live:
                self.consults.labels(entry.queue, "handed_over" if entry.handed_at is not None else entry.outcome or "unknown").inc()
            return
        if entry.kind in (EntryKind.CALLBACK, EntryKind.DIALLED):
            return  # whom we call has not called us: they are counted for themselves
        known = entry.id in self._entries
        if not known and entry.joined_at >= at:
            self.offered.labels(entry.queue).inc()
        was_connected = self._entries.get(entry.id, entry.connected_at is not None and entry.connected_at < at)
        if entry.connected_at is not None and not was_connected:
            self.entry_connected(entry, entry.connected_at)
        if entry.is_live:
            self._entries[entry.id] = entry.connected_at is not None
        else:
            self._entries.pop(entry.id, None)
            self.entry_ended(entry)

    def entry_connected(self, entry: Entry, connected_at: float) -> None:
        waited_s = max(0.0, connected_at - entry.joined_at)
        self.answered.labels(entry.queue).inc()
        self.waited.labels(entry.queue).observe(waited_s)
        if waited_s <= self.target_s(entry.queue):
            self.in_time.labels(entry.queue).inc()

    def entry_ended(self, entry: Entry) -> None:
        assert entry.state is EntryState.ENDED
        outcome = entry.outcome or "unknown"
        self.visits.labels(entry.queue, outcome).inc()
        over = entry.connected_at or entry.ended_at or entry.joined_at
        if over - entry.joined_at <= self.target_s(entry.queue):
            self.visits_in_time.labels(entry.queue, outcome).inc()
        for promise in entry.promises:
            held = verdict(entry, promise, promise.p80_s)
            self.promised.labels(entry.queue, "unknown" if held is None else str(held).lower()).inc()
        if entry.outcome in ABANDONED and entry.ended_at is not None:
            self.gave_up.observe(max(0.0, entry.ended_at - entry.joined_at))

    def offer_ended(self, offer: Offer) -> None:
        self.offers.labels(offer.queue, offer.outcome or "unknown").inc()
        if offer.bridged_at is None:
            return
        self.talk_over(offer)
        if offer.answered_at is not None:
            self.dead_air.observe(max(0.0, offer.bridged_at - offer.answered_at))
        if offer.ended_at is not None:
            self.talked.labels(offer.queue).observe(max(0.0, offer.ended_at - offer.bridged_at))

    def talk_over(self, offer: Offer) -> None:
        if offer.holds:
            self.held.labels(offer.queue).observe(offer.hold_s)
        if offer.hold_abandoned:
            self.hold_abandoned.labels(offer.queue).inc()
        if offer.ended_by is EndedBy.TRANSFER:
            self.transferred.labels(offer.queue).inc()

    def target_s(self, queue: QueueId) -> float:
        policy = self._policy().queues.get(queue)
        return policy.service_level_s if policy else 20.0

    def forget_all_but(self, state: State) -> None:
        """What is not live any more (decisions may have been missed) is not remembered."""
        self._calls &= state.calls.keys()
        self._entries = {id: connected for id, connected in self._entries.items() if id in state.entries}


def histogram(registry: CollectorRegistry, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(name, what, labels, buckets=buckets, registry=registry)
