"""Events and replies as bytes of the event socket. PURE."""

import json

from softswitch.events import Event

_UNSAFE = b'\r\n #%&+:;<=>?@[\\]^`{|}"'
_HEX = b"0123456789ABCDEF"
_ENCODED = tuple(b"%%%02X" % byte if byte < 0x20 or byte > 0x7E or byte in _UNSAFE else bytes((byte,)) for byte in range(256))


def url_encode(value: str) -> bytes:
    """As FreeSWITCH does it: a ``%XX`` in upper-case hex that stands in the value already is left as it is.

    So plain events are ambiguous; a reader must split before it decodes. That is kept on purpose.
    """
    raw = value.encode("utf-8", "surrogateescape")
    if b"%" not in raw:
        return b"".join(_ENCODED[byte] for byte in raw)
    return b"".join(b"%" if byte == 0x25 and _is_escape(raw, at) else _ENCODED[byte] for at, byte in enumerate(raw))


def _is_escape(raw: bytes, at: int) -> bool:
    digits = raw[at + 1 : at + 3]
    return len(digits) == 2 and digits[0] in _HEX and digits[1] in _HEX


def plain(event: Event) -> bytes:
    head = b"".join(b"%s: %s\n" % (name.encode(), url_encode(value) or b"_undef_") for name, value in event.headers)
    if not event.body:
        return head + b"\n"
    body = event.body.encode("utf-8", "surrogateescape")
    return head + b"Content-Length: %d\n\n%s" % (len(body), body)


def as_json(event: Event) -> bytes:
    """Bytes that are not UTF-8 go out as they came in (FreeSWITCH's JSON does that too)."""
    values: dict[str, str] = dict(event.headers)
    if event.body is not None:
        values["Content-Length"] = str(len(event.body.encode("utf-8", "surrogateescape")))
        values["_body"] = event.body
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogateescape")


def event_frame(event: Event, form: str) -> bytes:
    """``form`` is ``plain`` or ``json``."""
    body = as_json(event) if form == "json" else plain(event)
    return b"Content-Length: %d\nContent-Type: text/event-%s\n\n%s" % (len(body), form.encode(), body)


def reply_frame(text: str, more: tuple[tuple[str, str], ...] = ()) -> bytes:
    lines = "".join(f"{name}: {value}\n" for name, value in more)
    return f"Content-Type: command/reply\nReply-Text: {text}\n{lines}\n".encode("utf-8", "surrogateescape")


def api_frame(text: str) -> bytes:
    body = (text or "-ERR no reply\n").encode("utf-8", "surrogateescape")
    return b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(body), body)


AUTH_REQUEST = b"Content-Type: auth/request\n\n"


def disconnect_frame(text: str = "Disconnected, goodbye.\n") -> bytes:
    return b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n%s" % (len(text), text.encode())
