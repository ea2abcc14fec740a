"""answer, pre_answer, ring_ready, park, respond, hangup, sleep, transfer, log, event."""

import logging

from softswitch import causes
from softswitch.session import Session

_log = logging.getLogger(__name__)


def answer(session: Session, argument: str) -> None:
    session.leg.answer()


def pre_answer(session: Session, argument: str) -> None:
    session.leg.progress()


def ring_ready(session: Session, argument: str) -> None:
    session.leg.ring()


def park(session: Session, argument: str) -> None:
    session.park()


def respond(session: Session, argument: str) -> None:
    """Refuse with a SIP status."""
    status = argument.split()[:1]
    if status and status[0].isdecimal() and int(status[0]) >= 300:
        session.hang_up(causes.of_sip(int(status[0])))


def hangup(session: Session, argument: str) -> None:
    session.hang_up(causes.of_text(argument.strip()))


def sleep(session: Session, argument: str) -> None:
    """Milliseconds; a digit ends it, as in FreeSWITCH."""
    text = argument.strip()
    if not text.isdecimal():
        _log.error("%r: sleep %r: milliseconds are needed", session, text)
        return
    eats = session.channel.is_true("sleep_eat_digits")
    session.pause(until=session.clock() + int(text) / 1000, on_digit=lambda digit: not eats)


def transfer(session: Session, argument: str) -> None:
    words = argument.split()
    if not words:
        _log.error("%r: transfer without an extension", session)
        return
    dialplan, context = (words[1:2] or ["XML"])[0], (words[2:3] or [""])[0]
    session.transfer(words[0], dialplan=dialplan, context=context)


def log(session: Session, argument: str) -> None:
    _log.info("%r: %s", session, argument)


def event(session: Session, argument: str) -> None:
    """``Event-Name=X,Name=Value,…``: an event of the channel with those headers."""
    pairs = [item.strip().partition("=") for item in argument.split(",") if "=" in item]
    headers = {name: value for name, _, value in pairs}
    name = headers.pop("Event-Name", "CHANNEL_APPLICATION")
    session.fire(name, list(headers.items()))
