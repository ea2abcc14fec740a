"""Session descriptions: one audio stream of G.711 with telephone-event, on the library sdp-transform. Pure.

The library reads leniently (a bad line is left out), so everything that we use is checked here for its type and its
range.
"""

import ipaddress
import re
import secrets
from dataclasses import dataclass
from typing import Any

import sdp_transform

MAX_BYTES = 8192
TELEPHONE_EVENT = 101
STATIC = {0: "PCMU", 8: "PCMA"}
NUMBERS = {name: number for number, name in STATIC.items()}
MIRROR = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


class BadSdp(ValueError):
    """The description offers nothing that we can use; the text says why (answer 488)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """The audio line of a description from the other side, reduced to what we use."""

    host: str
    port: int
    codec: str
    """PCMU or PCMA: the first of the other side's that we know."""
    payload_type: int
    telephone_event: int | None
    direction: str
    """As the other side wrote it. ``our_direction`` is the mirror."""
    lines: tuple[str, ...] = ()
    """The kinds of all m= lines in order, for the answer must have as many; ours is the first ``audio`` with a port."""

    @property
    def our_direction(self) -> str:
        return MIRROR["inactive" if self.host == "0.0.0.0" else self.direction]

    @property
    def held(self) -> bool:
        """The other side put us on hold (sendonly, inactive, or the old 0.0.0.0)."""
        return self.our_direction in ("recvonly", "inactive")


def read(body: bytes) -> Audio:
    """Raises BadSdp, and nothing else."""
    if not body or len(body) > MAX_BYTES:
        raise BadSdp(f"{len(body)} bytes; 1 to {MAX_BYTES} are allowed")
    try:
        session = sdp_transform.parse(body.decode("utf-8", "replace"))
    except Exception as error:  # the library indexes what may be missing
        raise BadSdp(f"cannot be read: {error!r}") from error
    lines = [one for one in session.get("media", []) if isinstance(one, dict)][:16]
    for line in lines:
        if line.get("type") == "audio" and "RTP/AVP" in str(line.get("protocol")) and _number(line.get("port")) > 0:
            kinds = tuple(str(one.get("type", "")) if one is not line else "=" for one in lines)
            return _audio(session, line, kinds)
    raise BadSdp("no audio line over RTP/AVP")


def _audio(session: dict[str, Any], line: dict[str, Any], kinds: tuple[str, ...]) -> Audio:
    offered = [int(one) for one in re.findall(r"\b\d{1,3}\b", str(line.get("payloads", "")))]
    named = {_number(one.get("payload")): str(one.get("codec", "")).upper() for one in line.get("rtp", [])}
    codecs = {number: named.get(number, STATIC.get(number, "")) for number in offered}
    usable = [number for number in offered if codecs[number] in NUMBERS]
    if not usable:
        raise BadSdp(f"no codec that we speak among {sorted(filter(None, codecs.values()))}; PCMU and PCMA are")
    events = [number for number in offered if codecs[number] == "TELEPHONE-EVENT" and 96 <= number <= 127]
    direction = line.get("direction") or session.get("direction") or "sendrecv"
    return Audio(
        host=_host(line, session),
        port=_number(line["port"]),
        codec=codecs[usable[0]],
        payload_type=usable[0],
        telephone_event=events[0] if events else None,
        direction=direction if direction in MIRROR else "sendrecv",
        lines=kinds,
    )


def _host(line: dict[str, Any], session: dict[str, Any]) -> str:
    connection = line.get("connection") or session.get("connection") or {}
    try:
        return str(ipaddress.IPv4Address(str(connection.get("ip", ""))))
    except ValueError as error:
        raise BadSdp(f"no IPv4 address in c=: {error}") from error


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 65536 else -1


def offer(*, host: str, port: int, codecs: tuple[str, ...] = ("PCMU", "PCMA"), direction: str = "sendrecv") -> bytes:
    numbers = {NUMBERS[one]: one for one in codecs}
    return _write(host, [_line(port, numbers, TELEPHONE_EVENT, direction)])


def answer(to: Audio, *, host: str, port: int, direction: str = "") -> bytes:
    """The answer to an offer: its codec, its telephone-event number, the mirrored direction unless one is given."""
    ours = _line(port, {to.payload_type: to.codec}, to.telephone_event, direction or to.our_direction)
    lines = [ours if kind == "=" else _refused(kind) for kind in to.lines or ("=",)]
    return _write(host, lines)


def local_address(sdp: bytes) -> tuple[str, int]:
    """Where a description of ours wants its RTP. Raises BadSdp."""
    audio = read(sdp)
    return audio.host, audio.port


def _line(port: int, codecs: dict[int, str], event: int | None, direction: str) -> dict[str, Any]:
    line: dict[str, Any] = {
        "type": "audio",
        "port": port,
        "protocol": "RTP/AVP",
        "payloads": " ".join(str(one) for one in [*codecs, *([event] if event is not None else [])]),
        "rtp": [{"payload": number, "codec": name, "rate": 8000} for number, name in codecs.items()],
        "fmtp": [],
        "ptime": 20,
        "direction": direction,
    }
    if event is not None:
        line["rtp"].append({"payload": event, "codec": "telephone-event", "rate": 8000})
        line["fmtp"].append({"payload": event, "config": "0-16"})
    return line


def _refused(kind: str) -> dict[str, Any]:
    kind = kind if kind in ("audio", "video", "text", "application", "message", "image") else "audio"
    return {"type": kind, "port": 0, "protocol": "RTP/AVP", "payloads": "0"}


def _write(host: str, media: list[dict[str, Any]]) -> bytes:
    number = secrets.randbits(31)
    session = {
        "version": 0,
        "origin": {
            "username": "-",
            "sessionId": number,
            "sessionVersion": number,
            "netType": "IN",
            "ipVer": 4,
            "address": host,
        },
        "name": "call",
        "connection": {"version": 4, "ip": host},
        "timing": {"start": 0, "stop": 0},
        "media": media,
    }
    return str(sdp_transform.write(session)).encode()
