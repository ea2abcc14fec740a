"""Errands against a server that does all that servers should not (FAULTS.md F44, S10): each ends once, soon, in one word."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gevent
import pytest
import trustme
from gevent.event import Event
from gevent.queue import Queue
from gevent.ssl import SSLContext

from acd.core.commands import AskCampaigns, Fetch, Find, Secret
from acd.core.events import ErrandDone
from acd.live import http_calls
from acd.live.addresses import Allowed, allowed
from acd.live.errands import Errands, as_text, at
from acd.live.http_calls import Outbound, Resolver, tls_context
from acd.words import AgentId, LegId, PlayId
from tests.live import hostile
from tests.live.hostile import Hostile, whole

SOON_S = 0.3
HERE = allowed(["127.0.0.1"])


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile.hostile() as running:
        yield running


class Rows:
    def __init__(self, *rows: Mapping[str, str]) -> None:
        self.rows = rows

    def find(self, source: str, table: str, where: Mapping[str, str], columns: Sequence[str]) -> Sequence[Mapping[str, str]]:
        return self.rows


class House:
    """Errands with a clock to turn, names to give out, and all that was posted."""

    def __init__(self, may: Allowed = HERE, names: Mapping[str, list[str]] | None = None, **more: Any) -> None:
        self.names = dict(names or {})
        self.resolved: list[str] = []
        self.at = 1000.0
        self.posted: Queue[ErrandDone] = Queue()
        given = {"finder": Rows(), "secrets": {"token": "s3cret-value"}} | more
        tls = given.pop("tls", None) or tls_context()
        outbound = Outbound(allowed=may, resolve=self.resolve, tls=tls)
        self.errands = Errands(post=self.posted.put, clock=lambda: self.at, outbound=outbound, **given)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        return self.names.get(host, ["127.0.0.1"])

    def does(self, errand: Fetch | Find | AskCampaigns) -> ErrandDone:
        self.errands.send([errand])
        return self.hears()

    def hears(self) -> ErrandDone:
        done: ErrandDone = self.posted.get(timeout=10)
        return done


def fetch(server: Hostile, path: str = "/x", **more: Any) -> Fetch:
    host = more.pop("host", "crm.test")
    scheme = more.pop("scheme", "http")
    given: dict[str, Any] = {"method": "GET", "url": f"{scheme}://{host}:{server.port}{path}", "timeout_s": 5.0} | more
    return Fetch(leg=LegId("a/u1"), errand=PlayId("c1.1"), **given)


# -- what goes well ---


def test_given_a_good_answer_when_fetched_then_values_are_texts_and_missing_ones_empty(server: Hostile) -> None:
    server.answers["/x"] = whole(b'{"a": {"b": [1, {"c": "deep"}]}, "n": 1.50, "t": true, "z": null, "o": {}}')
    take = {"c": "a.b.1.c", "first": "a.b.0", "n": "n", "t": "t", "z": "z", "o": "o", "out": "a.b.7", "odd": "a.b.x", "up": "a.b.-1"}
    done = House().does(fetch(server, take=take))
    empty = dict.fromkeys(("z", "o", "out", "odd", "up"), "")
    assert (done.status, done.why) == (200, "") and done.values == {"c": "deep", "first": "1", "n": "1.5", "t": "true", **empty}
    assert (done.leg, done.errand, done.at) == ("a/u1", "c1.1", 1000.0)


def test_given_a_long_value_when_fetched_then_it_is_cut(server: Hostile) -> None:
    server.answers["/x"] = whole(b'{"a": "' + b"y" * 5000 + b'"}')
    assert House().does(fetch(server, take={"a": "a"})).values == {"a": "y" * 1000}


def test_given_a_post_when_sent_then_body_headers_and_secret_arrive_and_no_proxy_or_cookie_is_known(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.answers["/x"] = whole(b"", b"204 No Content", b"set-cookie: a=b")
    headers = (("authorization", Secret(name="token", before="Bearer ")), ("x-name", "Ännchen"))
    house = House()
    for _ in range(2):
        assert house.does(fetch(server, method="POST", headers=headers, body='{"a": "é"}')).status == 204
    (line, heads, body), again = server.requests
    assert line == "POST /x HTTP/1.1" and body == '{"a": "é"}'.encode() and heads["authorization"] == "Bearer s3cret-value"
    assert heads["x-name"].encode("latin-1").decode() == "Ännchen" and heads["host"] == f"crm.test:{server.port}"
    assert "cookie" not in again[1]


def test_given_a_secret_that_is_gone_when_fetched_then_it_failed_and_nothing_is_sent(server: Hostile) -> None:
    done = House(secrets={}).does(fetch(server, headers=(("authorization", Secret(name="token")),)))
    assert done.why == "failed" and server.connections == 0


def test_given_a_refusal_when_fetched_then_its_status_is_told_with_what_it_says(server: Hostile) -> None:
    server.answers["/x"] = whole(b'{"why": "blocked"}', b"409 Conflict")
    server.answers["/y"] = whole(b"<html>", b"409 Conflict")
    house = House()
    done, other = house.does(fetch(server, take={"why": "why"})), house.does(fetch(server, "/y", take={"why": "why"}))
    assert (done.status, done.why, done.values) == (409, "", {"why": "blocked"})
    assert (other.status, other.why, other.values) == (409, "", {})


# -- what goes wrong (F44) ---


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (hostile.hangs, "timeout"),
        (hostile.drips, "timeout"),
        (hostile.floods, "too_large"),
        (hostile.floods_of_promises, "bad_answer"),
        (hostile.crumbs, "bad_answer"),
        (hostile.closes, "unreachable"),
        (hostile.bomb(), "too_large"),
        (whole(b"[" * 500_000), "bad_answer"),
        (whole(b"<html>"), "bad_answer"),
        (whole(b'{"a": NaN}'), "bad_answer"),
        (whole(b"\xff\xfe"), "bad_answer"),
        (whole(b"x", b"200 OK", b"content-encoding: gzip"), "bad_answer"),
        (whole(b"x", b"200 OK", b"content-encoding: br"), "bad_answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000 + b"\r\n\r\n", "bad_answer"),
        (whole(b"", b"302 Found", b"location: /x"), "bad_answer"),
        (whole(b"", b"302 Found", b"location: gopher://127.0.0.1/"), "forbidden"),
        (whole(b"", b"302 Found", b"location: file:///etc/passwd"), "forbidden"),
        (whole(b"", b"302 Found", b"location: http://user:word@crm.test/"), "forbidden"),
        (whole(b"", b"302 Found", b"location: http://[::1"), "bad_answer"),
    ],
)
def test_given_a_hostile_server_when_fetched_then_it_ends_in_a_word_f44(server: Hostile, answer: Any, why: str) -> None:
    server.answers["/x"] = answer
    slow = why == "timeout"
    done = House().does(fetch(server, take={"a": "a"}, timeout_s=SOON_S if slow else 20.0))
    assert done.why == why
    assert server.gone.wait(timeout=10), "the connection was left open"


def test_given_a_port_where_nobody_is_when_fetched_then_it_is_unreachable_f44(server: Hostile) -> None:
    server.server.stop()
    assert House().does(fetch(server)).why == "unreachable"


def test_given_a_name_server_that_hangs_when_fetched_then_the_deadline_holds_f44(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(http_calls.monkey, "get_original", lambda *_: lambda *_: let_go.wait(20))
    house = House()
    house.errands.outbound.resolve = Resolver(threads=1)
    house.errands.send([fetch(server, timeout_s=SOON_S), fetch(server, timeout_s=SOON_S)])  # the second finds no thread
    try:
        assert [house.hears().why, house.hears().why] == ["timeout", "timeout"]
    finally:
        let_go.set()


def test_given_no_such_name_when_fetched_then_it_is_unreachable(server: Hostile) -> None:
    house = House()
    house.errands.outbound.resolve = Resolver()
    assert house.does(fetch(server, host="no-such-name.invalid", timeout_s=20.0)).why == "unreachable"


def test_given_one_of_a_names_addresses_says_nothing_when_fetched_then_the_next_is_tried(server: Hostile) -> None:
    server.answers["/x"] = whole(b"{}")
    house = House(may=allowed(["127.0.0.0/8"]), names={"crm.test": ["127.0.0.9", "127.0.0.1"]})
    assert house.does(fetch(server)).status == 200


# -- where requests may go (S10) ---


def test_given_a_private_address_when_fetched_then_it_is_forbidden_and_nobody_is_connected_s10(server: Hostile) -> None:
    house = House(may=allowed([]), names={"crm.test": ["10.0.0.1"]})
    whys = [house.does(fetch(server, host=host)).why for host in ("crm.test", "2130706433", "localhost", "[::1]", "127.0.0.1")]
    assert whys == ["forbidden"] * 5 and server.connections == 0


def test_given_a_name_with_a_public_and_a_private_address_when_fetched_then_it_is_forbidden_s10(server: Hostile) -> None:
    house = House(may=allowed([]), names={"crm.test": ["8.8.8.8", "127.0.0.1"]})
    assert house.does(fetch(server)).why == "forbidden" and server.connections == 0


def test_given_a_name_that_changes_when_it_was_looked_at_then_it_is_not_asked_again_s10(server: Hostile) -> None:
    """DNS rebinding: the second answer would be a private address."""
    server.answers["/x"] = whole(b"{}")
    house = House(may=HERE)
    assert house.does(fetch(server)).status == 200 and house.resolved == ["crm.test"]


def test_given_a_redirect_to_a_private_address_by_another_name_when_followed_then_it_is_forbidden_s10(server: Hostile) -> None:
    server.answers["/x"] = whole(b"", b"302 Found", b"location: http://innocent.test:%d/secret" % server.port)
    house = House(names={"innocent.test": ["127.0.0.2"]})
    assert house.does(fetch(server)).why == "forbidden" and house.resolved == ["crm.test", "innocent.test"]
    assert server.connections == 1


def test_given_a_redirect_to_another_host_when_followed_then_no_header_of_the_flow_goes_along(server: Hostile) -> None:
    server.answers["/x"] = whole(b"", b"307 Temporary Redirect", b"location: http://other.test:%d/y" % server.port)
    server.answers["/y"] = whole(b"{}")
    headers = (("authorization", Secret(name="token")), ("x-key", "k"), ("accept", "application/json"))
    assert House().does(fetch(server, headers=headers)).status == 200
    first, second = (heads for _, heads, _ in server.requests)
    assert first["x-key"] == "k" and {"authorization", "x-key"}.isdisjoint(second) and second["accept"] == "application/json"


def test_given_a_redirect_with_a_body_to_another_host_when_asked_then_it_is_not_passed_on(server: Hostile) -> None:
    server.answers["/x"] = whole(b"", b"307 Temporary Redirect", b"location: http://other.test:%d/y" % server.port)
    assert House().does(fetch(server, method="POST", body="{}")).why == "forbidden" and server.connections == 1


def test_given_a_post_when_sent_on_then_it_is_asked_again_only_where_that_is_meant(server: Hostile) -> None:
    house = House()
    lines = {}
    for status in (b"302 Found", b"303 See Other", b"307 Temporary Redirect"):
        server.requests.clear()
        server.answers |= {"/x": whole(b"", status, b"location: /y"), "/y": whole(b"{}")}
        done = house.does(fetch(server, method="POST", body="{}"))
        lines[status[:3]] = (done.why, [line.split(" ")[0] for line, _, _ in server.requests])
    assert lines == {b"302": ("bad_answer", ["POST"]), b"303": ("", ["POST", "GET"]), b"307": ("", ["POST", "POST"])}


# -- TLS ---


def served_with(authority: trustme.CA, name: str) -> SSLContext:
    context = SSLContext(http_calls.ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("name", "known", "why"), [("crm.test", True, ""), ("other.test", True, "unreachable"), ("crm.test", False, "unreachable")]
)
def test_given_a_certificate_when_it_is_for_another_name_or_of_nobody_we_know_then_it_is_refused_f44(
    name: str, known: bool, why: str
) -> None:
    authority = trustme.CA()
    with hostile.hostile(ssl_context=served_with(authority, name)) as server:
        server.answers["/x"] = whole(b"{}")
        context = tls_context()
        if known:
            authority.configure_trust(context)
        assert House(tls=context).does(fetch(server, scheme="https")).why == why
        assert bool(server.requests) == (why == "")


def test_given_https_when_sent_to_http_then_it_is_not_followed() -> None:
    authority = trustme.CA()
    with hostile.hostile(ssl_context=served_with(authority, "crm.test")) as server:
        server.answers["/x"] = whole(b"", b"302 Found", b"location: http://crm.test/")
        context = tls_context()
        authority.configure_trust(context)
        assert House(tls=context).does(fetch(server, scheme="https")).why == "forbidden"


# -- tries, room, rest ---


def test_given_a_server_that_fails_when_more_tries_are_allowed_then_it_is_asked_so_often_and_no_more(server: Hostile) -> None:
    server.answers["/x"] = whole(b"{}", b"503 Service Unavailable")
    house = House()
    assert house.does(fetch(server, tries=3)).status == 503 and server.connections == 3
    assert house.does(fetch(server)).status == 503 and server.connections == 4


def test_given_a_first_try_that_fails_when_the_second_is_good_then_that_is_told(server: Hostile) -> None:
    def once_bad(running: Hostile, connection: Any) -> None:
        if running.connections > 1:
            connection.sendall(whole(b'{"a": 1}'))

    server.answers["/x"] = once_bad
    done = House().does(fetch(server, tries=2, take={"a": "a"}))
    assert (done.why, done.values) == ("", {"a": "1"}) and server.connections == 2


def test_given_five_failures_in_a_row_when_asked_again_then_the_host_rests_and_one_goes_to_see(server: Hostile) -> None:
    server.answers["/x"] = whole(b"{}", b"500 Internal Server Error")
    house = House()
    for _ in range(5):
        assert house.does(fetch(server)).status == 500
    assert house.does(fetch(server)).why == "resting" and server.connections == 5
    house.at += 31
    assert house.does(fetch(server)).status == 500 and house.does(fetch(server)).why == "resting"
    house.at += 31
    server.answers["/x"] = whole(b"{}")
    assert [house.does(fetch(server)).status for _ in range(3)] == [200] * 3
    assert house.does(fetch(server, host="other.test")).status == 200


def test_given_a_host_that_hangs_when_many_callers_need_it_then_it_gets_half_the_room_and_the_rest_is_told_at_once(
    server: Hostile,
) -> None:
    server.answers |= {"/x": hostile.hangs, "/y": whole(b"{}")}
    house = House(at_once=4)
    house.errands.send([fetch(server, timeout_s=20.0) for _ in range(50)])
    told = [house.hears().why for _ in range(48)]
    assert told == ["failed"] * 48
    assert house.errands.under_way == 2 and house.does(fetch(server, "/y", host="other.test")).status == 200
    house.errands.stop()
    gevent.sleep(0)
    assert house.errands.under_way == 0


def test_given_many_hosts_that_hang_when_all_room_is_taken_then_the_next_is_told_at_once(server: Hostile) -> None:
    server.answers["/x"] = hostile.hangs
    house = House(at_once=3)
    house.errands.send([fetch(server, timeout_s=20.0, host=f"crm{n}.test") for n in range(5)])
    assert [house.hears().why for _ in range(2)] == ["failed"] * 2 and house.errands.under_way == 3
    house.errands.stop()


def test_given_a_flow_that_is_gone_from_memory_when_stopped_then_nothing_is_posted(server: Hostile) -> None:
    server.answers["/x"] = hostile.hangs
    house = House()
    house.errands.send([fetch(server)])
    assert server.asked.wait(timeout=10)
    house.errands.stop()
    assert house.posted.empty()


# -- rows ---

FIND = Find(leg=LegId("a/u1"), errand=PlayId("c1.1"), source="crm", table="customers", where={"number": "1"}, take={"who": "name"})


@pytest.mark.parametrize(
    ("rows", "why", "values"), [([{"name": "Ada"}], "", {"who": "Ada"}), ([], "not_found", {}), ([{"name": "A"}] * 2, "several", {})]
)
def test_given_rows_when_looked_up_then_one_is_an_answer(rows: Any, why: str, values: Any) -> None:
    done = House(finder=Rows(*rows)).does(FIND)
    assert (done.why, done.values) == (why, values)


def test_given_a_database_that_hangs_when_looked_up_then_the_deadline_holds() -> None:
    class Hangs(Rows):
        def find(self, *_: Any) -> Any:
            Event().wait()

    assert House(finder=Hangs()).does(replace(FIND, timeout_s=SOON_S)).why == "timeout"


# -- what is said ---


def test_given_whatever_goes_wrong_when_logged_then_neither_secret_nor_caller_stands_there(
    server: Hostile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers["/x"] = hostile.closes
    house = House()
    for path in ("/x?number=%2B4930123", "/4930123"):
        house.does(fetch(server, path, headers=(("a", Secret(name="token")),), body="4930123", method="POST"))
    house.does(fetch(server, "/x?n=4930123", host="[bad"))
    said = caplog.text + repr(house.errands)
    assert "crm.test" in said and "s3cret" not in said and "4930123" not in said


@pytest.mark.parametrize("path", ["a.b", "0", "a.99999999999", "a..b", "²"])
def test_given_any_answer_when_a_path_leads_nowhere_then_the_value_is_empty(path: str) -> None:
    assert as_text(at([{"a": [1]}], path) if path == "a.b" else at("text", path)) == ""


# -- what an agent asks of campaigns ---


class Campaigns:
    def asked(self, agent: str, what: str, number: str, campaign: str) -> tuple[str, Mapping[str, str]]:
        return ("it is listed", {}) if number.endswith("9") else ("", {"lead_number": f"{agent} {what} {number} {campaign}"})


@pytest.mark.parametrize(("number", "why", "told"), [("1", "", {"lead_number": "anna call 1 spring"}), ("9", "it is listed", {})])
def test_given_campaigns_when_an_agent_asks_by_phone_then_their_answer_in_their_words(
    number: str, why: str, told: dict[str, str]
) -> None:
    house = House()
    ask = AskCampaigns(
        leg=LegId("a/u1"), errand=PlayId("c1.1"), agent=AgentId("anna"), what="call", number=number, campaign="spring"
    )  # fmt: skip
    assert house.does(ask).why == "failed", "nobody here knows of campaigns"
    house.errands.campaigns = Campaigns()
    done = house.does(ask)
    assert (done.why, done.values) == (why, told)
