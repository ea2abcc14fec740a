"""What agents ask for in a talk, over the control socket and from the command line."""

from typing import Any

import pytest

from acd.core.decision import Decision
from acd.core.events import TalkAsked
from acd.core.talking.talk import Talk
from acd.words import AgentState, EntryKind, EntryState, OfferState, Owner, TalkState
from tests.metrics.floor import LIVE, FakeFloor, floor
from tests.records.making import T0, agent, call, entry, offer
from tests.web.test_control import client_of

BRIDGED = {"state": OfferState.BRIDGED, "outcome": None, "ended_at": None, "ended_by": None, "cause": ""}
CONNECTED = {"state": EntryState.CONNECTED, "outcome": None, "ended_at": None}


def consulting() -> FakeFloor:
    """Ann talks to Cy about the customer of c1, who holds."""
    return floor(
        records=[
            call("c1", owner=Owner.AGENT, entry="e1", talk=Talk(state=TalkState.CONSULTING, consult="k1"), **LIVE),  # type: ignore[arg-type]
            entry("e1", offer="o1", **CONNECTED),
            offer("o1", agent="ann", held_at=T0, **BRIDGED),
            entry("k1", offer="o2", kind=EntryKind.CONSULT, leg="main/o1", queue="help", **CONNECTED),
            offer("o2", agent="cy", entry="k1", leg="main/o2", **BRIDGED),
            agent(AgentState.TALKING, 0, id="ann", offer="o1"),
            agent(AgentState.TALKING, 0, id="cy", offer="o2"),
        ]
    )


def test_given_an_agent_who_talks_when_a_wish_is_asked_then_the_core_hears_it_and_the_talk_is_shown() -> None:
    given = consulting()
    answer = client_of(given).post("/v1/agents/ann/talk/transfer", json={"target": "sales", "by": "eve"})
    assert given.asked == [TalkAsked(at=T0 + 20, agent="ann", what="transfer", target="sales", by="eve")]  # type: ignore[arg-type]
    found: Any = answer.json
    assert (found["state"], found["colleague"], found["queue"], found["holds"], found["role"]) == (
        "consulting", "cy", "help", True, "talks",
    )  # fmt: skip
    assert client_of(given).post("/v1/agents/cy/talk/leave", json={}).json["role"] == "asked"  # type: ignore[index]
    assert client_of(given).post("/v1/agents/bob/talk/hold", json={}).json["state"] == ""  # type: ignore[index]


def test_given_the_floor_when_shown_then_each_call_says_who_hears_whom() -> None:
    shown: Any = client_of(consulting()).get("/v1/state").json
    assert [each["talk"] for each in shown["calls"]] == ["consulting"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/agents/zoe/talk/hold", {}, 404, "there are: ann, bob, cy"),
        ("/v1/agents/ann/talk/sing", {}, 422, "allowed are: cancel, complete, conference, consult, hold"),
        ("/v1/agents/ann/talk/transfer", {"target": 7}, 422, "as text"),
    ],
)
def test_given_a_wrong_question_when_asked_then_it_is_refused_with_what_is_allowed(
    path: str, body: Any, status: int, said: str
) -> None:
    given = consulting()
    answer = client_of(given).post(path, json=body)
    assert answer.status_code == status and answer.json is not None and said in answer.json["error"] and given.asked == []


def test_given_a_wish_that_is_refused_when_asked_then_the_words_of_the_house_come_back() -> None:
    given = floor(answer=lambda event: (Decision(event=event, refused="nobody is being consulted"),))
    answer = client_of(given).post("/v1/agents/ann/talk/toggle", json={})
    assert (answer.status_code, answer.json) == (409, {"error": "nobody is being consulted"})
