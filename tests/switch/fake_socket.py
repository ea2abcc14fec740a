"""A small event socket server for tests: it can stall, cut, repeat, drop and say anything. It knows nothing about calls."""

import json
import re
from collections.abc import Callable

import gevent
from gevent import socket
from gevent.event import Event
from gevent.server import StreamServer

PASSWORD = "a-long-enough-secret"
CORE = "0b1e1f4c-0000-4000-8000-000000000001"


def quoted(value: str) -> str:
    """As the switch does it, which leaves an upper-case ``%XX`` of the caller's alone."""
    out = []
    for at, byte in enumerate(raw := value.encode()):
        kept = byte == 0x25 and re.match(rb"%[0-9A-F]{2}", raw[at:])
        out.append(chr(byte) if kept or (0x20 < byte < 0x7F and chr(byte) not in '#%&+:;<=>?@[\\]^`{|}"') else f"%{byte:02X}")
    return "".join(out) or "_undef_"


def plain(headers: dict[str, str], body: str = "") -> bytes:
    lines = "".join(f"{name}: {quoted(value)}\n" for name, value in headers.items())
    text = lines.encode() + (f"Content-Length: {len(body.encode())}\n\n{body}".encode() if body else b"\n")
    return framed("text/event-plain", text)


def framed(kind: str, body: bytes) -> bytes:
    return f"Content-Length: {len(body)}\nContent-Type: {kind}\n\n".encode() + body


def answered(text: str) -> bytes:
    body = text.encode()
    return f"Content-Type: api/response\nContent-Length: {len(body)}\n\n".encode() + body


def replied(text: str) -> bytes:
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


class Line:
    """One connection that somebody made to the fake."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.subscribed = False
        self.asked: list[str] = []

    def write(self, text: bytes) -> None:
        self.sock.sendall(text)


class FakeSocket:
    """``answers``: what an api command gets, by its first words, longest first. ``silent``: commands that are never answered."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.asked: list[str] = []
        self.nudges = 0
        self.answers: dict[str, str | Callable[[str], str]] = {
            "global_getvar core_uuid": CORE,
            "show channels": json.dumps({"row_count": 0}),
            "show calls": json.dumps({"row_count": 0}),
            "show registrations": json.dumps({"row_count": 0}),
            "show application tone_detect": "name,description,syntax,ikey\ntone_detect,Detect tones,,mod_dptools\n\n1 total.\n",
            "show application avmd_start": "name,description,syntax,ikey\navmd_start,Start,,mod_avmd\n\n1 total.\n",
            "status": "UP 0 years\n0 session(s) - peak 1, last 5min 1 \n",
            "uuid_dump": "-ERR No such channel!\n",
        }
        self.silent: set[str] = set()
        self.greets = True
        self.mute = False
        self.sequence = 0
        self.changed = Event()
        self.server = StreamServer(("127.0.0.1", 0), self._serve)
        self.server.start()

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    def close(self) -> None:
        self.cut()
        self.server.stop(timeout=0.5)

    def cut(self) -> None:
        for line in self.lines:
            try:
                line.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.lines.clear()

    def fire(self, name: str, **headers: str) -> None:
        """An event to all who subscribed. Header names are written with ``_`` for ``-`` unless they begin with ``variable_``."""
        self.sequence += 1
        self.write(self.event(name, **headers))

    def event(self, name: str, body: str = "", **headers: str) -> bytes:
        named = {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in headers.items()}
        core = {"Event-Name": name, "Core-UUID": CORE, "Event-Sequence": str(self.sequence)}
        return plain(core | named, body)

    def write(self, text: bytes) -> None:
        for line in [line for line in self.lines if line.subscribed]:
            line.write(text)

    def until(self, reached: Callable[[], bool], within_s: float = 5.0) -> bool:
        """Wait (for traffic, not for time) until something holds."""
        with gevent.Timeout(within_s, False):
            while not reached():
                self.changed.wait(0.005)
                self.changed.clear()
            return True
        return False

    def _serve(self, sock: socket.socket, _address: object) -> None:
        line = Line(sock)
        self.lines.append(line)
        if self.greets:
            line.write(b"Content-Type: auth/request\n\n")
        buffer = b""
        while True:
            try:
                received = sock.recv(65536)
            except OSError:
                return
            if not received:
                return
            buffer = self._take(line, buffer + received)
            self.changed.set()

    def _take(self, line: Line, buffer: bytes) -> bytes:
        while True:
            while buffer[:1] == b"\n":
                self.nudges += 1
                buffer = buffer[1:]
            command, end, rest = buffer.partition(b"\n\n")
            if not end:
                return buffer
            buffer = rest
            self._obey(line, command.decode())

    def _obey(self, line: Line, command: str) -> None:
        line.asked.append(command)
        self.asked.append(command)
        if self.mute or any(command.startswith(word) for word in self.silent):
            return
        line.write(self._reply(line, command))

    def _reply(self, line: Line, command: str) -> bytes:
        first = command.partition("\n")[0]
        if first.startswith("auth "):
            return replied("+OK accepted" if first == f"auth {PASSWORD}" else "-ERR invalid")
        if first.startswith("event "):
            line.subscribed = True
            return replied("+OK event listener enabled plain")
        if first.startswith("api "):
            return answered(self._answer(first.removeprefix("api ")))
        if first.startswith(("bgapi ", "sendmsg ")):
            return replied(self._answer(first))
        return replied("-ERR command not found")

    def _answer(self, command: str) -> str:
        for words in sorted(self.answers, key=len, reverse=True):
            if command.startswith(words):
                answer = self.answers[words]
                return answer if isinstance(answer, str) else answer(command)
        return "+OK\n"
