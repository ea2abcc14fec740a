"""Machines told from people on one leg, in the words of FreeSWITCH's mod_avmd (the beep) and tone_detect (a fax).

Both listen with the same ear here. What is not asked for is not told.
"""

import logging
from typing import TYPE_CHECKING

from softswitch.media.machines import BEEP, FAX_HZ

if TYPE_CHECKING:
    from softswitch.session import Session

_log = logging.getLogger(__name__)
BEEPS, FAXES = "listens for beeps", "listens for a fax"
ON_ANSWER, ON_TONE = "execute_on_answer", "execute_on_tone_detect"


def answered(session: "Session") -> None:
    """What the leg was told to begin when it is answered. Of all applications these may be run there: they wait for nothing."""
    for name, value in sorted(session.channel.variables.items()):
        app, _, argument = value.partition(" ")
        if name.startswith(ON_ANSWER) and app in ON_ANSWERS:
            session.execute(app, argument)
        elif name.startswith(ON_ANSWER):
            _log.error("%r: %s: only %s is known here", session, name, ", ".join(ON_ANSWERS))


def avmd_start(session: "Session", argument: str) -> None:
    """How many detectors and how strict (its argument) is FreeSWITCH's own matter."""
    start(session, BEEPS)


def tone_detect(session: "Session", argument: str) -> None:
    """``KEY 2100 …``; what is done then stands in the leg's ``execute_on_tone_detect``."""
    if argument.split()[1:2] == [f"{FAX_HZ:.0f}"]:
        start(session, FAXES)
    else:
        _log.error("%r: tone_detect %r: only %.0f Hz is known here", session, argument, FAX_HZ)


ON_ANSWERS = ("avmd_start", "tone_detect")


def start(session: "Session", what: str) -> None:
    if not session.detects:
        session.leg.media.listen_for_machines()
    session.detects.add(what)


def stop(session: "Session", what: str) -> bool:
    """Whether it had been asked for."""
    was = what in session.detects
    session.detects.discard(what)
    if not session.detects:
        session.leg.media.listen_no_more()
    return was


def heard(session: "Session", word: str) -> None:
    if word == BEEP and BEEPS in session.detects:
        told = [("Unique-ID", session.channel.uuid), ("Call-command", "avmd"), ("Beep-Status", "DETECTED")]
        session.house.fire("CUSTOM", told, subclass="avmd::beep")
    elif word != BEEP and FAXES in session.detects:
        app, _, argument = session.channel.variables.get(ON_TONE, "").partition(" ")
        if app == "set":
            session.tell_set(argument)
