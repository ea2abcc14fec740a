import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from acd.changes import NotNow
from acd.config.document import Problem, Refused
from acd.core.decision import Decision
from acd.core.events import AgentAsked, HangUpAsked
from acd.live.controller import Unanswered
from acd.records.story import tell
from acd.web.control import build_control_app
from acd.words import Wish
from tests.metrics.floor import FakeChanges, FakeFloor, floor
from tests.records.making import T0


def client_of(given: FakeFloor) -> FlaskClient:
    return build_control_app(given).test_client()


def test_given_a_busy_floor_when_the_state_is_asked_for_then_it_shows_who_waits_and_who_works() -> None:
    found: Any = client_of(floor()).get("/v1/state").json
    sales = next(q for q in found["queues"] if q["queue"] == "sales")
    assert (sales["waiting"], sales["talking"], sales["longest_wait_s"]) == (2, 0, 16)
    assert [(c["place"], c["call"], c["waited_s"], c["rings"]) for c in sales["callers"]] == [
        (1, "c1", 16, "ann"),
        (2, "c2", 12, None),
    ]
    assert sales["agents"] == {"not_ready": 1, "offered": 1}
    agents = {a["agent"]: a for a in found["agents"]}
    assert (agents["ann"]["state"], agents["ann"]["for_s"], agents["ann"]["call"], agents["ann"]["registered"]) == (
        "offered",
        11,
        "c1",
        True,
    )
    assert (agents["bob"]["reason"], agents["bob"]["registered"]) == ("lunch", False)
    assert (agents["cy"]["state"], agents["cy"]["since"]) == ("logged_out", None)
    calls = {c["id"]: c for c in found["calls"]}
    assert (calls["c3"]["owner"], calls["c3"]["flow"], calls["c3"]["step"]) == ("flow", "main", "menu")
    assert calls["c1"]["queue"] == "sales"


@pytest.mark.parametrize(
    ("path", "wish"), [("ready", Wish.READY), ("not-ready", Wish.NOT_READY), ("log_in", Wish.LOG_IN), ("log-out", Wish.LOG_OUT)]
)
def test_given_an_agent_when_a_state_is_asked_for_then_the_core_is_asked_and_the_agent_is_shown(path: str, wish: Wish) -> None:
    given = floor()
    answer = client_of(given).post(f"/v1/agents/bob/{path}", json={})
    assert answer.status_code == 200 and answer.json is not None and answer.json["agent"] == "bob"
    assert given.asked == [AgentAsked(at=T0 + 20, agent="bob", wish=wish, by="command line")]  # type: ignore[arg-type]


def test_given_a_reason_when_asked_not_ready_then_it_goes_along() -> None:
    given = floor()
    client_of(given).post("/v1/agents/bob/not-ready", json={"reason": "meeting"})
    assert [event.reason for event in given.asked if isinstance(event, AgentAsked)] == ["meeting"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/agents/zoe/ready", {}, 404, "there are: ann, bob, cy"),
        ("/v1/agents/bob/dance", {}, 422, "allowed are: dispose, log_in, log_out, more_time, nail_up, not_ready, ready, take_down"),
        ("/v1/agents/bob/not-ready", {"reason": "nap"}, 422, "allowed are: lunch, meeting"),
        ("/v1/agents/bob/not-ready", {"reason": 7}, 422, "as text"),
        ("/v1/agents/bob/not-ready", ["reason"], 422, "JSON object"),
        ("/v1/agents/bob/not-ready", {"reason": "rna"}, 422, "allowed are"),
        ("/v1/calls/c9/hangup", {}, 404, "no call c9"),
        ("/v1/nothing", {}, 404, ""),
    ],
)
def test_given_a_wrong_question_when_asked_then_it_is_refused_with_what_is_allowed_and_the_core_never_hears_it(
    path: str, body: Any, status: int, said: str
) -> None:
    given = floor()
    answer = client_of(given).post(path, json=body)
    assert answer.status_code == status and answer.json is not None and said in answer.json["error"]
    assert given.asked == []


def test_given_a_body_that_is_too_big_when_sent_then_it_is_refused() -> None:
    answer = client_of(floor()).post(
        "/v1/agents/bob/ready", data=json.dumps({"reason": "x" * 100_000}), content_type="application/json"
    )
    assert answer.status_code in (413, 422)


def test_given_a_wish_that_the_house_refuses_when_asked_then_its_words_come_back() -> None:
    given = floor(answer=lambda event: (Decision(event=event, refused="the phone is not registered"),))
    answer = client_of(given).post("/v1/agents/bob/ready", json={})
    assert (answer.status_code, answer.json) == (409, {"error": "the phone is not registered"})


def test_given_a_controller_that_hangs_when_asked_then_the_answer_is_503() -> None:
    def hang(event: object) -> tuple[Decision, ...]:
        raise Unanswered("no answer within 5 s")

    answer = client_of(floor(answer=hang)).post("/v1/agents/bob/ready", json={})
    assert answer.status_code == 503 and answer.json is not None and "no answer within 5 s" in answer.json["error"]


def test_given_a_call_when_its_hang_up_is_asked_for_then_the_core_is_asked() -> None:
    given = floor()
    assert client_of(given).post("/v1/calls/c1/hangup").status_code == 200
    assert client_of(given).post("/v1/calls/c1/hangup", json={"by": "eva"}).status_code == 200
    assert [(each.call, each.by) for each in given.asked if isinstance(each, HangUpAsked)] == [("c1", "command line"), ("c1", "eva")]


def test_given_a_running_call_when_its_story_is_asked_for_then_it_can_be_told_up_to_now() -> None:
    found: Any = client_of(floor()).get("/v1/calls/c1").json
    texts = [moment.text for moment in tell(found)]
    assert "joined queue sales" in texts[-3] and texts[-1] == "ann's phone rings"
    assert client_of(floor()).get("/v1/calls/c9").status_code == 404


def test_given_a_plan_when_applied_then_the_one_that_was_looked_at_is_asked_for_and_the_version_is_said() -> None:
    given = floor()
    plan: Any = client_of(given).get("/v1/plan").json
    answer: Any = client_of(given).post("/v1/apply", json={"by": "ann", "expect": plan["token"]}).json
    assert (plan["after"], answer["n"], answer["version"]) == ("p2", 7, "p2")
    assert given.changes.done == [("ann", "apply", "t1", None)]


def test_given_a_version_when_gone_back_to_then_its_number_is_asked_for() -> None:
    given = floor()
    assert client_of(given).get("/v1/plan/3").status_code == 200 and given.changes.looked == [3]
    assert client_of(given).post("/v1/rollback/3", json={}).status_code == 200
    assert given.changes.done == [("command line", "rollback", "", 3)]


def test_given_a_bad_configuration_when_applied_then_every_problem_comes_back_with_its_place_ACD_84() -> None:
    problems = [Problem(file="acd.yaml", line=7, column=3, what="no"), Problem(file="main.yaml", line=2, column=1, what="nor this")]
    given = floor(changes=FakeChanges(found=Refused(problems), fails=Refused(problems)))
    for answer in (client_of(given).get("/v1/plan"), client_of(given).post("/v1/apply", json={})):
        assert answer.status_code == 422 and answer.json is not None
        assert answer.json["error"] == "acd.yaml:7:3: no\nmain.yaml:2:1: nor this"
        assert answer.json["problems"][1] == {"file": "main.yaml", "line": 2, "column": 1, "what": "nor this"}


@pytest.mark.parametrize(
    ("error", "status"), [(NotNow("files have changed"), 409), (OSError(28, "No space left"), 500), (Unanswered("busy"), 503)]
)
def test_given_a_change_that_cannot_be_when_asked_then_it_is_said_why(error: Exception, status: int) -> None:
    answer = client_of(floor(changes=FakeChanges(fails=error))).post("/v1/apply", json={})
    assert answer.status_code == status and answer.json is not None and error.args[-1] in answer.json["error"]


def test_given_ten_thousand_waiting_when_shown_then_the_count_is_of_all_and_the_list_is_short_F38() -> None:
    from tests.metrics.floor import WAITING
    from tests.records.making import entry

    given = floor(records=[entry(f"e{i}", call=f"c{i}", **WAITING | {"since": T0 - i}) for i in range(1_000)])
    found: Any = client_of(given).get("/v1/state").json
    (sales,) = [q for q in found["queues"] if q["queue"] == "sales"]
    assert (sales["waiting"], len(sales["callers"]), sales["callers"][0]["call"]) == (1_000, 200, "c999")
