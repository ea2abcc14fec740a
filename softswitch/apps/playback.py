"""playback: a file, several in turn, a tone, silence or music, until it ends, a key or a break stops it, or the leg
goes."""

import logging

from softswitch.house import Pause
from softswitch.media import Source, SourceMissing
from softswitch.session import Session

_log = logging.getLogger(__name__)
_TERMINATORS = "*"
_TYPED = ("local_stream", "tone_stream")


def playback(session: Session, argument: str) -> str:
    """The answer is Application-Response, in FreeSWITCH's words."""
    return _play(session, argument.partition("@@")[0])


def endless_playback(session: Session, argument: str) -> None:
    while session.ready and _play(session, argument) == "FILE PLAYED" and not session.broken_off:
        pass


def _play(session: Session, text: str) -> str:
    session.channel.set("playback_terminator_used", None)
    try:
        source = session.house.sound(text)
    except SourceMissing as error:
        _log.error("%r: %s", session, error)
        return "FILE NOT FOUND"
    kind = text.partition("://")[0]
    what = [("Playback-File-Type", kind)] if kind in _TYPED else []
    what.append(("Playback-File-Path", text))
    session.fire("PLAYBACK_START", what)
    began = session.clock()
    how = _until_over(session, source)
    session.channel.set("playback_ms", str(int((session.clock() - began) * 1000)))
    status = "break" if how is Pause.BROKEN else "done"
    session.fire("PLAYBACK_STOP", [*what, ("Playback-Status", status)])
    taken_away = how is Pause.GONE and not session.channel.is_down
    return "PLAYBACK ERROR" if taken_away else "FILE PLAYED"


def _until_over(session: Session, source: Source) -> Pause:
    media, ended = session.leg.media, session.leg.ended_plays
    token = media.play(source)

    def resume() -> None:
        """A nested application took the line; the source knows where it was."""
        nonlocal token
        if media.playing != token and not finished:
            ended.discard(token)
            token = media.play(source)

    finished = False

    def done() -> bool:
        nonlocal finished
        finished = token in ended
        return finished

    try:
        return session.pause(done=done, on_digit=lambda digit: _terminates(session, digit), after_message=resume)
    finally:
        if media.playing == token:
            media.stop_play()
        ended.discard(token)


def _terminates(session: Session, digit: str) -> bool:
    keys = session.channel.variables.get("playback_terminators", _TERMINATORS)
    if keys == "none" or (keys != "any" and digit not in keys):
        return False
    session.channel.set("playback_terminator_used", digit)
    return True
