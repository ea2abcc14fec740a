"""Bytes to frames. PURE: no socket, no clock, no decoding before splitting.

A frame of the event socket is a block of ``Name: value`` lines, an empty line, and as many bytes of body as
Content-Length says. The body of a plain event is again such a block, whose values are percent-encoded. Two rules
keep a caller's text from becoming a header:

* lines are split at the byte LF and nowhere else, before anything is unquoted or decoded (``%0A`` and U+2028 stay
  inside their value);
* the first line of a name wins (the switch writes what it knows, Event-Name and Unique-ID, before what a caller may
  have said).

Values are looked up and unquoted when they are read: of some 130 headers of an event we read about six. Nothing
here may block or log.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

_LENGTH = re.compile(rb"[0-9]{1,9}")


class WireError(ValueError):
    """What arrived cannot be a frame; where the next one begins is unknown, so the connection must be given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``block``: bytes of a frame's own header block. ``body``: bytes of one body (``show channels`` of 10,000 calls
    is about 10 MB).
    """

    block: int = 64 * 1024
    body: int = 32 * 1024 * 1024


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _unquoted(value: bytes) -> str:
    if value == b"_undef_":  # how the switch writes an empty value
        return ""
    return _text(unquote_to_bytes(value)) if b"%" in value else _text(value)


@lru_cache(1024)
def _needle(name: str) -> bytes:
    return b"\n" + name.encode("utf-8", "replace") + b":"


def _find(block: bytes, name: str) -> bytes | None:
    """The value of the first line of ``block`` with this name; ``block`` begins with LF."""
    needle = _needle(name)
    at = block.find(needle)
    if at < 0:
        return None
    start = at + len(needle)
    end = block.find(b"\n", start)
    return (block[start:] if end < 0 else block[start:end]).strip()


def _names(block: bytes) -> Iterator[bytes]:
    for line in block.split(b"\n"):
        name, colon, _ = line.partition(b":")
        if colon and name and name.isascii():  # what is no ASCII names nothing, and could not be asked for by its text
            yield name


class Headers(Mapping[str, str]):
    """All headers of a frame, for those who want a mapping. An event's own headers come before those of the frame around it."""

    def __init__(self, frame: "Frame") -> None:
        self._frame = frame

    def __getitem__(self, name: str) -> str:
        value = self._frame.field(name)
        if value is None:
            value = self._frame.header(name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._frame.field_names(), *self._frame.header_names()]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Frame:
    """One frame. Not a dataclass: tens of thousands a second are made, and most are never asked for more than a name."""

    __slots__ = ("_block", "_cut", "_fields", "_name", "_payload", "kind")

    def __init__(self, block: bytes, payload: bytes) -> None:
        self._block = b"\n" + block
        self._payload = payload
        self._cut = -1
        self._fields: bytes | dict[str, str] | None = None
        self._name: str | None = None
        self.kind = _text(_find(self._block, "Content-Type") or b"")

    def header(self, name: str) -> str | None:
        """A header of the frame itself. Replies are not percent-encoded, so they are not unquoted either."""
        value = _find(self._block, name)
        return None if value is None else _text(value)

    def field(self, name: str) -> str | None:
        """A header of the event that the frame carries, unquoted; None for other frames and absent names."""
        fields = self._fields if self._fields is not None else self._split()
        if isinstance(fields, dict):
            return fields.get(name)
        value = _find(fields, name)
        return None if value is None else _unquoted(value)

    @property
    def name(self) -> str:
        """Event-Name, or of a CUSTOM event its subclass; '' of what is no event. Kept: everybody on the way asks for it."""
        if self._name is None:
            name = self.field("Event-Name") or ""
            self._name = (self.field("Event-Subclass") or name) if name == "CUSTOM" else name
        return self._name

    def field_names(self) -> list[str]:
        fields = self._fields if self._fields is not None else self._split()
        return list(fields) if isinstance(fields, dict) else [_text(name) for name in _names(fields)]

    def header_names(self) -> list[str]:
        return [_text(name) for name in _names(self._block)]

    @property
    def is_event(self) -> bool:
        return self.kind.startswith("text/event-")

    @property
    def headers(self) -> Headers:
        return Headers(self)

    @property
    def body(self) -> bytes:
        """The payload; of a plain event what follows its headers (a BACKGROUND_JOB's answer)."""
        if self.kind != "text/event-plain":
            if self.kind == "text/event-json":
                return (self.field("_body") or "").encode()
            return self._payload
        self._split()
        return self._payload[self._cut :]

    @property
    def data(self) -> str:
        """What was answered, as text: the body, or of a command's reply its Reply-Text."""
        return (self.header("Reply-Text") or "") if self.kind == "command/reply" else _text(self.body)

    def _split(self) -> bytes | dict[str, str]:
        if self.kind == "text/event-json":
            self._fields = _json_fields(self._payload)
        elif self.kind == "text/event-plain":
            end = self._payload.find(b"\n\n")
            self._cut = len(self._payload) if end < 0 else end + 2
            self._fields = b"\n" + (self._payload if end < 0 else self._payload[:end])
        else:
            self._fields = b""
        return self._fields


def _first_wins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return dict(reversed(pairs))


def _json_fields(payload: bytes) -> dict[str, str]:
    """Headers of an ``event json``; a payload that is no object has none (odd bytes of a caller must not stop the reader)."""
    try:
        found = json.loads(payload.decode("utf-8", "replace"), object_pairs_hook=_first_wins)
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


class Splitter:
    """Feed it what came from the socket, cut anywhere; it gives back the frames that are complete.

    Raises WireError when a header block or a length is out of bounds; it must not be fed again after that.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._parts: list[bytes] = []
        self._have = 0
        self._want = 0  # no frame can be complete before so many bytes are here: a long body is joined once, not once a chunk

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and is not complete."""
        return self._have > 0

    def feed(self, received: bytes) -> list[Frame]:
        self._parts.append(received)
        self._have += len(received)
        if self._have < self._want:
            return []
        text = b"".join(self._parts) if len(self._parts) > 1 else received
        frames: list[Frame] = []
        at = self._take(text, frames)
        rest = text[at:]
        self._parts = [rest] if rest else []
        self._have = len(rest)
        return frames

    def _take(self, text: bytes, frames: list[Frame]) -> int:
        at, size = 0, len(text)
        while True:
            while at < size and text[at] == 10:  # empty lines between frames
                at += 1
            end = text.find(b"\n\n", at, at + self._limits.block + 2)
            if end < 0:
                if size - at > self._limits.block:
                    raise WireError(f"header block longer than {self._limits.block} bytes")
                self._want = 0
                return at
            block = text[at:end]
            body = end + 2
            stop = body + _length(block, self._limits.body)
            if stop > size:
                self._want = stop - at
                return at
            frames.append(Frame(block, text[body:stop]))
            at = stop


def _length(block: bytes, limit: int) -> int:
    """Content-Length of a header block; 0 when there is none. Two that differ, a sign, or too much are refused."""
    lines = b"\n" + block
    at = lines.find(b"\nContent-Length:")
    if at < 0:
        return 0
    value = _find(lines, "Content-Length") or b""
    other = lines.find(b"\nContent-Length:", at + 1)
    if other >= 0 and _find(lines[other:], "Content-Length") != value:
        raise WireError("two Content-Length headers that differ")
    if not _LENGTH.fullmatch(value) or int(value) > limit:
        raise WireError(f"Content-Length {value[:20]!r}, allowed is 0 to {limit}")
    return int(value)
