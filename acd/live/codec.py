"""Journal lines: records and events as JSON by class name, and back.

A line outlives the release that wrote it. Fields that are unknown here are ignored and fields that are missing get their
defaults, so every field that is added to a record or an event must have a default. What cannot be read at all is
reported with the line (``unreadable``), never raised away with its neighbours. Knows no file.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import msgspec

from acd.core import events, interpreter
from acd.core.call import Call
from acd.core.decision import Decision, Record
from acd.core.events import Event
from acd.core.frame import Private
from acd.core.house import Forced, LineWatch, Node, Phone
from acd.core.lines.entry import Entry
from acd.core.lines.kept import KeptPlace
from acd.core.lines.pace import Pace
from acd.core.matching.bond import Bond
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outgoing import Outgoing, Tally
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk
from acd.core.staff.nailed import NailedLeg
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.live.older import of_today

_BESIDE = (LineWatch, KeptPlace, Pace, Outgoing, Tally, WrapUp, Recording, Bond, NailedLeg, Desk, Monitor, Callback, DialledCall)
_KINDS = (Call, Entry, Offer, Agent, Phone, Node, Forced, *_BESIDE)
RECORDS: dict[str, type] = {c.__name__: c for c in _KINDS}
EVENTS: dict[str, type] = {
    name: c
    for module in (events, interpreter)
    for name, c in vars(module).items()
    if isinstance(c, type) and issubclass(c, Event) and c is not Event
}

_CRC_HEAD = b'{"crc":"'
_CRC_LEN = len(_CRC_HEAD) + 8 + len(b'",')


class BadLine(ValueError):
    """A line that is torn or was changed after it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One decision as it was remembered, or a part of a snapshot.

    A part of a snapshot has no event, and ``n`` is the decision after which the records stood so.
    """

    n: int
    at: float
    event: Event | None = None
    changes: tuple[Record, ...] = ()
    is_snapshot: bool = False
    healed: bool = False
    late: bool = False
    refused: str = ""
    unreadable: tuple[str, ...] = ()


class _Body(msgspec.Struct):
    n: int
    at: float
    event: msgspec.Raw = msgspec.Raw()
    changes: list[msgspec.Raw] = []
    snapshot: bool = False
    healed: bool = False
    late: bool = False
    refused: str = ""


class _Tag(msgspec.Struct):
    type: str


def _left_out(thing: Any) -> None:
    """Digits typed in confidence stay in memory."""
    if not isinstance(thing, Private):
        raise TypeError(f"{type(thing).__name__} has no form in the journal")


_encode = msgspec.json.Encoder(enc_hook=_left_out).encode
_body = msgspec.json.Decoder(_Body)
_tag = msgspec.json.Decoder(_Tag)
_decoders: dict[str, "msgspec.json.Decoder[Any]"] = {n: msgspec.json.Decoder(c) for n, c in (RECORDS | EVENTS).items()}


def encode_tagged(thing: Record | Event) -> bytes:
    """``{"type": "Call", ...}``."""
    return b'{"type":"' + type(thing).__name__.encode() + b'",' + _text(thing)[1:]


def _text(thing: Record | Event) -> bytes:
    try:
        return _encode(thing)
    except UnicodeEncodeError:  # half a character, from a caller's name: it becomes a question mark
        return json.dumps(msgspec.to_builtins(thing, enc_hook=_left_out), ensure_ascii=False).encode("utf-8", "replace")


def encode_decision(n: int, decision: Decision) -> bytes:
    """One whole line with its newline. Flags that are not set are left out."""
    parts = [b'"n":%d,"at":%s' % (n, _encode(decision.event.at)), b'"event":' + encode_tagged(decision.event)]
    if decision.changes:
        parts.append(_changes(decision.changes))
    if decision.healed:
        parts.append(b'"healed":true')
    if decision.late:
        parts.append(b'"late":true')
    if decision.refused:
        parts.append(b'"refused":' + _encode(decision.refused))
    return _seal(parts)


def encode_snapshot(n: int, at: float, records: Iterable[Record]) -> bytes:
    """One line of a snapshot: records as they stood after decision ``n``."""
    return _seal([b'"n":%d,"at":%s' % (n, _encode(at)), b'"snapshot":true', _changes(records)])


def _changes(records: Iterable[Record]) -> bytes:
    return b'"changes":[' + b",".join(map(encode_tagged, records)) + b"]"


def _seal(parts: list[bytes]) -> bytes:
    rest = b",".join(parts) + b"}"
    return _CRC_HEAD + b"%08x" % crc32(rest) + b'",' + rest + b"\n"


def check_line(line: bytes) -> None:
    """Raises BadLine unless the line is whole and as it was written."""
    if not line.endswith(b"\n") or not line.startswith(_CRC_HEAD):
        raise BadLine("not a whole line")
    if line[len(_CRC_HEAD) : _CRC_LEN] != b'%08x",' % crc32(line[_CRC_LEN:-1]):
        raise BadLine("checksum does not match")


def number_of(line: bytes) -> int:
    """The decision's number in a line that is whole, without reading what it says."""
    return _body_of(line).n


def _body_of(line: bytes) -> _Body:
    check_line(line)
    try:
        return _body.decode(line)
    except msgspec.MsgspecError as error:
        raise BadLine(str(error)) from None


def decode_line(line: bytes) -> Line:
    body = _body_of(line)
    unreadable: list[str] = []
    event = _thing(body.event, EVENTS, unreadable) if bytes(body.event) else None
    changes = tuple(r for raw in body.changes if (r := _thing(raw, RECORDS, unreadable)) is not None)
    return Line(
        n=body.n,
        at=body.at,
        event=event,
        changes=changes,
        is_snapshot=body.snapshot,
        healed=body.healed,
        late=body.late,
        refused=body.refused,
        unreadable=tuple(unreadable),
    )


def _thing(raw: msgspec.Raw, known: dict[str, type], unreadable: list[str]) -> Any:
    name = "?"
    try:
        name = _tag.decode(raw).type
        if name in known:
            return of_today(_decoders[name].decode(raw))
        unreadable.append(f"{name}: no such class in this release")
    except msgspec.MsgspecError as error:
        unreadable.append(f"{name}: {error}")
    return None
