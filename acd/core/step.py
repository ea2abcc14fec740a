"""The only door: an event in, decisions out. The same function runs live, in simulation and in replay.

Every arrival in every state is a move, or *late* (a race we expect: counted and ignored), or a bug (it raises, and the state
is as it was). Each decision is in the state before the next one is thought of, and is yielded by itself, so that what was
decided is never lost because something later raised.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from acd.core import (
    accepting,
    agents,
    arrivals,
    asking,
    callbacks,
    calling_back,
    calls,
    endings,
    following,
    hearing,
    holding,
    in_line,
    leaving,
    line,
    line_watch,
    nailing,
    offering,
    outbound,
    recipes,
    reconcile,
    sticky,
    supervision,
    talk_keys,
    talks,
    taping,
    transferring,
    waiting,
    wishes,
)
from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Dismiss
from acd.core.decision import Decision
from acd.core.draft import Draft
from acd.core.house import Forced, Node
from acd.core.match import matches
from acd.core.nailed import NailedLeg
from acd.core.offer import Offer
from acd.core.state import Due, State
from acd.core.tracing import trace_of
from acd.words import (
    BondId,
    CallId,
    EntryId,
    EntryOutcome,
    EntryState,
    LegId,
    MonitorId,
    OfferId,
    OfferState,
    Owner,
    QueueId,
    RecordingId,
    node_of,
)


def step(state: State, event: ev.Event) -> Iterator[Decision]:
    """Decide on one event, then match until nothing more can be matched."""
    match event:
        case ev.TimePassed():
            yield from _time_passed(state, event)
        case ev.SnapshotTaken():
            yield from _snapshot(state, event)
        case ev.PlayEnded(result=ev.LOST):
            yield _decide(state, event, healed=True)
        case _:
            decision = _decide(state, event)
            yield decision
            event = decision.event  # without the digit, where that must not be remembered
    if isinstance(event, ev.SnapshotTaken | ev.PolicyChanged):
        yield from _leave_what_is_gone(state, event)
        yield from _recipes_anew(state, event)
    yield from _settle(state, event)
    yield from _review(state, event)


def _leave_what_is_gone(state: State, event: ev.Event) -> Iterator[Decision]:
    """Nobody waits in a queue that is in no configuration and that nobody serves (ACD.md 52, FAULTS.md F36)."""
    for entry in [each for each in state.entries.values() if state.rules(each.queue) is None]:
        if entry.state in waiting.WAITS and state.reachable(node_of(entry.leg)):
            draft = Draft(state, event, event.at)
            leaving.leave(draft, state.calls[entry.call], entry, EntryOutcome.SYSTEM_ERROR, "failed")
            yield _take(state, draft)


def _recipes_anew(state: State, event: ev.Event) -> Iterator[Decision]:
    """Those in line have the recipes that are in force now, not those with which they joined."""
    changed = [entry for entry in state.entries.values() if entry.state in waiting.WAITS and following.is_other(state, entry)]
    for n, entry in enumerate(changed):
        draft = Draft(state, event, event.at)
        following.anew(draft, entry, later_s=n * following.ONE_BY_ONE_S)
        yield _take(state, draft)


def _settle(state: State, event: ev.Event) -> Iterator[Decision]:
    with closing(matches(state, event.at)) as found:
        for entry, agent in found:
            draft = Draft(state, event, event.at)
            reserve = calling_back.reserves(draft, entry)
            offer = offering.make(draft, entry, agent, trace_of(state, entry, agent, event.at), reserve=reserve)
            if reserve:
                calling_back.reserved(draft, offer)
            yield _take(state, draft)


def _review(state: State, event: ev.Event) -> Iterator[Decision]:
    """What a line as a whole waits for, where that may have changed."""
    while state.stirred:
        queue = min(state.stirred)
        state.stirred.discard(queue)  # first: a fault must not be met again with every event
        draft = Draft(state, event, event.at)
        line_watch.review(draft, queue)
        if draft.changes:
            yield _take(state, draft)


def _look(state: State, event: ev.Event, queue: QueueId) -> Iterator[Decision]:
    """A line's deadline has come: those who are sent away leave, each by a decision of their own."""
    for entry, outcome, exit in line_watch.leaving(state, queue, event.at):
        draft = Draft(state, event, event.at)
        leaving.leave(draft, state.calls[entry.call], entry, outcome, exit)
        yield _take(state, draft)
    rules = state.rules(queue)
    for entry, recipe in recipes.due(state, rules, event.at) if rules else ():
        draft = Draft(state, event, event.at)
        now = state.entries.get(entry.id)  # what was done for somebody may have been to let them go
        if now is not None and now.state is EntryState.WAITING and following.follow(draft, now, recipe):
            yield _take(state, draft)
    if queue in state.watches:
        draft = Draft(state, event, event.at)
        line_watch.look(draft, queue)
        yield _take(state, draft)


def _take(state: State, draft: Draft, healed: bool = False) -> Decision:
    supervision.follow(draft)
    taping.follow(draft)
    decision = draft.decision(healed)
    for record in decision.changes:
        state.put(record)
    return decision


def _snapshot(state: State, event: ev.SnapshotTaken) -> Iterator[Decision]:
    draft = Draft(state, event, event.at)
    draft.put(Node(id=event.node, reachable=True, since=event.at))
    if event.restarted:
        _adopt_again(draft, event)
    taping.seen_again(draft, event)
    missed = reconcile.missed(state, event)
    yield _take(state, draft)
    for each in missed:
        yield _decide(state, each, healed=True)


def _adopt_again(draft: Draft, event: ev.SnapshotTaken) -> None:
    """Calls that a switch brought back after it had crashed stand as if they had just come: under its own dead man's switch."""
    for channel in event.channels:
        id = draft.state.call_of_leg.get(channel.leg)
        if id is not None and channel.bridged_to is None and not draft.call(id).ending:
            calls.adopt(draft, draft.call(id))


def _time_passed(state: State, event: ev.TimePassed) -> Iterator[Decision]:
    while state.due and state.due[0][0] <= event.at:
        due = state.due.pop(0)  # whatever becomes of it, it comes only once: a fault must not be met again at once, for ever
        if due[1] == "LineWatch":
            yield from _look(state, event, QueueId(due[2]))
            continue
        draft = Draft(state, event, event.at)
        _woken(draft, due)
        calling_back.follow(draft)
        yield _take(state, draft)


def _woken(draft: Draft, due: Due) -> None:
    state, (_, kind, id) = draft.state, due
    match kind:
        case "Agent":
            wishes.woken(draft, state.agents[id])  # type: ignore[index]
        case "Monitor" | "Recording":
            _at_talk_woken(draft, kind, id)
        case "NailedLeg":
            nailing.overdue(draft, state.nailed[LegId(id)])
        case "Callback":
            calling_back.woken(draft, state.callbacks[id])
        case "Tally":
            outbound.forgotten(draft, state.tallies[id])
        case "KeptPlace":
            draft.put(replace(state.kept[id], until=None))
        case "Offer":
            offering.overdue(draft, state.offers[OfferId(id)])
        case "Entry":
            in_line.entry_woken(draft, state.entries[EntryId(id)])
        case "Bond":
            sticky.forget(draft, BondId(id))
        case "Call":
            if not calls.renewed(draft, state.calls[CallId(id)]):
                _call_woken(draft, draft.call(CallId(id)))


def _at_talk_woken(draft: Draft, kind: str, id: str) -> None:
    if kind == "Monitor":
        supervision.woken(draft, MonitorId(id))
    else:
        taping.woken(draft, RecordingId(id))


def _call_woken(draft: Draft, call: Call) -> None:
    if call.is_onward:
        transferring.woken(draft, call)
    elif call.owner is Owner.AGENT:
        talks.woken(draft, call)
    elif call.owner is Owner.QUEUE:
        in_line.woken(draft, call)
    else:
        calls.woken(draft, call)


def _decide(state: State, event: ev.Event, healed: bool = False) -> Decision:
    draft = Draft(state, event, event.at)
    _dispatch(draft, event)
    calling_back.follow(draft)
    outbound.follow(draft, event)
    return _take(state, draft, healed)


def _dispatch(draft: Draft, event: ev.Event) -> None:
    match event:
        case ev.AgentAsked() | ev.TalkAsked() | ev.TapeAsked() | ev.HangUpAsked() | ev.CallbackAsked() | ev.CallbackWished():
            _dispatch_asked(draft, event)
        case ev.SuperviseAsked():
            draft.refused = supervision.ask(draft, event)
        case ev.PhoneRegistered(phone=phone, anew=anew):
            agents.phone_changed(draft, phone, registered=True)
            if anew:
                offering.rung_anew(draft, phone)
        case ev.PhoneUnregistered(phone=phone):
            agents.phone_changed(draft, phone, registered=False)
        case ev.NodeLost(node=node):
            draft.put(Node(id=node, reachable=False, since=draft.at))
        case ev.CalendarForced(calendar=calendar, state=forced, until=until, by=by):
            draft.put(Forced(id=calendar, state=forced, since=draft.at, until=until, by=by))
            draft.state.stirred.update(draft.state.watches)
        case ev.RecordingEnded():
            taping.ended(draft, event)
        case ev.PolicyChanged():
            draft.state.reindex()
            line.rules_changed(draft)
            draft.state.stirred.update(draft.state.watches)
            wishes.policy_changed(draft)
        case ev.OrphanSeen(leg=leg) if not _is_known(draft, leg):
            draft.do(Dismiss(leg=leg))
        case _:
            _dispatch_leg(draft, event)


Asked = ev.AgentAsked | ev.TalkAsked | ev.TapeAsked | ev.HangUpAsked | ev.CallbackAsked | ev.CallbackWished


def _dispatch_asked(draft: Draft, event: Asked) -> None:
    """What people ask for; it may be refused."""
    match event:
        case ev.AgentAsked(agent=agent, wish=wish):
            draft.refused = wishes.ask(draft, agent, wish, event.reason, by=event.by, forced=event.forced)
        case ev.TalkAsked(agent=agent, what=what, target=target):
            draft.refused = asking.ask(draft, agent, what, target)
        case ev.TapeAsked(call=call, wish=tape, by=by):
            draft.refused = taping.ask(draft, call, tape, by)
        case ev.CallbackAsked() | ev.CallbackWished():
            draft.refused = callbacks.asked(draft, event)
        case ev.HangUpAsked(call=call) if call in draft.state.calls:
            calls.hang_up(draft, draft.call(call))
        case _:
            draft.late()


def _is_known(draft: Draft, leg: LegId) -> bool:
    state = draft.state
    return any(leg in legs for legs in (state.call_of_leg, state.offer_of_leg, state.nailed, state.monitor_of_leg))


def _dispatch_leg(draft: Draft, event: ev.Event) -> None:
    """What happened to a leg: to the call or the offer that it belongs to."""
    leg: LegId = getattr(event, "leg", LegId(""))
    if supervision.heard(draft, event):
        return
    call_id, offer_id = draft.state.call_of_leg.get(leg), draft.state.offer_of_leg.get(leg)
    match event:
        case ev.LegsBridged(other=other):
            _bridged(draft, leg, other)
        case ev.BridgeFailed(other=other):
            _bridge_failed(draft, leg, other)
        case ev.CallArrived() if event.leg in draft.state.call_of_leg:
            draft.late()
        case _ if call_id is not None:
            (_call_leg if draft.call(call_id).is_here else _awaited_leg)(draft, draft.call(call_id), event)
        case _ if offer_id is not None:
            _offer_leg(draft, draft.offer(offer_id), event)
            if leg in draft.state.nailed and isinstance(event, ev.LegEnded | ev.DigitPressed):
                _nailed_leg(draft, draft.state.nailed[leg], event)
        case _ if leg in draft.state.nailed:
            _nailed_leg(draft, draft.state.nailed[leg], event)
        case ev.CallArrived():
            arrivals.arrived(draft, event)
        case ev.LegParked(inbound=False):
            draft.do(Dismiss(leg=leg))  # answered after its offer was over: never into silence (ACD.md 2, 3)
            draft.late()
        case _:
            draft.late()


def _offers_of(draft: Draft, *legs: LegId) -> list[Offer]:
    """The offers of these legs; one that is not joined to anybody yet comes first."""
    found = [draft.offer(draft.state.offer_of_leg[leg]) for leg in legs if leg in draft.state.offer_of_leg]
    return sorted(found, key=lambda offer: offer.state is OfferState.BRIDGED)


def _bridged(draft: Draft, leg: LegId, other: LegId) -> None:
    offers = _offers_of(draft, leg, other)
    if not offers:
        return draft.late()
    talks.bridged(draft, offers[0], frozenset({leg, other}))


def _bridge_failed(draft: Draft, leg: LegId, other: LegId) -> None:
    offers = _offers_of(draft, other, leg)
    if not offers:
        return draft.late()
    if offers[0].state is OfferState.BRIDGED:
        return hearing.refused(draft, draft.call(offers[0].call))
    offering.bridge_failed(draft, offers[0])


def _offer_leg(draft: Draft, offer: Offer, event: ev.Event) -> None:
    match event:
        case ev.LegRinging():
            offering.ringing(draft, offer, event.leg)
        case ev.LegAnswered():
            offering.answered(draft, offer, event.leg)
        case _ if offer.state is OfferState.BRIDGED:
            _talking_leg(draft, offer, event)
        case ev.LegParked():
            offering.parked(draft, offer, event.leg)
        case ev.LegEnded(cause=cause, sip_status=sip_status):
            offering.leg_ended(draft, offer, event.leg, cause, sip_status)
        case ev.DigitPressed(digit=digit):
            offering.pressed(draft, offer, event.leg, digit)
        case ev.PlayEnded() if offer.state is OfferState.RINGING:
            accepting.prompt_ended(draft, offer, event)
        case ev.PlayEnded(play=play):
            accepting.told(draft, offer, play)
        case _:
            draft.late()


def _talking_leg(draft: Draft, offer: Offer, event: ev.Event) -> None:
    """The leg of an agent who talks."""
    call = draft.call(offer.call)
    match event:
        case ev.LegEnded() if supervision.takes_over(draft, offer):
            return
        case ev.LegEnded():
            talks.agent_left(draft, offer, event)
        case ev.LegParked():
            talks.parked(draft, call, offer)
        case ev.DigitPressed(digit=digit):
            talk_keys.typed(draft, offer, digit)
        case ev.LegHeld() | ev.LegResumed():
            holding.by_phone(draft, call, offer, holds=isinstance(event, ev.LegHeld))
        case _:
            _in_talk(draft, call, event)


def _in_talk(draft: Draft, call: Call, event: ev.Event) -> None:
    """What is heard in a talk, by whoever holds or waits."""
    match event:
        case ev.PlayEnded():
            talks.play_ended(draft, call, event)
        case ev.MusicLost():
            talks.silent(draft, call, event)
        case ev.TalkAstray():
            hearing.ask(draft, call)
        case _:
            draft.late()


def _nailed_leg(draft: Draft, nailed: NailedLeg, event: ev.Event) -> None:
    match event:
        case ev.LegEnded():
            nailing.ended(draft, nailed, event)
        case ev.LegParked():
            nailing.parked(draft, nailed)
        case ev.PlayEnded():
            nailing.play_ended(draft, nailed, event)
        case ev.DigitPressed():
            nailing.pressed(draft, nailed)
        case _:
            draft.late()


def _awaited_leg(draft: Draft, call: Call, event: ev.Event) -> None:
    """That of a customer whom we call."""
    match event:
        case ev.LegEnded():
            calling_back.leg_ended(draft, call, event)
        case ev.LegAnswered():
            calls.answered(draft, call)
        case ev.LegParked():
            calling_back.parked(draft, call)
        case ev.LegRinging():
            pass  # as is to be expected
        case _:
            draft.late()


def _call_leg(draft: Draft, call: Call, event: ev.Event) -> None:
    match event:
        case ev.LegEnded():
            endings.leg_ended(draft, call, event)
        case ev.LegAnswered():
            calls.answered(draft, call)
        case ev.LegParked() if call.is_onward:
            transferring.freed(draft, call)
        case ev.PlayEnded() if call.is_onward:
            transferring.play_ended(draft, call, event)
        case _ if call.is_onward:
            draft.late()
        case ev.LegParked() if call.owner is Owner.AGENT:
            talks.parked(draft, call, None)
        case _ if call.owner is Owner.AGENT:
            _in_talk(draft, call, event)
        case ev.DigitPressed() | ev.PlayEnded() | ev.ErrandDone() if call.owner is Owner.FLOW and not call.ending:
            calls.resume(draft, call, event)
        case ev.DigitPressed() | ev.ErrandDone() if call.owner is Owner.QUEUE:
            in_line.heard(draft, call, event)
        case ev.MusicLost() if call.owner is Owner.QUEUE:
            in_line.silent(draft, call)
        case ev.PlayEnded() if call.owner is Owner.QUEUE:
            in_line.play_ended(draft, call, event)
        case _:
            draft.late()
