"""What must hold after every event, whatever came in whatever order (ACD.md I1-I12, as far as one moment can show them)."""

from collections import Counter
from collections.abc import Iterable

from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback, CallbackState
from acd.core.outside.outgoing import Outgoing
from acd.core.staff import desks
from acd.core.staff.agent import ALARMS
from acd.core.state import State
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.words import (
    DESK_LOST,
    AgentState,
    EntryKind,
    EntryState,
    Follows,
    MonitorState,
    OfferState,
    Owner,
    RecordingState,
    TalkState,
    TapeWish,
    node_of,
)
from tests.core.reference import is_theirs, may, wants

A, E, S, T = AgentState, EntryState, OfferState, TalkState


class Ledger:
    """What was begun and ended so far; every end comes exactly once."""

    def __init__(self) -> None:
        self.ended: Counter[tuple[str, str]] = Counter()
        self.born: set[tuple[str, str]] = set()

    def note(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            for record in decision.changes:
                if isinstance(record, Call | Entry | Offer | Outgoing | Recording | Callback | Monitor):
                    key = (type(record).__name__, record.id)
                    self.born.add(key)
                    if not record.is_live:
                        self.ended[key] += 1


def assert_invariants(state: State, ledger: Ledger) -> None:
    _assert_ends(state, ledger)
    _assert_agents(state)
    _assert_entries(state)
    _assert_calls(state)
    _assert_nobody_is_left_in_a_queue_that_was_replaced(state)
    assert set(state.outsider_of_leg.values()) == {call.id for call in state.calls.values() if call.outsider is not None}
    _assert_paces(state)
    _assert_offers(state)
    _assert_nobody_waits_beside_a_free_agent(state)
    _assert_outgoing(state)
    _assert_recordings(state)
    _assert_callbacks(state)
    _assert_monitors(state)


def _assert_monitors(state: State) -> None:
    """ACD.md 61: no supervisor is anywhere without a talk, a deadline or a customer who is theirs alone; one place each."""
    for monitor in state.monitors.values():
        assert state.monitor_of_leg[monitor.leg] == monitor.id
        if monitor.state in (MonitorState.RINGING, MonitorState.WAITING):
            assert monitor.deadline is not None
        if monitor.state is MonitorState.LISTENING:
            call = state.calls.get(monitor.call)
            at_talk = monitor.offer in state.offers and state.offers[monitor.offer].state is S.BRIDGED
            on_its_way = call is not None and (call.owner is not Owner.FLOW or call.is_onward)
            assert at_talk or (monitor.follows is Follows.CONTACT and on_its_way), monitor
        taken = monitor.state is MonitorState.TALKING
        assert (state.calls[monitor.call].taken_by == monitor.id if monitor.call in state.calls else False) == taken, monitor
    assert len({each.supervisor for each in state.monitors.values()}) == len(state.monitors)
    assert all(call.taken_by in state.monitors for call in state.calls.values() if call.taken_by is not None)


def _assert_recordings(state: State) -> None:
    """ACD.md 64-66: one tape runs for a contact at a time; a talk that is to be recorded has one; who declined is on none."""
    indexed = {id for ids in state.recordings_of.values() for id in ids}
    assert indexed == set(state.recordings)
    for recording in state.recordings.values():
        if recording.is_running:
            assert state.calls[recording.call].leg == recording.leg
            assert state.calls[recording.call].tape not in (TapeWish.STOP, TapeWish.DECLINE), recording
        if recording.state is RecordingState.MASKED:
            assert recording.masks[-1].until is None and (recording.deadline or recording.masks[-1].by == "flow")
        else:
            assert all(mask.until is not None for mask in recording.masks), recording
        assert recording.state is not RecordingState.STOPPING or recording.deadline is not None
    for call in state.recordings_of:
        assert sum(state.recordings[id].is_running for id in state.recordings_of[call]) <= 1
    for offer in state.offers.values():
        call = state.calls[offer.call]
        is_there = not call.ending and call.tape is None and call.talk.left_at is None
        record = state.queue(offer.queue).record
        may_be = call.told_of_tape or not record.announce
        if offer.state is S.BRIDGED and is_there and may_be and record.chooses(call.id):
            on = [each for each in state.recordings.values() if each.offer == offer.id]
            assert on or state.entries[offer.entry].leg != call.leg, f"{offer.id} is on no tape"


def _assert_ends(state: State, ledger: Ledger) -> None:
    """I3, I4: each offer, entry and call ends exactly once, and none vanishes."""
    assert all(n == 1 for n in ledger.ended.values()), f"ended twice: {ledger.ended.most_common(1)}"
    live = {("Call", i) for i in state.calls} | {("Entry", i) for i in state.entries} | {("Offer", i) for i in state.offers}
    live |= {("Outgoing", i) for i in state.outgoing} | {("Recording", i) for i in state.recordings}
    live |= {("Callback", i) for i in state.callbacks}
    live |= {("Monitor", i) for i in state.monitors}
    assert ledger.born == live | set(ledger.ended), f"vanished: {ledger.born ^ (live | set(ledger.ended))}"
    assert not live & set(ledger.ended)


def _assert_agents(state: State) -> None:
    for agent in state.agents.values():
        busy = agent.state in (A.OFFERED, A.TALKING)
        if busy:  # I1: at most one live offer, and each knows the other
            assert agent.offer is not None
            offer = state.offers[agent.offer]
            assert offer.agent == agent.id
            assert (offer.state is S.BRIDGED) == (agent.state is A.TALKING), (agent, offer)
        if agent.state is A.WRAP_UP:  # I7: no transitional state without its end
            assert agent.deadline is not None
        if agent.resting:
            assert agent.deadline is not None
        if agent.reserved_for:  # and is free again by itself: in time, or when what was dialled is over
            dialled = state.dialled.get(agent.reserved_for)
            is_out = dialled is not None and not dialled.is_over and dialled.reserved == agent.id
            assert agent.state is A.READY and not agent.resting and (is_out or agent.deadline is not None), (agent, dialled)
        assert agent.pending is None or agent.state in (A.OFFERED, A.TALKING, A.WRAP_UP), agent
        assert agent.alarm in ("", *ALARMS)
        desk = state.desks.get(agent.id)
        away = agent.reason == DESK_LOST if agent.state is A.NOT_READY else desks.is_pending(agent)
        assert not away or (desk is not None and desk.is_lost), "who is away for a desk has one that is lost"
    for desk in state.desks.values():  # ACD.md 24: nobody is offered anything new while their desk is lost
        assert (desk.until is None) == desk.is_lost, "I7: an open one has a lease, and a lost one none"
        agent = state.agent(desk.id)
        if desk.is_lost:
            assert agent.is_online and agent.state is not A.READY, (desk, agent)
            assert agent.pending is not None or agent.state is A.NOT_READY, (desk, agent)
    assert {each.agent: id for id, each in state.nailed.items() if each.is_kept} == state.nailed_of_agent
    for wrap_up in state.wrap_ups.values():  # a wrap-up is an agent's, and ends when the agent goes on
        agent = state.agents[wrap_up.agent]
        assert (agent.state, agent.offer) == (A.WRAP_UP, wrap_up.id), (agent, wrap_up)


def _assert_entries(state: State) -> None:
    for entry in state.entries.values():
        call = state.calls[entry.call]
        assert entry.id in (call.entry, call.talk.consult), "an entry belongs to a call that knows it"
        is_consult = entry.kind is EntryKind.CONSULT and entry.handed_at is None
        assert is_consult == (entry.id == call.talk.consult), "a consult is known as one by its call"
        asks = state.entries[call.entry].offer if is_consult and call.entry else None
        joined = state.offers[asks].leg if asks else call.leg
        assert entry.leg == joined or not call.is_here, "the caller is joined, or the agent who asks"
        assert bool(entry.rung) == (entry.state is E.OFFERED), "phones ring for an entry as long as nobody has picked up"
        for id in entry.rung:
            assert state.offers[id].entry == entry.id and state.offers[id].state is S.RINGING, (entry, state.offers[id])
        if entry.state in (E.WAITING, E.OFFERED):
            assert entry.offer is None
        else:
            assert entry.offer is not None
            offer = state.offers[entry.offer]
            assert offer.entry == entry.id, "a served caller has an agent who knows it"
            expected = {E.CONNECTING: S.ANSWERED, E.CONNECTED: S.BRIDGED}[entry.state]
            assert offer.state is expected, (entry, offer)


def _assert_nobody_is_left_in_a_queue_that_was_replaced(state: State) -> None:
    """ACD.md 52: who waits there has gone over, or does so at the next look."""
    for entry in state.entries.values():
        if entry.queue in state.policy.moved and entry.state is E.WAITING and entry.kind is not EntryKind.CALLBACK:
            waits = state.reachable(node_of(entry.leg)) and not state.calls[entry.call].ending and entry.leave_at is None
            assert not waits or entry.queue in state.watches, entry


def _assert_paces(state: State) -> None:
    for pace in state.paces.values():
        assert 0 <= pace.kept <= pace.told and 0 <= pace.kept_at_most <= pace.told_at_most
        assert pace.busy_since is None or state.unserved(pace.id), "nobody has waited all along in an empty line"


def _assert_calls(state: State) -> None:
    for call in state.calls.values():
        entry = state.entries[call.entry] if call.entry else None
        if call.owner is Owner.QUEUE:
            assert entry is not None and entry.state is not E.CONNECTED
        elif call.owner is Owner.AGENT:
            assert entry is not None and entry.state is E.CONNECTED
        else:
            assert entry is None, "a call that a flow owns stands in no queue"
        if call.waiting is not None:
            waits = call.owner is Owner.QUEUE and entry is not None and entry.state in (E.WAITING, E.OFFERED)
            assert waits, "a waiting flow runs only while its caller stands in line"
        _assert_talk(state, call)
        _assert_outsider(state, call)
        if entry is not None and entry.state in (E.WAITING, E.OFFERED) and not call.ending:
            says = call.waiting is not None and call.waiting.play is not None
            assert entry.music_on or says or entry.saying or not call.is_here, f"nobody waits in dead air: {entry.id}"
        if (
            call.owner in (Owner.FLOW, Owner.QUEUE)
            and call.ending != "FAILSAFE"
            and call.is_here
            and call.taken_by is None
            and not is_with_outsider(call)
        ):
            assert call.arm_at is not None, "the dead man's switch is renewed as long as nobody talks"
        if call.leg:
            assert state.call_of_leg[call.leg] == call.id
        else:
            assert not call.is_here, "only a callback's customer has no leg"


def is_with_outsider(call: Call) -> bool:
    return call.is_onward and call.outsider is not None and call.outsider.is_here


def _assert_outsider(state: State, call: Call) -> None:
    """S01, F09: whoever was called outside belongs to one call, and rings or is joined only until a deadline."""
    out = call.outsider
    if out is None:
        return
    assert state.outsider_of_leg[out.leg] == call.id and (call.owner is Owner.AGENT or call.is_onward), call
    assert call.talk.consult is None and out.id in state.outgoing, out
    assert out.is_here or out.deadline is not None


def _assert_talk(state: State, call: Call) -> None:
    """Whoever holds has an agent and a dead man's switch; a state that needs two agents has two (ACD.md 58-63)."""
    talk = call.talk
    if call.owner is not Owner.AGENT:
        assert talk.state is T.TALKING and talk.consult is None and talk.join_at is None, "a talk is over when its agent is"
        return
    consult = state.entries[talk.consult] if talk.consult else None
    assert (consult is not None or call.outsider is not None) == (talk.state in (T.CONSULTING, T.TOGGLED, T.CONFERENCE, T.INTERNAL)), (
        talk
    )
    if consult is not None and consult.state in (E.WAITING, E.OFFERED):
        assert consult.music_on, "nobody waits for a colleague in dead air"
    if talk.state in (T.TOGGLED, T.CONFERENCE, T.INTERNAL):
        is_here = call.outsider is not None and call.outsider.is_here
        assert is_here or (consult is not None and consult.state is E.CONNECTED), talk
    assert (talk.left_at is not None) == (talk.state is T.INTERNAL)
    if talk.state in (T.HELD, T.CONSULTING) and not call.ending:
        assert call.arm_at is not None, "whoever holds is taken to the fail-safe should we never come back"
    if call.transfer is not None:
        assert not call.is_onward, "a customer who talks is not on the way"
    entry = state.entries[call.entry] if call.entry else None
    assert entry is not None and entry.offer is not None
    own = state.offers[entry.offer]
    holds = talk.state in (T.HELD, T.CONSULTING) or own.held_by_phone
    assert (own.held_at is not None) == holds, (own, talk)


def _assert_offers(state: State) -> None:
    """I2, I7: one live offer per agent, one that was picked up per entry; every ringing or answered one has a deadline."""
    for offer in state.offers.values():
        assert (offer.legs or offer.reserved) and all(state.offer_of_leg[each] == offer.id for each in offer.legs)
        assert offer.told is None or offer.state is S.ANSWERED
        entry = state.entries[offer.entry]
        assert offer.id in entry.outstanding and (not entry.reserved or offer.agent == entry.prefer)
        assert state.agents[offer.agent].offer == offer.id
        assert offer.state is S.BRIDGED or offer.deadline is not None
    legs = [leg for o in state.offers.values() for leg in o.legs]
    assert len(set(legs)) == len(legs) == len(state.offer_of_leg), "no leg of an offer that is over"


def _assert_nobody_waits_beside_a_free_agent(state: State) -> None:
    """What every agent may take by the rules is looked at without any index (tests.core.reference)."""
    free = [a for a in state.agents.values() if a.is_free]
    for entry in state.entries.values():
        if wants(state, entry) is None or entry.held or (entry.state is E.WAITING and entry.leave_at is not None):
            continue
        for agent in free:
            assert not may(state, agent.id, entry), f"{entry.id} beside {agent.id}"
        assert not is_theirs(state, entry), f"{entry.id} beside {entry.prefer}, who is reserved for them"


def _assert_outgoing(state: State) -> None:
    """S01: no more at once through a trunk than it takes, no tally over its limit, and nobody is counted who is not out."""
    rules = state.policy.outbound
    limits = {"agent": rules.per_agent, "call": rules.per_call, "caller": rules.per_caller, "number": rules.per_number}
    for tally in state.tallies.values():
        limit = limits.get(tally.id.partition("/")[0], rules.per_day if tally.id == "day" else None)
        assert limit is None or tally.count <= limit, tally
    for way in rules.ways:
        out = [each for each in state.outgoing.values() if each.trunk == way.trunk]
        assert len(out) == state.out_at_once(way.trunk)
        assert way.at_once is None or len(out) <= way.at_once
    assert {leg: ids for leg, ids in state.out_of_leg.items() if ids} == _by_leg(state.outgoing.values())


def _by_leg(outgoing: Iterable[Outgoing]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in outgoing:
        assert each.leg is not None
        found.setdefault(each.leg, set()).add(each.id)
    return found


def _assert_callbacks(state: State) -> None:
    """ACD.md 68-74: one for each number and queue, its place kept, never dialled twice at once, and always woken again or moved."""
    live = [(each.queue, each.number) for each in state.callbacks.values()]
    assert len(live) == len(set(live)), "two live callbacks for one number and queue"
    assert sorted(state.callback_of.values()) == sorted(state.callbacks)
    assert {call.id for call in state.calls.values() if call.is_callback} == {each.call for each in state.callbacks.values()}
    for callback in state.callbacks.values():
        _assert_callback(state, callback)


def _assert_callback(state: State, callback: Callback) -> None:
    C = CallbackState
    call = state.calls[callback.call]
    entry = state.entries[call.entry] if call.entry else None
    out = [each for each in state.outgoing.values() if each.reason == "callback" and each.leg == callback.leg]
    assert (callback.state is C.HERE) == call.is_here
    assert (callback.leg or "") == call.leg or callback.state is C.AFTER, (callback, call)
    assert bool(call.leg) == (callback.state in (C.DIALLING, C.HERE))
    assert len(out) <= 1
    if callback.state in (C.WAITING, C.DIALLING, C.AFTER):
        assert callback.wake_at is not None, "I7: no transitional state without its end"
    if callback.state is C.HELD:
        assert entry is not None and entry.state is E.WAITING and entry.held
        assert callback.wake_at is not None or callback.first in state.calls, callback
    if callback.state in (C.WAITING, C.DIALLING):
        assert entry is not None and entry.state is not E.CONNECTED and not entry.held
        latest = max(callback.asked_at, callback.not_before or 0.0)
        assert entry.since <= latest and entry.priority == callback.priority, "the place is kept"
    if callback.state is C.AFTER:
        assert entry is None
    if callback.state in (C.HELD, C.WAITING):
        assert not callback.attempts or callback.attempts[-1].ended_at is not None
