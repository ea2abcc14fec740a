"""What the command line asks of a running dialer, over the house's control socket."""

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from acd.core.illegal import IllegalMove
from acd.live.controller import Unanswered
from acd.records.store import DatabaseUnavailable
from dialer.core.events import DispositionSaid, OptedOut, PreviewWished, RunWished
from dialer.core.explaining import campaign_view, preview_view
from dialer.core.run import RunWish
from dialer.core.said import Said
from dialer.core.state import Running
from dialer.lists.held import MOST
from dialer.lists.numbering import NotANumber
from dialer.live.service import Service


def routes(service: Service) -> Callable[[Flask], None]:
    """Adds them to the app of the control socket. 404: no such campaign; 409: not as it is now; 422: no such wish; 503: not yet."""

    def add(app: Flask) -> None:
        @app.get("/v1/campaigns")
        def campaigns() -> ResponseReturnValue:
            return answered(lambda: [campaign_view(service.state, each) for each in service.state.campaigns.values()])

        @app.get("/v1/campaigns/<id>")
        def campaign(id: str) -> ResponseReturnValue:
            return answered(lambda: campaign_view(service.state, known(service, id)))

        @app.get("/v1/campaigns/<id>/why")
        def why(id: str) -> ResponseReturnValue:
            return answered(lambda: why_view(service, known(service, id)))

        @app.post("/v1/campaigns/<id>/<wish>")
        def wished(id: str, wish: str) -> ResponseReturnValue:
            if wish not in set(RunWish):
                return wrong(422, f"unknown wish {wish}; allowed are: {', '.join(RunWish)}")
            by, why = text_of("by") or "command line", text_of("why")

            def ask() -> Any:
                known(service, id)
                service.ask(RunWished(at=service.now(), campaign=id, wish=RunWish(wish), by=by, why=why))
                return campaign_view(service.state, known(service, id))

            return answered(ask)

        _people(app, service)
        _agents(app, service)

    return add


def _people(app: Flask, service: Service) -> None:
    """What is said of those who are called."""

    @app.post("/v1/campaigns/<id>/dispositions")
    def disposed(id: str) -> ResponseReturnValue:
        """Of an attempt that is over, though its campaign be gone; whoever asks has looked it up. Kept when the database takes it."""
        attempt, name = text_of("attempt"), text_of("disposition")
        try:
            call_at = float(text_of("call_at")) if text_of("call_at") else None
        except ValueError:
            return wrong(422, "'call_at' is seconds since the epoch")

        def ask() -> Any:
            rules = service.state.rules_of(id)
            words = service.dispositions(rules if service.state.knows(id) else None)
            if name not in words:
                raise IllegalMove(f"no disposition {name!r}; there are: {', '.join(words) or 'none'}")
            needs = rules.callbacks.get(name)
            if needs == 0.0 and call_at is None:
                raise IllegalMove(f"{name} needs a time at which they are called again; give --at")
            if needs is None and call_at is not None:
                raise IllegalMove(f"{name} takes no time: it is no callback")
            what = Said(attempt=attempt, campaign=id, disposition=name, at=service.now(), by=text_of("by"), call_at=call_at)
            service.ask(DispositionSaid(at=service.now(), said=what))
            return {"attempt": attempt, "disposition": name}

        return answered(ask)

    @app.post("/v1/opt-outs")
    def opted_out() -> ResponseReturnValue:
        """After it stands in the list: what rings there now is wanted no more."""
        number, only = text_of("number"), text_of("campaign")
        return answered(lambda: service.ask(OptedOut(at=service.now(), number=number, campaign=only)) or {"number": number})  # type: ignore[func-returns-value]


def _agents(app: Flask, service: Service) -> None:
    """What agents do themselves: look at a lead first, dial a number of their own choice."""

    @app.post("/v1/campaigns/<id>/calls")
    def called(id: str) -> ResponseReturnValue:
        """An agent dials a number; answered when it is dialled, or with what holds it."""
        agent, number, by = text_of("agent"), text_of("number"), text_of("by") or "command line"

        def ask() -> Any:
            known(service, id)
            return {"attempt": service.call(id, agent, number, by), "agent": agent}

        try:
            return answered(ask)
        except NotANumber as error:
            return wrong(422, str(error))

    @app.get("/v1/previews/<agent>")
    def preview(agent: str) -> ResponseReturnValue:
        return answered(lambda: preview_view(service.state, agent))

    @app.post("/v1/previews/<agent>/<wish>")
    def previewed(agent: str, wish: str) -> ResponseReturnValue:
        if wish not in ("accept", "skip"):
            return wrong(422, f"unknown wish {wish}; allowed are: accept, skip")

        def ask() -> Any:
            service.ask(PreviewWished(at=service.now(), agent=agent, accepts=wish == "accept"))
            return {"agent": agent, "wish": wish}

        return answered(ask)


def why_view(service: Service, running: Running) -> dict[str, Any]:
    """All of ``campaign_view``, and its leads by what holds them."""
    held = service.held(running.rules)
    leads = [{"by": each.by, "leads": each.n, "more": each.n >= MOST, "until": each.until} for each in held.counts]
    return {**campaign_view(service.state, running), "leads": leads, "all_held": held.all_held}


def known(service: Service, id: str) -> Running:
    campaigns = service.state.campaigns
    if id not in campaigns:
        raise KeyError(f"no campaign {id}; there are: {', '.join(sorted(campaigns)) or 'none'}")
    return campaigns[id]


def answered(ask: Callable[[], Any]) -> ResponseReturnValue:
    try:
        return jsonify(ask())
    except KeyError as error:
        return wrong(404, str(error.args[0]))
    except IllegalMove as error:
        return wrong(409, str(error))
    except (Unanswered, DatabaseUnavailable) as error:
        return wrong(503, str(error))


def wrong(status: int, error: str) -> ResponseReturnValue:
    return jsonify(error=error), status


def text_of(name: str) -> str:
    body = request.get_json(silent=True)
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, str) else ""
