"""avmd and tone_detect: whether a machine is on the line. Of FreeSWITCH's notation what is needed to know beeps and faxes."""

from typing import TYPE_CHECKING

from softswitch import detecting
from softswitch.media.machines import FAX_HZ

if TYPE_CHECKING:
    from softswitch.switch import Switch


def avmd(switch: "Switch", argument: str) -> str:
    """``UUID stop``, or ``show``; it begins by the application avmd_start."""
    uuid, _, word = argument.strip().partition(" ")
    if (uuid, word) == ("show", ""):
        return "+OK\n show\n\n"
    session = switch.session(uuid)
    if session is None:
        return f"-ERR, no FreeSWITCH session for uuid [{uuid}]!\n"
    if word != "stop":
        return "-USAGE: <uuid> stop | show\n"
    return "+OK\n" if detecting.stop(session, detecting.BEEPS) else "+ERR, avmd has not yet been started\n"


def tone_detect(switch: "Switch", argument: str) -> str:
    """``UUID KEY 2100 …``; what is done then stands in the leg's ``execute_on_tone_detect``."""
    words = argument.split()
    if len(words) < 3 or words[2] != f"{FAX_HZ:.0f}":
        return f"-USAGE: <uuid> <key> {FAX_HZ:.0f} [<flags> <timeout>]\n"
    session = switch.session(words[0])
    if session is None:
        return "-ERR Cannot locate session!\n"
    detecting.start(session, detecting.FAXES)
    return f"+OK Enabling tone detection '{words[1]}' '{words[2]}' '{' '.join(words[3:4])}'\n"
