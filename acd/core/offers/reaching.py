"""How an agent is reached for an offer: which devices are rung, what each of them came to, and which one was picked up.

One offer rings all of an agent's devices. The first that is picked up (and confirms, where it has to) has it, the others stop.
Whoever lets go of an agent's leg does it here (``let_go``): a leg may be one that stays.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.call import Call
from acd.core.commands import Command, Dismiss, HangUp, Ring
from acd.core.draft import Draft
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside import outbound
from acd.core.outside.gate import Refused, Wanted
from acd.core.outside.outgoing import Outgoing
from acd.core.policy import AgentPolicy, NailedPolicy
from acd.core.staff import nailing
from acd.core.staff.device import Device
from acd.core.staff.nailed import NailedLeg
from acd.words import EntryKind, LegId, NodeId, OfferId, OfferOutcome, OfferState, PhoneId, leg_id, node_of

RING_SPARE_S = 3
"""The switch's own ring time is longer than ours by this: it is the backstop, ours decides."""
OUTSIDE = "outside"


def first_leg(draft: Draft, id: OfferId, node: NodeId) -> LegId:
    """The leg by which an offer is known until somebody picks up: that of its first device."""
    return _leg(draft, id, node, "")


def _leg(draft: Draft, id: OfferId, node: NodeId, which: str) -> LegId:
    return leg_id(node, str(uuid5(NAMESPACE_OID, f"{id}@{draft.at}{which}")))


def ring(draft: Draft, offer: Offer, rings_s: float) -> Offer:
    """Ring every device of the agent, on the node of the offer's leg. None of them may be left: then nobody is reached."""
    policy, node = draft.state.policy.agents[offer.agent], node_of(offer.leg)
    nailed = draft.nailed(offer.agent)
    if nailed is not None and nailed.stands and node_of(nailed.leg) == node:
        device = Device(leg=nailed.leg, nailed=True, rang=True, confirm=_sign_of_life(draft.state.policy.nailed, nailed))
        return draft.put(replace(offer, devices=(device,), leg=nailed.leg, ringing_at=draft.at))
    names: list[PhoneId | None] = [*policy.devices, *([None] if policy.external else [])]
    devices = []
    for n, phone in enumerate(_known_to_be_there(draft, names)):
        leg = offer.leg if n == 0 else _leg(draft, offer.id, node, f"/{phone or OUTSIDE}")
        confirm = policy.confirm if phone is not None else policy.external.confirm if policy.external else ""
        devices.append(_rung(draft, offer, policy, Device(leg=leg, phone=phone, confirm=confirm), rings_s))
    live = [device for device in devices if device.is_live]
    return draft.put(replace(offer, devices=tuple(devices), leg=live[0].leg if live else offer.leg))


def _sign_of_life(policy: NailedPolicy, nailed: NailedLeg) -> str:
    """The digit that is wanted now and then, where calls are put through to nobody knows whom (ACD.md 25)."""
    wanted = policy.presence_after is not None and nailed.silent >= policy.presence_after
    return policy.presence_digit if wanted else ""


def _known_to_be_there(draft: Draft, names: list[PhoneId | None]) -> list[PhoneId | None]:
    """A phone that is known to be gone is not rung, as long as there is another one."""
    there = [name for name in names if name is None or (known := draft.state.phones.get(name)) is None or known.registered]
    return there or names


def _rung(draft: Draft, offer: Offer, policy: AgentPolicy, device: Device, rings_s: float) -> Device:
    call, ring_s = draft.call(offer.call), int(rings_s) + RING_SPARE_S
    marks = {"call": str(offer.call), "offer": str(offer.id)}
    if device.phone is not None:
        number, name = shown(draft, call, draft.entry(offer.entry))
        draft.do(Ring(leg=device.leg, phone=device.phone, timeout_s=ring_s, caller_number=number, caller_name=name, marks=marks))
        return device
    assert policy.external is not None
    wanted = Wanted(
        id=f"{offer.id}.out",
        number=policy.external.number,
        reason="agent",
        trunks=policy.external.trunks,
        call=offer.call,
        agent=offer.agent,
        queue=offer.queue,
        caller=call.caller_number,
        caller_name=call.caller_name,
    )
    let_out = outbound.call(draft, wanted, device.leg, ring_s=ring_s, marks=marks)
    match let_out:
        case Refused(why=why):
            return replace(device, over=OfferOutcome.NETWORK_ERROR, cause=why[:80])
        case Outgoing():
            return device


def changed(draft: Draft, offer: Offer, leg: LegId, **changes: object) -> Offer:
    """The offer with the next version of the device on this leg."""
    devices = tuple(replace(each, **changes) if each.leg == leg else each for each in offer.reached)  # type: ignore[arg-type]
    return draft.put(replace(offer, devices=devices))


def chosen(draft: Draft, offer: Offer, leg: LegId) -> Offer:
    """It is this device that was picked up: the others stop, and mean nothing."""
    for device in offer.reached:
        if device.is_live and device.leg != leg:
            draft.do(HangUp(leg=device.leg))
            offer = changed(draft, offer, device.leg, over=OfferOutcome.LOST_RACE)
    return draft.put(replace(offer, leg=leg))


def rung_anew(draft: Draft, offer: Offer, phone: PhoneId) -> Offer | None:
    """A phone registered anew while it was rung, elsewhere or after a restart of its own: once, silently, it is rung again where it
    is now (ACD.md 21). None when there is nothing to do.
    """
    device = next((each for each in offer.reached if each.phone == phone), None)
    gone = (None, OfferOutcome.DEVICE_DOWN, OfferOutcome.NETWORK_ERROR)
    if device is None or device.rung_again_at or device.picked_up_at is not None or device.over not in gone:
        return None
    if device.is_live:
        draft.do(HangUp(leg=device.leg))
    queue, entry = draft.state.queue(offer.queue), draft.entry(offer.entry)
    rings_s = queue.ring_s if entry.ring_s is None else entry.ring_s
    again = Device(leg=_leg(draft, offer.id, node_of(offer.leg), f"/{phone}/again"), phone=phone, confirm=device.confirm)
    again = _rung(draft, offer, draft.state.policy.agents[offer.agent], replace(again, rung_again_at=draft.at), rings_s)
    devices = tuple(again if each.leg == device.leg else each for each in offer.reached)
    leg = again.leg if offer.leg == device.leg else offer.leg
    return draft.put(replace(offer, devices=devices, leg=leg, deadline=draft.at + rings_s))


def let_go(draft: Draft, offer: Offer, cause: str = "NORMAL_CLEARING", *, told: bool = False, stands: bool = False) -> None:
    """Every leg of the offer that still stands is ended; one that stays is only parted from whoever it is joined to.

    ``told``: with the short tone that says that the caller has left; ``stands``: it is joined to nobody any more.
    """
    if offer.on_nailed_leg:
        nailed = draft.nailed(offer.agent)
        if nailed is not None and nailed.leg == offer.leg:
            asked = offer.state is OfferState.ANSWERED and offer.told is None and not told  # to be joined: it may have been, unheard
            nailing.given_back(draft, nailed, told=told, joined=(offer.state is OfferState.BRIDGED or asked) and not stands)
        return
    ends: list[Command] = [Dismiss(leg=leg) if told else HangUp(leg=leg, cause=cause) for leg in offer.legs]
    draft.do(*ends)


def shown(draft: Draft, call: Call, entry: Entry) -> tuple[str, str]:
    """What the agent's phone shows: who calls; the colleague who asks; why a transfer came back (ACD.md 57)."""
    if entry.kind is EntryKind.CONSULT:
        asks = draft.offer(draft.state.offer_of_leg[entry.leg]).agent
        policy = draft.state.policy.agents.get(asks)
        return (policy.phone, f"{policy.name} asks") if policy else ("", asks)
    back = call.transfer.shown if call.transfer else ""
    return call.caller_number, f"{back} {call.caller_name or call.caller_number}".strip() if back else call.caller_name
