"""What ``acd plan``, ``acd apply`` and ``acd rollback`` ask of the controller. Every problem of the files is told with its place."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from acd.changes import NotNow
from acd.config.document import Refused
from acd.web.floor import Floor

log = logging.getLogger("acd.web")


def changing(app: Flask, floor: Floor, text_of: Callable[[str], str]) -> None:
    @app.get("/v1/plan")
    def plan() -> ResponseReturnValue:
        return jsonify(_plain(floor.changes.plan()))

    @app.get("/v1/plan/<int:n>")
    def plan_back(n: int) -> ResponseReturnValue:
        return jsonify(_plain(floor.changes.plan(n)))

    @app.post("/v1/apply")
    def apply() -> ResponseReturnValue:
        return jsonify(_plain(floor.changes.apply(by=_by(text_of), expect=text_of("expect"))))

    @app.post("/v1/rollback/<int:n>")
    def rollback(n: int) -> ResponseReturnValue:
        return jsonify(_plain(floor.changes.apply(by=_by(text_of), how="rollback", expect=text_of("expect"), n=n)))

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        for problem in error.problems:
            log.warning("refused: %s", problem)
        notes = getattr(error, "__notes__", [])  # how the house came to what it runs
        return jsonify(error=str(error), problems=[_plain(problem) for problem in error.problems], notes=notes), 422

    @app.errorhandler(NotNow)
    def not_now(error: NotNow) -> ResponseReturnValue:
        return jsonify(error=str(error)), 409

    @app.errorhandler(OSError)
    def not_kept(error: OSError) -> ResponseReturnValue:
        return jsonify(error=f"the controller's disk does not take it: {error}"), 500


def _by(text_of: Callable[[str], str]) -> str:
    return text_of("by")[:100] or "command line"


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value)
