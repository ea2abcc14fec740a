"""What programs beside the house are told: numbered, kept for a while, and nobody waits for them."""

import json

import gevent
import pytest
from flask import Flask

from acd.live.stream import Stream
from acd.web.events import AT_ONCE, events, lines


def told(stream: Stream, n: int) -> list[str]:
    return [each.event for each in stream.after(n, 0.0)]


def test_given_events_when_a_reader_comes_back_with_the_last_number_it_has_then_it_hears_those_after_it_and_no_other() -> None:
    stream = Stream(lambda: 100.0)
    for name in ("one", "two", "three"):
        stream.tell(name, {})
    second = stream.after(stream.first, 0.0)[1]
    assert (second.n, told(stream, second.n), told(stream, stream.last)) == (100_002, ["three"], [])
    assert not stream.missed(second.n)


def test_given_more_than_are_kept_when_a_slow_reader_comes_then_it_is_told_that_some_are_gone() -> None:
    stream = Stream(lambda: 100.0, kept=2)
    before = stream.last
    stream.tell("one", {})
    stream.tell("two", {})
    assert not stream.missed(before)
    stream.tell("three", {})
    assert stream.missed(before) and not stream.missed(before + 1) and told(stream, before) == ["two", "three"]


def test_given_a_restart_when_a_reader_comes_with_a_number_of_the_run_before_then_told_that_it_may_have_missed_some() -> None:
    before = Stream(lambda: 100.0)
    before.tell("one", {})
    after = Stream(lambda: 130.0)
    after.tell("two", {})
    assert after.first > before.last and after.missed(before.last) and told(after, before.last) == ["two"]


def test_given_two_who_listen_when_something_is_told_then_both_hear_it_at_once() -> None:
    stream = Stream(lambda: 100.0)
    waiting = [gevent.spawn(stream.after, stream.last, 5.0) for _ in range(2)]
    gevent.idle()
    stream.tell("one", {})
    gevent.joinall(waiting, timeout=1)
    assert [[each.event for each in one.value or ()] for one in waiting] == [["one"], ["one"]]


TEXTS = ["a\nb", "\x1b[2J", '"}\r\n{"event": "lead_offered"', "\u2028", "\u202egnp", "{{call.number}}", "'; DROP TABLE"]


@pytest.mark.parametrize("text", TEXTS)
def test_given_what_a_stranger_wrote_when_told_then_one_line_of_ascii_that_says_the_same(text: str) -> None:
    stream = Stream(lambda: 100.0)
    stream.tell("lead_offered", {"agent": "anna", "lead": {"name": text}, "event": text, "v": text})
    listened = lines(stream, stream.first, "anna", 0.0)
    assert next(listened) == "\n"
    line = next(listened)
    assert line.isascii() and line.endswith("\n") and len(line.splitlines()) == 1 and "\x1b" not in line
    found = json.loads(line)
    assert (found["lead"]["name"], found["event"], found["v"], found["n"]) == (text, "lead_offered", 1, stream.last)


def test_given_another_agents_lead_when_one_listens_for_their_own_then_only_that_and_empty_lines_between() -> None:
    stream = Stream(lambda: 100.0)
    listened = lines(stream, stream.last, "anna", 0.0)
    assert [next(listened), next(listened)] == ["\n", "\n"]
    stream.tell("lead_offered", {"agent": "ben"})
    stream.tell("lead_offered", {"agent": "anna"})
    assert json.loads(next(listened))["agent"] == "anna"


def client(stream: Stream) -> Flask:
    app = Flask("test")
    events(stream)(app)
    return app


def test_given_the_control_socket_when_asked_since_0_then_all_that_is_kept_and_nonsense_is_refused() -> None:
    stream = Stream(lambda: 100.0)
    stream.tell("one", {"agent": "anna"})
    app = client(stream)
    answer = app.test_client().get("/v1/events?since=0", buffered=False)
    told = iter(answer.response)
    assert [next(told), json.loads(next(told))["event"]] == [b"\n", "one"]
    for wrong in ("soon", "-1", "1" * 20):
        assert app.test_client().get(f"/v1/events?since={wrong}").status_code == 422


def test_given_as_many_as_may_listen_when_one_more_asks_then_refused_until_one_goes() -> None:
    app = client(Stream(lambda: 100.0))
    there = [app.test_client().get("/v1/events", buffered=False) for _ in range(AT_ONCE)]
    for each in there:
        next(iter(each.response))
    assert app.test_client().get("/v1/events").status_code == 503
    there[0].close()
    assert app.test_client().get("/v1/events", buffered=False).status_code == 200
