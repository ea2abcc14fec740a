"""record: ``PATH [max seconds [level [seconds of silence]]]``, what the other side says, to a file."""

import logging
from pathlib import Path

from softswitch.apps.playback import _terminates
from softswitch.house import Pause
from softswitch.session import Session

_log = logging.getLogger(__name__)
_SILENCE_S = 3


def record(session: Session, argument: str) -> None:
    words = argument.split()
    if not words:
        _log.error("%r: record without a file", session)
        return
    path = Path(words[0])
    most_s, level, silence_s = (_number(words, at) for at in (1, 2, 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    session.fire("RECORD_START", [("Record-File-Path", words[0])])
    how = _until_over(session, path, most_s=most_s, level=level, silence_s=silence_s)
    session.fire("RECORD_STOP", [("Record-File-Path", words[0])])
    if how is Pause.GONE:
        session.hang_up("DESTINATION_OUT_OF_ORDER")  # FreeSWITCH does: nobody may be transferred out of a recording


def _until_over(session: Session, path: Path, *, most_s: int, level: int, silence_s: int) -> Pause:
    media, ended = session.leg.media, session.leg.ended_records
    ended.pop(path, None)
    media.record(
        path,
        max_s=most_s or None,
        silence_s=(silence_s or _SILENCE_S) if level else None,
        silence_level=level or 200,
    )
    how = session.pause(done=lambda: path in ended, on_digit=lambda digit: _terminates(session, digit))
    media.stop_record(path)
    session.rest(lambda: path in ended, 1.0)  # also of a caller who is gone: how long they spoke is still asked
    end = ended.pop(path, None)
    if end is not None:
        session.channel.set("record_seconds", str(int(end.seconds)))
        session.channel.set("record_ms", str(int(end.seconds * 1000)))
        session.channel.set("record_samples", str(int(end.seconds * 8000)))
        session.channel.set("silence_hits_exhausted", "true" if end.why == "silence" else "false")
    return how


def _number(words: list[str], at: int) -> int:
    text = words[at].lstrip("+") if len(words) > at else ""
    return int(text) if text.isdecimal() else 0
