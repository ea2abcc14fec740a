"""The whole house with a server outside: a flow asks it, a mailbox's people are told, a secret that is missing is refused."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from acd.app import App
from acd.beyond import opened_of
from acd.config.document import Refused
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.live import notices
from acd.places import Places
from acd.records.batch import Batch
from acd.records.rows import callback_row
from acd.records.store import Store
from acd.words import CallId, QueueId
from tests.live import hostile
from tests.live.hostile import Hostile, whole
from tests.test_app import arrives, places, start

__all__ = ["places", "start"]

FLOW = """
start: ask
steps:
  ask:
    step: http
    url: http://127.0.0.1:{port}/who/{{{{ call.dialled }}}}
    headers: {{Authorization: {{secret: token}}}}
    into: {{who: name}}
    next: known
    otherwise: known
  known: {{step: play, prompt: "Hello {{{{ who }}}}.", next: end}}
  end: {{step: hang_up}}
"""
MORE = """
secrets: {{token: {{env: ACD_TEST_TOKEN}}}}
requests: {{allow: ["127.0.0.1:{port}"]}}
mailboxes: {{main: {{notify: {{url: "http://127.0.0.1:{port}/hook", secret: token}}}}}}
"""


@pytest.fixture
def server(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    """Beside the house, which is told of it."""
    monkeypatch.setenv("ACD_TEST_TOKEN", "s3cret-value")
    monkeypatch.setattr(notices, "LOOK_S", 0.01)
    with hostile.hostile() as running:
        (places.config / "flows" / "main.yaml").write_text(FLOW.format(port=running.port))
        with (places.config / "acd.yaml").open("a") as file:
            file.write(MORE.format(port=running.port))
        yield running


def until(what: Callable[[], bool]) -> None:
    with gevent.Timeout(20):
        while not what():
            gevent.sleep(0.01)


def test_given_a_flow_that_asks_when_a_caller_comes_then_it_is_told_and_the_secret_is_written_nowhere(
    places: Places, start: Callable[[], App], server: Hostile
) -> None:
    server.answers["/who/100"] = whole(b'{"name": "Ada"}')
    app = start()
    arrives(app, "u1")
    until(lambda: any(call.frame is not None and call.frame.step == "known" for call in app.state.calls.values()))
    (call,) = app.state.calls.values()
    assert call.frame is not None and call.frame.variables == {"who": "Ada"}
    assert server.requests[0][1]["authorization"] == "s3cret-value"
    app.stop()
    kept = b"".join(file.read_bytes() for file in Path(places.home).rglob("*") if file.is_file())
    assert b"s3cret-value" not in kept and b"Ada" in kept


def test_given_a_message_in_the_records_when_it_is_there_then_its_mailbox_is_told(
    places: Places, start: Callable[[], App], server: Hostile
) -> None:
    server.answers["/hook"] = whole(b"")
    app = start()
    until(lambda: (places.home / "notices.db").exists())
    left_at = app.clock() + 0.001
    row = {"id": "c1.1", "contact": "c1", "mailbox": "main", "caller_number": "+491", "left_at": left_at, "seconds": 3.0}
    store = Store(f"sqlite:///{places.database.absolute()}")
    store.open()
    line = store.cursor()
    store.write(Batch(after=line, line=line, rows={"messages": {"c1.1": row}}, running={}))
    store.close()
    app.beyond.notices.written = lambda: 1_000_000
    until(lambda: bool(server.requests))
    assert json.loads(server.requests[0][2])["id"] == "c1.1"


def test_given_a_callback_that_never_came_about_when_it_is_recorded_then_the_mailbox_of_its_queue_is_told(
    places: Places, start: Callable[[], App], server: Hostile
) -> None:
    server.answers["/hook"] = whole(b"")
    app = start()
    until(lambda: (places.home / "notices.db").exists())
    app.beyond.change(replace(app.loaded.configuration.outside, callbacks={"sales": "main"}), opened_of(app.loaded.configuration))
    at = app.clock()
    lost = Callback(
        id="c1.9", call=CallId("c1.9"), queue=QueueId("sales"), number="+491", asked_at=at - 60, since=at - 60, expires_at=at,
        state=CallbackState.ENDED, outcome=CallbackOutcome.EXPIRED, ended_at=at + 0.001, why="nobody was there",
    )  # fmt: skip
    store = Store(f"sqlite:///{places.database.absolute()}")
    store.open()
    line = store.cursor()
    store.write(Batch(after=line, line=line, rows={"callbacks": {"c1.9": callback_row(lost)}}, running={}))
    store.close()
    app.beyond.notices.written = lambda: 1_000_000
    until(lambda: bool(server.requests))
    told = json.loads(server.requests[0][2])
    assert (told["kind"], told["number"], told["outcome"], told["why"]) == ("callback", "+491", "expired", "nobody was there")


def test_given_a_secret_that_is_missing_when_started_or_reloaded_then_it_is_refused_with_its_line(
    places: Places, start: Callable[[], App], server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start()
    monkeypatch.delenv("ACD_TEST_TOKEN")
    before = app.state.policy
    for refused in (lambda: app.changes.apply(by="ann"), lambda: App(Places(config=places.config, home=places.home / "other"))):
        with pytest.raises(Refused, match=r"acd.yaml:9:11: the secret 'token' is missing: environment variable ACD_TEST_TOKEN"):
            refused()
    assert app.state.policy is before and not (places.home / "other").exists()
