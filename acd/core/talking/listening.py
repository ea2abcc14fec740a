"""A supervisor's leg at a talk: listens, is heard by one or both, ends. Whose talk it is, and whose leg, is found here."""

from dataclasses import replace

from acd.core.commands import HangUp, ListenIn, Notice, SpeakTo
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking.monitor import Monitor
from acd.core.talking.taking_over import give_back, is_plain, take_over
from acd.words import (
    AgentId,
    Follows,
    HeardBy,
    LegId,
    MonitorState,
    OfferState,
    PlayId,
    Supervise,
    SupervisorId,
)

S, W = MonitorState, Supervise

KEYS = {"1": W.LISTEN, "2": W.WHISPER, "3": W.BARGE, "4": W.TAKE_OVER}
LISTENINGS_MOST = 30
"""Something that ends as often as it is begun is not begun for ever."""


def turn(draft: Draft, monitor: Monitor, wish: Supervise, by: str) -> str:
    """Listen, whisper, barge or take over, from now on."""
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    offer = draft.state.offers.get(monitor.offer) if monitor.offer else None
    if policy is None or wish not in policy.rights:
        draft.put(monitor.turn(draft.at, f"refused: {wish}", by))
        return f"{monitor.supervisor} may not {wish.replace('_', ' ')}"
    if monitor.state is not S.LISTENING or offer is None:
        return "there is no talk to join"
    monitor = draft.put(monitor.turn(draft.at, wish, by))
    if wish is W.TAKE_OVER and not is_plain(draft, draft.offer(offer.id)):
        return "not while a colleague is asked"
    if wish is W.TAKE_OVER:
        take_over(draft, monitor, draft.offer(offer.id))
        return ""
    monitor = draft.put(replace(monitor, mode=wish))
    draft.do(SpeakTo(leg=monitor.leg, heard_by=_heard_by(monitor)))
    return ""


def _heard_by(monitor: Monitor) -> HeardBy:
    """Who follows the contact stands at the customer's leg, who follows the agent at theirs."""
    if monitor.mode is W.WHISPER:
        return HeardBy.OTHER if monitor.follows is Follows.CONTACT else HeardBy.TARGET
    return HeardBy.BOTH if monitor.mode is W.BARGE else HeardBy.NOBODY


def listen(draft: Draft, monitor: Monitor) -> None:
    """Begin to listen (again), where there is something to listen to."""
    offer = draft.state.offers.get(monitor.offer) if monitor.offer else None
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if offer is None or not draft.offer(offer.id).is_live or policy is None or monitor.plays >= LISTENINGS_MOST:
        return end(draft, monitor, "talk ended")
    contact = monitor.follows is Follows.CONTACT
    play = f"{monitor.id}.{monitor.plays + 1}"
    target = draft.call(monitor.call).leg if contact else offer.leg
    keys = "".join(key for key, wish in KEYS.items() if wish in policy.rights)
    monitor = monitor.move(S.LISTENING, play=play, plays=monitor.plays + 1, turned_at=draft.at, deadline=None)
    draft.put(monitor)
    draft.do(ListenIn(leg=monitor.leg, play=PlayId(play), to=target, heard_by=_heard_by(monitor), keys=keys))
    if policy.tell_agent:
        draft.do(Notice(leg=offer.leg))


def end(draft: Draft, monitor: Monitor, why: str, *, by: str = "", gone: bool = False) -> None:
    """The leg goes, whatever it did; a caller who was with it is given back."""
    draft.put(monitor.turn(draft.at, "ended", by).move(S.ENDED, ended_at=draft.at, why=why, deadline=None, play=""))
    if not gone:
        draft.do(HangUp(leg=monitor.leg))
    known = draft.state.calls.get(monitor.call)
    if known is not None and draft.call(known.id).taken_by == monitor.id:
        give_back(draft, draft.call(known.id))


def talk_of(draft: Draft, agent: AgentId) -> Offer | None:
    id = draft.agent(agent).offer
    offer = draft.any_offer(id) if id else None
    if offer is None or offer.state is not OfferState.BRIDGED:
        return None
    return offer if draft.entry(offer.entry).leg == draft.call(offer.call).leg else None  # with a customer, not with a colleague


def of(draft: Draft, supervisor: SupervisorId) -> Monitor | None:
    return next((each for each in draft.monitors() if each.supervisor == supervisor), None)


def at(draft: Draft, leg: LegId) -> Monitor | None:
    id = draft.state.monitor_of_leg.get(leg)
    return draft.monitor(id) if id else None
