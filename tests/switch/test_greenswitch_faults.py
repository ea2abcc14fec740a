"""The faults of greenswitch 0.0.19 that we override, one check each, run against both: the original fails it, ours passes.

A check that the original begins to pass says that an override may go.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import gevent.socket
import pytest
from gevent.event import AsyncResult, Event
from greenswitch.esl import ESLEvent, InboundESL, OutboundESLServer, OutboundSession

from acd.core import events as e
from acd.switch.commands_to import Dialect
from acd.switch.esl import EventSocket
from acd.switch.events_from import event_from
from acd.switch.node import Node
from acd.switch.node_config import NodeConfig
from acd.switch.wire import Splitter
from acd.words import NodeId
from tests.switch.fake_socket import PASSWORD, FakeSocket, framed, plain, replied

FORGING = {"Event-Name": "CHANNEL_PARK", "Unique-ID": "real"}


class Wrong(AssertionError):
    """It hung."""


class Trial:
    """A server, a client of one class or the other, and how long to wait before saying that nothing comes."""

    def __init__(self, *, ours: bool, patch: pytest.MonkeyPatch) -> None:
        self.ours = ours
        self.patch = patch
        self.patience_s = 5.0 if ours else 0.3
        self.fake = FakeSocket()
        self.made: list[Any] = []

    def client(self, timeout: float = 5.0) -> Any:
        make: Any = EventSocket if self.ours else InboundESL
        bounds = {"reply_s": timeout, "max_backlog": 100} if self.ours else {}
        client = make("127.0.0.1", self.fake.port, PASSWORD, timeout, **bounds)
        self.made.append(client)
        return client

    def connected(self, timeout: float = 5.0) -> Any:
        client = self.client(timeout)
        client.connect()
        return client

    def heard(self, client: Any, name: str) -> list[Any]:
        heard: list[Any] = []
        client.register_handle(name, heard.append)
        return heard

    def until(self, reached: Callable[[], bool]) -> None:
        assert self.fake.until(reached, self.patience_s)

    def never(self, reached: Callable[[], bool], within_s: float = 0.2) -> None:
        assert not self.fake.until(reached, within_s)

    def write(self, text: bytes) -> None:
        self.fake.lines[-1].write(text)

    def event_of(self, text: bytes, name: str = "CHANNEL_PARK") -> Any:
        client = self.connected()
        heard = self.heard(client, name)
        self.write(text)
        self.until(lambda: bool(heard))
        return heard[0]

    def asking(self, client: Any, command: str) -> "gevent.Greenlet[..., Any]":
        """Ask what is not answered, and wait until it has arrived."""
        self.fake.silent.add(command)
        asking = gevent.spawn(client.send, command)
        self.until(lambda: any(command in each for each in self.fake.asked))
        return asking

    def close(self) -> None:
        for client in self.made:
            greenlets = [client._receive_events_greenlet, client._process_events_greenlet]
            client._run = False  # the original swallows a kill
            gevent.killall([each for each in greenlets if each is not None and not each.dead], block=False)
            if self.ours:
                client.stop()
            elif getattr(client, "sock", None) is not None:
                client.sock.close()
        self.fake.close()


def waiting(client: Any) -> int:
    return int(client.backlog if isinstance(client, EventSocket) else client._esl_event_queue.qsize())


def big_event(number: int) -> bytes:
    return plain({"Event-Name": "CHANNEL_PARK", "Unique-ID": str(number), "variable_x": "y" * 1800})


# -- what a caller can do ---------------------------------------------------------------------------------------------


def a_name_with_a_percent_newline_forges_no_header(trial: Trial) -> None:
    event = trial.event_of(plain(FORGING | {"Name": "Bob%0AUnique-ID: FORGED%0Avariable_agent: root"}))
    assert event.headers.get("Unique-ID") == "real" and "variable_agent" not in event.headers


def a_name_with_a_line_separator_forges_no_header(trial: Trial) -> None:
    event = trial.event_of(plain(FORGING | {"Name": "Bob\u2028Unique-ID: FORGED\x85variable_agent: root"}))
    assert event.headers.get("Unique-ID") == "real" and "variable_agent" not in event.headers


def a_value_with_a_real_newline_replaces_no_header(trial: Trial) -> None:
    text = b"Event-Name: CHANNEL_PARK\nUnique-ID: real\nName: Bob\nUnique-ID: FORGED\n\n"
    assert trial.event_of(framed("text/event-plain", text)).headers.get("Unique-ID") == "real"


# -- bodies -----------------------------------------------------------------------------------------------------------


def a_line_of_a_body_replaces_no_header(trial: Trial) -> None:
    event = trial.event_of(plain({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "real"}, "Job-UUID: FORGED\n"), "BACKGROUND_JOB")
    assert event.headers.get("Job-UUID") == "real"


def a_body_is_not_unquoted(trial: Trial) -> None:
    event = trial.event_of(plain({"Event-Name": "BACKGROUND_JOB"}, "Said: 100%41\n"), "BACKGROUND_JOB")
    assert "100A" not in "".join(event.headers.values())


def the_answer_of_a_background_job_is_kept(trial: Trial) -> None:
    event = trial.event_of(plain({"Event-Name": "BACKGROUND_JOB"}, "-ERR BUSY\n"), "BACKGROUND_JOB")
    assert getattr(event, "data", None) == "-ERR BUSY\n"


def a_reply_is_not_unquoted(trial: Trial) -> None:
    trial.fake.answers["bgapi x"] = "+OK 100%41"
    assert trial.connected().send("bgapi x").headers["Reply-Text"] == "+OK 100%41"


# -- what is written --------------------------------------------------------------------------------------------------


def a_newline_in_an_argument_runs_no_second_command(trial: Trial) -> None:
    client = trial.connected()
    with contextlib.suppress(ValueError):
        client.send("api echo Bob\n\napi system id")
    trial.never(lambda: any("system" in each for each in trial.fake.asked))


def a_carriage_return_adds_no_header_to_a_message(trial: Trial) -> None:
    client = trial.connected()
    with contextlib.suppress(ValueError):
        client.send("sendmsg x\rcall-command: hangup")
    assert not any("\r" in each for each in trial.fake.asked)


def a_long_command_is_written_whole(trial: Trial) -> None:
    client = trial.connected()
    command = "api echo " + "x" * 6_000_000
    asking = gevent.spawn(client.send, command)
    trial.until(lambda: command in trial.fake.asked)
    asking.kill()


def a_command_that_cannot_be_encoded_shifts_no_reply(trial: Trial) -> None:
    client = trial.connected()
    with contextlib.suppress(ValueError):
        client.send("api \ud800")
    assert "session(s)" in client.send("api status").data


# -- what kills the reader --------------------------------------------------------------------------------------------


def a_reply_that_nobody_asked_for_does_no_harm(trial: Trial) -> None:
    client = trial.connected()
    trial.write(replied("+OK"))
    assert "session(s)" in client.send("api status").data


def an_odd_byte_in_an_answer_is_read(trial: Trial) -> None:
    client = trial.connected()
    asking = trial.asking(client, "api odd")
    trial.write(framed("api/response", b"caf\xe9"))
    assert asking.get(timeout=trial.patience_s).data.startswith("caf")


def a_frame_without_a_kind_does_no_harm(trial: Trial) -> None:
    client = trial.connected()
    trial.write(b"Content-Length: 2\n\nhi")
    assert "session(s)" in client.send("api status").data


def a_json_event_is_read(trial: Trial) -> None:
    event = trial.event_of(framed("text/event-json", b'{"Event-Name": "DTMF", "DTMF-Digit": "5"}'), "DTMF")
    assert event.headers["DTMF-Digit"] == "5"


def an_end_inside_a_body_is_an_end(trial: Trial) -> None:
    spun = []

    def warn(*_: object) -> None:
        spun.append(1)
        if len(spun) > 1000:
            raise RuntimeError("spins for ever, and nobody else runs")

    trial.patch.setattr("greenswitch.esl.logging.warn", warn)
    client = trial.connected()
    trial.write(b"Content-Length: 100\nContent-Type: text/event-plain\n\nabc")
    trial.fake.cut()
    trial.until(lambda: not client.connected)


# -- waiting for ever -------------------------------------------------------------------------------------------------


def a_send_ends_when_the_connection_does(trial: Trial) -> None:
    asking = trial.asking(trial.connected(), "api never")
    trial.fake.cut()
    asking.join(trial.patience_s)
    assert asking.ready() and not asking.successful()


def a_send_has_a_deadline(trial: Trial) -> None:
    asking = trial.asking(trial.connected(timeout=0.1), "api never")
    asking.join(trial.patience_s)
    assert asking.ready() and not asking.successful()


def connecting_has_a_deadline_after_tcp_too(trial: Trial) -> None:
    trial.fake.greets = False
    connecting = gevent.spawn(trial.client(timeout=0.1).connect)
    connecting.join(trial.patience_s)
    assert connecting.ready() and not connecting.successful()


def a_handler_can_stop_the_client(trial: Trial) -> None:
    client = trial.connected()
    stopped = []

    def stop(_event: Any) -> None:
        client.stop()
        stopped.append(1)

    client.register_handle("DTMF", stop)
    trial.write(plain({"Event-Name": "DTMF"}))
    trial.until(lambda: bool(stopped))


# -- the end of a connection ------------------------------------------------------------------------------------------


def a_lost_connection_is_made_again(trial: Trial) -> None:
    if trial.ours:
        config = NodeConfig(node=NodeId("n"), password=PASSWORD, port=trial.fake.port, tick_s=0.01, back_off_s=0.01)
        node = Node(config, Dialect(resolve=str), lambda _event: None, lambda: 0.0)
        node.start()
    else:
        trial.connected()
    trial.until(lambda: bool(trial.fake.lines))
    trial.fake.cut()
    try:
        trial.until(lambda: bool(trial.fake.lines))
    finally:
        if trial.ours:
            node.stop()


def the_end_of_a_connection_is_told(trial: Trial) -> None:
    client = trial.connected()
    told = trial.heard(client, "DISCONNECT")
    trial.fake.cut()
    trial.until(lambda: len(told) == 1)


def events_that_were_read_before_the_end_are_handed_on(trial: Trial) -> None:
    client = trial.connected()
    gate, heard = Event(), []

    def slow(event: Any) -> None:
        gate.wait(trial.patience_s)
        heard.append(event)

    client.register_handle("DTMF", slow)
    for digit in "12345":
        trial.write(plain({"Event-Name": "DTMF", "DTMF-Digit": digit}))
    trial.until(lambda: waiting(client) == 4)
    trial.fake.cut()
    trial.until(lambda: not client.connected)
    gate.set()
    trial.until(lambda: len(heard) == 5)


# -- handing on -------------------------------------------------------------------------------------------------------


def the_reader_does_not_starve_the_handlers(trial: Trial) -> None:
    client = trial.connected()
    backlogs: list[int] = []
    client.register_handle("CHANNEL_PARK", lambda _event: backlogs.append(waiting(client)))
    trial.write(b"".join(big_event(number) for number in range(400)))
    trial.until(lambda: bool(backlogs))
    assert backlogs[0] < 300


def what_waits_to_be_handled_is_bounded(trial: Trial) -> None:
    client = trial.connected()
    gate = Event()
    client.register_handle("CHANNEL_PARK", lambda _event: gate.wait(trial.patience_s))
    text = b"".join(big_event(number) for number in range(1500))
    writing = gevent.spawn(trial.write, text)
    trial.never(lambda: waiting(client) > 400, within_s=1.0)
    writing.kill()
    gate.set()


def a_kill_is_not_swallowed(trial: Trial) -> None:
    _ends_the_dispatcher(trial, gevent.GreenletExit())


def a_time_out_of_somebody_else_is_not_swallowed(trial: Trial) -> None:
    _ends_the_dispatcher(trial, gevent.Timeout(1))


def _ends_the_dispatcher(trial: Trial, what: BaseException) -> None:
    client = trial.connected()

    def die(_event: Any) -> None:
        raise what

    client.register_handle("DTMF", die)
    trial.write(plain({"Event-Name": "DTMF"}))
    trial.until(lambda: not client.connected)


def who_wants_all_events_gets_those_with_a_handler_of_their_own(trial: Trial) -> None:
    client = trial.connected()
    all_of_them, some = trial.heard(client, "*"), trial.heard(client, "DTMF")
    trial.write(plain({"Event-Name": "DTMF"}))
    trial.until(lambda: len(all_of_them) == len(some) == 1)


def the_end_of_one_playback_is_not_taken_for_that_of_another(trial: Trial) -> None:
    names = {"Event-Name": "CHANNEL_EXECUTE_COMPLETE", "Unique-ID": "u", "Application": "playback"}
    text = plain(names | {"Application-UUID": "first", "variable_current_application": "playback"})
    if trial.ours:
        ended = event_from(Splitter().feed(text)[0], NodeId("n"), 0.0)
        assert isinstance(ended, e.PlayEnded) and ended.play == "first"
        return
    session = OutboundSession.__new__(OutboundSession)
    session.expected_events = {}
    second: AsyncResult[Any] = AsyncResult()
    session.register_expected_event("CHANNEL_EXECUTE_COMPLETE", "current_application", "playback", second)
    session.on_event(ESLEvent(text.partition(b"\n\n")[2].decode()))
    assert not second.ready()


def nothing_is_polled_while_nothing_happens(trial: Trial) -> None:
    polls = []
    sleep = gevent.sleep

    def counted(seconds: float = 0.0, *rest: Any) -> None:
        polls.append(seconds)
        sleep(seconds, *rest)

    if trial.ours:
        trial.connected().send("api status")
        trial.patch.setattr(gevent, "sleep", counted)
        trial.never(lambda: len(polls) > 1)
        return
    trial.patch.setattr(gevent, "sleep", counted)
    with gevent.socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = OutboundESLServer(bind_port=port, application=object)
    listening = gevent.spawn(server.listen)
    try:
        trial.never(lambda: len(polls) > 1)
    finally:
        listening.kill()
        server.server.close()


CHECKS = [
    a_name_with_a_percent_newline_forges_no_header,
    a_name_with_a_line_separator_forges_no_header,
    a_value_with_a_real_newline_replaces_no_header,
    a_line_of_a_body_replaces_no_header,
    a_body_is_not_unquoted,
    the_answer_of_a_background_job_is_kept,
    a_reply_is_not_unquoted,
    a_newline_in_an_argument_runs_no_second_command,
    a_carriage_return_adds_no_header_to_a_message,
    a_long_command_is_written_whole,
    a_command_that_cannot_be_encoded_shifts_no_reply,
    a_reply_that_nobody_asked_for_does_no_harm,
    an_odd_byte_in_an_answer_is_read,
    a_frame_without_a_kind_does_no_harm,
    a_json_event_is_read,
    an_end_inside_a_body_is_an_end,
    a_send_ends_when_the_connection_does,
    a_send_has_a_deadline,
    connecting_has_a_deadline_after_tcp_too,
    a_handler_can_stop_the_client,
    a_lost_connection_is_made_again,
    the_end_of_a_connection_is_told,
    events_that_were_read_before_the_end_are_handed_on,
    the_reader_does_not_starve_the_handlers,
    what_waits_to_be_handled_is_bounded,
    a_kill_is_not_swallowed,
    a_time_out_of_somebody_else_is_not_swallowed,
    who_wants_all_events_gets_those_with_a_handler_of_their_own,
    the_end_of_one_playback_is_not_taken_for_that_of_another,
    nothing_is_polled_while_nothing_happens,
]
Check = Callable[[Trial], None]


@contextlib.contextmanager
def tried(*, ours: bool) -> Iterator[Trial]:
    with pytest.MonkeyPatch.context() as patch:
        trial = Trial(ours=ours, patch=patch)
        try:
            yield trial
        finally:
            trial.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_given_a_fault_of_greenswitch_when_ours_is_tried_then_it_is_mended(check: Check) -> None:
    with tried(ours=True) as trial, gevent.Timeout(20, Wrong("it hung")):
        check(trial)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_given_a_fault_of_greenswitch_when_the_original_is_tried_then_it_shows(check: Check) -> None:
    with tried(ours=False) as trial, pytest.raises((Exception, gevent.Timeout)), gevent.Timeout(2, Wrong("it hung")):
        check(trial)
