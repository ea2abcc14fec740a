"""To whose leg something happened: a call's, an offer's, one of a talk, a line that stays, a supervisor's, or nobody's."""

from acd.core import arrivals, calls, endings
from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Dismiss
from acd.core.draft import Draft
from acd.core.lines import in_line
from acd.core.offers import accepting, offering
from acd.core.offers.offer import Offer
from acd.core.outside import calling_back, dialling, machines
from acd.core.staff import nailing
from acd.core.staff.nailed import NailedLeg
from acd.core.talking import hearing, holding, outsiders, supervision, taking_over, talk_keys, talks, transferring
from acd.words import (
    LegId,
    OfferState,
    Owner,
)


def dispatch_leg(draft: Draft, event: ev.Event) -> None:
    """What happened to a leg: to the call or the offer that it belongs to."""
    leg: LegId = getattr(event, "leg", LegId(""))
    if supervision.heard(draft, event) or dialling.heard(draft, event):
        return
    call_id, offer_id = draft.state.call_of_leg.get(leg), draft.state.offer_of_leg.get(leg)
    match event:
        case ev.LegsBridged(other=other):
            _bridged(draft, leg, other)
        case ev.BridgeFailed(other=other):
            _bridge_failed(draft, leg, other)
        case _ if call_id is not None:
            _known_call(draft, draft.call(call_id), event)
        case _ if offer_id is not None:
            _offer_leg(draft, draft.offer(offer_id), event)
            if leg in draft.state.nailed and isinstance(event, ev.LegEnded | ev.DigitPressed):
                _nailed_leg(draft, draft.state.nailed[leg], event)
        case _ if leg in draft.state.outsider_of_leg:
            _outsiders_leg(draft, draft.call(draft.state.outsider_of_leg[leg]), event)
        case _ if leg in draft.state.nailed:
            _nailed_leg(draft, draft.state.nailed[leg], event)
        case ev.CallArrived() if not draft.healed and draft.state.gone.has_ended(leg, draft.at):
            draft.late()  # told again, or overtaken by its own end (FAULTS.md F18)
        case ev.CallArrived():
            arrivals.arrived(draft, event)
        case ev.LegParked(inbound=False):
            draft.do(Dismiss(leg=leg))  # answered after its offer was over: never into silence (ACD.md 2, 3)
            draft.late()
        case _:
            draft.late()


def _known_call(draft: Draft, call: Call, event: ev.Event) -> None:
    if isinstance(event, ev.CallArrived):
        return draft.late()
    (_call_leg if call.is_here else _awaited_leg)(draft, call, event)


def _offers_of(draft: Draft, *legs: LegId) -> list[Offer]:
    """The offers of these legs; one that is not joined to anybody yet comes first."""
    found = [draft.offer(draft.state.offer_of_leg[leg]) for leg in legs if leg in draft.state.offer_of_leg]
    return sorted(found, key=lambda offer: offer.state is OfferState.BRIDGED)


def _bridged(draft: Draft, leg: LegId, other: LegId) -> None:
    offers = _offers_of(draft, leg, other)
    outside = _outside(draft, leg, other)
    if outside is not None and not offers:
        legs = frozenset({leg, other})
        return hearing.joined(draft, outside, legs) if outside.owner is Owner.AGENT else outsiders.joined(draft, outside, legs)
    if not offers:
        return draft.late()
    talks.bridged(draft, offers[0], frozenset({leg, other}))


def _bridge_failed(draft: Draft, leg: LegId, other: LegId) -> None:
    offers = _offers_of(draft, other, leg)
    outside = _outside(draft, leg, other)
    if outside is not None and not offers:
        return hearing.refused(draft, outside) if outside.owner is Owner.AGENT else outsiders.not_joined(draft, outside)
    if not offers:
        return draft.late()
    if offers[0].state is OfferState.BRIDGED:
        return hearing.refused(draft, draft.call(offers[0].call))
    offering.bridge_failed(draft, offers[0])


def _outside(draft: Draft, *legs: LegId) -> Call | None:
    """The call of whoever outside has one of these legs."""
    found = next((draft.state.outsider_of_leg[leg] for leg in legs if leg in draft.state.outsider_of_leg), None)
    return draft.call(found) if found else None


def _outsiders_leg(draft: Draft, call: Call, event: ev.Event) -> None:
    match event:
        case ev.LegRinging() | ev.LegAnswered():
            pass  # as is to be expected; the account of it is the outgoing call's
        case ev.LegEnded():
            talks.outsider_left(draft, call, event)
        case ev.LegParked(leg=leg) if not outsiders.parked(draft, call):
            if call.owner is Owner.AGENT:
                talks.parked(draft, call, leg)
            else:
                draft.late()  # the customer is gone, whose own end is on its way
        case ev.LegParked():
            pass
        case _ if call.owner is Owner.AGENT:
            _in_talk(draft, call, event)
        case _:
            draft.late()


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
        case ev.LegEnded():
            offering.leg_ended(draft, offer, event)
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
        case ev.LegEnded() if taking_over.takes_over(draft, offer):
            return
        case ev.LegEnded():
            talks.agent_left(draft, offer, event)
        case ev.LegParked():
            talks.parked(draft, call, offer.leg, offer)
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


def _onward(draft: Draft, call: Call, event: ev.Event) -> None:
    """The leg of a customer who was transferred, and is not there yet or talks to somebody outside."""
    match event:
        case _ if call.outsider is not None:
            outsiders.customers_leg(draft, call, event)
        case ev.LegParked():
            transferring.freed(draft, call)
        case ev.PlayEnded():
            transferring.play_ended(draft, call, event)
        case _:
            draft.late()


def _call_leg(draft: Draft, call: Call, event: ev.Event) -> None:
    match event:
        case ev.LegEnded():
            endings.leg_ended(draft, call, event)
        case ev.LegAnswered():
            calls.answered(draft, call)
        case ev.MachineHeard(tone=tone):
            machines.heard(draft, call, tone)
        case _ if machines.is_before_message(draft, call):
            pass  # it has parked, or what it was told until now is over
        case _ if call.is_onward:
            _onward(draft, call, event)
        case ev.LegParked() if call.owner is Owner.AGENT:
            talks.parked(draft, call, call.leg)
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
