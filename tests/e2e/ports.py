"""Ports for the programs of a test, which no other test takes: several run at once, and what is found free is bound only later.

Whoever needs ports takes whole blocks of them, by locks that end with the process. FreeSWITCH and SIPp bind with
SO_REUSEADDR: two programs on one UDP port would both believe that it is theirs, and one would hear what the other was told.
"""

import fcntl
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


class _Blocks:
    """So many blocks of ports are this process's, one after the other and then again: what a late packet finds there is long over."""

    def __init__(self, name: str, ports: range, *, size: int, mine: int) -> None:
        self._folder = Path(tempfile.gettempdir()) / "acd-e2e-ports" / name
        self._ports, self._size, self._mine = ports, size, mine
        self._locks: list[IO[str]] = []

    def turns(self) -> Iterator[int]:
        """The first port of each, for ever; raises when others have all."""
        taken: list[int] = []
        while len(taken) < self._mine:
            taken.append(self._take())
            yield taken[-1]
        while True:
            yield from taken

    def _take(self) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        held = {lock.name for lock in self._locks}
        for first in range(self._ports.start, self._ports.stop, self._size):
            if str(self._folder / str(first)) in held:
                continue
            lock = (self._folder / str(first)).open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self._locks.append(lock)
            return first
        raise AssertionError(f"no port is left in {self._ports}: too many tests at once?")


_SIZE = 40
_blocks = _Blocks("any", range(20_000, 32_000), size=_SIZE, mine=20).turns()
"""Below those that the system gives to whoever asks for none."""
_media = _Blocks("media", range(10_000, 20_000), size=410, mine=3).turns()


def _each() -> Iterator[int]:
    for first in _blocks:
        yield from range(first, first + _SIZE)


_ports = _each()


def free_port(count: int = 2) -> int:
    """A port that nobody uses, by TCP and UDP, and the next one too (a phone listens there by TLS); SIPp's media take four."""
    while True:
        ports = [next(_ports) for _ in range(count)]
        if ports[-1] - ports[0] == count - 1 and all(_is_free(kind, each) for kind in _KINDS for each in ports):
            return ports[0]


def media_block() -> int:
    """The first of 400 ports and a few for a switch's media."""
    return next(_media)


def is_heard(port: int) -> bool:
    """Whether a program has bound it by UDP; asked of the kernel, for to try it would be to take it away for a moment."""
    return any(line.split()[1].endswith(f":{port:04X}") for line in Path("/proc/net/udp").read_text().splitlines()[1:])


def _is_free(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
