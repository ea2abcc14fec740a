"""The test's end of SIPp's twin socket: hears what a scenario tells, and gives it orders."""

import re
import socket
import threading
import time
from dataclasses import dataclass

from .waiting import until

_END = b"\x1b"
_SETTLED_S = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message of a scenario."""

    at: float  # time.monotonic()
    call: str  # SIP Call-ID
    word: str
    value: str


class Twin:
    """Listens before SIPp starts; SIPp connects."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(20)
        self.port = int(self._listener.getsockname()[1])
        self.told: list[Told] = []
        self._peer: socket.socket | None = None
        self._thread = threading.Thread(target=self._hear, name=f"twin-{name}", daemon=True)
        self._thread.start()

    def words(self) -> list[str]:
        return [told.word for told in list(self.told)]

    def count(self, word: str, call: str) -> int:
        return sum(1 for told in list(self.told) if told.word == word and told.call == call)

    def hear(self, word: str, *, within_s: float = 10.0, count: int = 1) -> Told:
        """The ``count``-th time that this is told."""

        def heard() -> Told | None:
            matching = [told for told in list(self.told) if told.word == word]
            return matching[count - 1] if len(matching) >= count else None

        told = until(f"{self.name} tells {word!r} (time {count})", heard, within_s=within_s, seen=self.words)
        assert told is not None
        return told

    def order(self, call: str, what: str) -> None:
        """SIPp loses an order that comes while it is on its way from what it told last to where it listens next."""
        assert self._peer is not None, f"{self.name}: SIPp is not connected"
        last = max((told.at for told in list(self.told) if told.call == call), default=0.0)
        until(f"{self.name} listens", lambda: time.monotonic() > last + _SETTLED_S)
        self._peer.sendall(f"Call-ID: {call}\r\nDo: {what}\r\n\r\n".encode() + _END)

    def close(self) -> None:
        self._listener.close()
        if self._peer:
            self._peer.close()

    def _hear(self) -> None:
        try:
            self._peer, _ = self._listener.accept()
            rest = b""
            while piece := self._peer.recv(4096):
                *messages, rest = (rest + piece).split(_END)
                self.told.extend(_read(message.decode(errors="replace")) for message in messages)
        except OSError:
            return


def _read(message: str) -> Told:
    call = re.search(r"call-id: *(\S+)", message, re.IGNORECASE)
    if call and "abort_call" in message:  # a BYE between two steps of the scenario: SIPp answers it by itself
        return Told(at=time.monotonic(), call=call[1], word="ended", value="")
    say = re.search(r"Say: *(\S+) *(\S*)", message)
    assert call and say, f"SIPp said {message!r}"
    return Told(at=time.monotonic(), call=call[1], word=say[1], value=say[2])
