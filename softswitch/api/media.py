"""What a channel hears: uuid_break, uuid_broadcast, uuid_send_dtmf, uuid_record."""

from pathlib import Path
from typing import TYPE_CHECKING

from softswitch.api.channels import NO_CHANNEL
from softswitch.house import Message
from softswitch.session import Session

if TYPE_CHECKING:
    from softswitch.switch import Switch


def break_off(switch: "Switch", argument: str) -> str:
    uuid, _, flags = argument.strip().partition(" ")
    if not uuid:
        return "-USAGE: <uuid> [all]\n"
    session = switch.session(uuid)
    if session is None:
        return NO_CHANNEL
    both = [session.partner] if "both" in flags and session.partner is not None else []
    for one in (session, *both):
        if "all" in flags:
            one.flush_messages()
        one.break_off()
    return "+OK\n"


def broadcast(switch: "Switch", argument: str) -> str:
    """``UUID path|app::args [aleg|bleg|both]``."""
    words = argument.split()
    if len(words) < 2:
        return "-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n"
    session = switch.session(words[0])
    if session is None:
        return "-ERR invalid uuid\n"
    legs = words[2] if len(words) > 2 else "aleg"
    if "aleg" in legs or "both" in legs or "holdb" in legs:
        _execute(session, words[1])
    if ("bleg" in legs or "both" in legs) and session.partner is not None:
        _execute(session.partner, words[1])
    return "+OK Message sent\n"


def _execute(session: Session, what: str) -> None:
    app, separator, data = what.partition("::")
    if not separator:
        app, data = "playback", what
    headers = {"call-command": "execute", "execute-app-name": app, "execute-app-arg": data}
    session.post(Message(headers=headers))


def send_dtmf(switch: "Switch", argument: str) -> str:
    words = argument.split()
    if len(words) < 2:
        return "-USAGE: <uuid> <dtmf_data>\n"
    session = switch.session(words[0])
    if session is None:
        return "-ERR Cannot locate session!\n"
    digits, _, length = words[1].partition("@")
    try:
        for digit in digits.upper().replace("W", ""):
            session.leg.media.send_digit(digit, duration_ms=int(length) if length.isdecimal() else 160)
    except ValueError:
        return "-ERR Operation failed\n"
    return f"+OK {words[0]} sent DTMF {words[1]}.\n"


def record(switch: "Switch", argument: str) -> str:
    words = argument.split()
    usage = "-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n"
    if len(words) < 3 or words[1] not in ("start", "stop", "mask", "unmask"):
        return usage
    session = switch.session(words[0])
    if session is None:
        return "-ERR Cannot locate session!\n"
    path, media = Path(words[2]), session.leg.media
    match words[1]:
        case "start":
            limit = words[3] if len(words) > 3 else ""
            done = _start_record(session, path, max_s=float(limit) if limit.isdecimal() and int(limit) else None)
            what = "record"
        case "stop":
            done, what = media.stop_record(None if words[2] == "all" else path), "stop record"
        case masking:
            done, what = media.mask_record(path, masked=masking == "mask"), f"{masking} recording"
    return "+OK Success\n" if done else f"-ERR Cannot {what} session!\n"


def _start_record(session: Session, path: Path, *, max_s: float | None) -> bool:
    """What is recorded already goes on as it is."""
    media, leg = session.leg.media, session.leg
    if media.records(path):
        return True
    if not session.channel.media_up:
        return False
    leg.background_records.add(path)
    begun = media.record(path, stereo=session.channel.is_true("RECORD_STEREO"), max_s=max_s)
    if not begun:
        leg.background_records.discard(path)
        return False
    session.fire("RECORD_START", [("Record-File-Path", str(path))])
    return True
