"""Supervisors over the control socket."""

from dataclasses import replace

import pytest

from acd.core.events import SuperviseAsked
from acd.core.talking.supervisor_policy import SupervisorPolicy
from acd.web.control import build_control_app
from acd.words import AgentId, Follows, PhoneId, Supervise, SupervisorId
from tests.metrics.floor import FakeFloor, floor
from tests.records.making import T0

SUE = SupervisorId("sue")


def supervised() -> FakeFloor:
    given = floor()
    policy = SupervisorPolicy(id=SUE, name="Sue", phone=PhoneId("2001"))
    given.policy = replace(given.policy, supervisors={SUE: policy})
    return given


@pytest.mark.parametrize(("path", "wish"), [("listen", Supervise.LISTEN), ("take-over", Supervise.TAKE_OVER), ("stop", Supervise.STOP)])
def test_given_a_supervisor_when_something_is_asked_for_them_then_the_core_is_asked(path: str, wish: Supervise) -> None:
    given = supervised()
    body = {"agent": "ann", "follow": "agent", "by": "bob"}
    answer = build_control_app(given).test_client().post(f"/v1/supervisors/sue/{path}", json=body)
    assert (answer.status_code, answer.json) == (200, {"supervisor": "sue", "monitors": []})
    asked = SuperviseAsked(at=T0 + 20, supervisor=SUE, wish=wish, agent=AgentId("ann"), follows=Follows.AGENT, by="bob")
    assert given.asked == [asked]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("bob/listen", {}, 404), ("sue/spy", {}, 422), ("sue/listen", {"agent": "x"}, 404), ("sue/listen", {"follow": "me"}, 422)],
)
def test_given_what_makes_no_sense_when_asked_then_it_is_refused(path: str, body: dict[str, str], status: int) -> None:
    given = supervised()
    assert build_control_app(given).test_client().post(f"/v1/supervisors/{path}", json=body).status_code == status
    assert not given.asked
