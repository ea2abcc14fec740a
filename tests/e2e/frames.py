"""The event socket's framing, as little of it as a proxy and a recorder need; written apart from what is under test."""

from collections.abc import Mapping
from urllib.parse import unquote


def split(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Whole frames, and the rest that is not yet one."""
    frames: list[bytes] = []
    while (end := buffer.find(b"\n\n")) >= 0:
        size = end + 2 + body_length(buffer[:end])
        if len(buffer) < size:
            break
        frames.append(buffer[:size])
        buffer = buffer[size:]
    return frames, buffer


def body_length(head: bytes) -> int:
    for line in head.split(b"\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def headers(frame: bytes) -> Mapping[str, str]:
    """Those of a plain event; of any other frame those of the frame itself."""
    head, _, body = frame.lstrip(b"\n").partition(b"\n\n")
    block = body.partition(b"\n\n")[0] if b"text/event-plain" in head else head
    pairs = (line.partition(b": ") for line in block.split(b"\n") if line)
    return {name.decode("ascii", "replace"): unquote(value.decode("ascii", "replace")) for name, _, value in pairs}


def event_name(frame: bytes) -> str:
    """``CHANNEL_PARK``, ``CUSTOM sofia::register``; '' for a frame that is no event."""
    if b"text/event-plain" not in frame.lstrip(b"\n").partition(b"\n\n")[0]:
        return ""
    found = headers(frame)
    return f"{found.get('Event-Name', '')} {found.get('Event-Subclass', '')}".strip()
