"""The UDP socket of a user agent and the one greenlet that waits for it: for a datagram or the next timer, whichever
is first.
A bad datagram, or a callback that raises, is logged and never ends it.
"""

import logging
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent import Greenlet, socket
from gevent.event import Event

from softswitch.media.spawn import Died, spawn
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import Address

log = logging.getLogger(__name__)

MAX_DATAGRAM = 65535
MAX_DRAIN = 200
LONGEST_WAIT_S = 5.0


class Transport(Protocol):
    """Where a user agent sends; in tests a list."""

    host: str
    port: int

    def send(self, datagram: bytes, to: Address) -> None: ...
    def start(self, receive: Callable[[bytes, Address], None], timers: Timers) -> None: ...
    def wake(self) -> None: ...
    def stop(self) -> None: ...


class UdpTransport:
    """Bound when made, so that its port is known; reads from ``start`` on. Raises OSError when the port is taken."""

    def __init__(self, *, name: str, host: str, port: int, on_died: Died | None = None) -> None:
        self._name = name
        self._on_died = on_died
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise OSError(error.errno, f"SIP {name}: cannot listen on {host}:{port}: {error.strerror}") from error
        self.host, self.port = self._socket.getsockname()[:2]
        self._ready = Event()
        self._stopping = False
        self._greenlet: Greenlet[..., object] | None = None

    def send(self, datagram: bytes, to: Address) -> None:
        """UDP: what cannot be sent is lost, and repeated by its transaction."""
        try:
            self._socket.sendto(datagram, to)
        except (OSError, OverflowError) as error:
            log.warning("sip %s: cannot send to %s:%s: %s", self._name, to[0], to[1], error)

    def start(self, receive: Callable[[bytes, Address], None], timers: Timers) -> None:
        self._greenlet = spawn(f"sip {self._name}", self._run, receive, timers, on_died=self._on_died)

    def wake(self) -> None:
        """An earlier timer was set."""
        self._ready.set()

    def stop(self) -> None:
        self._stopping = True
        self._ready.set()
        greenlet, self._greenlet = self._greenlet, None
        if greenlet is not None and not greenlet.dead:
            greenlet.kill(timeout=2)
        self._socket.close()

    def _run(self, receive: Callable[[bytes, Address], None], timers: Timers) -> None:
        watcher = gevent.get_hub().loop.io(self._socket.fileno(), 1)
        watcher.start(self._ready.set)
        try:
            while not self._stopping:
                self._ready.wait(self._patience_s(timers))
                self._ready.clear()
                self._drain(receive)
                timers.run()
        finally:
            watcher.stop()
            watcher.close()

    def _patience_s(self, timers: Timers) -> float:
        at = timers.next_at()
        return LONGEST_WAIT_S if at is None else max(0.0, min(LONGEST_WAIT_S, at - timers.clock()))

    def _drain(self, receive: Callable[[bytes, Address], None]) -> None:
        for _ in range(MAX_DRAIN):
            try:
                datagram, source = self._socket.recvfrom(MAX_DATAGRAM)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error of an earlier send
            try:
                receive(datagram, source)
            except Exception:
                log.exception("sip %s: message from %s:%s", self._name, source[0], source[1])
