"""ACD.md 24: an agent's desk over the control socket."""

from typing import Any

import pytest

from acd.core.decision import Decision
from acd.core.events import DeskClosed, DeskSeen
from acd.core.frame import Frame
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk, DeskState
from acd.web.control import build_control_app
from acd.words import AgentId, AgentState, OfferState, Owner
from tests.metrics.floor import LIVE, FakeFloor, floor, people
from tests.records.making import T0, call, offer

ANN = AgentId("ann")


def client(given: FakeFloor) -> Any:
    return build_control_app(given).test_client()


@pytest.mark.parametrize(("method", "event"), [("put", DeskSeen), ("delete", DeskClosed)])
def test_given_an_agent_when_the_desk_says_something_then_the_core_hears_it_and_the_desk_is_shown(method: str, event: type) -> None:
    given = floor()
    answer = client(given).open("/v1/agents/ann/desk", method=method.upper())
    assert answer.status_code == 200 and answer.json["agent"] == "ann"
    assert given.asked == [event(at=T0 + 20, agent=ANN)]


def test_given_somebody_who_only_looks_when_asked_then_the_core_hears_nothing() -> None:
    given = floor()
    assert client(given).get("/v1/agents/ann/desk").status_code == 200
    assert given.asked == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_given_nobody_of_that_name_when_a_desk_is_asked_for_then_refused_with_who_there_is(method: str) -> None:
    given = floor()
    answer = client(given).open("/v1/agents/zoe/desk", method=method)
    assert answer.status_code == 404 and "there are: ann, bob, cy" in answer.json["error"] and given.asked == []


def test_given_the_house_refuses_when_the_desk_says_that_it_is_there_then_its_own_words() -> None:
    given = floor(answer=lambda event: (Decision(event=event, refused="no agent is called 'ann'"),))
    answer = client(given).put("/v1/agents/ann/desk")
    assert (answer.status_code, answer.json["error"]) == (409, "no agent is called 'ann'")


def test_given_a_caller_who_rings_when_looked_at_then_who_they_are_and_how_long_they_have_waited() -> None:
    found = client(floor()).get("/v1/agents/ann/desk").json
    assert found["state"] == "offered" and found["desk"] is None and found["lost_in_s"] is None
    customer = found["customer"]
    assert (customer["call"], customer["queue"], customer["number"]) == ("c1", "sales", call("c1").caller_number)
    assert (customer["waited_s"], customer["rings_s"], customer["talks_s"]) == (5.0, 11.0, None)
    assert found["lines"] == [{"queue": "sales", "waiting": 2}, {"queue": "help", "waiting": 0}]
    assert found["reasons"] == ["lunch", "meeting"] and found["lease_s"] == 30.0


def test_given_a_talk_when_looked_at_then_since_when_and_what_the_flow_says_of_the_caller() -> None:
    frame = Frame(flow="main", version="v", step="q", since=T0)  # type: ignore[arg-type]
    records = [
        *people(),
        call("c1", owner=Owner.AGENT, entry="e1", frame=frame, tags={"customer": "gold"}, **LIVE),
        offer("o1", state=OfferState.BRIDGED, bridged_at=T0 + 15, outcome=None, **LIVE),
        Agent(id=ANN, state=AgentState.TALKING, since=T0 + 15, offer="o1"),  # type: ignore[arg-type]
    ]
    customer = client(floor(records)).get("/v1/agents/ann/desk").json["customer"]
    assert (customer["rings_s"], customer["talks_s"], customer["tags"]) == (None, 5.0, {"customer": "gold"})


@pytest.mark.parametrize(
    ("desk", "state", "lost_in_s"),
    [(Desk(id=ANN, since=T0, until=T0 + 30), "open", 10.0), (Desk(id=ANN, since=T0, state=DeskState.LOST), "lost", None)],
)
def test_given_a_desk_when_looked_at_then_whether_it_is_there_and_for_how_long(desk: Desk, state: str, lost_in_s: float) -> None:
    given = floor([*people(), desk])
    found = client(given).get("/v1/agents/ann/desk").json
    assert (found["desk"], found["lost_in_s"]) == (state, lost_in_s)
    of_all = next(one for one in client(given).get("/v1/state").json["agents"] if one["agent"] == "ann")
    assert of_all["desk"] == state
