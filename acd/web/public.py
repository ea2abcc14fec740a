"""What may be read over TCP: metrics, health, readiness. Nothing of a person, nothing that changes anything."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue

from acd.metrics.sampled import Counters
from acd.web.floor import Floor
from acd.words import NodeId


def build_app(floor: Floor, render_metrics: Callable[[], bytes]) -> Flask:
    app = Flask("acd.web.public", static_folder=None)

    @app.get("/metrics")
    def metrics() -> ResponseReturnValue:
        return Response(render_metrics(), content_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        """The process lives and its hub turns."""
        return jsonify(ok=True)

    @app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        found = readiness(floor)
        return jsonify(found), 200 if found["ready"] else 503

    return app


def readiness(floor: Floor) -> dict[str, Any]:
    """Ready: at least one switch is reachable and decisions are remembered. Records that wait cost no caller: ``degraded``."""
    nodes = {node.id: node.reachable for node in floor.state.nodes.values()}
    counters = floor.counters
    journal = bool(number(counters, "journal_healthy", 1))
    records = bool(number(counters, "records_healthy", 1))
    missing = [f"node {node} is not reachable" for node, reachable in nodes.items() if not reachable]
    owner = counters.get("owner", {})
    owner = owner if isinstance(owner, Mapping) else {}
    missing += [f"node {node} is not ours now" for node, ours in owner.items() if not ours and nodes.get(NodeId(node))]
    missing += [] if nodes else ["no node is known yet"]
    missing += [] if journal else ["the journal is not written"]
    missing += [] if records else ["the database takes no records"]
    return {
        "ready": any(nodes.values()) and journal,
        "standby": False,
        "degraded": missing,
        "nodes": nodes,
        "journal_healthy": journal,
        "records_healthy": records,
        "records_behind_lines": int(number(counters, "records_behind_lines", 0)),
    }


def number(counters: Counters, name: str, default: float) -> float:
    value = counters.get(name, default)
    return float(value) if isinstance(value, (int, float)) else default
