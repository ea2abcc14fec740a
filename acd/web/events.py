"""The house's event stream on the control socket: a line of JSON for each event, for as long as somebody listens."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from acd.live.stream import Stream

BEAT_S = 10.0
"""An empty line so often, so that either side notices when the other is gone."""
AT_ONCE = 32
"""Listeners; the socket serves others, too."""


def events(stream: Stream) -> Callable[[Flask], None]:
    """``GET /v1/events``: ``agent`` tells of one only, ``since`` begins after that number (0: all that is kept), else from now on."""
    listening: set[object] = set()

    def add(app: Flask) -> None:
        @app.get("/v1/events")
        def listen() -> ResponseReturnValue:
            since, agent = request.args.get("since", str(stream.last)), request.args.get("agent", "")
            if not (since.isascii() and since.isdigit() and len(since) < 20):
                return jsonify(error="'since' is the number of an event, or 0"), 422
            if len(listening) >= AT_ONCE:
                return jsonify(error=f"{AT_ONCE} programs listen already"), 503
            return Response(_counted(listening, lines(stream, int(since), agent)), mimetype="application/x-ndjson")

    return add


def _counted(listening: set[object], told: Iterator[str]) -> Iterator[str]:
    me = object()
    listening.add(me)
    try:
        yield from told
    finally:
        listening.discard(me)


def lines(stream: Stream, n: int, agent: str = "", beat_s: float = BEAT_S) -> Iterator[str]:
    """For ever. Begins with an empty line, which says that it listens."""
    yield "\n"
    while True:
        if n and stream.missed(n):
            yield _line({"event": "missed", "after": n})
        found = stream.after(n, beat_s)
        n = max(n, stream.last)
        if not found:
            yield "\n"
        for each in found:
            if agent in ("", each.what.get("agent")):
                yield _line(each.view())


def _line(found: dict[str, Any]) -> str:
    """ASCII and without a line end within, whatever a stranger wrote into a lead."""
    return json.dumps(found) + "\n"
