"""What a controller that stands by tells: that it lives, that it is not ready, and whose the switches are as it sees them."""

from collections.abc import Callable

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.process_collector import ProcessCollector

from acd.metrics.sampled import Counters, Sampled


def build_standby_app(counters: Callable[[], Counters], waits_for: Callable[[], list[str]]) -> Flask:
    app = Flask("acd.web.standby", static_folder=None)
    registry, sampled = CollectorRegistry(), Sampled()
    registry.register(sampled)
    ProcessCollector(registry=registry)

    @app.get("/metrics")
    def metrics() -> ResponseReturnValue:
        sampled.take_counters(counters())
        return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify(ok=True)

    @app.get("/readyz")
    def readyz() -> ResponseReturnValue:
        return jsonify(ready=False, standby=True, degraded=waits_for()), 503

    return app
