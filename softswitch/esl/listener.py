"""One event socket connection, as FreeSWITCH's mod_event_socket serves it.

One greenlet serves: it answers requests in order and sends the events in between, so that an ``api`` holds back its own
connection's events. A second one only reads. Events wait in a bounded queue: a reader that is too slow is dropped.
"""

import logging
import uuid
from collections import deque
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent import socket
from gevent.queue import Empty, Queue

from softswitch.bus import EventBus
from softswitch.esl import encode
from softswitch.esl.reader import BadRequest, Request, RequestReader
from softswitch.esl.subscription import Subscription
from softswitch.events import Event

_log = logging.getLogger(__name__)
MOST_EVENTS = 20_000
AUTH_WITHIN_S = 25.0
SEND_WITHIN_S = 10.0
_READ_BYTES = 65536
_IDLE_S = 3600.0


class Exchange(Protocol):
    """What stands behind the socket."""

    def api(self, command: str, argument: str) -> str: ...

    def send_message(self, uuid: str, request: Request) -> str:
        """The reply text."""

    def send_event(self, uuid: str, request: Request) -> bool:
        """Whether there is such a leg, which takes it."""


class Listener:
    def __init__(
        self,
        *,
        connection: socket.socket,
        bus: EventBus,
        exchange: Exchange,
        password: str,
        most_events: int = MOST_EVENTS,
        send_within_s: float = SEND_WITHIN_S,
        auth_within_s: float = AUTH_WITHIN_S,
        spawn: Callable[..., object] = gevent.spawn,
    ) -> None:
        self._socket = connection
        self._bus = bus
        self._exchange = exchange
        self._password = password
        self._most_events = most_events
        self._auth_within_s = auth_within_s
        self._spawn = spawn
        self._socket.settimeout(send_within_s)
        self._incoming: Queue[bytes | None] = Queue(maxsize=64)
        self._events: deque[Event] = deque()
        self._subscription = Subscription()
        self._authorised = False
        self._running = True

    def serve(self) -> None:
        """Until the client says exit, goes, or is dropped."""
        self._bus.attach(self._hear)
        reading = gevent.spawn(self._read)
        try:
            self._send(encode.AUTH_REQUEST)
            self._serve_requests()
            self._send(encode.disconnect_frame())
        except (OSError, BadRequest) as error:
            _log.info("event socket client ended: %s", error)
        finally:
            self._bus.detach(self._hear)
            reading.kill(block=False)
            self._socket.close()

    def close(self) -> None:
        """From outside: the client gets its notice and goes."""
        self._running = False
        self._wake()

    def _serve_requests(self) -> None:
        reader = RequestReader()
        while self._running:
            data = self._next_bytes()
            if data is None:
                return
            for request in reader.feed(data):
                self._answer(request)
                if not self._running:
                    return
            self._send_events()

    def _next_bytes(self) -> bytes | None:
        try:
            return self._incoming.get(timeout=_IDLE_S if self._authorised else self._auth_within_s)
        except Empty:
            return b"" if self._authorised else None

    def _read(self) -> None:
        try:
            while data := self._socket_recv():
                self._incoming.put(data)
        except OSError:
            pass
        self._incoming.put(None)

    def _socket_recv(self) -> bytes:
        while True:
            try:
                received: bytes = self._socket.recv(_READ_BYTES)
                return received
            except TimeoutError:
                continue

    def _hear(self, event: Event) -> None:
        if not self._running or not self._subscription.wants(event):
            return
        if len(self._events) >= self._most_events:
            _log.warning("event socket client dropped: %d events wait for it", len(self._events))
            self._running = False
            self._socket.close()
            self._wake()
            return
        self._events.append(event)
        if len(self._events) == 1:
            self._wake()

    def _wake(self) -> None:
        if self._incoming.empty():
            self._incoming.put_nowait(b"")

    def _send_events(self) -> None:
        while self._events:
            batch = bytearray()
            while self._events and len(batch) < _READ_BYTES:
                batch += encode.event_frame(self._events.popleft(), self._subscription.form)
            self._send(bytes(batch))

    def _send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def _answer(self, request: Request) -> None:
        word, _, rest = request.command.partition(" ")
        if word.lower().startswith("exit") or word.startswith("..."):
            self._running = False
            self._reply("+OK bye")
        elif not self._authorised:
            self._authorise(word, rest)
        else:
            answer = _ANSWERS.get(word.lower())
            if answer is None:
                self._reply("-ERR command not found")
            else:
                answer(self, rest, request)

    def _authorise(self, word: str, rest: str) -> None:
        if word.lower() != "auth":
            self._reply("-ERR command not found")
        elif rest == self._password:
            self._authorised = True
            self._reply("+OK accepted")
        else:
            self._running = False
            self._reply("-ERR invalid")

    def _reply(self, text: str, *more: tuple[str, str]) -> None:
        self._send(encode.reply_frame(text, more))

    def _api(self, rest: str, request: Request) -> None:
        command, _, argument = rest.partition(" ")
        self._send(encode.api_frame(self._exchange.api(command, argument)))

    def _bgapi(self, rest: str, request: Request) -> None:
        command, _, argument = rest.partition(" ")
        job = request.headers.get("job-uuid") or str(uuid.uuid4())
        self._spawn(self._run_job, job, command, argument)
        self._reply(f"+OK Job-UUID: {job}", ("Job-UUID", job))

    def _run_job(self, job: str, command: str, argument: str) -> None:
        answer = self._exchange.api(command, argument) or "Command returned no output!"
        headers = [("Job-UUID", job), ("Job-Owner-UUID", ""), ("Job-Command", command)]
        if argument:
            headers.append(("Job-Command-Arg", argument))
        self._bus.fire("BACKGROUND_JOB", headers, body=answer)

    def _event(self, rest: str, request: Request) -> None:
        self._reply(self._subscription.event(rest.split()))

    def _nix(self, rest: str, request: Request) -> None:
        self._reply(self._subscription.nix(rest.split()))

    def _none(self, rest: str, request: Request) -> None:
        self._events.clear()
        self._reply(self._subscription.none())

    def _filter(self, rest: str, request: Request) -> None:
        self._reply(self._subscription.filter(rest))

    def _sendmsg(self, rest: str, request: Request) -> None:
        target = rest.strip() or request.headers.get("session-id", "")
        self._reply(self._exchange.send_message(target, request))

    def _sendevent(self, rest: str, request: Request) -> None:
        chosen = str(uuid.uuid4())
        headers = [(name, value) for name, value in request.headers.items() if name != "content-length"]
        leg = request.headers.get("unique-id")
        if leg is None or not self._exchange.send_event(leg, request):  # who has it keeps it
            self._bus.fire(rest.strip().upper() or "CUSTOM", [("Event-UUID", chosen), *headers], body=request.body or None)
        self._reply(f"+OK {chosen}")

    def _log(self, rest: str, request: Request) -> None:
        self._reply(f"+OK log level {rest} [7]")

    def _nolog(self, rest: str, request: Request) -> None:
        self._reply("-ERR not loging")


_ANSWERS: dict[str, Callable[[Listener, str, Request], None]] = {
    "api": Listener._api,
    "bgapi": Listener._bgapi,
    "event": Listener._event,
    "nixevent": Listener._nix,
    "noevents": Listener._none,
    "filter": Listener._filter,
    "sendmsg": Listener._sendmsg,
    "sendevent": Listener._sendevent,
    "log": Listener._log,
    "nolog": Listener._nolog,
}
