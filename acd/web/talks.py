"""Talks on tape as the control socket shows them: whose is meant, which run, and their sound by id."""

from collections.abc import Iterator
from typing import Any

from acd.core.state import State
from acd.live.talk_files import NoRecording, Shelf
from acd.records.rows import monitor_row, recording_row
from acd.words import AgentId, CallId, OfferState, SupervisorId

PIECE = 64 * 1024


def call_of(state: State, id: str) -> CallId | None:
    """The call of that id, or the one that an agent of that id talks in."""
    if CallId(id) in state.calls:
        return CallId(id)
    agent = state.agents.get(AgentId(id))
    offer = state.offers.get(agent.offer) if agent is not None and agent.offer else None
    return offer.call if offer is not None and offer.state is OfferState.BRIDGED else None


def tapes_view(state: State, call: CallId) -> dict[str, Any]:
    running = [state.recordings[id] for id in state.recordings_of.get(call, ())]
    return {"call": call, "recordings": [recording_row(each) for each in running]}


def monitors_view(state: State, supervisor: SupervisorId) -> dict[str, Any]:
    there = [each for each in state.monitors.values() if each.supervisor == supervisor]
    return {"supervisor": supervisor, "monitors": [monitor_row(each) for each in there]}


def is_there(shelf: Shelf, id: str) -> bool:
    try:
        return shelf.size(id) is not None
    except NoRecording:
        return False


def pieces(shelf: Shelf, id: str) -> Iterator[bytes]:
    with shelf.open(id) as sound:
        while piece := sound.read(PIECE):
            yield piece
