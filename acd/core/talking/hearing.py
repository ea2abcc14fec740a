"""Who hears whom in a talk, and the commands that bring it about.

A talk's state says which two legs are joined and who hears music; ``turn`` gives the commands for it, and ``ask`` the same once
more, after a bridge that failed, a command that was lost or a restart: all of them are safe to repeat. What plays is begun when
a leg is reported parked, never before: what is sent to a leg that is still joined would be run inside the bridge.
"""

from dataclasses import dataclass, replace
from typing import Any

from acd.core import calls
from acd.core.call import Call
from acd.core.commands import Bridge, Disarm, Keep, Play, Separate, Signal, ThreeWay
from acd.core.draft import Draft
from acd.core.lines import line, waiting
from acd.core.lines.entry import Entry
from acd.core.media import Music
from acd.core.offers.offer import Offer
from acd.core.talking.talk import WITH_CUSTOMER, Talk
from acd.words import EntryState, LegId, Owner, PlayId, TalkState, node_of

S = TalkState

JOIN_S = 2.0
"""A bridge that is not reported within this is asked for again."""
REFUSED_S = 0.3
"""One that was refused, after this: mostly somebody has just left, whose own end says more."""
ASKS_MAX = 4
MUSIC_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    customer: LegId
    own: Offer  # of the agent whose talk it is
    other: Offer | None  # of the colleague, once they are joined
    asked: LegId | None  # the colleague's, or that of whoever outside has picked up


def parties(draft: Draft, call: Call) -> Parties:
    own = own_offer(draft, call)
    entry = consult_of(draft, call)
    reached = entry is not None and entry.state is EntryState.CONNECTED and entry.offer is not None
    colleague = draft.offer(entry.offer) if reached and entry and entry.offer else None
    outside = call.outsider.leg if call.outsider is not None and call.outsider.is_here else None
    return Parties(customer=call.leg, own=own, other=colleague, asked=colleague.leg if colleague else outside)


def own_offer(draft: Draft, call: Call) -> Offer:
    assert call.entry is not None
    offer = draft.entry(call.entry).offer
    assert offer is not None
    return draft.offer(offer)


def consult_of(draft: Draft, call: Call) -> Entry | None:
    return draft.entry(call.talk.consult) if call.talk.consult else None


def pair(talk: Talk, who: Parties) -> frozenset[LegId]:
    """The two legs that are joined in this state; empty while everybody stands apart."""
    match talk.state:
        case S.TALKING | S.TOGGLED:
            return frozenset({who.customer, who.own.leg})
        case S.CONFERENCE if who.asked is not None:
            return frozenset({who.customer, who.asked})
        case S.CONSULTING | S.INTERNAL if who.asked is not None:
            return frozenset({who.own.leg, who.asked})
    return frozenset()


def listener(talk: Talk, who: Parties) -> LegId | None:
    """Who is joined to nobody and hears something all the same: music, or in a conference the two others."""
    match talk.state:
        case S.HELD | S.CONSULTING:
            return who.customer
        case S.TOGGLED:
            return who.asked
        case S.CONFERENCE:
            return who.own.leg
    return None


def turn(draft: Draft, call: Call, state: TalkState, **changes: Any) -> Call:
    """The talk's next state. Those who are joined already are left alone."""
    before = pair(call.talk, parties(draft, call)) if call.talk.join_at is None else None
    call = draft.put(replace(call, talk=call.talk.move(state, draft.at, **changes)))
    who = parties(draft, call)
    draft.put(who.own.unheld(draft.at) if state in WITH_CUSTOMER or state is S.INTERNAL else who.own.held(draft.at))
    return call if before == pair(call.talk, who) else ask(draft, call)


def ask(draft: Draft, call: Call) -> Call:
    """The commands for the state in which the talk is."""
    who = parties(draft, call)
    wanted = pair(call.talk, who)
    keep(draft, who)
    if who.customer in wanted:
        draft.do(Disarm(leg=who.customer))
        call = draft.put(replace(call, arm_at=None))
    elif call.talk.state is not S.INTERNAL:
        call = calls.arm(draft, call)  # nobody holds for ever, should we never come back
    if not wanted:
        draft.do(Separate(leg=who.customer))
        return call
    one, other = sorted(wanted, key=lambda leg: (leg != who.customer, leg != who.own.leg))
    draft.do(Bridge(leg=one, other=other))
    talk = replace(call.talk, join_at=draft.at + JOIN_S, asked=call.talk.asked + 1)
    return draft.put(replace(call, talk=talk))


def keep(draft: Draft, who: Parties) -> None:
    """Each agent's leg outlives what it is joined to: it is moved from one to the other."""
    draft.do(*(Keep(leg=each) for each in (who.own.leg, who.asked) if each is not None))


def joined(draft: Draft, call: Call, legs: frozenset[LegId]) -> None:
    """The switch says that these two are joined."""
    who = parties(draft, call)
    if call.talk.join_at is None or legs != pair(call.talk, who):
        return draft.late()
    if call.talk.state is S.CONFERENCE and call.talk.asked > 1:
        call = play(draft, call)  # the agent's leg stood parked before, and will not be reported again
    if call.talk.why:
        draft.do(Signal(leg=who.own.leg, tone="no"))  # not before: on a leg that is still on its way it would be lost
    draft.put(replace(call, talk=replace(call.talk, since=draft.at, join_at=None, asked=0)))


def refused(draft: Draft, call: Call) -> None:
    """The switch could not join the two."""
    if call.talk.join_at is None:
        return draft.late()
    draft.put(replace(call, talk=replace(call.talk, join_at=min(call.talk.join_at, draft.at + REFUSED_S))))


def overdue(draft: Draft, call: Call) -> bool:
    """What the talk was to be woken for; True when the two cannot be joined, however often it is asked."""
    talk = call.talk
    if talk.music_at is not None and talk.music_at <= draft.at:
        call = play(draft, call)
    if talk.join_at is None or talk.join_at > draft.at:
        return False
    if not draft.state.reachable(node_of(call.leg)):
        draft.put(replace(call, talk=replace(call.talk, join_at=draft.at + JOIN_S)))  # nobody can say; the snapshot will
        return False
    if talk.asked >= ASKS_MAX:
        return True
    ask(draft, call)
    return False


def parked(draft: Draft, call: Call, leg: LegId) -> bool:
    """A leg of the talk stands by itself. True when it should be joined to somebody, who is gone then."""
    who, talk = parties(draft, call), call.talk
    if leg in pair(talk, who):
        if talk.join_at is not None:
            draft.late()  # on its way from one to the other
        return talk.join_at is None
    if leg == listener(talk, who):
        play(draft, call)
    elif leg == who.own.leg and talk.state is S.CONSULTING and talk.consult is not None:
        heard_in_line(draft, draft.entry(talk.consult))
    else:
        draft.late()
    return False


def heard_in_line(draft: Draft, entry: Entry) -> None:
    """What the agent hears who waits for a colleague."""
    if entry.state in waiting.WAITS:
        line.music(draft, entry)


def play(draft: Draft, call: Call) -> Call:
    """Music for whoever holds; who takes part in a conference without being joined to anybody joins the two."""
    who = parties(draft, call)
    leg = listener(call.talk, who)
    if leg is None:
        return call
    if leg == call.leg:
        call = calls.arm(draft, call)  # what armed them may never have been sent, and something else than we have parted the two
    talk = replace(call.talk, plays=call.talk.plays + 1, music_from=draft.at, music_at=None)
    id, music = _play(who.own, talk), draft.entry(who.own.entry).music
    if talk.state is S.CONFERENCE and who.asked is not None:
        # not at the customer's leg: FreeSWITCH would have the agent on tape as if the customer had spoken
        draft.do(ThreeWay(leg=leg, play=id, to=who.asked))
    else:
        draft.do(Play(leg=leg, play=id, media=(Music(name=music),)))
    return draft.put(replace(call, talk=talk))


def _play(own: Offer, talk: Talk) -> PlayId:
    return PlayId(f"{own.entry}.h{talk.plays}")


def music_stopped(draft: Draft, call: Call, leg: LegId, play_id: PlayId) -> None:
    """It begins again; one that stopped at once (its file is gone) only after a while."""
    who, talk = parties(draft, call), call.talk
    if leg != listener(talk, who) or play_id != _play(who.own, talk):
        draft.late()
    elif draft.at - talk.music_from >= MUSIC_AGAIN_S:
        play(draft, call)
    else:
        draft.put(replace(call, talk=replace(talk, music_at=talk.music_from + MUSIC_AGAIN_S)))


def ended(draft: Draft, call: Call, owner: Owner, **changes: Any) -> Call:
    """The talk is over for the agent whose it was; the next one begins anew."""
    return draft.put(call.move(owner, talk=Talk(since=draft.at), **changes))
