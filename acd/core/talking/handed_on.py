"""Supervisors at a talk that has ended, or whose contact was handed on: they go along, wait, or go."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.commands import StopListening
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking.listening import end, listen, talk_of
from acd.core.talking.monitor import Monitor
from acd.words import (
    CallId,
    Follows,
    MonitorState,
    OfferState,
    Owner,
    Supervise,
)

S, W = MonitorState, Supervise

WAITS_S = 300.0
"""Between two talks of the agent whom they follow a supervisor waits so long."""


def follow(draft: Draft) -> None:
    """After each decision: talks that ended, contacts that were handed on."""
    if not draft.state.monitors and not any(isinstance(each, Monitor) for each in draft.changes.values()):
        return
    concerned = [each for each in draft.changes.values() if isinstance(each, Offer | Call)]
    if not concerned:
        return
    for monitor in draft.monitors():
        if monitor.state is S.TALKING:
            _follow_taken(draft, monitor)
        elif monitor.follows is Follows.CONTACT:
            _follow_contact(draft, monitor)
        else:
            _follow_agent(draft, monitor)


def _follow_taken(draft: Draft, monitor: Monitor) -> None:
    call = draft.any_call(monitor.call)
    if call is None or not call.is_live:
        end(draft, monitor, "customer gone")


def _follow_contact(draft: Draft, monitor: Monitor) -> None:
    """Through lines and transfers; not beyond what the supervisor may see, and not back into a flow."""
    call = draft.any_call(monitor.call)
    gone = call is None or not call.is_live or call.ending or call.talk.left_at is not None
    if call is None or gone or (call.owner is Owner.FLOW and not call.is_onward):
        return end(draft, monitor, "talk ended")
    offer = _talk_with(draft, call.id)
    if offer is None or offer.id == monitor.offer:
        return
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if policy is None or not policy.may_see(offer.agent, offer.queue):
        return end(draft, monitor, f"may not be at talks of {offer.agent} in {offer.queue}")
    draft.put(replace(monitor, offer=offer.id, agent=offer.agent, queue=offer.queue).turn(draft.at, f"followed to {offer.agent}"))


def _follow_agent(draft: Draft, monitor: Monitor) -> None:
    """From talk to talk of one agent, with some time between."""
    known = draft.any_offer(monitor.offer) if monitor.offer else None
    if monitor.offer is not None and (known is None or not known.is_live):
        if monitor.state is S.RINGING:
            return end(draft, monitor, "talk ended")
        draft.do(StopListening(leg=monitor.leg))
        monitor = draft.put(monitor.move(S.WAITING, offer=None, play="", deadline=draft.at + WAITS_S))
    offer = talk_of(draft, monitor.agent)
    if monitor.offer is not None or offer is None:
        return
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if policy is not None and policy.may_see(offer.agent, offer.queue):
        listen(draft, replace(monitor, offer=offer.id, call=offer.call, queue=offer.queue).turn(draft.at, f"followed to {offer.call}"))


def _talk_with(draft: Draft, call: CallId) -> Offer | None:
    entry = draft.call(call).entry
    if entry is None:
        return None
    offer = draft.entry(entry).offer
    found = draft.any_offer(offer) if offer else None
    return found if found is not None and found.state is OfferState.BRIDGED else None
