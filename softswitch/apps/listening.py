"""eavesdrop and three_way: listen in on another leg, and be heard there or not. They end with either leg, or when told to.

As in FreeSWITCH nothing else is taken up meanwhile, neither messages nor digits; who hears the monitor is changed while it
listens by an event with ``eavesdrop-command`` (1: whom the target talks to, 2: the target, 3: both, 0: nobody, *: the end).
"""

import logging

from softswitch.media.listening import Listening
from softswitch.session import Session

_log = logging.getLogger(__name__)
_HEARD_BY = {"0": (False, False), "1": (False, True), "2": (True, False), "3": (True, True)}


def eavesdrop(session: Session, argument: str) -> None:
    channel = session.channel
    to_target, to_other = channel.is_true("eavesdrop_whisper_bleg"), channel.is_true("eavesdrop_whisper_aleg")
    keys = channel.variables.get("eavesdrop_enable_dtmf") is None or channel.is_true("eavesdrop_enable_dtmf")
    _listen(session, argument, to_target=to_target, to_other=to_other, keys=keys)


def three_way(session: Session, argument: str) -> None:
    _listen(session, argument, to_target=True, to_other=True, keys=False)


def _listen(session: Session, argument: str, *, to_target: bool, to_other: bool, keys: bool) -> None:
    target = session.house.session(argument.strip())
    if target is None or target is session or not target.channel.media_up or not session.channel.media_up:
        _log.info("%r: nobody to listen to at %r", session, argument)
        return
    media = session.leg.media
    listening = media.listen_in(target.leg.media, to_target=to_target, to_other=to_other)
    over = False

    def told(command: str) -> bool:
        nonlocal over
        over = over or _obeyed(listening, command)
        return over

    session.on_listening_command = told
    target.watchers.append(session.wake)
    try:
        done = lambda: over or target.channel.is_down or media.listening is not listening  # noqa: E731
        session.pause(done=done, breakable=False, deaf=True, on_digit=told if keys else None)
    finally:
        session.on_listening_command = None
        target.watchers.remove(session.wake)
        if media.listening is listening:
            media.stop_listening()


def _obeyed(listening: Listening, command: str) -> bool:
    """Does what each letter says; whether one of them was the end."""
    for letter in command:
        if letter == "*":
            return True
        if letter in _HEARD_BY:
            listening.to_target, listening.to_other = _HEARD_BY[letter]
    return False
