"""Everything the core knows, and the indexes over it. Changed only by ``put``, one record version at a time.

Recovery after a crash is ``put`` of every remembered version in order: nothing is decided again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sortedcontainers import SortedList

from acd.core.call import Call
from acd.core.decision import Record
from acd.core.gone import NOT_TOLD, Gone
from acd.core.house import Forced, LineWatch, Node, Phone
from acd.core.interpreter import Interpreter
from acd.core.lines import personal
from acd.core.lines.entry import Entry
from acd.core.lines.forecast import UNSERVED
from acd.core.lines.hours import CLOSED, OPEN
from acd.core.lines.kept import KeptPlace
from acd.core.lines.lines import Line, Lines
from acd.core.lines.pace import Pace
from acd.core.matching.bond import Bond
from acd.core.matching.need import need_of
from acd.core.matching.roster import Roster
from acd.core.matching.touched import Touched
from acd.core.offers.offer import Offer
from acd.core.outside import numbers
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outgoing import Outgoing, Tally
from acd.core.policy import Policy, QueuePolicy
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk
from acd.core.staff.nailed import NailedLeg
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.words import (
    AgentId,
    BondId,
    CallId,
    EntryId,
    EntryKind,
    LegId,
    MonitorId,
    NodeId,
    OfferId,
    PhoneId,
    QueueId,
    RecordingId,
    node_of,
)

Due = tuple[float, str, str]
"""(when, the record's class, its id)"""


class State:
    def __init__(self, policy: Policy, flows: Interpreter) -> None:
        self.policy = policy
        self.flows = flows
        self.calls: dict[CallId, Call] = {}
        self.entries: dict[EntryId, Entry] = {}
        self.offers: dict[OfferId, Offer] = {}
        self.agents: dict[AgentId, Agent] = {}
        self.wrap_ups: dict[OfferId, WrapUp] = {}
        self.nailed: dict[LegId, NailedLeg] = {}
        self.nailed_of_agent: dict[AgentId, LegId] = {}
        self.desks: dict[AgentId, Desk] = {}
        self.phones: dict[PhoneId, Phone] = {}
        self.nodes: dict[NodeId, Node] = {}
        self.forced: dict[str, Forced] = {}
        self.callbacks: dict[str, Callback] = {}
        self.callback_of: dict[tuple[QueueId, str], str] = {}
        """The one that is live for a queue and a number."""
        self.dialled: dict[str, DialledCall] = {}
        """Also those that ended a short while ago."""
        self.dialled_of_leg: dict[LegId, str] = {}
        """Those that are under way."""
        self.outgoing: dict[str, Outgoing] = {}
        self.recordings: dict[RecordingId, Recording] = {}
        self.monitors: dict[MonitorId, Monitor] = {}
        self.monitor_of_leg: dict[LegId, MonitorId] = {}
        self.recordings_of: dict[CallId, dict[RecordingId, None]] = {}
        self.tallies: dict[str, Tally] = {}
        self.out_of_leg: dict[LegId, set[str]] = {}
        self._out_at_once: Counter[str] = Counter()
        self.kept: dict[str, KeptPlace] = {}
        self.callers: Counter[str] = Counter()
        """Live calls by the caller's number."""
        self.paces: dict[QueueId, Pace] = {}
        self.watches: dict[QueueId, LineWatch] = {}
        self.bonds: dict[BondId, Bond] = {}
        self.call_of_leg: dict[LegId, CallId] = {}
        self.offer_of_leg: dict[LegId, OfferId] = {}
        self.outsider_of_leg: dict[LegId, CallId] = {}
        self.gone = Gone()
        self.due: SortedList = SortedList()
        self.touched = Touched()
        self.stirred: set[QueueId] = set()
        """Queues in whose line or staff something has changed that a line as a whole may wait for (``line_watch``)."""
        self.reindex()

    def reindex(self) -> None:
        """Build the lines and the roster anew, after the policy changed."""
        self.roster = Roster(self.policy)
        self.lines = Lines(self.entries, self.roster.pool)
        self.touched.clear()
        self._unserved: dict[QueueId, dict[EntryId, Entry]] = {}
        for agent in self.agents.values():
            self.roster.change(None, agent, self.touched)
        for entry in self.entries.values():
            self._stand_in_line(entry)
            self._note_unserved(None, entry)

    # -- reading ---------------------------------------------------------------------------------------------------

    def queue(self, queue: QueueId) -> QueuePolicy:
        """The queue's rules; for a queue that has left the configuration with people in it, the plain defaults."""
        return self.rules(queue) or QueuePolicy(id=queue)

    def rules(self, queue: QueueId) -> QueuePolicy | None:
        """None for a queue that is in no configuration."""
        return self.policy.queues.get(queue) or personal.rules(self.policy, queue)

    def agent(self, agent: AgentId) -> Agent:
        return self.agents.get(agent) or Agent(id=agent)

    def forced_state(self, calendar: str, at: float) -> str:
        """``open`` or ``closed`` when somebody has said so by hand, else ''."""
        known = self.forced.get(calendar)
        return "" if known is None or (known.until is not None and known.until <= at) else known.state

    def hours_state(self, calendar: str, at: float) -> str:
        """A calendar that is gone is closed, as it is to flows."""
        known = self.policy.calendars.get(calendar)
        return self.forced_state(calendar, at) or (known.state(at) if known else CLOSED)

    def opens_at(self, calendar: str, at: float) -> float | None:
        """When a calendar that is closed opens by its hours, or is given back to them; None when nobody can say."""
        forced, known = self.forced.get(calendar), self.policy.calendars.get(calendar)
        if forced is not None and self.forced_state(calendar, at):
            return forced.until
        change = known.next_change(at) if known else None
        return change[0] if change and change[1] == OPEN else None

    def is_open(self, rules: QueuePolicy, at: float) -> bool:
        return not rules.hours or self.hours_state(rules.hours, at) == OPEN

    def available(self, queue: QueueId) -> int:
        return self.roster.available(queue)

    def eligible(self, entry: Entry) -> int:
        """How many are at work who have what this caller needs, free or not."""
        return self.roster.pool(entry.queue).able_for(need_of(entry, self.queue(entry.queue)))

    def unserved(self, queue: QueueId) -> Mapping[EntryId, Entry]:
        """Everybody of a queue whom no agent has spoken to yet, also those for whom a phone rings; in the order they joined."""
        return self._unserved.get(queue, {})

    def line(self, queue: QueueId) -> Line:
        """The waiting entries that can be offered now, in order."""
        return self.lines.of(queue)

    def place_in_line(self, entry: Entry) -> int:
        """From 1; also for an entry that is about to join."""
        return self.line(entry.queue).position(entry.place)

    def reachable(self, node: NodeId) -> bool:
        known = self.nodes.get(node)
        return known is not None and known.reachable

    def out_at_once(self, trunk: str) -> int:
        """Calls that are outside through this trunk now."""
        return self._out_at_once[trunk]

    def next_deadline(self) -> float | None:
        return self.due[0][0] if self.due else None

    def records(self) -> Iterator[Record]:
        """Every live record, for a snapshot of the journal."""
        yield from self.nodes.values()
        yield from self.phones.values()
        yield from self.forced.values()
        yield from self.watches.values()
        yield from self.paces.values()
        yield from self.bonds.values()
        yield from self.kept.values()
        yield from self.agents.values()
        yield from self.calls.values()
        yield from self.entries.values()
        yield from self.offers.values()
        yield from self.recordings.values()
        yield from self.callbacks.values()
        yield from self.dialled.values()
        yield from self.monitors.values()
        yield from self.outgoing.values()
        yield from self.tallies.values()
        yield from self.wrap_ups.values()
        yield from self.nailed.values()
        yield from self.desks.values()

    # -- the one way to change -------------------------------------------------------------------------------------

    def put(self, record: Record) -> None:
        """Take a record's next version. Never raises for a version that was once valid."""
        _PUT[type(record)](self, record)

    def _put_phone(self, phone: Phone) -> None:
        self.phones[phone.id] = phone

    def _put_pace(self, pace: Pace) -> None:
        self.paces[pace.id] = pace

    def _put_kept(self, kept: KeptPlace) -> None:
        self._redue("KeptPlace", kept.id, self.kept.get(kept.id), kept)
        if kept.is_live:
            self.kept[kept.id] = kept
        else:
            self.kept.pop(kept.id, None)

    def _put_call(self, call: Call) -> None:
        old = self.calls.get(call.id)
        self._redue("Call", call.id, old, call)
        if call.is_live is not (call.id in self.calls) and not (call.is_callback or call.attempt):
            self.callers[call.caller_number] += 1 if call.is_live else -1
            if not self.callers[call.caller_number]:
                del self.callers[call.caller_number]
        if old is not None and old.leg != call.leg:
            self.call_of_leg.pop(old.leg, None)
        self._put_outsider(old, call)
        if call.is_live:
            self.calls[call.id] = call
            if call.leg:
                self.call_of_leg[call.leg] = call.id
        else:
            self.calls.pop(call.id, None)
            self.call_of_leg.pop(call.leg, None)
            self.gone.add(call.leg, call.ended_at or 0.0, told=call.cause not in NOT_TOLD)

    def _put_outsider(self, old: Call | None, call: Call) -> None:
        before = old.outsider.leg if old is not None and old.outsider is not None else None
        now = call.outsider.leg if call.is_live and call.outsider is not None else None
        if before is not None and before != now:
            self.outsider_of_leg.pop(before, None)
            self.gone.add(before, call.ended_at or (old.outsider.since if old and old.outsider else 0.0))
        if now is not None:
            self.outsider_of_leg[now] = call.id

    def _put_entry(self, entry: Entry) -> None:
        old = self.entries.get(entry.id)
        self._redue("Entry", entry.id, old, entry)
        self._note_unserved(old, entry)
        if entry.is_live:
            self.entries[entry.id] = entry
            self._stand_in_line(entry)
        else:
            self.lines.stand(entry.id, None)
            self.entries.pop(entry.id, None)

    def _put_offer(self, offer: Offer) -> None:
        old = self.offers.get(offer.id)
        self._redue("Offer", offer.id, old, offer)
        for leg in old.legs if old else ():
            self.offer_of_leg.pop(leg, None)
            if not offer.is_live or leg not in offer.legs:
                self.gone.add(leg, offer.ended_at or offer.answered_at or offer.offered_at)
        if offer.is_live:
            self.offers[offer.id] = offer
            self.offer_of_leg.update(dict.fromkeys(offer.legs, offer.id))
        else:
            self.offers.pop(offer.id, None)

    def _put_watch(self, watch: LineWatch) -> None:
        self._redue("LineWatch", watch.id, self.watches.get(watch.id), watch)
        if watch.is_live:
            self.watches[watch.id] = watch
        else:
            self.watches.pop(watch.id, None)

    def _note_unserved(self, old: Entry | None, entry: Entry) -> None:
        if old is not None and old.queue != entry.queue:
            self._unserved.get(old.queue, {}).pop(old.id, None)
            self.stirred.add(old.queue)
            old = None
        was = old is not None and old.state in UNSERVED and old.kind is not EntryKind.CALLBACK
        there = self._unserved.setdefault(entry.queue, {})
        if entry.state in UNSERVED and entry.kind is not EntryKind.CALLBACK:
            if not was and (not there or entry.queue not in self.watches):
                self.stirred.add(entry.queue)
            there[entry.id] = entry
        elif was:
            there.pop(entry.id, None)
            if not there:
                self.stirred.add(entry.queue)

    def _put_agent(self, agent: Agent) -> None:
        old = self.agents.get(agent.id)
        self._redue("Agent", agent.id, old, agent)
        self.agents[agent.id] = agent
        if self.roster.presence(old) != self.roster.presence(agent):
            self.stirred.update(self.roster.queues_of(agent.id))
        self.roster.change(old, agent, self.touched)

    def _put_bond(self, bond: Bond) -> None:
        """The one that was made last stands last."""
        self._redue("Bond", bond.id, self.bonds.pop(bond.id, None), bond)
        if bond.is_live:
            self.bonds[bond.id] = bond

    def _put_nailed(self, nailed: NailedLeg) -> None:
        old = self.nailed.get(nailed.id)
        self._redue("NailedLeg", nailed.id, old, nailed)
        if self.nailed_of_agent.get(nailed.agent) == nailed.id:
            self.nailed_of_agent.pop(nailed.agent)
        if nailed.is_kept:
            self.nailed_of_agent[nailed.agent] = nailed.id
        if nailed.is_live:
            self.nailed[nailed.id] = nailed
        else:
            self.nailed.pop(nailed.id, None)

    def _put_desk(self, desk: Desk) -> None:
        self._redue("Desk", desk.id, self.desks.get(desk.id), desk)
        if desk.is_live:
            self.desks[desk.id] = desk
        else:
            self.desks.pop(desk.id, None)

    def _put_wrap_up(self, wrap_up: WrapUp) -> None:
        if wrap_up.is_live:
            self.wrap_ups[wrap_up.id] = wrap_up
        else:
            self.wrap_ups.pop(wrap_up.id, None)

    def _put_forced(self, forced: Forced) -> None:
        if forced.is_live:
            self.forced[forced.id] = forced
        else:
            self.forced.pop(forced.id, None)

    def _put_callback(self, callback: Callback) -> None:
        old = self.callbacks.get(callback.id)
        self._redue("Callback", callback.id, old, callback)
        whose = (callback.queue, numbers.one_form(callback.number, self.policy.outbound.region))
        before = (old.queue, numbers.one_form(old.number, self.policy.outbound.region)) if old is not None else whose
        if before != whose and self.callback_of.get(before) == callback.id:
            del self.callback_of[before]
        if callback.is_live:
            self.callbacks[callback.id] = callback
            self.callback_of[whose] = callback.id
        elif old is not None:
            del self.callbacks[callback.id]
            if self.callback_of.get(whose) == callback.id:
                del self.callback_of[whose]

    def _put_dialled(self, dialled: DialledCall) -> None:
        self._redue("DialledCall", dialled.id, self.dialled.get(dialled.id), dialled)
        if dialled.leg is not None:
            if dialled.is_over:
                self.dialled_of_leg.pop(dialled.leg, None)
                self.gone.add(dialled.leg, dialled.ended_at or dialled.at, told=dialled.cause not in NOT_TOLD)
            else:
                self.dialled_of_leg[dialled.leg] = dialled.id
        if dialled.is_live:
            self.dialled[dialled.id] = dialled
        else:
            self.dialled.pop(dialled.id, None)

    def _put_outgoing(self, out: Outgoing) -> None:
        old = self.outgoing.pop(out.id, None)
        if old is not None:
            self._out_at_once[old.trunk] -= 1
            self._out_of(old).discard(old.id)
        if out.is_live:
            self.outgoing[out.id] = out
            self._out_at_once[out.trunk] += 1
            self._out_of(out).add(out.id)
        elif out.leg is not None and not self.out_of_leg.get(out.leg):
            self.out_of_leg.pop(out.leg, None)

    def _out_of(self, out: Outgoing) -> set[str]:
        return self.out_of_leg.setdefault(out.leg, set()) if out.leg else set()

    def _put_monitor(self, monitor: Monitor) -> None:
        self._redue("Monitor", monitor.id, self.monitors.get(monitor.id), monitor)
        if monitor.is_live:
            self.monitors[monitor.id] = monitor
            self.monitor_of_leg[monitor.leg] = monitor.id
        else:
            self.monitors.pop(monitor.id, None)
            self.monitor_of_leg.pop(monitor.leg, None)
            self.gone.add(monitor.leg, monitor.ended_at or monitor.begun_at)

    def _put_recording(self, recording: Recording) -> None:
        self._redue("Recording", recording.id, self.recordings.get(recording.id), recording)
        if recording.is_live:
            self.recordings[recording.id] = recording
            self.recordings_of.setdefault(recording.call, {})[recording.id] = None
            return
        self.recordings.pop(recording.id, None)
        of_call = self.recordings_of.get(recording.call, {})
        of_call.pop(recording.id, None)
        if not of_call:
            self.recordings_of.pop(recording.call, None)

    def _put_tally(self, tally: Tally) -> None:
        self._redue("Tally", tally.id, self.tallies.get(tally.id), tally)
        if tally.is_live:
            self.tallies[tally.id] = tally
        else:
            self.tallies.pop(tally.id, None)

    def _put_node(self, node: Node) -> None:
        changed = self.reachable(node.id) != node.reachable
        self.nodes[node.id] = node
        for entry in self.entries.values() if changed else ():
            if node_of(entry.leg) == node.id:
                self._stand_in_line(entry)

    # -- indexes ---------------------------------------------------------------------------------------------------

    def _stand_in_line(self, entry: Entry) -> None:
        stands = self.lines.standing(entry) if self.reachable(node_of(entry.leg)) else None
        group = self.lines.stand(entry.id, stands)
        if group is not None:
            self.touched.groups.add(group)

    def _redue(self, kind: str, id: str, old: Record | None, new: Record) -> None:
        before = getattr(old, "deadline", None)
        after = new.deadline if getattr(new, "is_live", True) else None  # type: ignore[union-attr]
        if before == after:
            return
        if before is not None:
            self.due.discard((before, kind, id))
        if after is not None:
            self.due.add((after, kind, id))


_PUT: dict[type, Callable[[State, Any], None]] = {
    Call: State._put_call,
    Entry: State._put_entry,
    Offer: State._put_offer,
    Agent: State._put_agent,
    Phone: State._put_phone,
    Node: State._put_node,
    NailedLeg: State._put_nailed,
    Desk: State._put_desk,
    Pace: State._put_pace,
    KeptPlace: State._put_kept,
    Recording: State._put_recording,
    Monitor: State._put_monitor,
    Bond: State._put_bond,
    WrapUp: State._put_wrap_up,
    Forced: State._put_forced,
    Outgoing: State._put_outgoing,
    Tally: State._put_tally,
    Callback: State._put_callback,
    DialledCall: State._put_dialled,
    LineWatch: State._put_watch,
}
