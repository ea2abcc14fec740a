"""The switch's events to ours. PURE; with commands_to the only file that knows the switch's words.

``EVENTS`` is the table: what is subscribed to follows from it (``subscription``). Names are the switch's own; a
caller's words are only ever values, and of those only dialled, caller_number and caller_name leave this file,
without control characters.
"""

import re
from collections.abc import Callable, Mapping

from acd.core.events import (
    LOST,
    SILENCE,
    CallArrived,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegParked,
    LegResumed,
    LegRinging,
    LegsBridged,
    MachineHeard,
    PhoneRegistered,
    PhoneUnregistered,
    PlayEnded,
    RecordingEnded,
)
from acd.switch.wire import Frame
from acd.words import LegId, MachineTone, NodeId, PhoneId, PlayId, RecordingId, leg_id

AGENTS_CONTEXT = "agents"
"""The context in which only phones land whose digest the switch has proven."""
OUR_APPLICATIONS = frozenset({"playback", "record", "bridge", "eavesdrop", "three_way"})
KEY = "acd_key"
"""The variable by whose setting a leg that listens in tells of a digit: it has no other way."""
HEARD = "acd_heard"
"""The variable by whose setting a leg tells that a fax is on it; its value is a word of ``MachineTone``."""

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAY = re.compile(r"[a-z0-9.-]{1,64}")
_RECORDING = re.compile(r"[a-z0-9.-]{1,60}\.r[0-9]{1,4}")
_PHONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_DIGITS = frozenset("0123456789*#ABCD")


def shown(text: str | None, *, at_most: int = 128) -> str:
    """A stranger's text as one line of bounded length."""
    return _UNSHOWN.sub(" ", text or "")[:at_most].strip()


def known_phone(user: str | None, context: str | None) -> PhoneId | None:
    return PhoneId(user) if user and context == AGENTS_CONTEXT and _PHONE.fullmatch(user) else None


def _leg(frame: Frame, node: NodeId, name: str = "Unique-ID") -> LegId | None:
    uuid = frame.field(name)
    return leg_id(node, uuid) if uuid and not _UNSHOWN.search(uuid) else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def sip_status(frame: Frame) -> int:
    """What the phone said; of a call that we ended ourselves (a redirection refused, a time-out) 487 or what led to it."""
    for name in (
        "variable_sip_term_status",
        "variable_proto_specific_hangup_cause",
        "variable_sip_invite_failure_status",
    ):
        status = _number((frame.field(name) or "").removeprefix("sip:"))
        if status >= 300:  # the 200 of a BYE says nothing about why
            return status
    return 0


def _parked(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    if leg is None:
        return None
    inbound = frame.field("Call-Direction") == "inbound"
    if not inbound or frame.field("variable_acd_call"):
        return LegParked(at=at, leg=leg, inbound=inbound)
    return CallArrived(
        at=at,
        leg=leg,
        dialled=shown(frame.field("Caller-Destination-Number")),
        caller_number=shown(frame.field("Caller-Caller-ID-Number")),
        caller_name=shown(frame.field("Caller-Caller-ID-Name")),
        phone=known_phone(frame.field("variable_sip_auth_username"), frame.field("Caller-Context")),
    )


def _ringing(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    return LegRinging(at=at, leg=leg) if leg and frame.field("Call-Direction") == "outbound" else None


def _answered(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    return LegAnswered(at=at, leg=leg) if leg else None


def _bridged(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node, "Bridge-A-Unique-ID") or _leg(frame, node)
    other = _leg(frame, node, "Bridge-B-Unique-ID") or _leg(frame, node, "Other-Leg-Unique-ID")
    return LegsBridged(at=at, leg=leg, other=other) if leg and other else None


def _ended(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    if leg is None:
        return None
    return LegEnded(
        at=at,
        leg=leg,
        cause=shown(frame.field("Hangup-Cause")) or "UNKNOWN",
        sip_status=sip_status(frame),
        by_far_end=_BY_FAR_END.get((frame.field("variable_sip_hangup_disposition") or "")[:5]),
    )


_BY_FAR_END = {"recv_": True, "send_": False}
"""Who sent the BYE, CANCEL or refusal: ``recv_bye``, ``send_cancel`` …"""


def _executed(frame: Frame, node: NodeId, at: float) -> Event | None:
    application = frame.field("Application")
    if application not in OUR_APPLICATIONS:  # two of three are the dialplan's own
        return None
    play = frame.field("Application-UUID")
    leg = _leg(frame, node)
    if leg is None or not play or not _PLAY.fullmatch(play):
        return None
    if frame.field("Hangup-Cause") and application != "record":
        return None  # it ended because the caller is gone, as is told next; of a recording the length is still wanted
    result = shown(frame.field("Application-Response"))
    return PlayEnded(
        at=at,
        leg=leg,
        play=PlayId(play),
        result=_recorded_how(frame.field) if application == "record" else "" if result == "_none_" else result,
        cause=_dial_cause(frame.field) if application == "bridge" else "",
        seconds=_recorded_s(frame.field) if application == "record" else 0.0,
    )


_Field = Callable[[str], str | None]
"""A header of an event, or a variable of a leg: they have the same names."""


def _dial_cause(field: _Field) -> str:
    made = shown(field("variable_originate_disposition"))
    if made and made != "SUCCESS":
        return made
    return shown(field("variable_bridge_hangup_cause") or field("variable_last_bridge_hangup_cause")) or made


def _recorded_how(field: _Field) -> str:
    return SILENCE if field("variable_silence_hits_exhausted") == "true" else ""


def _recorded_s(field: _Field) -> float:
    return _number(field("variable_record_ms")) / 1000 or float(_number(field("variable_record_seconds")))


def end_missed(dump: Mapping[str, str], leg: LegId, play: PlayId, at: float) -> PlayEnded | None:
    """The end that was not told of, when a leg's variables show that nothing runs on it any more; None while something does."""
    application = dump.get("variable_current_application", "")
    if application not in _IS_OVER or not _IS_OVER[application](dump):
        return None
    return PlayEnded(
        at=at,
        leg=leg,
        play=play,
        result=LOST,
        cause=_dial_cause(dump.get) if application == "bridge" else "",
        seconds=_recorded_s(dump.get) if application == "record" else 0.0,
    )


def _dial_is_over(dump: Mapping[str, str]) -> bool:
    made = dump.get("variable_originate_disposition") or "failure"  # what it says while it rings
    return made != "failure" and (made != "SUCCESS" or bool(dump.get("variable_bridge_hangup_cause")))


_IS_OVER: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "playback": lambda dump: bool(dump.get("variable_current_application_response")),
    "record": lambda dump: bool(dump.get("variable_record_ms")),
    "bridge": _dial_is_over,
    "park": lambda dump: True,
}
"""Whether what a leg began last is over. The variables are of that one: commands_to has them unset before it begins."""


def _digit(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg, digit = _leg(frame, node), (frame.field("DTMF-Digit") or "").upper()
    return DigitPressed(at=at, leg=leg, digit=digit) if leg and digit in _DIGITS else None


def _set(frame: Frame, node: NodeId, at: float) -> Event | None:
    """A digit of somebody who listens in, or a fax; all else that begins is read by the node itself."""
    leg, (name, _, value) = _leg(frame, node), (frame.field("Application-Data") or "").partition("=")
    if leg is None or frame.field("Application") != "set":
        return None
    if name == HEARD and value == MachineTone.FAX:
        return MachineHeard(at=at, leg=leg, tone=MachineTone.FAX)
    return DigitPressed(at=at, leg=leg, digit=value) if name == KEY and value in _DIGITS else None


def _beeped(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    return MachineHeard(at=at, leg=leg, tone=MachineTone.BEEP) if leg else None


def _held(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    return LegHeld(at=at, leg=leg) if leg else None


def _resumed(frame: Frame, node: NodeId, at: float) -> Event | None:
    leg = _leg(frame, node)
    return LegResumed(at=at, leg=leg) if leg else None


def _recorded(frame: Frame, node: NodeId, at: float) -> Event | None:
    """Of a talk, that is; what a caller said on tape is a playback of ours and told as such."""
    leg, path = _leg(frame, node), frame.field("Record-File-Path") or ""
    name = path.rpartition("/")[2].removesuffix(".wav")
    if leg is None or not _RECORDING.fullmatch(name):
        return None
    cause = shown(frame.field("Record-Completion-Cause"))
    return RecordingEnded(
        at=at,
        leg=leg,
        recording=RecordingId(name),
        seconds=_recorded_s(frame.field),
        why="" if cause.startswith("success") or not cause else cause,
    )


def _job(frame: Frame, node: NodeId, at: float) -> Event | None:
    """An originate that failed. Its Job-UUID is the leg that we had asked for."""
    leg = _leg(frame, node, "Job-UUID")
    if leg is None or frame.field("Job-Command") != "originate":
        return None
    answer = frame.data.strip()
    return LegEnded(at=at, leg=leg, cause=shown(answer[5:]) or "UNKNOWN") if answer.startswith("-ERR") else None


def _phone(frame: Frame) -> PhoneId | None:
    """The phone that a registration is about. Only where the name it proved is the name it registers."""
    user = frame.field("from-user") or frame.field("user") or ""
    proved = frame.field("username")
    return PhoneId(user) if _PHONE.fullmatch(user) and (not proved or proved == user) else None


def _registered(frame: Frame, node: NodeId, at: float) -> Event | None:
    phone = _phone(frame)
    return PhoneRegistered(at=at, node=node, phone=phone) if phone else None


def _unregistered(frame: Frame, node: NodeId, at: float) -> Event | None:
    phone = _phone(frame)
    return PhoneUnregistered(at=at, node=node, phone=phone) if phone else None


def _nothing(frame: Frame, node: NodeId, at: float) -> Event | None:
    """Read by the node itself: signs of life, of a leg that it was told to end before it was there, of a playback begun."""
    return None


EVENTS: dict[str, Callable[[Frame, NodeId, float], Event | None]] = {
    "CHANNEL_CREATE": _nothing,
    "CHANNEL_PARK": _parked,
    "CHANNEL_PROGRESS": _ringing,
    "CHANNEL_PROGRESS_MEDIA": _ringing,
    "CHANNEL_ANSWER": _answered,
    "CHANNEL_BRIDGE": _bridged,
    "CHANNEL_HANGUP_COMPLETE": _ended,
    "CHANNEL_EXECUTE": _set,
    "CHANNEL_HOLD": _held,
    "CHANNEL_UNHOLD": _resumed,
    "RECORD_STOP": _recorded,
    "CHANNEL_EXECUTE_COMPLETE": _executed,
    "DTMF": _digit,
    "BACKGROUND_JOB": _job,
    "HEARTBEAT": _nothing,
    "sofia::register": _registered,
    "sofia::unregister": _unregistered,
    "sofia::expire": _unregistered,
    "avmd::beep": _beeped,
}
"""Event names, or of a CUSTOM event its subclass, and what becomes of each."""


def event_from(frame: Frame, node: NodeId, at: float) -> Event | None:
    """Our event, or None when the frame says nothing to us. A frame that says it oddly says nothing."""
    translate = EVENTS.get(frame.name)
    return translate(frame, node, at) if translate else None


def subscription() -> str:
    """The command that asks for what the table knows, and nothing else. Subclasses come last: all words after CUSTOM
    are subclasses.
    """
    plain = [name for name in EVENTS if "::" not in name]
    custom = [name for name in EVENTS if "::" in name]
    return " ".join(["event plain", *plain, "CUSTOM", *custom])
