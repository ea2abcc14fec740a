"""Callbacks and what leaves the house, as the control socket shows and takes them."""

from collections.abc import Callable
from math import inf
from typing import Any
from uuid import uuid4

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from acd.core.events import CallbackAsked, CallbackWished, DialAsked, DialDropAsked
from acd.core.outside.callback_hours import calendar_of, first_in_hours
from acd.core.state import State
from acd.web.floor import Floor
from acd.words import FlowId, QueueId

Ask = Callable[[Floor, Any], None]


def outbound_view(state: State, now: float) -> dict[str, Any]:
    """Each account with its limit, the fullest first; each trunk with what is out through it now."""
    rules = state.policy.outbound
    limits = {
        "agent": rules.per_agent, "call": rules.per_call, "caller": rules.per_caller, "number": rules.per_number, "day": rules.per_day
    }  # fmt: skip
    accounts = [
        _account(tally.id, tally.count, limits.get(tally.id.partition("/")[0]), tally.until)
        for tally in state.tallies.values()
        if tally.until > now and not tally.id.startswith("trunk/")
    ]
    trunks = [_account(f"trunk {way.trunk} at once", state.out_at_once(way.trunk), way.at_once, None) for way in rules.ways]
    return {"trunks": trunks, "accounts": sorted(accounts, key=lambda each: (each["left"] is None, each["left"], each["account"]))}


def _account(name: str, calls: int, limit: int | None, until: float | None) -> dict[str, Any]:
    left = None if limit is None else max(0, limit - calls)
    return {"account": name, "calls": calls, "limit": limit, "left": left, "until": until}


def outbound(app: Flask, floor: Floor, text_of: Callable[[str], str], ask: Ask, wrong: Callable[[int, str], Exception]) -> None:
    @app.get("/v1/outbound")
    def room() -> ResponseReturnValue:
        return jsonify(outbound_view(floor.state, floor.now()))

    @app.post("/v1/callbacks")
    def add() -> ResponseReturnValue:
        id, when, priority = str(uuid4()), text_of("when"), text_of("priority") or "0"
        try:
            at, points = float(when) if when else None, int(priority)
        except ValueError:
            raise wrong(422, "'when' is seconds since the epoch, 'priority' a whole number") from None
        event = CallbackWished(
            at=floor.now(),
            callback=id,
            queue=QueueId(text_of("queue")),
            number=text_of("number"),
            priority=points,
            when=at,
            by=text_of("by") or "command line",
        )
        ask(floor, event)
        found = floor.state.callbacks.get(id)
        calendar, first = _first(floor.state, event)
        return jsonify(callback=id, state=found.state if found else "duplicate", first_at=first, hours=calendar)

    @app.post("/v1/callbacks/<id>/<wish>")
    def change(id: str, wish: str) -> ResponseReturnValue:
        if id not in floor.state.callbacks:
            raise wrong(404, f"no callback {id} is pending")
        if wish not in ("cancel", "now"):
            raise wrong(422, f"unknown wish {wish}; allowed are: cancel, now")
        ask(floor, CallbackAsked(at=floor.now(), callback=id, wish=wish, by=text_of("by") or "command line"))
        found = floor.state.callbacks.get(id)
        return jsonify(callback=id, state=found.state if found else "ended")

    @app.post("/v1/dialled")
    def dial() -> ResponseReturnValue:
        id, queue, flow, message = str(uuid4()), text_of("queue"), text_of("flow"), text_of("message")
        try:
            priority, ring_s = int(text_of("priority") or "0"), float(text_of("ring_s") or "30")
        except ValueError:
            raise wrong(422, "'priority' is a whole number, 'ring_s' a number of seconds") from None
        event = DialAsked(
            at=floor.now(),
            attempt=id,
            number=text_of("number"),
            queue=QueueId(queue) if queue else None,
            flow=FlowId(flow) if flow else None,
            ring_s=ring_s,
            priority=priority,
            message=FlowId(message) if message else None,
            by="command line",
        )
        ask(floor, event)
        return jsonify(attempt=id, state=_state(floor, id))

    @app.post("/v1/dialled/<id>/drop")
    def drop(id: str) -> ResponseReturnValue:
        if id not in floor.state.dialled:
            raise wrong(404, f"no attempt {id} is under way")
        ask(floor, DialDropAsked(at=floor.now(), attempt=id, by="command line"))
        return jsonify(attempt=id, state=_state(floor, id))


def _first(state: State, event: CallbackWished) -> tuple[str, float | None]:
    """The calendar in which the queue calls customers, and the first moment that is not before its time; None: nobody can say."""
    at = max(event.at, event.when or event.at)
    first = first_in_hours(state, event.queue, at, event.at)
    return calendar_of(state.queue(event.queue)), None if first == inf else first


def _state(floor: Floor, attempt: str) -> str:
    found = floor.state.dialled.get(attempt)
    return found.state.value if found is not None else "ended"
