"""For the benches: a third party on a switch's event socket, who only notes when legs are born, joined and gone."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import create_connection, socket

from acd.switch.wire import Frame, Splitter

EVENTS = ("CHANNEL_CREATE", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE")
QUIET_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """``at`` in seconds of the switch's own clock; ``other`` is whom the leg was joined to; ``name`` is the channel's name."""

    what: str
    at: float
    leg: str
    other: str
    name: str
    inbound: bool


@dataclass
class Listener:
    noted: list[Noted] = field(default_factory=list)
    stopped: bool = False

    def run(self, line: socket) -> None:
        splitter = Splitter()
        line.settimeout(QUIET_S)
        while not self.stopped:
            try:
                received = line.recv(65536)
            except TimeoutError:
                continue
            if not received:
                return
            self.noted += [_noted(frame) for frame in splitter.feed(received) if frame.is_event]


def _noted(frame: Frame) -> Noted:
    def read(name: str) -> str:
        return frame.field(name) or ""

    return Noted(
        what=read("Event-Name"),
        at=int(read("Event-Date-Timestamp")) / 1e6,
        leg=read("Unique-ID"),
        other=read("Other-Leg-Unique-ID") or read("Bridge-B-Unique-ID"),
        name=read("Channel-Name"),
        inbound=read("Call-Direction") == "inbound",
    )


@contextmanager
def listening(port: int, password: str, events: Iterable[str] = EVENTS) -> Iterator[Listener]:
    """Beside whoever else listens there; costs both kinds of queue the same. ``CUSTOM`` comes last, with its subclasses."""
    listener = Listener()
    with create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"auth {password}\n\nevent plain {' '.join(events)}\n\n".encode())
        thread = threading.Thread(target=listener.run, args=(line,), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.stopped = True
            thread.join(timeout=2)
