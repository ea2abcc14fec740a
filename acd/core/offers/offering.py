"""The life of an offer: made, rung, answered, bridged, failed, talked to its end."""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.events import LegEnded
from acd.core.gone import LOST_CAUSES
from acd.core.lines import line, personal, promising, waiting
from acd.core.lines.entry import Entry
from acd.core.matching import fairness, sticky
from acd.core.matching.strategies import more_at
from acd.core.matching.trace import Trace
from acd.core.media import Tone
from acd.core.offers import accepting, reaching
from acd.core.offers.offer import Offer, outcome_of
from acd.core.staff import agents, nailing, wrapping
from acd.core.staff.agent import Agent
from acd.core.staff.device import judged
from acd.core.talking.talk import Talk
from acd.words import (
    AgentId,
    AgentState,
    EndedBy,
    EntryKind,
    EntryOutcome,
    EntryState,
    LegId,
    OfferOutcome,
    OfferState,
    Owner,
    PhoneId,
    node_of,
)

A, E, S, O = AgentState, EntryState, OfferState, OfferOutcome

DEAD_PHONE_CAUSES = frozenset({"MEDIA_TIMEOUT"})
"""The switch ended an agent's leg because nothing was heard of its phone any more: nobody hung up (FAULTS.md F31)."""
ZIP = Tone(name="zip")
"""What an agent on a nailed-up leg hears first: somebody is there now."""
REFUSED_S = 0.5
"""A refused bridge waits so long for the end of the leg that explains it."""
RANG_S = 1.0
"""A phone that rang so long for somebody who was dialled could have been picked up."""


def make(draft: Draft, entry: Entry, id: AgentId, trace: Trace, *, reserve: bool = False) -> Offer:
    """Reserve the agent for the entry and ring the phone, on the node where the caller is; ``reserve``: ring it later."""
    queue = draft.state.queue(entry.queue)
    offer_id = entry.next_offer
    leg = reaching.first_leg(draft, offer_id, node_of(entry.leg))
    rings_s = queue.ring_s if entry.ring_s is None else entry.ring_s
    more = {"offers": entry.offers + 1, "retry_at": None, "more_at": more_at(queue, draft.at)}
    draft.put(entry.move(E.OFFERED, rung=(*entry.rung, offer_id), **more))
    agent = draft.agent(id)
    draft.put(agent.move(A.OFFERED, draft.at, offer=offer_id))
    offer = Offer(
        id=offer_id,
        entry=entry.id,
        call=entry.call,
        queue=entry.queue,
        agent=id,
        leg=leg,
        kind=entry.kind,
        offered_at=draft.at,
        deadline=draft.at + rings_s,
        trace=trace,
        reserved=reserve,
    )
    if reserve:
        return draft.put(offer)
    return ring(draft, offer, rings_s)


def ring(draft: Draft, offer: Offer, rings_s: float) -> Offer:
    """Ring the agent; nothing may be left that could be rung: the gate let nobody out."""
    offer = reaching.ring(draft, offer, rings_s)
    if offer.on_nailed_leg:
        parked(draft, offer, offer.leg)  # nobody has to pick anything up
    elif not offer.legs:  # nothing that could be rung: the gate let nobody out
        fail(draft, offer, judged(offer.reached), cause=offer.reached[0].cause)
    return offer


def ringing(draft: Draft, offer: Offer, leg: LegId) -> None:
    device = accepting.device_on(offer, leg)
    if offer.state is not S.RINGING or device is None or device.rang:
        return draft.late()
    offer = reaching.changed(draft, offer, leg, rang=True)
    draft.put(offer.move(S.RINGING, ringing_at=offer.ringing_at or draft.at))


def answered(draft: Draft, offer: Offer, leg: LegId) -> None:
    """The agent picked up. The bridge waits until the leg stands parked, so that the two do not overtake each other."""
    if offer.state is not S.RINGING:
        return draft.late()
    if accepting.awaits_digit(offer, leg):
        accepting.picked_up(draft, offer, leg)
    else:
        _is_answer(draft, offer, leg)


def pressed(draft: Draft, offer: Offer, leg: LegId, digit: str) -> None:
    """A device that has to confirm does."""
    device = accepting.device_on(offer, leg)
    if device is None or not accepting.awaits_digit(offer, leg) or device.picked_up_at is None or device.confirm != digit:
        return draft.late()
    _is_answer(draft, offer, leg)
    _before_the_talk(draft, draft.offer(offer.id))


def _is_answer(draft: Draft, offer: Offer, leg: LegId) -> None:
    offer = reaching.chosen(draft, offer, leg)
    grace_s = draft.state.policy.answer_grace_s
    draft.put(offer.move(S.ANSWERED, answered_at=draft.at, deadline=draft.at + grace_s))
    draft.put(_won(draft, offer).move(E.CONNECTING))
    waiting.cut(draft, draft.call(offer.call))  # what it plays is heard until the bridge ends it


def _won(draft: Draft, offer: Offer) -> Entry:
    """It is this one that was picked up: whoever else is rung for the same caller stops, and is not blamed (ACD.md 28)."""
    entry = draft.entry(offer.entry)
    for id in entry.outstanding:
        if id != offer.id:
            _release(draft, draft.offer(id), O.LOST_RACE)
    return draft.put(replace(entry, rung=(), offer=offer.id))


def parked(draft: Draft, offer: Offer, leg: LegId) -> None:
    """The agent's leg stands parked: join it to the caller, or to the colleague who asks."""
    if accepting.awaits_digit(offer, leg):
        return accepting.parked(draft, offer, leg)
    if offer.told is not None:
        return draft.late()
    if offer.state is S.RINGING:
        _is_answer(draft, offer, leg)
    _before_the_talk(draft, draft.offer(offer.id))


def _before_the_talk(draft: Draft, offer: Offer) -> None:
    """What the agent hears first; then the two are joined."""
    whisper = draft.state.queue(offer.queue).whisper if offer.kind is not EntryKind.DIALLED else ()
    if offer.on_nailed_leg:
        whisper = (ZIP, *whisper)
    if whisper and not offer.was_told:
        accepting.tell(draft, offer, whisper)
    else:
        accepting.join(draft, offer)


def bridged(draft: Draft, offer: Offer, leg: LegId) -> None:
    """Both hear each other: only now does the queue let go of the caller."""
    if offer.state is S.BRIDGED:
        return draft.late()
    if offer.state is S.RINGING:
        offer = reaching.chosen(draft, offer, leg)
    picked_up = offer.answered_at or draft.at
    draft.put(offer.move(S.BRIDGED, bridged_at=draft.at, answered_at=picked_up, deadline=None, told=None))
    entry = _won(draft, offer)
    promising.answered(draft, entry)
    draft.put(entry.move(E.CONNECTED, connected_at=draft.at, agent=offer.agent, music_at=None, lap_at=None))
    agent = draft.agent(offer.agent)
    nailing.used(draft, offer)
    draft.put(agent.move(A.TALKING, draft.at, offer=offer.id, failures={}))
    if entry.kind is EntryKind.CONSULT:
        return
    call = waiting.cut(draft, draft.call(offer.call))
    draft.put(call.move(Owner.AGENT, waiting_since=None, arm_at=None, transfer=None, talk=Talk(since=draft.at)))


def overdue(draft: Draft, offer: Offer) -> None:
    """The offer's deadline has come."""
    if not draft.state.reachable(node_of(offer.leg)):
        draft.put(replace(offer, deadline=draft.at + draft.state.policy.answer_grace_s))  # nobody can say; the snapshot will
    elif offer.reserved:
        fail(draft, offer, O.CANCELLED_BY_SYSTEM)
    elif offer.told is not None:
        accepting.join(draft, offer)
    elif offer.state is S.ANSWERED:
        fail(draft, offer, O.BRIDGE_FAILED, hang_up=True)
    else:
        fail(draft, offer, judged(offer.reached), hang_up=True)


def bridge_failed(draft: Draft, offer: Offer) -> None:
    """The switch could not join them. Mostly because one has just left, whose own end is on its way and says more (ACD.md 3,
    18); when none comes the caller stays in the line and the agent is not blamed (ACD.md 19).
    """
    if offer.state is not S.ANSWERED or offer.deadline is None:
        return fail(draft, offer, O.BRIDGE_FAILED, hang_up=True)
    draft.put(replace(offer, deadline=min(offer.deadline, draft.at + REFUSED_S)))


def fail(draft: Draft, offer: Offer, outcome: OfferOutcome, *, hang_up: bool = False, cause: str = "", sip_status: int = 0) -> None:
    """The offer came to nothing, the caller is still there: back to the line with place and time kept (ACD.md I8).

    While other phones ring for the same caller, it takes only itself away.
    """
    end(draft, offer, outcome, cause=cause, sip_status=sip_status, devices=offer.devices)
    if hang_up:
        reaching.let_go(draft, offer, "NO_ANSWER" if outcome is O.NO_ANSWER else "NORMAL_CLEARING")
    fairness.asked(draft, offer, outcome)
    agents.release(draft, offer.agent, outcome)
    exclude = None if outcome in (O.CANCELLED_BY_SYSTEM, O.AGENT_LEFT) else offer.agent
    entry, connecting = draft.entry(offer.entry), offer.state is S.ANSWERED
    entry = line.took_away(draft, entry, offer.id, exclude, declined=outcome is O.DECLINED)
    if entry.rung:
        return
    entry = line.step_back(draft, entry, was_connecting=connecting)
    if personal.agent_of(entry.queue) and (exit := personal.exit_after(outcome, patient=entry.patient)):
        entry = line.dismiss(draft, entry, exit)
    if connecting:
        waiting.begin(draft, entry)


def end(draft: Draft, offer: Offer, outcome: OfferOutcome, **more: object) -> None:
    draft.put(draft.offer(offer.id).move(S.ENDED, outcome=outcome, ended_at=draft.at, deadline=None, **more))


def withdraw(draft: Draft, agent: Agent) -> None:
    """The agent leaves while being rung: the caller goes to the next one at once; not a missed call (ACD.md 16)."""
    if agent.state is A.OFFERED and agent.offer is not None:
        fail(draft, draft.offer(agent.offer), O.AGENT_LEFT, hang_up=True)


def caller_gone(draft: Draft, entry: Entry, outcome: OfferOutcome = O.CALLER_GONE) -> None:
    """The caller left the line while agents were rung. They lose nothing: same state, same idle time (ACD.md 1, 3)."""
    for id in entry.outstanding:
        _release(draft, draft.offer(id), outcome)


def too_late(draft: Draft, entry: Entry) -> None:
    """Whom a campaign had dialled can wait no longer (ACD.md 86). Nobody picks up within a second; but a phone that rings on, time
    after time, has nobody beside it, and one dialled person after the other would find nobody there.
    """
    for id in entry.outstanding:
        offer = draft.offer(id)
        rang = offer.state is S.RINGING and offer.ringing_at is not None and draft.at - offer.ringing_at >= RANG_S
        _release(draft, offer, O.TOO_LATE if rang else O.NOT_REACHED)


def _release(draft: Draft, offer: Offer, outcome: OfferOutcome) -> None:
    """The agent is wanted no more: the phone stops, or says why to whoever picked it up."""
    picked_up = offer.state is S.ANSWERED
    if picked_up and outcome is O.CALLER_GONE:
        outcome = O.CALLER_GONE_AT_ANSWER
    end(draft, offer, outcome)
    reaching.let_go(draft, offer, told=picked_up)
    agents.release(draft, offer.agent, outcome)


def talk_ended(draft: Draft, offer: Offer, by: EndedBy, cause: str) -> None:
    """The talk is over, whoever ended it: once, with one wrap-up (ACD.md 38)."""
    draft.put(offer.abandoned(draft.at) if by is EndedBy.CUSTOMER else offer.unheld(draft.at))
    end(draft, offer, O.ANSWERED, ended_by=by, cause=cause)
    line.leave(draft, draft.entry(offer.entry), EntryOutcome.ANSWERED, "transferred" if by is EndedBy.TRANSFER else "served")
    talked_s = draft.at - (offer.bridged_at or draft.at)
    fairness.asked(draft, offer, O.ANSWERED)
    fairness.talked(draft, offer, talked_s)
    sticky.remember(draft, offer)
    wrapping.begin(draft, offer, talked_s)


def leg_ended(draft: Draft, offer: Offer, event: LegEnded) -> None:
    """A leg to the agent is gone, or never was, before the two were joined. While another device rings, that is all there is to
    it; but who declines on one does not want it on the other either.
    """
    leg, cause, sip_status = event.leg, event.cause, event.sip_status
    if offer.state is S.ANSWERED:
        return _ended_before_the_talk(draft, offer, event)
    device = accepting.device_on(offer, leg)
    if device is None:
        return draft.late()
    over = O.CANCELLED_BY_SYSTEM if cause in LOST_CAUSES else outcome_of(cause, sip_status)
    if device.picked_up_at is not None and over is not O.CANCELLED_BY_SYSTEM or over is O.NO_ANSWER:
        over = device.unanswered  # nobody there pressed the digit, or it rang out
    offer = reaching.changed(draft, offer, leg, over=over, cause=cause, sip_status=sip_status)
    if over is O.DECLINED or not offer.legs:
        fail(draft, offer, judged(offer.reached), hang_up=True, cause=cause, sip_status=sip_status)


def _ended_before_the_talk(draft: Draft, offer: Offer, event: LegEnded) -> None:
    """Who picked up and left has dumped the caller (ACD.md 18). But a leg that the switch ended, and not the phone, mostly means
    that the caller has just left, and the two ends are told in either order: as for a bridge that failed, what follows says more.
    """
    if event.by_far_end is False and event.cause not in LOST_CAUSES:
        return bridge_failed(draft, offer)
    outcome = O.CANCELLED_BY_SYSTEM if event.cause in LOST_CAUSES else O.DUMPED
    fail(draft, offer, outcome, cause=event.cause, sip_status=event.sip_status)


def rung_anew(draft: Draft, phone: PhoneId) -> None:
    """A phone has registered anew; if it is being rung, it is rung where it is now (ACD.md 21)."""
    id = draft.state.policy.agent_of_phone.get(phone)
    if id is None:
        return
    agent = draft.agent(id)
    if agent.state is A.OFFERED and agent.offer is not None and draft.offer(agent.offer).state is S.RINGING:
        reaching.rung_anew(draft, draft.offer(agent.offer), phone)


def busy_elsewhere(draft: Draft, id: AgentId) -> None:
    """The agent has taken up another line while ours rang: the caller goes to the next one, and nobody is blamed (ACD.md 20, 23)."""
    agent = draft.agent(id)
    if agent.state is A.OFFERED and agent.offer is not None and draft.offer(agent.offer).state is S.RINGING:
        fail(draft, draft.offer(agent.offer), O.AGENT_UNAVAILABLE, hang_up=True)
