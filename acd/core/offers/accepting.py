"""Between an agent's pick-up and the talk: the digit that a device has to confirm with, the whisper, and then the bridge.

The caller hears music all the while, and may hang up in it (ACD.md 4, 15). What is told to the agent is never waited for without
end: its own deadline comes, and the two are joined.
"""

from dataclasses import replace

from acd.core.commands import Bridge, Command, Disarm, Play, StopPlay
from acd.core.draft import Draft
from acd.core.events import PlayEnded
from acd.core.lines import line
from acd.core.media import Media, Tone
from acd.core.offers import reaching
from acd.core.offers.offer import Offer
from acd.core.staff.device import Device
from acd.words import EntryKind, LegId, OfferState, PlayId

CONFIRM_S = 15.0
"""So long a device that was picked up may take to press its digit; a voicemail never does."""
WHISPER_MAX_S = 20.0
AGAIN_S = 1.0
"""What asks for the digit is said again at its end, unless it lasted no longer than this: then it cannot be played."""


def device_on(offer: Offer, leg: LegId) -> Device | None:
    return next((each for each in offer.reached if each.leg == leg), None)


def awaits_digit(offer: Offer, leg: LegId) -> bool:
    device = device_on(offer, leg)
    return offer.state is OfferState.RINGING and device is not None and device.confirm != ""


def picked_up(draft: Draft, offer: Offer, leg: LegId) -> Offer:
    """Somebody, or something, has answered there: it is no answer before the digit is pressed."""
    device = device_on(offer, leg)
    assert device is not None
    if device.picked_up_at is not None:
        return offer
    deadline = max(offer.deadline or draft.at, draft.at + CONFIRM_S)
    offer = reaching.changed(draft, offer, leg, rang=True, picked_up_at=draft.at)
    return draft.put(replace(offer, ringing_at=offer.ringing_at or draft.at, deadline=deadline))


def parked(draft: Draft, offer: Offer, leg: LegId) -> None:
    """The leg of a device that has to confirm stands parked, and is asked to."""
    device = device_on(offer, leg)
    if device is not None and device.play is not None:
        return draft.late()
    ask_for_digit(draft, offer, leg)


def ask_for_digit(draft: Draft, offer: Offer, leg: LegId) -> None:
    """It hears what is to be pressed, again and again."""
    offer = picked_up(draft, offer, leg)
    policy = draft.state.policy.agents.get(offer.agent)
    device = device_on(offer, leg)
    if device is not None and device.nailed:
        prompt = draft.state.policy.nailed.presence_prompt
    else:
        prompt = policy.prompt_for(device.phone) if policy and device else ()
    offer, play = _named(draft, offer)
    reaching.changed(draft, offer, leg, play=play, asked_at=draft.at)
    draft.do(Play(leg=leg, play=play, media=prompt))


def prompt_ended(draft: Draft, offer: Offer, event: PlayEnded) -> None:
    device = device_on(offer, event.leg)
    if device is None or device.play != event.play or not awaits_digit(offer, event.leg):
        return draft.late()
    if draft.at - device.asked_at >= AGAIN_S:
        ask_for_digit(draft, offer, event.leg)
    else:
        draft.late()


def _named(draft: Draft, offer: Offer) -> tuple[Offer, PlayId]:
    offer = draft.put(replace(offer, plays=offer.plays + 1))
    return offer, PlayId(f"{offer.id}.a{offer.plays}")


# -- the whisper, and then the talk ------------------------------------------------------------------------------------


def tell(draft: Draft, offer: Offer, media: tuple[Media, ...]) -> None:
    """Say this to the agent first; the caller waits with music."""
    entry = draft.entry(offer.entry)
    if not entry.music_on:
        line.music(draft, entry)
    offer, play = _named(draft, offer)
    draft.put(replace(offer, told=play, was_told=True, deadline=draft.at + WHISPER_MAX_S))
    draft.do(Play(leg=offer.leg, play=play, media=media))


def told(draft: Draft, offer: Offer, play: PlayId) -> None:
    """The whisper is over: join the two."""
    if offer.state is not OfferState.ANSWERED or offer.told is None or offer.told != play:
        return draft.late()
    join(draft, offer)


RINGING = Tone(name="ringing")
"""What an agent hears while a customer's phone rings."""


def join(draft: Draft, offer: Offer) -> None:
    if not draft.call(offer.call).is_here:
        return _ready(draft, offer)
    deadline = draft.at + draft.state.policy.answer_grace_s if offer.told else _time_to_join(draft, offer)
    stop: tuple[Command, ...] = (StopPlay(leg=offer.leg),) if offer.plays else ()
    draft.put(replace(offer, told=None, deadline=deadline))
    entry = draft.entry(offer.entry)
    if entry.kind is not EntryKind.CONSULT:  # else it is an agent who is joined, and the customer holds on
        stop += (Disarm(leg=entry.leg),)
    draft.do(*stop, Bridge(leg=entry.leg, other=offer.leg))


def _ready(draft: Draft, offer: Offer) -> None:
    """The agent is there, and the customer is still to come (``calling_back``)."""
    if offer.ready_at is None:
        offer, play = _named(draft, offer)
        draft.do(Play(leg=offer.leg, play=play, media=(RINGING,)))
    draft.put(replace(offer, told=None, ready_at=offer.ready_at or draft.at, deadline=_time_to_join(draft, offer)))


def _time_to_join(draft: Draft, offer: Offer) -> float:
    """A deadline that passed while nobody could join them (we were away) begins anew; one that still runs is not put off."""
    on_time = offer.deadline is not None and offer.deadline > draft.at
    return offer.deadline if on_time and offer.deadline else draft.at + draft.state.policy.answer_grace_s
