"""After a gap: what stands on the switch against what we remember; each difference is the ordinary event that was missed.

Nothing is decided here. The switch is the truth about legs; the journal is the memory of why.
"""

from collections.abc import Container, Iterator

from acd.core import events as ev
from acd.core import reconcile_talks
from acd.core.call import Call
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.staff.nailed import NailedState
from acd.core.state import State
from acd.words import EntryState, LegId, MonitorState, OfferState, Owner, PlayId, node_of

OURS = frozenset({"offer", "out", "monitor"})
"""Marks of legs that we made."""
GRACE_S = 2.0
"""The switch writes its list of channels behind: a leg younger than this may be missing from it, and is left alone."""


def missed(state: State, snapshot: ev.SnapshotTaken) -> list[ev.Event]:
    """The events that turn what we remember into what the switch shows, in the order in which they are to be decided."""
    seen = {channel.leg: channel for channel in snapshot.channels}
    return [
        *_lost_legs(state, snapshot, seen),
        *_moved_offers(state, snapshot, seen),
        *_moved_nailed(state, snapshot, seen),
        *_moved_calls(state, snapshot, seen),
        *_moved_dialled(state, snapshot, seen),
        *reconcile_talks.missed(state, snapshot, seen),
        *_moved_monitors(state, snapshot, seen),
        *_strangers(state, snapshot),
        *_phones(state, snapshot),
    ]


Seen = dict[LegId, ev.ChannelSeen]


def _lost_legs(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    cause = "SWITCH_CRASH" if snapshot.restarted else "LOST"
    born = [(call.leg, call.leg_at or call.arrived_at) for call in state.calls.values() if call.leg and call.talk.left_at is None]
    for offer in state.offers.values():
        again = {device.leg: device.rung_again_at for device in offer.reached}
        born += [(leg, again.get(leg) or offer.rung_at or offer.offered_at) for leg in offer.legs]
    born += [(nailed.leg, nailed.since) for nailed in state.nailed.values() if nailed.leg not in state.offer_of_leg]
    born += [(monitor.leg, monitor.begun_at) for monitor in state.monitors.values()]
    known = {leg for leg, _ in born}
    born += [(out.leg, out.at) for out in state.outgoing.values() if out.leg and out.leg not in known]  # nobody's any more
    for leg, at in born:
        young = at > snapshot.asked_at - GRACE_S and not snapshot.restarted
        if node_of(leg) == snapshot.node and leg not in seen and not young:
            yield ev.LegEnded(at=snapshot.at, leg=leg, cause=cause)


def _moved_offers(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Who is joined to the caller already comes first: of several who picked up, that one has won."""
    legs = [(offer, leg) for offer in state.offers.values() if offer.state is not OfferState.BRIDGED for leg in offer.legs]
    for offer, leg in sorted(legs, key=lambda each: not _is_joined(seen.get(each[1]))):
        channel = seen.get(leg)
        if channel is not None and channel.answered:
            yield from _moved_leg(state, offer, channel, snapshot)


def _moved_leg(state: State, offer: Offer, channel: ev.ChannelSeen, snapshot: ev.SnapshotTaken) -> Iterator[ev.Event]:
    leg, rings = channel.leg, offer.state is OfferState.RINGING
    asked = next((each.play for each in offer.reached if each.leg == leg), None) if rings else offer.told
    if channel.bridged_to is not None:
        if rings:
            yield ev.LegAnswered(at=snapshot.at, leg=leg)
        yield ev.LegsBridged(at=snapshot.at, leg=channel.bridged_to, other=leg)
    elif asked is not None:  # the agent hears what is to be pressed, or a whisper; its end may have been missed
        if not channel.playing:
            yield ev.PlayEnded(at=snapshot.at, leg=leg, play=asked, result=ev.LOST)
    else:
        if rings:
            yield ev.LegAnswered(at=snapshot.at, leg=leg)
        if not _still_joining(offer, snapshot) and not _waits_for_customer(state, offer):
            yield ev.LegParked(at=snapshot.at, leg=leg, inbound=False)


def _moved_nailed(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Between two calls a nailed-up leg stands and plays; its own answer may have been missed, or the end of its noise."""
    for nailed in state.nailed.values():
        channel = seen.get(nailed.leg)
        if channel is None or not channel.answered or channel.bridged_to is not None or nailed.leg in state.offer_of_leg:
            continue
        if nailed.state is NailedState.RINGING:
            yield ev.LegParked(at=snapshot.at, leg=nailed.leg, inbound=False)
        elif nailed.stands and not channel.playing and nailed.play is not None and nailed.played_from <= snapshot.asked_at - GRACE_S:
            yield ev.PlayEnded(at=snapshot.at, leg=nailed.leg, play=nailed.play, result=ev.LOST)


def _is_joined(channel: ev.ChannelSeen | None) -> bool:
    return channel is not None and channel.bridged_to is not None


def _still_joining(offer: Offer, snapshot: ev.SnapshotTaken) -> bool:
    return offer.answered_at is not None and offer.answered_at > snapshot.asked_at - GRACE_S


def _waits_for_customer(state: State, offer: Offer) -> bool:
    """The agent stands ready for somebody who is still being called: nothing was missed."""
    return offer.ready_at is not None and not state.calls[offer.call].is_here


def _moved_calls(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    for call in state.calls.values():
        channel = seen.get(call.leg)
        if channel is None:
            continue
        if not call.is_here:
            yield from _picked_up(call, channel, snapshot)
            continue
        if channel.answered and call.answered_at is None:
            yield ev.LegAnswered(at=snapshot.at, leg=call.leg)
        entry = state.entries.get(call.entry) if call.entry else None
        if call.owner is Owner.AGENT or call.is_onward:
            continue  # talks have a reconcile of their own
        if call.taken_by is not None:
            if channel.bridged_to is None:
                yield ev.LegParked(at=snapshot.at, leg=call.leg, inbound=True)
        elif not channel.playing and channel.bridged_to is None:
            yield from _silent(call, entry, channel, snapshot)


def _picked_up(call: Call, channel: ev.ChannelSeen, snapshot: ev.SnapshotTaken) -> Iterator[ev.Event]:
    """A customer whom we call: what was missed is that they answered, and stand parked now."""
    if channel.answered and call.answered_at is None:
        yield ev.LegAnswered(at=snapshot.at, leg=call.leg)
    if channel.answered and channel.bridged_to is None:
        yield ev.LegParked(at=snapshot.at, leg=call.leg, inbound=False)


def _moved_dialled(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Whom a campaign dialled: what was missed is that they answered, and stand parked now."""
    for leg, id in state.dialled_of_leg.items():
        channel, dialled = seen.get(leg), state.dialled[id]
        if channel is None or not channel.answered or dialled.call is not None:
            continue
        if dialled.answered_at is None:
            yield ev.LegAnswered(at=snapshot.at, leg=leg)
        yield ev.LegParked(at=snapshot.at, leg=leg, inbound=False)


def _silent(call: Call, entry: Entry | None, channel: ev.ChannelSeen, snapshot: ev.SnapshotTaken) -> Iterator[ev.Event]:
    """We believe that something plays, and nothing does: its end was missed (or it never began)."""
    if entry is not None and entry.state in (EntryState.WAITING, EntryState.OFFERED):
        begun = call.waiting.since if call.waiting and not entry.music_on else entry.music_from
        begun = entry.music_from if entry.saying else begun
        if begun <= snapshot.asked_at - GRACE_S and entry.music_at is None:
            yield ev.MusicLost(at=snapshot.at, leg=call.leg)
    elif call.frame is not None and call.frame.play is not None and call.frame.since <= snapshot.asked_at - GRACE_S:
        yield ev.PlayEnded(
            at=snapshot.at,
            leg=call.leg,
            play=call.frame.play,
            result=ev.LOST,
            cause=channel.cause,
            seconds=channel.seconds,
        )


def _moved_monitors(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Supervisors' legs: picked up, left alone with nobody, or listening no more."""
    for monitor in state.monitors.values():
        channel = seen.get(monitor.leg)
        if channel is None or not channel.answered:
            continue
        is_young = monitor.turned_at > snapshot.asked_at - GRACE_S
        if monitor.state is MonitorState.RINGING:
            yield ev.LegAnswered(at=snapshot.at, leg=monitor.leg)
            yield ev.LegParked(at=snapshot.at, leg=monitor.leg, inbound=False)
        elif monitor.state is MonitorState.LISTENING and not channel.playing and not is_young:
            yield ev.PlayEnded(at=snapshot.at, leg=monitor.leg, play=PlayId(monitor.play), result=ev.LOST)
        elif monitor.state is MonitorState.TALKING and channel.bridged_to is not None and monitor.deadline is not None:
            yield ev.LegsBridged(at=snapshot.at, leg=channel.bridged_to, other=monitor.leg)
        elif monitor.state is MonitorState.TALKING and channel.bridged_to is None and monitor.deadline is None and not is_young:
            yield ev.LegParked(at=snapshot.at, leg=monitor.leg, inbound=False)


def _strangers(state: State, snapshot: ev.SnapshotTaken) -> Iterator[ev.Event]:
    """Legs nobody of ours knows: callers are adopted, legs of our own making that belong to nothing are dismissed.

    Two who talk to each other are left alone until they part (``_goes_on``).
    """
    ours = (
        state.call_of_leg.keys()
        | state.offer_of_leg.keys()
        | state.outsider_of_leg.keys()
        | state.nailed.keys()
        | state.monitor_of_leg.keys()
    )
    seen = {channel.leg: channel for channel in snapshot.channels}
    for channel in snapshot.channels:
        if channel.leg in ours or channel.leg in state.dialled_of_leg or _goes_on(channel, ours, seen):
            continue
        if state.gone.since(channel.leg, snapshot.asked_at - GRACE_S) and not snapshot.restarted:
            continue  # asked for before we let go of it
        if channel.inbound or "nailed" in channel.marks:
            yield ev.CallArrived(
                at=snapshot.at,
                leg=channel.leg,
                dialled=channel.dialled,
                caller_number=channel.caller_number,
                caller_name=channel.caller_name,
                phone=channel.phone,
                marks=channel.marks,
            )
        elif not OURS.isdisjoint(channel.marks):
            yield ev.OrphanSeen(at=snapshot.at, leg=channel.leg)


def _goes_on(channel: ev.ChannelSeen, ours: Container[LegId], seen: Seen) -> bool:
    """A talk of which we know nothing any more. But nobody stays joined to one of ours whose part in it is over, and not
    two agents to each other: their customer has gone, and nobody would ever end it.
    """
    if channel.bridged_to is None or channel.bridged_to in ours:
        return channel.bridged_to is not None and channel.inbound
    other = seen.get(channel.bridged_to)
    return channel.inbound or other is None or not ("offer" in channel.marks and "offer" in other.marks)


def _phones(state: State, snapshot: ev.SnapshotTaken) -> Iterator[ev.Event]:
    if snapshot.phones is None:
        return
    registered = frozenset(snapshot.phones)
    for phone in (each for policy in state.policy.agents.values() for each in policy.devices):
        known = state.phones.get(phone)
        if phone in registered and (known is None or not known.registered):
            yield ev.PhoneRegistered(at=snapshot.at, node=snapshot.node, phone=phone)
        elif phone not in registered and (known is None or known.registered):
            yield ev.PhoneUnregistered(at=snapshot.at, node=snapshot.node, phone=phone)
