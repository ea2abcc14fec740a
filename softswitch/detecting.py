"""Machines told from people on one leg, in the words of FreeSWITCH's mod_avmd (the beep) and tone_detect (a fax).

Both listen with the same ear here. What is not asked for is not told.
"""

from typing import TYPE_CHECKING

from softswitch.media.machines import BEEP

if TYPE_CHECKING:
    from softswitch.session import Session

BEEPS, FAXES = "listens for beeps", "listens for a fax"
ON_TONE = "execute_on_tone_detect"


def start_for_beeps(session: "Session", argument: str) -> None:
    """The application ``avmd_start``; how many detectors and how strict (its argument) is FreeSWITCH's own matter."""
    start(session, BEEPS)


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
