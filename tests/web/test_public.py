from typing import Any

import pytest

from acd.core.house import Node
from acd.web.control import build_control_app
from acd.web.public import build_app
from tests.metrics.floor import FakeFloor, floor


def get(given: FakeFloor, path: str) -> Any:
    return build_app(given, lambda: b"acd_up 1\n").test_client().get(path)


def test_given_metrics_when_scraped_then_they_are_text_that_prometheus_reads() -> None:
    answer = get(floor(), "/metrics")
    assert answer.data == b"acd_up 1\n" and answer.content_type.startswith("text/plain; version=0.0.4")


def test_given_a_living_process_when_its_health_is_asked_for_then_it_is_ok() -> None:
    assert get(floor(), "/healthz").json == {"ok": True}


@pytest.mark.parametrize(
    ("nodes", "counters", "status", "degraded"),
    [
        ({"a": True}, {}, 200, []),
        ({"a": True, "b": False}, {}, 200, ["node b is not reachable"]),
        ({"a": False}, {}, 503, ["node a is not reachable"]),
        ({}, {}, 503, ["no node is known yet"]),
        ({"a": True}, {"journal_healthy": 0}, 503, ["the journal is not written"]),
        ({"a": True}, {"records_healthy": 0, "records_behind_lines": 7}, 200, ["the database takes no records"]),
    ],
)
def test_given_a_part_that_is_missing_when_readiness_is_asked_for_then_only_what_stops_calls_says_no(
    nodes: dict[str, bool], counters: dict[str, float], status: int, degraded: list[str]
) -> None:
    given = floor(records=[Node(id=id, reachable=up, since=1.0) for id, up in nodes.items()], counters=counters)
    answer = get(given, "/readyz")
    assert (answer.status_code, answer.json["degraded"], answer.json["ready"]) == (status, degraded, status == 200)
    assert answer.json["records_behind_lines"] == counters.get("records_behind_lines", 0)


def test_given_every_rule_of_the_control_socket_when_tried_on_the_public_app_then_none_is_there() -> None:
    control, public = build_control_app(floor()), build_app(floor(), lambda: b"").test_client()
    rules = [rule for rule in control.url_map.iter_rules()]
    assert len(rules) >= 5
    for rule in rules:
        path = rule.rule.replace("<id>", "c1").replace("<wish>", "ready")
        for method in ("GET", "POST"):
            assert public.open(path, method=method).status_code == 404, path


def test_given_the_public_app_when_something_is_posted_then_it_is_not_allowed() -> None:
    public = build_app(floor(), lambda: b"").test_client()
    assert {public.post(path).status_code for path in ("/metrics", "/healthz", "/readyz")} == {405}
