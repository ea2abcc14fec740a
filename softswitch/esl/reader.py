"""Bytes from an event socket client to its requests. PURE: it may be fed any slices.

A request is lines up to an empty one; the first is the command, the others are headers; Content-Length brings a body.
Newlines before a request mean nothing (clients send them to wake the switch).
"""

from dataclasses import dataclass, field

MOST_HEAD = 10 * 1024 * 1024
MOST_BODY = 16 * 1024 * 1024


class BadRequest(ValueError):
    """The client said something after which no boundary can be trusted: the connection ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    command: str
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case; of a name that comes twice the first counts."""
    body: str = ""


class RequestReader:
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> list[Request]:
        """All requests that are complete now. Raises BadRequest."""
        self._buffer += data
        found = []
        while (request := self._next()) is not None:
            found.append(request)
        return found

    def _next(self) -> Request | None:
        self._drop_newlines()
        end, rest = self._end_of_head()
        if end < 0:
            if len(self._buffer) >= MOST_HEAD:
                raise BadRequest(f"a request of more than {MOST_HEAD} bytes without an empty line")
            return None
        command, headers = _split(bytes(self._buffer[:end]))
        length = _length(headers)
        if len(self._buffer) < rest + length:
            return None
        body = bytes(self._buffer[rest : rest + length]).decode("utf-8", "surrogateescape")
        del self._buffer[: rest + length]
        self._searched = 0
        return Request(command=command, headers=headers, body=body)

    def _drop_newlines(self) -> None:
        at = 0
        while at < len(self._buffer) and self._buffer[at] in b"\r\n":
            at += 1
        if at:
            del self._buffer[:at]
            self._searched = 0

    def _end_of_head(self) -> tuple[int, int]:
        """(where the head ends, where the body starts), or (-1, -1). CR between two LF does not count."""
        at = self._buffer.find(b"\n", self._searched)
        while at >= 0:
            after = at + 1
            while after < len(self._buffer) and self._buffer[after] == 0x0D:
                after += 1
            if after == len(self._buffer):
                break
            if self._buffer[after] == 0x0A:
                return at, after + 1
            self._searched = after
            at = self._buffer.find(b"\n", after)
        return -1, -1


def _split(head: bytes) -> tuple[str, dict[str, str]]:
    lines = [line for line in head.decode("utf-8", "surrogateescape").replace("\r", "\n").split("\n") if line]
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.lower(), value.lstrip(" "))
    return lines[0], headers


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0").strip()
    if not text.isdecimal() or int(text) > MOST_BODY:
        raise BadRequest(f"Content-Length {text[:20]!r}; allowed are 0 to {MOST_BODY}")
    return int(text)
