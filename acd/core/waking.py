"""A deadline has come: to whom it belongs, and what they wanted to be woken for."""

from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.lines import in_line
from acd.core.matching import sticky
from acd.core.offers import offering
from acd.core.outside import calling_back, dialling, outbound
from acd.core.staff import desks, nailing, wishes
from acd.core.state import Due
from acd.core.talking import outsiders, supervision, talks, taping, transferring
from acd.words import (
    AgentId,
    BondId,
    CallId,
    EntryId,
    LegId,
    MonitorId,
    OfferId,
    Owner,
    RecordingId,
)


def woken(draft: Draft, due: Due) -> None:
    state, (_, kind, id) = draft.state, due
    match kind:
        case "Agent":
            wishes.woken(draft, state.agents[id])  # type: ignore[index]
        case "Monitor" | "Recording":
            _at_talk_woken(draft, kind, id)
        case "Desk" | "NailedLeg":
            _of_an_agent_woken(draft, kind, id)
        case "Callback" | "DialledCall" | "Tally":
            _outside_woken(draft, kind, id)
        case "KeptPlace":
            draft.put(replace(state.kept[id], until=None))
        case "Offer":
            offering.overdue(draft, state.offers[OfferId(id)])
        case "Entry":
            in_line.entry_woken(draft, state.entries[EntryId(id)])
        case "Bond":
            sticky.forget(draft, BondId(id))
        case "Call":
            if not calls.renewed(draft, state.calls[CallId(id)]):
                _call_woken(draft, draft.call(CallId(id)))


def _of_an_agent_woken(draft: Draft, kind: str, id: str) -> None:
    if kind == "Desk":
        desks.overdue(draft, draft.state.desks[AgentId(id)])
    else:
        nailing.overdue(draft, draft.state.nailed[LegId(id)])


def _outside_woken(draft: Draft, kind: str, id: str) -> None:
    if kind == "Callback":
        calling_back.woken(draft, draft.state.callbacks[id])
    elif kind == "DialledCall":
        dialling.woken(draft, draft.state.dialled[id])
    else:
        outbound.forgotten(draft, draft.state.tallies[id])


def _at_talk_woken(draft: Draft, kind: str, id: str) -> None:
    if kind == "Monitor":
        supervision.woken(draft, MonitorId(id))
    else:
        taping.woken(draft, RecordingId(id))


def _call_woken(draft: Draft, call: Call) -> None:
    if call.is_onward and call.outsider is not None:
        outsiders.woken(draft, call)
    elif call.is_onward:
        transferring.woken(draft, call)
    elif call.owner is Owner.AGENT:
        talks.woken(draft, call)
    elif call.owner is Owner.QUEUE:
        in_line.woken(draft, call)
    else:
        calls.woken(draft, call)
