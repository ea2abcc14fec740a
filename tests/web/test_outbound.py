"""The control socket: room for calls outside, and callbacks that people add, hurry and cancel."""

from acd.core.events import CallbackAsked, CallbackWished
from acd.core.outside.callback import Callback
from acd.core.outside.outgoing import Tally
from tests.metrics.floor import floor
from tests.records.making import T0
from tests.web.test_control import client_of

BACK = Callback(id="b1", call="b1", queue="sales", number="+4930", asked_at=T0, since=T0, expires_at=T0 + 9)  # type: ignore[arg-type]


def test_given_calls_outside_when_room_is_asked_for_then_each_account_stands_against_its_limit() -> None:
    given = floor()
    given.state.put(Tally(id="agent/ann", count=3, until=T0 + 900))
    given.state.put(Tally(id="trunk/x", count=3, until=T0 + 900, recent=(T0,)))
    found = client_of(given).get("/v1/outbound").json
    assert found["accounts"] == [{"account": "agent/ann", "calls": 3, "limit": None, "left": None, "until": T0 + 900}]


def test_given_a_callback_when_hurried_or_cancelled_then_the_core_is_asked() -> None:
    given = floor()
    given.state.callbacks["b1"] = BACK
    client = client_of(given)
    assert client.post("/v1/callbacks/b1/now").json == {"callback": "b1", "state": "held"}
    client.post("/v1/callbacks/b1/cancel", json={"by": "eva"})
    assert [(e.callback, e.wish, e.by) for e in given.asked if isinstance(e, CallbackAsked)] == [
        ("b1", "now", "command line"),
        ("b1", "cancel", "eva"),
    ]


def test_given_a_number_when_it_is_to_be_called_back_then_the_core_is_asked_with_an_id_of_ours() -> None:
    given = floor()
    body = {"number": "+4930", "queue": "sales", "when": "1.5", "priority": "3", "by": "eva"}
    answer = client_of(given).post("/v1/callbacks", json=body)
    (event,) = given.asked
    assert isinstance(event, CallbackWished) and answer.json is not None and event.callback == answer.json["callback"]
    assert (event.number, event.queue, event.when, event.priority, event.by) == ("+4930", "sales", 1.5, 3, "eva")


def test_given_nonsense_when_asked_then_refused_and_the_core_never_hears_it() -> None:
    given = floor()
    given.state.callbacks["b1"] = BACK
    client = client_of(given)
    assert client.post("/v1/callbacks/b2/now").status_code == 404
    assert client.post("/v1/callbacks/b1/later").status_code == 422
    assert client.post("/v1/callbacks", json={"number": "1", "queue": "q", "when": "soon"}).status_code == 422
    assert given.asked == []
