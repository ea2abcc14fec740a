"""Who listens in on whom, and what each of those concerned hears. PURE: sums of frames.

One monitor listens in on one target: hears both sides of its talk, and speaks, as it was told, to the target, to the one
whom the target talks to, to both or to nobody. Where somebody listens in the relay is no longer by packets as they come
but by frames, one a tick, so that voices can be added up.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from softswitch.media.g711 import add

if TYPE_CHECKING:
    from softswitch.media.session import MediaSession


class Listening:
    """One monitor at one target. ``to_target``, ``to_other``: who hears the monitor."""

    def __init__(self, monitor: "MediaSession", target: "MediaSession", *, to_target: bool, to_other: bool) -> None:
        self.monitor, self.target = monitor, target
        self.to_target, self.to_other = to_target, to_other

    def is_heard_by(self, session: "MediaSession") -> bool:
        return self.to_target if session is self.target else self.to_other


def frame_for(session: "MediaSession") -> bytes | None:
    """What this one is sent in this tick; None when nothing flows to it."""
    if session.listening is not None:
        return total([*_overheard(session.listening), *_voice(session.frame)])
    base = _unmixed(session)
    return None if base is None else total([base, *_speakers(session)])


def _unmixed(session: "MediaSession") -> bytes | None:
    """What plays there covers whom it is joined to."""
    if session.frame is not None:
        return session.frame
    return session.bridged.said if session.bridged is not None else None


def _speakers(session: "MediaSession") -> list[bytes]:
    """The voices of monitors that this one hears."""
    around = [*session.listeners, *(session.bridged.listeners if session.bridged is not None else ())]
    return [one.monitor.said for one in around if one.is_heard_by(session)]


def _overheard(own: Listening) -> list[bytes]:
    """Both sides of the talk, and the other monitors who speak in it."""
    target, other = own.target, own.target.bridged
    around = [*target.listeners, *(other.listeners if other is not None else ())]
    speaking = [one.monitor.said for one in around if one is not own and (one.to_target or one.to_other)]
    return [target.said, *_voice(_unmixed(target)), *speaking]


def _voice(frame: bytes | None) -> list[bytes]:
    return [] if frame is None else [frame]


def total(frames: Iterable[bytes]) -> bytes:
    """The sum, clipped where it is too loud."""
    found, *more = list(frames)
    for frame in more:
        found = add(found, frame)
    return found
