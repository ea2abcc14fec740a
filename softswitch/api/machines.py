"""avmd: what FreeSWITCH's mod_avmd is told by a command; it begins by an application."""

from typing import TYPE_CHECKING

from softswitch import detecting

if TYPE_CHECKING:
    from softswitch.switch import Switch


def avmd(switch: "Switch", argument: str) -> str:
    """``UUID stop``."""
    uuid, _, word = argument.strip().partition(" ")
    session = switch.session(uuid)
    if session is None:
        return f"-ERR, no FreeSWITCH session for uuid [{uuid}]!\n"
    if word != "stop":
        return "-USAGE: <uuid> stop\n"
    return "+OK\n" if detecting.stop(session, detecting.BEEPS) else "+ERR, avmd has not yet been started\n"
