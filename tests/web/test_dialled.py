"""The control socket: a number that is dialled for a queue, and dropped."""

import pytest

from acd.core.events import DialAsked, DialDropAsked
from acd.core.outside.dialled_call import DialledCall
from acd.words import Owner
from tests.metrics.floor import floor
from tests.records.making import T0, call
from tests.web.test_control import client_of


def test_given_a_number_when_it_is_to_be_dialled_then_the_core_is_asked_with_an_id_of_ours() -> None:
    given = floor()
    body = {"number": "+4930", "queue": "sales", "message": "sorry", "priority": "3", "ring_s": "20"}
    answer = client_of(given).post("/v1/dialled", json=body)
    (event,) = given.asked
    assert isinstance(event, DialAsked) and answer.json is not None and event.attempt == answer.json["attempt"]
    assert (event.number, event.queue, event.message, event.priority, event.ring_s) == ("+4930", "sales", "sorry", 3, 20.0)


def test_given_a_number_and_a_flow_when_it_is_to_be_dialled_then_for_no_queue() -> None:
    given = floor()
    client_of(given).post("/v1/dialled", json={"number": "+4930", "flow": "reminder"})
    (event,) = given.asked
    assert isinstance(event, DialAsked) and (event.queue, event.flow) == (None, "reminder")


def test_given_an_attempt_when_dropped_then_the_core_is_asked_and_an_unknown_one_is_not_found() -> None:
    given = floor()
    given.state.put(DialledCall(id="t1", queue="sales", number="+4930", at=T0))  # type: ignore[arg-type]
    client = client_of(given)
    assert client.post("/v1/dialled/t1/drop").json == {"attempt": "t1", "state": "dialling"}
    assert [e.attempt for e in given.asked if isinstance(e, DialDropAsked)] == ["t1"]
    assert client.post("/v1/dialled/t2/drop").status_code == 404


@pytest.mark.parametrize("odd", [{"priority": "high"}, {"ring_s": "long"}])
def test_given_nonsense_when_asked_then_refused_and_the_core_never_hears_it(odd: dict[str, str]) -> None:
    given = floor()
    assert client_of(given).post("/v1/dialled", json={"number": "1", "queue": "q"} | odd).status_code == 422
    assert not given.asked


def test_given_a_call_that_a_campaign_dialled_when_asked_for_by_its_attempt_then_the_story_of_that_call() -> None:
    given = floor()
    given.state.put(call("c1", attempt="t1", owner=Owner.FLOW, ended_at=None))
    given.state.put(DialledCall(id="t1", queue="sales", number="+4930", at=T0, call="c1"))  # type: ignore[arg-type]
    given.state.put(DialledCall(id="t2", queue="sales", number="+4931", at=T0))  # type: ignore[arg-type]
    client = client_of(given)
    found = client.get("/v1/calls/t1").json
    assert found is not None and (found["contact"]["id"], [one["id"] for one in found["dialled"]]) == ("c1", ["t1"])
    assert client.get("/v1/calls/t2").status_code == 404, "nobody has answered yet"
