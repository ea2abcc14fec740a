"""Accepts event socket clients; each is one Listener."""

import logging

from gevent import socket
from gevent.pool import Group
from gevent.server import StreamServer

from softswitch.bus import EventBus
from softswitch.esl.listener import MOST_EVENTS, SEND_WITHIN_S, Exchange, Listener

_log = logging.getLogger(__name__)


class EventSocketServer:
    """``port`` 0 lets the system choose; ``port`` then says which."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        password: str,
        bus: EventBus,
        exchange: Exchange,
        most_events: int = MOST_EVENTS,
        send_within_s: float = SEND_WITHIN_S,
    ) -> None:
        self._bus = bus
        self._exchange = exchange
        self._password = password
        self._most_events = most_events
        self._send_within_s = send_within_s
        self._jobs = Group()
        self._listeners: set[Listener] = set()
        self._server = StreamServer((host, port), self._serve)

    @property
    def port(self) -> int:
        return int(self._server.server_port or 0)

    def start(self) -> None:
        """Raises OSError when the address is taken."""
        self._server.start()

    def stop(self) -> None:
        for listener in tuple(self._listeners):
            listener.close()
        self._server.stop(timeout=1)
        self._jobs.kill(timeout=1)

    def _serve(self, connection: socket.socket, address: tuple[str, int]) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener = Listener(
            connection=connection,
            bus=self._bus,
            exchange=self._exchange,
            password=self._password,
            most_events=self._most_events,
            send_within_s=self._send_within_s,
            spawn=self._jobs.spawn,
        )
        self._listeners.add(listener)
        try:
            listener.serve()
        finally:
            self._listeners.discard(listener)
