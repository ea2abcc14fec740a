"""The one place in which the end-to-end tests wait: for a condition, never for a length of time, and never without a deadline."""

import random
import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LOOK_EVERY_S = 0.02


class NeverHappened(AssertionError):
    """A condition did not come true before its deadline."""


def until(what: str, condition: Callable[[], T], *, within_s: float = 10.0, seen: Callable[[], object] | None = None) -> T:
    """The first truthy value of ``condition``; raises NeverHappened, naming ``what`` and what was ``seen`` instead."""
    deadline = time.monotonic() + within_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            instead = f"; instead: {seen()!r}" if seen else f"; last look: {value!r}"
            raise NeverHappened(f"not within {within_s:g} s: {what}{instead}")
        time.sleep(_LOOK_EVERY_S)


def throughout(what: str, condition: Callable[[], object], *, for_s: float) -> None:
    """Holds that ``condition`` stays true for so long: for what must *not* happen (nobody is rung twice)."""
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        assert condition(), f"did not stay so for {for_s:g} s: {what}"
        time.sleep(_LOOK_EVERY_S)


_PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever asks for none: a port found free here stays free until its program has it."""
_given: set[int] = set()


def free_port(count: int = 2) -> int:
    """A port that nobody uses, by TCP and UDP, and the next one too (a phone listens there by TLS); SIPp's media take four."""
    while True:
        port = random.choice(_PORTS)  # by another worker the same one is found once in thousands
        ports = {port + n for n in range(count)}
        if not _given & ports and all(_is_free(kind, each) for kind in _KINDS for each in ports):
            _given.update(ports)
            return port


_KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


def _is_free(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
