"""sched_transfer and sched_hangup, for the leg itself."""

import logging

from softswitch import causes
from softswitch.session import Session

_log = logging.getLogger(__name__)


def sched_transfer(session: Session, argument: str) -> None:
    """``[+]seconds extension [dialplan [context]]``."""
    words = argument.split()
    if len(words) < 2:
        _log.error("%r: sched_transfer %r: invalid arguments", session, argument)
        return
    number = session.house.transfer_later(session.channel.uuid, words[0], words[1:])
    session.channel.set("last_sched_id", str(number))


def sched_hangup(session: Session, argument: str) -> None:
    """``[+]seconds [cause]``."""
    words = argument.split()
    if not words:
        _log.error("%r: sched_hangup without a time", session)
        return
    cause = causes.of_text(words[1]) if len(words) > 1 else "ALLOTTED_TIMEOUT"
    session.house.hang_up_later(session.channel.uuid, words[0], cause)
