"""What a switch says when asked what stands on it. PURE: answers of ``show … as json`` and ``uuid_dump … json`` to
a SnapshotTaken.

The lists come from a database that the switch writes behind: a channel may be missing that was just born, or linger
that just died. What they say of a channel is thin (no variables), so channels that we do not know are dumped one by
one.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from acd.core.events import ChannelSeen, SnapshotTaken
from acd.switch import encode
from acd.switch.events_from import end_missed, known_phone, shown
from acd.words import LegId, NodeId, PhoneId, PlayId, leg_id

Row = Mapping[str, str]

CHANNELS = "show channels as json"
CALLS = "show calls as json"
REGISTRATIONS = "show registrations as json"

_ANSWERED = frozenset({"ACTIVE", "HELD", "UNHELD"})
_PLAYERS = frozenset({"playback", "record", "bridge", "play_and_get_digits", "speak", "say", "eavesdrop", "three_way", "set"})
_MARK = "variable_acd_"
_MUSIC_DUMPED = 500


class Unreadable(ValueError):
    """An answer that is not what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The answers to the three questions. ``registrations`` is None when the switch could not say."""

    channels: list[Row]
    bridges: dict[str, str]
    registrations: list[Row] | None


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as odd:
        raise Unreadable(f"not JSON: {text[:80]!a}") from odd
    if not isinstance(found, dict):
        raise Unreadable(f"not a JSON object: {text[:80]!a}")
    return found


def _words(found: Mapping[Any, Any]) -> dict[str, str]:
    return {str(name): value if isinstance(value, str) else str(value) for name, value in found.items() if value is not None}


def rows(text: str) -> list[Row]:
    """The rows of a ``show``; it leaves them out altogether when there are none. Raises Unreadable."""
    found = _object(text).get("rows", [])
    if not isinstance(found, list):
        raise Unreadable(f"rows are no list: {text[:80]!a}")
    return [_words(row) for row in found if isinstance(row, dict)]


def lists(channels: str, calls: str, registrations: str) -> Lists:
    bridges: dict[str, str] = {}
    for row in rows(calls):
        one, other = row.get("uuid"), row.get("b_uuid")
        if one and other:
            bridges[one], bridges[other] = other, one
    try:
        registered: list[Row] | None = rows(registrations)
    except Unreadable:
        registered = None
    standing = [row for row in rows(channels) if encode.is_uuid(row.get("uuid", ""))]
    return Lists(channels=standing, bridges=bridges, registrations=registered)


def to_dump(seen: Lists, node: NodeId, known: Callable[[LegId], bool]) -> list[str]:
    """Channels of which the lists do not say enough: those unknown to us, and those of which we cannot tell whether
    they still play.
    """
    sure = _music if len(seen.channels) > _MUSIC_DUMPED else _nothing  # of very many, music is believed to go on
    return [row["uuid"] for row in seen.channels if not known(leg_id(node, row["uuid"])) or (_may_play(row) and not sure(row))]


def _may_play(row: Row) -> bool:
    return row.get("application") in _PLAYERS


def _music(row: Row) -> bool:
    return row.get("application_data", "").startswith("local_stream://")


def _nothing(row: Row) -> bool:
    return False


def dump(uuid: str) -> str:
    """The question for all that is known of one leg."""
    return f"uuid_dump {encode.uuid(uuid)} json"


def dumped(text: str) -> Row | None:
    """The answer to ``uuid_dump … json``; None when the channel has gone meanwhile or the answer makes no sense."""
    try:
        return None if text.startswith("-") else _words(_object(text))
    except Unreadable:
        return None


def taken(
    seen: Lists,
    dumps: Mapping[str, Row | None],
    *,
    node: NodeId,
    profile: str,
    at: float,
    asked_at: float,
    restarted: bool,
    just_registered: Collection[PhoneId] = (),
) -> SnapshotTaken:
    """``dumps``: every channel that was to be dumped. ``just_registered``: their list lags behind their events."""
    gone = {uuid for uuid, dump in dumps.items() if dump is None}
    standing = [row for row in seen.channels if row["uuid"] not in gone]
    there = {row["uuid"] for row in standing}
    return SnapshotTaken(
        at=at,
        node=node,
        asked_at=asked_at,
        channels=tuple(_channel(row, dumps.get(row["uuid"]), seen.bridges, there, node) for row in standing),
        phones=None if seen.registrations is None else _phones(seen.registrations, profile, just_registered),
        restarted=restarted,
    )


def _channel(row: Row, dump: Row | None, bridges: Mapping[str, str], there: set[str], node: NodeId) -> ChannelSeen:
    other = bridges.get(row["uuid"])
    known = dump or {}
    context = known.get("Caller-Context") or row.get("initial_context") or row.get("context")
    leg = leg_id(node, row["uuid"])
    ended = end_missed(known, leg, PlayId(""), 0.0)
    return ChannelSeen(
        leg=leg,
        inbound=row.get("direction") == "inbound",
        answered=known["Answer-State"] == "answered" if "Answer-State" in known else row.get("callstate") in _ANSWERED,
        bridged_to=leg_id(node, other) if other in there and other is not None else None,
        held=row.get("callstate") == "HELD",
        born_at=float(row["created_epoch"]) if row.get("created_epoch", "").isdecimal() else None,
        playing=known.get("variable_current_application", row.get("application")) in _PLAYERS and ended is None,
        cause=ended.cause if ended else "",
        seconds=ended.seconds if ended else 0.0,
        dialled=shown(row.get("initial_dest") or row.get("dest")),
        caller_number=shown(row.get("initial_cid_num") or row.get("cid_num")),
        caller_name=shown(row.get("initial_cid_name") or row.get("cid_name")),
        phone=known_phone(known.get("variable_sip_auth_username"), context),
        marks={name.removeprefix(_MARK): value for name, value in known.items() if name.startswith(_MARK)},
    )


def _phones(registered: Iterable[Row], profile: str, just_registered: Collection[PhoneId]) -> tuple[PhoneId, ...]:
    listed = {PhoneId(row["reg_user"]) for row in registered if row.get("reg_user") and _of_profile(row, profile)}
    return tuple(sorted(listed | set(just_registered)))


def _of_profile(row: Row, profile: str) -> bool:
    url = row.get("url", "")
    return not url.startswith("sofia/") or url.startswith(f"sofia/{profile}/")
