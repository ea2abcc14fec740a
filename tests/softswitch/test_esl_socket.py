"""The event socket over real TCP, with a small exchange behind it."""

from collections.abc import Iterator

import gevent
import pytest
from gevent.event import Event as Signal

from softswitch.bus import EventBus
from softswitch.esl.reader import Request
from softswitch.esl.server import EventSocketServer
from tests.softswitch.esl_client import PASSWORD, EslClient


class SmallExchange:
    def __init__(self) -> None:
        self.gate = Signal()
        self.entered = Signal()
        self.messages: list[tuple[str, Request]] = []

    def api(self, command: str, argument: str) -> str:
        if command == "wait":
            self.entered.set()
            self.gate.wait(5)
        return f"+OK {command} {argument}\n" if command != "silent" else ""

    def send_message(self, uuid: str, request: Request) -> str:
        self.messages.append((uuid, request))
        return "+OK" if uuid == "known" else f"-ERR invalid session id [{uuid}]"


class Socket:
    def __init__(self, send_within_s: float = 0.2) -> None:
        self.bus = EventBus()
        self.exchange = SmallExchange()
        self.server = EventSocketServer(
            host="127.0.0.1", port=0, password=PASSWORD, bus=self.bus, exchange=self.exchange, most_events=50,
            send_within_s=send_within_s,
        )  # fmt: skip
        self.server.start()

    def client(self, events: str = "") -> EslClient:
        client = EslClient(self.server.port).log_in()
        if events:
            assert client.ask(events).reply.startswith("+OK")
        return client


@pytest.fixture
def socket() -> Iterator[Socket]:
    found = Socket()
    yield found
    found.server.stop()


def test_given_a_wrong_password_when_logging_in_then_invalid_a_notice_and_the_end(socket: Socket) -> None:
    client = EslClient(socket.server.port)
    assert client.frame().kind == "auth/request"
    assert client.ask("auth nonsense").reply == "-ERR invalid"
    assert client.frame().kind == "text/disconnect-notice"
    with pytest.raises(EOFError):
        client.frame()


def test_given_nobody_logged_in_when_commands_come_then_none_is_found(socket: Socket) -> None:
    client = EslClient(socket.server.port)
    client.frame()
    assert client.ask("api status").reply == "-ERR command not found"
    assert client.ask("event plain ALL").reply == "-ERR command not found"
    assert client.ask(f"auth {PASSWORD}").reply == "+OK accepted"


def test_given_a_client_when_it_says_exit_then_bye_and_a_notice(socket: Socket) -> None:
    client = socket.client()
    assert client.ask("exit").reply == "+OK bye"
    assert client.frame().kind == "text/disconnect-notice"


def test_given_an_api_when_it_answers_nothing_then_no_reply_is_said(socket: Socket) -> None:
    client = socket.client()
    assert client.api("echo a b") == "+OK echo a b\n"
    assert client.api("silent") == "-ERR no reply\n"
    assert client.ask("nonsense").reply == "-ERR command not found"


def test_given_an_api_that_takes_long_when_events_come_then_its_own_connection_waits_and_another_does_not(
    socket: Socket,
) -> None:
    busy, free = socket.client("event plain HEARTBEAT"), socket.client("event plain HEARTBEAT")
    busy.send("api wait")
    socket.exchange.entered.wait(5)
    socket.bus.fire("HEARTBEAT")
    assert free.wait("HEARTBEAT")
    assert busy.events == type(busy.events)()
    socket.exchange.gate.set()
    assert busy.frame().kind == "api/response"
    assert busy.wait("HEARTBEAT")


def test_given_a_bgapi_with_a_chosen_id_when_done_then_the_job_event_carries_it_and_the_answer(socket: Socket) -> None:
    client = socket.client("event plain BACKGROUND_JOB")
    reply = client.ask("bgapi wait now\nJob-UUID: job-7")
    assert reply.reply == "+OK Job-UUID: job-7" and reply.headers["Job-UUID"] == "job-7"
    assert client.api("echo meanwhile").startswith("+OK")
    socket.exchange.gate.set()
    job = client.wait("BACKGROUND_JOB", Job_UUID="job-7")
    assert (job["_body"], job["Job-Command"], job["Job-Command-Arg"]) == ("+OK wait now\n", "wait", "now")


def test_given_a_sendmsg_when_the_channel_is_unknown_then_it_is_said(socket: Socket) -> None:
    client = socket.client()
    assert client.execute("nobody", "answer") == "-ERR invalid session id [nobody]"
    assert client.execute("known", "playback", "a.wav", event_uuid="u1", lock=True) == "+OK"
    request = socket.exchange.messages[-1][1]
    assert request.headers["event-uuid"] == "u1" and request.headers["event-lock"] == "true"


def test_given_events_when_they_are_sent_then_sequence_core_and_time_are_in_each(socket: Socket) -> None:
    client = socket.client("event plain DTMF")
    socket.bus.fire("DTMF", [("DTMF-Digit", "#")])
    socket.bus.fire("DTMF", [("DTMF-Digit", "1")])
    first, second = client.wait("DTMF"), client.wait("DTMF")
    assert int(second["Event-Sequence"]) == int(first["Event-Sequence"]) + 1
    assert first["Core-UUID"] == socket.bus.core_uuid and first["DTMF-Digit"] == "#"
    assert len(first["Event-Date-Timestamp"]) == 16
    assert EventBus().core_uuid != socket.bus.core_uuid


def test_given_json_asked_when_an_event_comes_then_it_is_json(socket: Socket) -> None:
    client = socket.client("event json HEARTBEAT")
    socket.bus.fire("HEARTBEAT")
    frame = client.frame()
    assert frame.kind == "text/event-json" and frame.body.startswith(b'{"Event-Name":"HEARTBEAT"')


def test_given_bare_newlines_when_sent_in_between_then_they_mean_nothing(socket: Socket) -> None:
    client = socket.client()
    client.socket.sendall(b"\n\n\n")
    assert client.api("echo x") == "+OK echo x\n"


def test_given_a_client_that_does_not_read_when_too_many_events_wait_then_it_is_dropped_and_others_are_not(
    socket: Socket,
) -> None:
    slow, quick = socket.client("event plain ALL"), socket.client("event plain HEARTBEAT")
    for _ in range(400):
        socket.bus.fire("DTMF", [("Filling", "x" * 100_000)])
        gevent.idle()
    socket.bus.fire("HEARTBEAT")
    assert quick.wait("HEARTBEAT")
    with pytest.raises((EOFError, OSError)):
        while True:
            slow.frame()


def test_given_a_client_that_does_not_read_when_its_queue_is_full_then_no_more_is_kept_for_it() -> None:
    patient = Socket(send_within_s=60)
    slow = patient.client("event plain DTMF")
    for _ in range(200):
        patient.bus.fire("DTMF", [("Filling", "x" * 100_000)])
        gevent.idle()
    with pytest.raises((EOFError, OSError)):
        for _ in range(200):
            slow.frame()
    patient.server.stop()


def test_given_a_request_without_bounds_when_it_comes_then_the_connection_ends(socket: Socket) -> None:
    client = socket.client()
    client.socket.sendall(b"sendevent X\nContent-Length: 99999999999\n\n")
    with pytest.raises((EOFError, OSError)):
        client.frame()
