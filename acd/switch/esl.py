"""One connection to a switch's event socket: greenswitch's InboundESL with what it gets wrong overridden.

Kept of it: register_handle, unregister_handle, authenticate, the context manager. Three greenlets a connection,
each with one thing it waits for: the reader (bytes), the writer (something to write), the dispatcher (something
read). The reader runs no code of others. Whatever goes wrong ends in ``lost``: the connection is given up and
whoever owns it makes another one; nothing here connects again.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
from gevent import socket
from gevent.event import AsyncResult, Event
from greenswitch.esl import InboundESL, NotConnectedError

from acd.switch import encode
from acd.switch.counters import Counters
from acd.switch.wire import Frame, Limits, Splitter, WireError

log = logging.getLogger(__name__)

Reply = Callable[[Frame | None], object]
"""Gets the reply, or None when the connection was lost first."""

DISCONNECTED = b"Content-Type: text/disconnect-notice"
_CHUNK = 256 * 1024
_SLICE = 64
_IDLE_S = 60.0


class OutgoingFull(NotConnectedError):  # type: ignore[misc]
    """The switch does not read what is written to it."""


class NoReply(NotConnectedError):  # type: ignore[misc]
    """A reply did not come in time. Its place in the order is kept: it will not be taken for another's."""


class EventSocket(InboundESL):  # type: ignore[misc]
    """``timeout``: seconds for connecting as a whole, up to the accepted password. ``reply_s``: seconds for any later reply.

    ``may_write`` is asked just before anything goes out; when it says no the connection is lost, with all that waited.
    """

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        timeout: float = 5.0,
        *,
        name: str = "event-socket",
        reply_s: float = 5.0,
        limits: Limits | None = None,
        max_outgoing: int = 10_000,
        max_backlog: int = 20_000,
        counters: Counters | None = None,
        clock: Callable[[], float] = time.monotonic,
        may_write: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(host, port, password, timeout)
        self.name = name
        self.counters = counters or Counters()
        self.lost = Event()
        self.why_lost = ""
        self._reply_s = reply_s
        self._limits = limits
        self._may_write = may_write or _always
        self._clock = clock
        self._max_outgoing, self._max_backlog = max_outgoing, max_backlog
        self._commands_sent: deque[tuple[float, Reply, bool]] = deque()
        self._outgoing: deque[bytes] = deque()
        self._to_write = Event()
        self._flushed = Event()
        self._flushed.set()
        self._backlog: deque[tuple[Reply | None, Frame]] = deque()
        self._arrived = Event()
        self._room = Event()
        self._room.set()
        self._greenlets: list[gevent.Greenlet[..., Any]] = []
        self._disconnect_told = False

    # -- from InboundESL, done anew ---------------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect and authenticate within ``timeout``. Raises NotConnectedError, OSError, or ValueError for a refused
        password.
        """
        late = NotConnectedError(f"{self.name}: no event socket at {self.host}:{self.port} within {self.timeout} s")
        try:
            with gevent.Timeout(self.timeout, late):
                self.sock = socket.create_connection((self.host, self.port), timeout=self.timeout)
                self.sock.settimeout(None)
                self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connected = True
                self.start_event_handlers()
                self._auth_request_event.wait()
                if not self.connected:
                    raise NotConnectedError(f"{self.name}: {self.why_lost}")
                self.authenticate()
        except BaseException:
            self.stop()
            raise

    def start_event_handlers(self) -> None:
        for run in (self.receive_events, self._write, self.process_events):
            greenlet = gevent.Greenlet(run)
            greenlet.name = f"{self.name} {run.__name__.strip('_')}"
            greenlet.link(self._hear_end)
            self._greenlets.append(greenlet)
            greenlet.start()

    def receive_events(self) -> None:
        splitter = Splitter(self._limits)
        try:
            while self._run:
                received = self.sock.recv(_CHUNK)
                if not received:
                    self._lose("closed by the switch" + (" inside a frame" if splitter.inside else ""))
                    return
                self.counters.bytes += len(received)
                for frame in splitter.feed(received):
                    self.handle_event(frame)
                if len(self._backlog) >= self._max_backlog:
                    self._wait_for_room()
                gevent.sleep(0)  # a socket that always has more must not keep the others from running
        except WireError as odd:
            self.counters.malformed += 1
            self._lose(str(odd))
        except OSError as odd:
            self._lose(f"{type(odd).__name__}: {odd}")

    def handle_event(self, frame: Frame) -> None:
        kind = frame.kind
        self.counters.frames += 1
        if kind == "text/event-plain":
            self._put(None, frame)
        elif kind in ("command/reply", "api/response"):
            self._take_reply(frame)
        elif kind == "auth/request":
            self._auth_request_event.set()
        elif kind == "text/rude-rejection":
            self._lose("rejected by the switch's access list")
        elif kind in ("text/event-json", "text/disconnect-notice", "log/data"):
            self._put(None, frame)
        else:
            self.counters.malformed += 1

    def process_events(self) -> None:
        """Hand on what was read, in order, some at a time. Ends when the connection is lost and all of it has been handed on."""
        while True:
            while self._backlog:
                for _ in range(min(_SLICE, len(self._backlog))):
                    reply, frame = self._backlog.popleft()
                    self._hand_on(reply, frame)
                if len(self._backlog) < self._max_backlog // 2:
                    self._room.set()
                gevent.sleep(0)
            if self.lost.is_set():
                break
            self._arrived.clear()
            self._arrived.wait(_IDLE_S)
        if not self._disconnect_told:
            self._dispatch(Frame(DISCONNECTED, b""))

    def send(self, data: str, timeout: float | None = None) -> Frame:
        """Send one line and wait for its reply. Raises Unencodable, NotConnectedError, NoReply."""
        answer: AsyncResult[Frame | None] = AsyncResult()
        wait_s = self._reply_s if timeout is None else timeout
        self.ask(encode.line(data) + b"\n\n", answer.set, wait_s)
        try:
            frame = answer.get(timeout=wait_s)
        except gevent.Timeout:
            raise NoReply(f"{self.name}: no reply within {wait_s} s") from None
        if frame is None:
            raise NotConnectedError(f"{self.name}: {self.why_lost}")
        return frame

    def stop(self) -> None:
        """Close. May be called from anywhere, also from a handler; does not wait for the greenlet it is called from."""
        self._lose("stopped")
        others = [each for each in self._greenlets if each is not gevent.getcurrent()]
        gevent.joinall(others, timeout=1.0)
        gevent.killall([each for each in others if not each.dead], timeout=1.0)

    # -- our own ----------------------------------------------------------------------------------------------------

    def ask(self, text: bytes, reply: Reply, wait_s: float | None = None) -> None:
        """Queue an encoded command; ``reply`` is called from the dispatcher. Raises NotConnectedError, OutgoingFull."""
        if not self.connected:
            raise NotConnectedError(f"{self.name}: {self.why_lost or 'not connected'}")
        if len(self._outgoing) >= self._max_outgoing:
            raise OutgoingFull(f"{self.name}: {self._max_outgoing} commands wait to be written")
        self._commands_sent.append((self._clock() + (self._reply_s if wait_s is None else wait_s), reply, text[:4] == b"api "))
        self._queue(text)

    def nudge(self) -> None:
        """An empty line: ignored by the switch, but it ends its sender's sleep."""
        if self.connected and not self._outgoing:
            self._queue(b"\n")

    def overdue(self) -> bool:
        """Whether a reply has not come in time: the switch hangs, or the other end is gone without a word."""
        return bool(self._commands_sent) and self._commands_sent[0][0] < self._clock()

    def flush(self, timeout: float) -> bool:
        return bool(self._flushed.wait(timeout))

    @property
    def backlog(self) -> int:
        return len(self._backlog)

    def _queue(self, text: bytes) -> None:
        self._outgoing.append(text)
        self._flushed.clear()
        self._to_write.set()

    def _write(self) -> None:
        while self._run:
            if not self._outgoing:
                self._flushed.set()
                self._to_write.clear()
                self._to_write.wait(_IDLE_S)
                continue
            text = b"".join(self._outgoing)
            self._outgoing.clear()
            try:
                with gevent.Timeout(self._reply_s, TimeoutError(f"the switch does not read ({len(text)} bytes)")):
                    self._write_out(memoryview(text))
            except OSError as odd:
                self._lose(f"{type(odd).__name__}: {odd}")

    def _write_out(self, text: memoryview) -> None:
        """Asked before each system call, not before each wait: a process that was stopped meanwhile may be nobody's owner any more."""
        while text and not self.lost.is_set():
            if not self._may_write():
                self._lose(f"not ours now ({len(text)} bytes were not written)")
                return
            try:
                text = text[os.write(self.sock.fileno(), text) :]
            except BlockingIOError:
                socket.wait_write(self.sock.fileno())

    def _put(self, reply: Reply | None, frame: Frame) -> None:
        self._backlog.append((reply, frame))
        self._arrived.set()

    def _wait_for_room(self) -> None:
        """Read no more until half of the backlog is handed on; meanwhile the switch queues, and cuts us off if it must."""
        self.counters.overflows += 1
        self._room.clear()
        if not self._room.wait(_IDLE_S) and self._run:
            self._lose(f"nothing handed on for {_IDLE_S:.0f} s")

    def _take_reply(self, frame: Frame) -> None:
        """Replies come in order; one that cannot belong to the first that waits must not shift all later ones."""
        is_answer = frame.kind == "api/response"
        refused = frame.data.startswith("-")
        if not self._commands_sent or (self._commands_sent[0][2] and not is_answer and not refused):
            self.counters.stray_replies += 1
            return
        _, reply, of_api = self._commands_sent.popleft()
        if is_answer and not of_api:
            self._lose("replies out of order")
            return
        if isinstance(getattr(reply, "__self__", None), AsyncResult):
            reply(frame)
        else:
            self._put(reply, frame)

    def _hand_on(self, reply: Reply | None, frame: Frame) -> None:
        if reply is not None:
            self._safely(reply, frame)
        else:
            self._dispatch(frame)

    def _dispatch(self, frame: Frame) -> None:
        handlers = self.event_handlers
        if frame.kind == "text/disconnect-notice":
            self._disconnect_told = True
            name = "DISCONNECT"
        elif frame.kind == "log/data":
            name = "log"
        else:
            name = frame.name
        for each in (*handlers.get(name, ()), *handlers.get("*", ())):
            self._safely(each, frame)

    def _safely(self, handler: Callable[[Frame], Any], frame: Frame) -> None:
        try:
            handler(frame)
        except Exception:  # not BaseException: a kill or a time-out of somebody else's is not ours to swallow
            self.counters.handler_errors += 1
            log.exception("%s: a handler failed on %s", self.name, frame.field("Event-Name") or frame.kind)

    def _hear_end(self, greenlet: "gevent.Greenlet[..., Any]") -> None:
        """None of the three ends before the connection is lost, unless something killed it."""
        if not self.lost.is_set():
            log.error("%s died: %r", greenlet.name, greenlet.exception or greenlet.value)
            self._lose(f"{greenlet.name} died")

    def _lose(self, why: str) -> None:
        if self.lost.is_set():
            return
        self.why_lost = why
        self._run = False
        self.connected = False
        self.lost.set()
        sock = getattr(self, "sock", None)
        if sock is not None:
            sock.close()
        unanswered, self._commands_sent = self._commands_sent, deque()
        for _, reply, _ in unanswered:
            try:
                reply(None)
            except Exception:
                log.exception("%s: telling that no reply will come", self.name)
        for event in (self._auth_request_event, self._to_write, self._arrived, self._room, self._flushed):
            event.set()


def _always() -> bool:
    return True
