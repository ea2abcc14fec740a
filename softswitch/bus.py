"""Where every event passes: it gets the stamps that FreeSWITCH gives it, and each listener gets it at once.

A listener is called in the greenlet that fires; it must only queue.
"""

import socket
import time
import uuid
from collections.abc import Callable
from email.utils import formatdate

from softswitch.events import Event, Headers

Listener = Callable[[Event], None]


class EventBus:
    def __init__(self, *, hostname: str = "", address: str = "127.0.0.1", wall: Callable[[], float] = time.time) -> None:
        self.core_uuid = str(uuid.uuid4())
        self.hostname = hostname or socket.gethostname()
        self._address = address
        self._wall = wall
        self._sequence = 0
        self._listeners: list[Listener] = []

    def attach(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def detach(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def fire(self, name: str, headers: Headers = (), *, subclass: str = "", body: str | None = None) -> Event:
        """Stamp and deliver; the answer is what was delivered."""
        event = self.stamped(name, headers, subclass=subclass, body=body)
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def stamped(self, name: str, headers: Headers = (), *, subclass: str = "", body: str | None = None) -> Event:
        """The same without delivery (``uuid_dump``)."""
        own = (("Event-Subclass", subclass),) if subclass else ()
        return Event(name=name, headers=(*own, *self._stamps(name), *headers), body=body)

    def _stamps(self, name: str) -> tuple[tuple[str, str], ...]:
        self._sequence += 1
        now = self._wall()
        return (
            ("Event-Name", name),
            ("Core-UUID", self.core_uuid),
            ("FreeSWITCH-Hostname", self.hostname),
            ("FreeSWITCH-Switchname", self.hostname),
            ("FreeSWITCH-IPv4", self._address),
            ("FreeSWITCH-IPv6", "::1"),
            ("Event-Date-Local", time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))),
            ("Event-Date-GMT", formatdate(now, usegmt=True)),
            ("Event-Date-Timestamp", str(int(now * 1_000_000))),
            ("Event-Calling-File", "softswitch"),
            ("Event-Calling-Function", name.lower()),
            ("Event-Calling-Line-Number", "0"),
            ("Event-Sequence", str(self._sequence)),
        )
