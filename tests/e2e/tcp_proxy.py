"""Stands between the contact centre and an event socket, and does to the bytes what networks and busy switches do.

Cut (in order, by reset, in the middle of a frame), frozen both ways (half open), frames dropped, duplicated or held back. It also
keeps every frame that passed, so a test may say what the contact centre was told.
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

from . import frames

Predicate = Callable[[bytes], bool]
KEPT = 100_000


class EventSocketProxy:
    """Its ``port`` stays the same for its life; connections come and go."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.passed: list[tuple[float, bytes]] = []
        self.asked: list[tuple[float, bytes]] = []
        self.dropped = self.duplicated = self.connections = 0
        self._drop: Predicate | None = None
        self._duplicate: Predicate | None = None
        self._cut_in: Predicate | None = None
        self._unasked: Predicate | None = None
        self._copies = 1
        self._garbage = b""
        self._watch: Callable[[bytes], None] | None = None
        self._overhear: Callable[[bytes], None] | None = None
        self._refusing = False
        self._flows = threading.Event()
        self._flows.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._closed = False
        threading.Thread(target=self._accept, name=f"proxy-{self.port}", daemon=True).start()

    # -- faults ---

    def cut(self, *, reset: bool = False) -> None:
        """Every connection ends now, with FIN or with RST; new ones are let through."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _end(pair, reset)

    def cut_inside(self, frame: Predicate) -> None:
        """The next frame of that kind arrives half, and the connection ends there."""
        self._cut_in = frame

    def refuse(self, refusing: bool = True) -> None:
        """New connections are ended as soon as they come."""
        self._refusing = refusing

    def freeze(self) -> None:
        """Nothing passes any more, either way, and nobody is told: what a half-open connection looks like."""
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    def drop(self, frame: Predicate | None) -> None:
        self._drop = frame

    def duplicate(self, frame: Predicate | None) -> None:
        self._duplicate = frame

    def keep_back(self, piece: Predicate | None) -> None:
        """What the contact centre sends that looks like this never arrives."""
        self._unasked = piece

    def flood(self, copies: int) -> None:
        """Every event comes so many times from now on."""
        self._copies = copies

    def inject(self, garbage: bytes) -> None:
        """Said to the contact centre between two frames, as if it came from the switch."""
        self._garbage = garbage

    def watch(self, seen: Callable[[bytes], None] | None, overheard: Callable[[bytes], None] | None = None) -> None:
        """``seen`` gets every frame just before the contact centre does, ``overheard`` what it sends just before the switch does."""
        self._watch, self._overhear = seen, overheard

    # -- what was seen ---

    def events(self, *, since: float = 0.0) -> list[bytes]:
        return [frame for at, frame in list(self.passed) if at >= since and frames.event_name(frame)]

    def close(self) -> None:
        self._closed = True
        self._flows.set()
        self._listener.close()
        self.cut()

    # -- plumbing ---

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        self.connections += 1
        try:
            if self._refusing:
                raise ConnectionRefusedError
            server = socket.create_connection(self._target, timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = (client, server)
        self._pairs.append(pair)
        threading.Thread(target=self._to_server, args=(pair,), name="proxy-up", daemon=True).start()
        threading.Thread(target=self._to_client, args=(pair,), name="proxy-down", daemon=True).start()

    def _to_server(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(OSError):
            while piece := pair[0].recv(65536):
                self._flows.wait()
                self._keep(self.asked, piece)
                if self._overhear:
                    self._overhear(piece)
                if self._unasked and self._unasked(piece):
                    continue
                pair[1].sendall(piece)
        _end(pair, False)

    def _to_client(self, pair: tuple[socket.socket, socket.socket]) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while piece := pair[1].recv(65536):
                whole, rest = frames.split(rest + piece)
                for frame in whole:
                    self._pass(frame, pair)
        _end(pair, False)

    def _pass(self, frame: bytes, pair: tuple[socket.socket, socket.socket]) -> None:
        self._flows.wait()
        if self._cut_in and self._cut_in(frame):
            self._cut_in = None
            pair[0].sendall(frame[: len(frame) // 2])
            raise ConnectionAbortedError
        if self._drop and self._drop(frame):
            self.dropped += 1
            return
        twice = bool(self._duplicate and self._duplicate(frame))
        self.duplicated += twice
        self._keep(self.passed, frame)
        if self._watch:
            self._watch(frame)
        garbage, self._garbage = self._garbage, b""
        copies = self._copies if frames.event_name(frame) else 1
        pair[0].sendall(garbage + frame * (2 if twice else copies))

    def _keep(self, seen: list[tuple[float, bytes]], piece: bytes) -> None:
        """The last hundred thousand: a soak lasts hours."""
        seen.append((time.monotonic(), piece))
        if len(seen) > KEPT:
            del seen[: KEPT // 2]


def _end(pair: tuple[socket.socket, socket.socket], reset: bool) -> None:
    for end in pair:
        with contextlib.suppress(OSError):
            if reset:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                end.shutdown(socket.SHUT_RDWR)
        end.close()


def is_any_event(frame: bytes) -> bool:
    return frames.event_name(frame) != ""


def is_event(*names: str) -> Predicate:
    """Whether a frame is an event of one of these names."""
    return lambda frame: frames.event_name(frame) in names
