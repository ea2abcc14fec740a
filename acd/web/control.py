"""What the command line asks of a running controller, over a unix socket that only its owner can open. Never over TCP.

Every answer is JSON; what went wrong is ``{"error": …}`` with what was allowed. 404: no such thing. 409: refused by the house.
422: what was asked makes no sense. 503: the controller did not answer in time.
"""

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from acd.core.events import (
    AgentAsked,
    CalendarForced,
    CallbackAsked,
    CallbackWished,
    DeskClosed,
    DeskSeen,
    DialAsked,
    DialDropAsked,
    HangUpAsked,
    SuperviseAsked,
    TalkAsked,
    TapeAsked,
)
from acd.live.controller import Unanswered
from acd.live.talk_files import Shelf
from acd.web.calendars import calendar_view, calendars_view, forced
from acd.web.changing import changing
from acd.web.desk import desks
from acd.web.floor import Floor
from acd.web.in_talk import talk_view
from acd.web.live import agent_view, state_view, story_view
from acd.web.outbound import outbound
from acd.web.talks import call_of, is_there, monitors_view, pieces, tapes_view
from acd.words import AgentId, CallId, Follows, Supervise, SupervisorId, TalkWish, TapeWish, Wish

BODY_MAX = 64 * 1024


class Wrong(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def build_control_app(floor: Floor, recordings: Path | None = None, *more: Callable[[Flask], None]) -> Flask:
    """``recordings``: the folder of talks on tape. ``more``: what others answer on the same socket."""
    app = Flask("acd.web.control", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX

    @app.get("/v1/state")
    def state() -> ResponseReturnValue:
        return jsonify(state_view(floor.state, floor.policy, floor.now()))

    @app.get("/v1/calls/<id>")
    def call(id: str) -> ResponseReturnValue:
        story = story_view(floor.state, CallId(id))
        if story is None:
            raise Wrong(404, f"no call {id} runs now")
        return jsonify(story)

    @app.post("/v1/calls/<id>/hangup")
    def hang_up(id: str) -> ResponseReturnValue:
        if CallId(id) not in floor.state.calls:
            raise Wrong(404, f"no call {id} runs now")
        ask(floor, HangUpAsked(at=floor.now(), call=CallId(id), by=text_of("by") or "command line"))
        return jsonify(call=id)

    @app.post("/v1/agents/<id>/<wish>")
    def wish(id: str, wish: str) -> ResponseReturnValue:
        agent, wished, reason = understood(floor, id, wish, text_of("reason"))
        by, forced, call_at = text_of("by") or "command line", text_of("forced") == "yes", moment_of("call_at")
        ask(floor, AgentAsked(at=floor.now(), agent=agent, wish=wished, reason=reason, by=by, forced=forced, call_at=call_at))
        return jsonify(agent_view(floor.state, floor.policy.agents[agent], floor.now()))

    @app.post("/v1/agents/<id>/talk/<what>")
    def talk(id: str, what: str) -> ResponseReturnValue:
        agent = known(floor, id)
        try:
            wished = TalkWish(what)
        except ValueError:
            raise Wrong(422, f"unknown wish {what}; allowed are: {listed(TalkWish)}") from None
        by = text_of("by") or "command line"
        ask(floor, TalkAsked(at=floor.now(), agent=agent, what=wished, target=text_of("target"), by=by))
        return jsonify(talk_view(floor.state, agent))

    desks(app, floor, lambda id: known(floor, id), ask)
    calendars(app, floor)
    outbound(app, floor, text_of, ask, Wrong)
    talks(app, floor, Shelf(root=recordings or Path("recordings")))
    changing(app, floor, text_of)
    for add in more:
        add(app)
    say_what_went_wrong(app)
    return app


def calendars(app: Flask, floor: Floor) -> None:
    @app.get("/v1/calendars")
    def hours() -> ResponseReturnValue:
        return jsonify(calendars_view(floor.calendars, floor.state.forced, floor.now()))

    @app.post("/v1/calendars/<name>/<wish>")
    def force(name: str, wish: str) -> ResponseReturnValue:
        calendar, now = floor.calendars.get(name), floor.now()
        if calendar is None:
            raise Wrong(404, f"no calendar {name}; there are: {listed(floor.calendars)}")
        try:
            ask(floor, forced(name, calendar, wish, text_of("until"), text_of("by") or "command line", now))
        except ValueError as error:
            raise Wrong(422, str(error)) from None
        return jsonify(calendar_view(name, calendar, floor.state.forced.get(name), now))


def talks(app: Flask, floor: Floor, shelf: Shelf) -> None:
    @app.post("/v1/calls/<id>/recording/<wish>")
    def tape(id: str, wish: str) -> ResponseReturnValue:
        call = call_of(floor.state, id)
        if call is None:
            raise Wrong(404, f"no call {id} runs now, and no agent {id} talks to anybody")
        try:
            wished = TapeWish(wish)
        except ValueError:
            raise Wrong(422, f"unknown wish {wish}; allowed are: {listed(TapeWish)}") from None
        ask(floor, TapeAsked(at=floor.now(), call=call, wish=wished, by=text_of("by") or "command line"))
        return jsonify(tapes_view(floor.state, call))

    @app.post("/v1/supervisors/<id>/<wish>")
    def supervise(id: str, wish: str) -> ResponseReturnValue:
        supervisor, agent = SupervisorId(id), text_of("agent")
        if supervisor not in floor.policy.supervisors:
            raise Wrong(404, f"no supervisor {id}; there are: {listed(floor.policy.supervisors)}")
        if agent and AgentId(agent) not in floor.policy.agents:
            raise Wrong(404, f"no agent {agent}; there are: {listed(floor.policy.agents)}")
        try:
            wished, follows = Supervise(wish.replace("-", "_")), Follows(text_of("follow")) if text_of("follow") else None
        except ValueError:
            raise Wrong(422, f"{wish}: allowed are: {listed(Supervise)}; follow: {listed(Follows)}") from None
        who, by = AgentId(agent) if agent else None, text_of("by") or "command line"
        ask(floor, SuperviseAsked(at=floor.now(), supervisor=supervisor, wish=wished, agent=who, follows=follows, by=by))
        return jsonify(monitors_view(floor.state, supervisor))

    @app.get("/v1/recordings/<id>/sound")
    def sound(id: str) -> ResponseReturnValue:
        if not is_there(shelf, id):
            raise Wrong(404, f"no recording {id} is here")
        return Response(pieces(shelf, id), mimetype="audio/wav", headers={"Cache-Control": "no-store"})


def say_what_went_wrong(app: Flask) -> None:
    @app.errorhandler(Wrong)
    def wrong(error: Wrong) -> ResponseReturnValue:
        return jsonify(error=error.error), error.status

    @app.errorhandler(Unanswered)
    def unanswered(error: Unanswered) -> ResponseReturnValue:
        return jsonify(error=f"the controller did not answer: {error}"), 503

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        return jsonify(error=error.description or error.name), error.code or 500


Asked = (
    AgentAsked
    | HangUpAsked
    | CalendarForced
    | TalkAsked
    | TapeAsked
    | SuperviseAsked
    | CallbackAsked
    | CallbackWished
    | DeskSeen
    | DeskClosed
    | DialAsked
    | DialDropAsked
)


def ask(floor: Floor, event: Asked) -> None:
    """Raises Wrong with the house's own words when it refuses."""
    for decision in floor.ask(event):
        if decision.refused:
            raise Wrong(409, decision.refused)


def known(floor: Floor, id: str) -> AgentId:
    if id not in floor.policy.agents:
        raise Wrong(404, f"no agent {id}; there are: {listed(floor.policy.agents)}")
    return AgentId(id)


def understood(floor: Floor, id: str, wish: str, reason: str) -> tuple[AgentId, Wish, str]:
    agent = known(floor, id)
    try:
        wished = Wish(wish.replace("-", "_"))
    except ValueError:
        raise Wrong(422, f"unknown wish {wish}; allowed are: {listed(Wish)}") from None
    if wished is Wish.NOT_READY and reason and reason not in floor.policy.reasons:
        raise Wrong(422, f"unknown reason {reason}; allowed are: {listed(floor.policy.reasons)}")
    return agent, wished, reason


def text_of(name: str) -> str:
    body: Any = request.get_json(silent=True) if request.content_length else {}
    value = body.get(name, "") if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise Wrong(422, f'the body must be a JSON object with "{name}" as text')
    return value


def moment_of(name: str) -> float | None:
    written = text_of(name)
    try:
        found = float(written) if written else None
    except ValueError:
        found = float("nan")
    if found is not None and not isfinite(found):
        raise Wrong(422, f"{name!r} is seconds since the epoch")
    return found


def listed(names: Any, limit: int = 30) -> str:
    words = sorted(str(name) for name in names)
    return ", ".join(words[:limit]) + (" …" if len(words) > limit else "") or "none"
