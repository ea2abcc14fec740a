"""Paces all RTP streams of one process with one greenlet and delivers their callbacks with another.

One ticker for all: fifty greenlets that sleep 20 ms each cost more than the audio. Packets are read in the loop's
own callback, so
that a relayed packet is on its way again without a greenlet switch.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent import socket
from gevent.event import Event
from gevent.queue import SimpleQueue

from softswitch.media.g711 import FRAME_S
from softswitch.media.session import MediaSession
from softswitch.media.spawn import Died, log_death, spawn

log = logging.getLogger(__name__)

MAX_BEHIND = 5
"""Ticks that are made up for after a delay; more are given up, so that a stall does not end in a burst."""


class MediaEngine:
    """``host`` is the address to bind; ``ports`` None lets the system choose each port (tests), else even ports of
    that range."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        ports: range | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_died: Died | None = None,
    ) -> None:
        self.host = host
        self.clock = clock
        self._ports = [port for port in ports or () if port % 2 == 0]
        self._next_port = 0
        self._on_died = on_died or log_death
        self._tokens = 0
        self._paced: dict[MediaSession, None] = {}
        self._watchers: dict[MediaSession, Any] = {}
        self._work = Event()
        self._callbacks: SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = SimpleQueue()
        self._greenlets: list[gevent.Greenlet[..., object]] = []

    def start(self) -> None:
        self._greenlets = [
            spawn("media ticker", self._tick_for_ever, on_died=self._on_died),
            spawn("media callbacks", self._deliver_for_ever, on_died=self._on_died),
        ]

    def stop(self) -> None:
        """Closes every session, tells what there is to tell, then ends both greenlets."""
        for session in list(self._watchers):
            session.close()
        gevent.killall(self._greenlets, timeout=2)
        while not self._callbacks.empty():
            self._deliver_one(*self._callbacks.get())

    @property
    def sessions(self) -> int:
        """How many are open."""
        return len(self._watchers)

    def session(self) -> MediaSession:
        """A new stream with its own UDP port. Raises OSError when no port is free."""
        sock = self._bind()
        session = MediaSession(sock, self)
        watcher = gevent.get_hub().loop.io(sock.fileno(), 1)
        watcher.start(self._readable, session)
        self._watchers[session] = watcher
        return session

    # -- what a session asks for (the protocol Pace)

    def next_token(self) -> int:
        self._tokens += 1
        return self._tokens

    def keep_pace(self, session: MediaSession) -> None:
        self._paced[session] = None
        self._work.set()

    def deliver(self, call: Callable[..., None], *args: Any) -> None:
        self._callbacks.put((call, args))

    def forget(self, session: MediaSession) -> None:
        self._paced.pop(session, None)
        watcher = self._watchers.pop(session, None)
        if watcher is not None:
            watcher.stop()
            watcher.close()

    # -- inside

    def _bind(self) -> socket.socket:
        if not self._ports:
            return self._open(0)
        for _ in self._ports:
            port = self._ports[self._next_port % len(self._ports)]
            self._next_port += 1
            try:
                return self._open(port)
            except OSError:
                continue
        raise OSError(f"no free RTP port on {self.host}: {self._ports[0]} to {self._ports[-1]} are all taken")

    def _open(self, port: int) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.bind((self.host, port))
        except OSError:
            sock.close()
            raise
        return sock

    def _readable(self, session: MediaSession) -> None:
        try:
            session.drain()
        except Exception:
            log.exception("rtp on port %s", session.local_port)

    def _tick_for_ever(self) -> None:
        due = self.clock()
        while True:
            if not self._paced:
                self._work.clear()
                self._work.wait()
                due = self.clock()
            due += FRAME_S
            behind = self.clock() - due
            if behind > MAX_BEHIND * FRAME_S:
                due = self.clock()
            # Sleeping 0 when late still lets the loop read packets between two ticks.
            gevent.sleep(max(0.0, -behind))
            self._tick_all()

    def _tick_all(self) -> None:
        paced = list(self._paced)
        for session in paced:
            self._attempt(session, session.take)
        for session in paced:
            try:
                needed = session.tick()
            except Exception:
                # One bad source must not silence all other calls.
                log.exception("media on port %s stopped", session.local_port)
                session.stop_play()
                needed = False
            if not needed:
                self._paced.pop(session, None)

    def _attempt(self, session: MediaSession, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            log.exception("media on port %s stopped", session.local_port)
            session.stop_play()

    def _deliver_for_ever(self) -> None:
        while True:
            self._deliver_one(*self._callbacks.get())

    def _deliver_one(self, call: Callable[..., None], args: tuple[Any, ...]) -> None:
        try:
            call(*args)
        except Exception:
            log.exception("media callback %s", getattr(call, "__qualname__", call))
