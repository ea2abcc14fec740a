"""After a gap, the talks: who is joined to whom on the switch, against who should be. Each difference is an ordinary event."""

from collections.abc import Iterator, Mapping

from acd.core import events as ev
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.state import State
from acd.core.talking import hearing, outsiders
from acd.core.talking.outsider import Outsider
from acd.words import EntryState, LegId, Owner, TalkState, node_of

S = TalkState
GRACE_S = 2.0
"""The switch writes its lists behind: what was turned within this is not judged."""
Seen = Mapping[LegId, ev.ChannelSeen]


def missed(state: State, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    draft = Draft(state, snapshot, snapshot.at)
    for call in state.calls.values():
        if node_of(call.leg) != snapshot.node:
            continue
        yield from _picked_up(call, snapshot, seen)
        if call.owner is Owner.AGENT:
            yield from _of_talk(draft, call, snapshot, seen)
        elif call.is_onward and call.outsider is not None:
            yield from _with_outsider(call, call.outsider, snapshot, seen)
        elif call.is_onward and call.leg in seen:
            yield from _of_transfer(call, snapshot, seen[call.leg])


def _of_talk(draft: Draft, call: Call, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    who, talk = hearing.parties(draft, call), call.talk
    legs = {who.own.leg} | ({who.asked} if who.asked else set()) | ({call.leg} if talk.state is not S.INTERNAL else set())
    if not legs <= seen.keys():
        return  # somebody is gone: that is told, and turns the talk
    wanted, is_young = hearing.pair(talk, who), _turned_at(draft, call) > snapshot.asked_at - GRACE_S
    if wanted:
        one, other = sorted(wanted, key=lambda leg: leg != call.leg)
        if seen[one].bridged_to == other:
            if talk.join_at is not None:
                yield ev.LegsBridged(at=snapshot.at, leg=one, other=other)
        elif talk.join_at is None and not is_young:
            yield ev.TalkAstray(at=snapshot.at, leg=one)
    elif seen[call.leg].bridged_to is not None and not is_young:
        yield ev.TalkAstray(at=snapshot.at, leg=call.leg)
    if not is_young:
        yield from _silent(draft, call, who, snapshot, seen)


def _turned_at(draft: Draft, call: Call) -> float:
    connected_at = draft.entry(call.entry).connected_at if call.entry else None
    return max(call.talk.since, call.talk.music_from, connected_at or 0.0)


def _silent(draft: Draft, call: Call, who: hearing.Parties, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Nobody who holds, or waits for a colleague, hears nothing; and nobody is left out of a conference."""
    listener, entry = hearing.listener(call.talk, who), hearing.consult_of(draft, call)
    if listener is not None and call.talk.music_at is None and call.talk.join_at is None and _is_idle(seen[listener]):
        yield ev.MusicLost(at=snapshot.at, leg=listener)
    waits = entry is not None and entry.state in (EntryState.WAITING, EntryState.OFFERED) and entry.music_at is None
    if (waits or outsiders.awaited(call)) and _is_idle(seen[who.own.leg]):
        yield ev.MusicLost(at=snapshot.at, leg=who.own.leg)


def _picked_up(call: Call, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """Whoever was called outside."""
    out = call.outsider
    channel = seen.get(out.leg) if out is not None and not out.is_here else None
    if channel is not None and channel.answered:
        yield ev.LegAnswered(at=snapshot.at, leg=channel.leg)
        yield ev.LegParked(at=snapshot.at, leg=channel.leg, inbound=False)


def _with_outsider(call: Call, out: Outsider, snapshot: ev.SnapshotTaken, seen: Seen) -> Iterator[ev.Event]:
    """A customer who was put through to a number outside."""
    if not {call.leg, out.leg} <= seen.keys():
        return
    customer, is_young = seen[call.leg], max(out.since, out.play_from) > snapshot.asked_at - GRACE_S
    if not out.is_here:
        if _is_idle(customer) and not is_young:
            yield ev.MusicLost(at=snapshot.at, leg=call.leg)
    elif customer.bridged_to == out.leg:
        if out.join_at is not None:
            yield ev.LegsBridged(at=snapshot.at, leg=call.leg, other=out.leg)
    elif out.join_at is None and not is_young:
        yield ev.TalkAstray(at=snapshot.at, leg=call.leg)


def _is_idle(channel: ev.ChannelSeen) -> bool:
    return channel.bridged_to is None and not channel.playing


def _of_transfer(call: Call, snapshot: ev.SnapshotTaken, channel: ev.ChannelSeen) -> Iterator[ev.Event]:
    transfer = call.transfer
    if transfer is None or not _is_idle(channel):
        return
    if transfer.onward_at is not None:
        yield ev.LegParked(at=snapshot.at, leg=call.leg, inbound=True)
    elif transfer.play is not None and transfer.dialled_at <= snapshot.asked_at - GRACE_S:
        yield ev.PlayEnded(at=snapshot.at, leg=call.leg, play=transfer.play, result=ev.LOST, cause=channel.cause)
