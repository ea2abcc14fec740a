"""An agent's desk over the control socket: it keeps its lease (PUT), looks (GET), and says goodbye (DELETE).

Whoever draws a desk stands on this: what its agent is, who rings and how long they have waited, the talk, what may be said of it.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from acd.core.events import DeskClosed, DeskSeen
from acd.core.offers.offer import Offer
from acd.core.policy import AgentPolicy, Policy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.web.floor import Floor
from acd.web.in_talk import talk_view
from acd.web.live import agent_view
from acd.words import AgentId, OfferState

Ask = Callable[[Floor, Any], None]


def desk_view(state: State, policy: Policy, who: AgentPolicy, now: float) -> dict[str, Any]:
    agent = state.agents.get(who.id) or Agent(id=who.id)
    offer = state.offers.get(agent.offer) if agent.offer else None
    desk = state.desks.get(who.id)
    return {
        **agent_view(state, who, now),
        "lease_s": policy.desk.lease_s,
        "lost_in_s": max(0.0, desk.until - now) if desk is not None and desk.until is not None else None,
        "reasons": sorted(policy.reasons),
        "dispositions": dict(state.queue(offer.queue).dispositions) if offer is not None else {},
        "lines": [{"queue": queue, "waiting": len(state.unserved(queue))} for queue in who.queues],
        "customer": customer_view(state, offer, now),
        "talk": talk_view(state, who.id),
    }


def customer_view(state: State, offer: Offer | None, now: float) -> dict[str, Any] | None:
    """Who rings for the agent, or talks to them."""
    call = state.calls.get(offer.call) if offer is not None else None
    if offer is None or call is None:
        return None
    entry = state.entries.get(offer.entry)
    talks_since = offer.bridged_at if offer.state is OfferState.BRIDGED else None
    return {
        "call": call.id,
        "kind": offer.kind,
        "number": call.caller_number,
        "name": call.caller_name,
        "dialled": call.dialled,
        "queue": offer.queue,
        "waited_s": max(0.0, offer.offered_at - entry.since) if entry is not None else 0.0,
        "rings_s": None if talks_since is not None else max(0.0, now - offer.offered_at),
        "talks_s": None if talks_since is None else max(0.0, now - talks_since),
        "tags": dict(call.tags),
    }


def desks(app: Flask, floor: Floor, known: Callable[[str], AgentId], ask: Ask) -> None:
    """``known(id)`` is the agent of that name, or raises what is to be answered."""

    def view(agent: AgentId) -> ResponseReturnValue:
        return jsonify(desk_view(floor.state, floor.policy, floor.policy.agents[agent], floor.now()))

    @app.get("/v1/agents/<id>/desk")
    def look(id: str) -> ResponseReturnValue:
        return view(known(id))

    @app.put("/v1/agents/<id>/desk")
    def keep(id: str) -> ResponseReturnValue:
        agent = known(id)
        ask(floor, DeskSeen(at=floor.now(), agent=agent))
        return view(agent)

    @app.delete("/v1/agents/<id>/desk")
    def close(id: str) -> ResponseReturnValue:
        agent = known(id)
        ask(floor, DeskClosed(at=floor.now(), agent=agent))
        return view(agent)
