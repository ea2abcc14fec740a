"""A plain event socket client for tests: it knows nothing of the code under test but the protocol."""

from collections import deque
from urllib.parse import unquote

import gevent
from gevent import socket

PASSWORD = "a-password-for-tests"
WITHIN_S = 10.0


class Frame:
    def __init__(self, head: bytes, body: bytes) -> None:
        pairs = [line.split(b": ", 1) for line in head.split(b"\n") if line]
        self.headers = {pair[0].decode(): pair[-1].decode("utf-8", "replace") for pair in pairs}
        self.body = body

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def reply(self) -> str:
        return self.headers.get("Reply-Text", "")

    def event(self) -> dict[str, str]:
        """A plain event: split first, then decoded."""
        head, _, body = self.body.partition(b"\n\n")
        found = {}
        for line in head.split(b"\n"):
            name, _, value = line.partition(b": ")
            found[name.decode()] = unquote(value.decode())
        if body:
            found["_body"] = body.decode()
        return found


class EslClient:
    def __init__(self, port: int, *, host: str = "127.0.0.1", timeout_s: float = WITHIN_S) -> None:
        self.socket = socket.create_connection((host, port), timeout=timeout_s)
        self.buffer = b""
        self.timeout_s = timeout_s
        self.events: deque[dict[str, str]] = deque()
        self.seen: list[dict[str, str]] = []

    def close(self) -> None:
        self.socket.close()

    def send(self, text: str) -> None:
        self.socket.sendall(text.encode("utf-8", "surrogateescape") + b"\n\n")

    def frame(self) -> Frame:
        """The next frame of any kind; EOFError at the end."""
        while b"\n\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\n\n")
        frame = Frame(head, b"")
        length = int(frame.headers.get("Content-Length", "0"))
        while len(self.buffer) < length:
            self._more()
        frame.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return frame

    def answer(self) -> Frame:
        """The next frame that is no event; events on the way are kept."""
        while True:
            frame = self.frame()
            if frame.kind != "text/event-plain":
                return frame
            self._keep(frame.event())

    def ask(self, text: str) -> Frame:
        self.send(text)
        return self.answer()

    def api(self, text: str) -> str:
        return self.ask(f"api {text}").body.decode("utf-8", "surrogateescape")

    def log_in(self, password: str = PASSWORD) -> "EslClient":
        assert self.frame().kind == "auth/request"
        assert self.ask(f"auth {password}").reply == "+OK accepted"
        return self

    def execute(self, uuid: str, app: str, argument: str = "", *, event_uuid: str = "", lock: bool = False) -> str:
        lines = [f"sendmsg {uuid}", "call-command: execute", f"execute-app-name: {app}"]
        lines += [f"execute-app-arg: {argument}"] if argument else []
        lines += [f"Event-UUID: {event_uuid}"] if event_uuid else []
        lines += ["event-lock: true"] if lock else []
        return self.ask("\n".join(lines)).reply

    def wait(self, name: str, **wanted: str) -> dict[str, str]:
        """The first event of that name with those values (``_`` stands for ``-``) that was not waited for yet."""
        with gevent.Timeout(self.timeout_s, TimeoutError(f"no {name} {wanted}")):
            while True:
                for event in self.events:
                    if event["Event-Name"] == name and _has(event, wanted):
                        self.events.remove(event)
                        return event
                self._read_event()

    def names(self, uuid: str = "") -> list[str]:
        """The names of all events so far, of that channel if one is given."""
        return [one["Event-Name"] for one in self.seen if not uuid or one.get("Unique-ID") == uuid]

    def _read_event(self) -> None:
        frame = self.frame()
        if frame.kind == "text/event-plain":
            self._keep(frame.event())

    def _keep(self, event: dict[str, str]) -> None:
        self.events.append(event)
        self.seen.append(event)

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the switch closed the connection")
        self.buffer += data


def _has(event: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(event.get(key if key.startswith("variable_") else key.replace("_", "-")) == value for key, value in wanted.items())
