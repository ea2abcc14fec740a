"""The switch as a whole: status, version, echo, msleep, strftime, create_uuid, its variables, fsctl, reloadxml, hupall."""

import time
import uuid
from typing import TYPE_CHECKING

import gevent

from softswitch import causes
from softswitch.directory import BadDirectory

if TYPE_CHECKING:
    from softswitch.switch import Switch

_UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SLEEP_S = 600


def status(switch: "Switch", argument: str) -> str:
    from softswitch.switch import VERSION, uptime_text

    count, peak = len(switch.sessions), switch.sessions_peak
    return (
        f"UP {uptime_text(switch.uptime_s())}\n"
        f"FreeSWITCH (Version {VERSION}) is ready\n"
        f"{switch.sessions_ever} session(s) since startup\n"
        f"{count} session(s) - peak {peak}, last 5min {peak} \n"
        f"0 session(s) per Sec out of max 30, peak 0, last 5min 0 \n"
        f"{switch.settings.most_channels} session(s) max\n"
        "min idle cpu 0.00/100.00\n"
    )


def version(switch: "Switch", argument: str) -> str:
    from softswitch.switch import VERSION

    return VERSION if argument.strip() == "short" else f"FreeSWITCH Version {VERSION} (embedded switch)\n"


def uptime(switch: "Switch", argument: str) -> str:
    return str(int(switch.uptime_s() / _UNITS_S.get(argument.strip() or "s", 1))) + "\n"


def echo(switch: "Switch", argument: str) -> str:
    return argument


def msleep(switch: "Switch", argument: str) -> str:
    if argument.strip().isdecimal():
        gevent.sleep(min(int(argument) / 1000, _LONGEST_SLEEP_S))
    return "+OK"


def strftime(switch: "Switch", argument: str) -> str:
    return time.strftime(argument or "%Y-%m-%d %H:%M:%S")


def create_uuid(switch: "Switch", argument: str) -> str:
    return str(uuid.uuid4())


def global_getvar(switch: "Switch", argument: str) -> str:
    if not argument.strip():
        return "".join(f"{name}={value}\n" for name, value in switch.globals.items())
    return switch.globals.get(argument.strip(), "")


def global_setvar(switch: "Switch", argument: str) -> str:
    """``name=value=expected`` sets it only where it is ``expected``; as FreeSWITCH's it says +OK in either case."""
    name, value, expected = (*(part.strip() for part in argument.split("=", 2)), "", "")[:3]
    if not name:
        return "-USAGE: <var>=<value> [=<value2>]\n"
    if expected and switch.globals.get(name) != expected:
        return "+OK"
    if value:
        switch.globals[name] = value
    else:
        switch.globals.pop(name, None)
    return "+OK"


def fsctl(switch: "Switch", argument: str) -> str:
    words = argument.lower().split()
    word, which = (words + ["", ""])[:2]
    directions = {which} if which in ("inbound", "outbound") else {"inbound", "outbound"}
    if word == "pause":
        switch.paused |= directions
        return "+OK\n"
    if word == "resume":
        switch.paused -= directions
        return "+OK\n"
    if word == "pause_check":
        return "true" if directions <= switch.paused else "false"
    if word == "ready_check":
        return "true"
    if word == "hupall":
        return hupall(switch, "")
    return "-USAGE: [hupall|pause [inbound|outbound]|resume [inbound|outbound]|pause_check|ready_check]\n"


def reloadxml(switch: "Switch", argument: str) -> str:
    try:
        switch.directory.reload()
    except BadDirectory as error:
        return f"-ERR [{error}]\n"
    switch.bus.fire("RELOADXML")
    return "+OK [Success]\n"


def hupall(switch: "Switch", argument: str) -> str:
    words = argument.split()
    cause = causes.of_text(words[0]) if words else "MANAGER_REQUEST"
    wanted = list(zip(words[1::2], words[2::2], strict=False))
    for session in tuple(switch.sessions.values()):
        if all(session.channel.variables.get(name) == value for name, value in wanted):
            session.hang_up(cause)
    if not wanted:
        return f"+OK hangup all channels with cause {cause}\n"
    name, value = wanted[0]
    return f"+OK hangup all channels matching [{name}]=[{value}]{'...' if wanted[1:] else ''} with cause: {cause}\n"
