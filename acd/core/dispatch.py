"""Whom an event is for: what people ask, what the house says of itself. What happened to a leg is ``dispatch_leg``'s matter."""

from acd.core import calls
from acd.core import events as ev
from acd.core.commands import Dismiss
from acd.core.dispatch_leg import dispatch_leg
from acd.core.draft import Draft
from acd.core.house import Forced, Node
from acd.core.lines import line
from acd.core.offers import offering
from acd.core.outside import callback_wishes, dialling, reserving
from acd.core.staff import agents, desks, wishes
from acd.core.talking import asking, supervision, taping
from acd.words import (
    LegId,
)


def dispatch(draft: Draft, event: ev.Event) -> None:
    match event:
        case ev.AgentAsked() | ev.TalkAsked() | ev.TapeAsked() | ev.HangUpAsked() | ev.SuperviseAsked():
            _dispatch_asked(draft, event)
        case ev.CallbackAsked() | ev.CallbackWished() | ev.DialAsked() | ev.DialDropAsked() | ev.ReserveAsked() | ev.LetGoAsked():
            _dispatch_outside(draft, event)
        case ev.DeskSeen() | ev.DeskClosed() | ev.HouseStarted():
            _dispatch_desk(draft, event)
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
        case ev.OrphanSeen(leg=leg) if leg not in draft.state.dialled_of_leg and not _is_known(draft, leg):
            draft.do(Dismiss(leg=leg))
        case _:
            dispatch_leg(draft, event)


Asked = ev.AgentAsked | ev.TalkAsked | ev.TapeAsked | ev.HangUpAsked | ev.SuperviseAsked
AskedOutside = ev.CallbackAsked | ev.CallbackWished | ev.DialAsked | ev.DialDropAsked | ev.ReserveAsked | ev.LetGoAsked


def _dispatch_asked(draft: Draft, event: Asked) -> None:
    """What people ask for; it may be refused."""
    match event:
        case ev.AgentAsked(agent=agent, wish=wish):
            draft.refused = wishes.ask(
                draft, agent, wish, event.reason, by=event.by, forced=event.forced, call_at=event.call_at
            )  # fmt: skip
        case ev.TalkAsked(agent=agent, what=what, target=target):
            draft.refused = asking.ask(draft, agent, what, target)
        case ev.TapeAsked(call=call, wish=tape, by=by):
            draft.refused = taping.ask(draft, call, tape, by)
        case ev.SuperviseAsked():
            draft.refused = supervision.ask(draft, event)
        case ev.HangUpAsked(call=call) if call in draft.state.calls:
            calls.hang_up(draft, draft.call(call))
        case _:
            draft.late()


def _dispatch_outside(draft: Draft, event: AskedOutside) -> None:
    """What is to be dialled, or not."""
    if isinstance(event, ev.DialAsked | ev.DialDropAsked):
        draft.refused = dialling.ask(draft, event)
    elif isinstance(event, ev.ReserveAsked | ev.LetGoAsked):
        draft.refused = reserving.ask(draft, event)
    else:
        draft.refused = callback_wishes.asked(draft, event)


def _dispatch_desk(draft: Draft, event: ev.DeskSeen | ev.DeskClosed | ev.HouseStarted) -> None:
    match event:
        case ev.DeskSeen(agent=agent):
            draft.refused = desks.seen(draft, agent)
        case ev.DeskClosed(agent=agent):
            desks.closed(draft, agent)
        case _:
            desks.house_started(draft)
            reserving.house_started(draft)


def _is_known(draft: Draft, leg: LegId) -> bool:
    state = draft.state
    return any(
        leg in legs for legs in (state.call_of_leg, state.offer_of_leg, state.outsider_of_leg, state.nailed, state.monitor_of_leg)
    )
