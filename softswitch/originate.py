"""Making an outgoing leg and waiting for what becomes of it, for the api command and for the bridge application."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gevent.event import Event as Signal

from softswitch.dialstring import BadDialString, DialString, parse
from softswitch.house import Pause
from softswitch.session import Session

DEFAULT_TIMEOUT_S = 60


class Places(Protocol):
    def place(self, dial: DialString, originator: Session | None) -> Session:
        """A leg that is being called now, standing by. Raises BadDialString with the cause when that is impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Either the leg that may be used now, or why there is none."""

    session: Session | None = None
    cause: str = "SUCCESS"


def originate(places: Places, text: str, *, timeout_s: int = DEFAULT_TIMEOUT_S, originator: Session | None = None) -> Outcome:
    """Returns when the leg answered (or has early media, unless that is ignored), failed, or rang for too long."""
    try:
        dial = parse(text)
        session = places.place(dial, originator)
    except BadDialString as error:
        return Outcome(cause=error.cause)
    limit = _limit_s(dial.variables, timeout_s)
    early_counts = session.channel.variables.get("ignore_early_media", "false").lower() in ("false", "no", "")
    wait = _wait_as_api if originator is None else _WaitAsCaller(originator)
    usable = _Usable(session, early_counts)
    wait(session, usable, limit)
    if usable():
        return Outcome(session=session)
    if not session.channel.is_down:
        gone = originator is not None and not originator.ready
        session.hang_up("ORIGINATOR_CANCEL" if gone else "NO_ANSWER")
    return Outcome(cause=session.channel.hangup_cause)


def _limit_s(variables: dict[str, str], timeout_s: int) -> int:
    for name in ("originate_timeout", "leg_timeout", "call_timeout"):
        if variables.get(name, "").isdecimal():
            return int(variables[name])
    return timeout_s


@dataclass(frozen=True, slots=True)
class _Usable:
    session: Session
    early_counts: bool

    def __call__(self) -> bool:
        channel = self.session.channel
        return not channel.is_down and (channel.answered or (self.early_counts and channel.early))


def _wait_as_api(session: Session, usable: Callable[[], bool], limit_s: int) -> None:
    signal = Signal()
    session.watchers.append(signal.set)
    try:
        until = session.clock() + limit_s
        while not usable() and not session.channel.is_down and (left := until - session.clock()) > 0:
            signal.wait(left)
            signal.clear()
    finally:
        session.watchers.remove(signal.set)


class _WaitAsCaller:
    """The caller hears ringing when the called phone rings, and may hang up."""

    def __init__(self, caller: Session) -> None:
        self._caller = caller
        self._ringback: int | None = None

    def __call__(self, session: Session, usable: Callable[[], bool], limit_s: int) -> None:
        caller = self._caller

        def settled() -> bool:
            if session.channel.ringing:
                self._let_hear()
            return usable() or session.channel.is_down

        session.watchers.append(caller.wake)
        try:
            until = caller.clock() + limit_s
            while caller.pause(until=until, done=settled) is Pause.BROKEN:
                continue
        finally:
            session.watchers.remove(caller.wake)
            if self._ringback is not None and caller.leg.media.playing == self._ringback:
                caller.leg.media.stop_play()

    def _let_hear(self) -> None:
        """Ringing as a tone where SIP's own can no longer be sent, because the caller was answered before."""
        caller = self._caller
        if not caller.channel.answered:
            if not caller.channel.ringing:
                caller.leg.ring()
            return
        tone = caller.channel.variables.get("transfer_ringback", "")
        if tone and self._ringback is None:
            self._ringback = caller.leg.media.play(caller.house.sound(f"tone_stream://{tone};loops=-1"))
