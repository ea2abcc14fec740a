"""uuid_setvar, uuid_setvar_multi, uuid_getvar, uuid_dump."""

from typing import TYPE_CHECKING

from softswitch.api.channels import NO_CHANNEL
from softswitch.esl import encode

if TYPE_CHECKING:
    from softswitch.switch import Switch


def setvar(switch: "Switch", argument: str) -> str:
    uuid, _, rest = argument.strip().partition(" ")
    name, _, value = rest.strip().partition(" ")
    if not uuid or not name:
        return "-USAGE: <uuid> <var> [value]\n"
    session = switch.session(uuid)
    if session is None:
        return NO_CHANNEL
    session.channel.set(name, value.strip())
    return "+OK\n"


def setvar_multi(switch: "Switch", argument: str) -> str:
    uuid, _, rest = argument.strip().partition(" ")
    usage = "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n"
    if not rest:
        return usage
    session = switch.session(uuid)
    if session is None:
        return NO_CHANNEL + usage
    answer = ""
    for item in rest.split(";"):
        name, _, value = item.partition("=")
        if name:
            session.channel.set(name, value)
            answer = "+OK\n"
    return answer or "-ERR No variable specified\n" + usage


def getvar(switch: "Switch", argument: str) -> str:
    words = argument.split()
    if len(words) < 2:
        return "-USAGE: <uuid> <var>\n"
    session = switch.session(words[0])
    if session is None:
        return NO_CHANNEL
    return session.channel.variables.get(words[1], "_undef_")


def dump(switch: "Switch", argument: str) -> str:
    words = argument.split()
    if not words:
        return "-USAGE: <uuid> [format]\n"
    session = switch.session(words[0])
    if session is None:
        return NO_CHANNEL
    event = switch.bus.stamped("CHANNEL_DATA", session.channel.headers("CHANNEL_DATA"))
    form = words[1].lower() if len(words) > 1 else "txt"
    body = encode.as_json(event) if form == "json" else encode.plain(event)
    return body.decode("utf-8", "surrogateescape")
