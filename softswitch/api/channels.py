"""Making, joining, moving and ending channels."""

from typing import TYPE_CHECKING

from softswitch import causes
from softswitch.bridge import join_by_command
from softswitch.dialstring import words
from softswitch.originate import DEFAULT_TIMEOUT_S, originate
from softswitch.sip import sdp

if TYPE_CHECKING:
    from softswitch.switch import Switch

NO_CHANNEL = "-ERR No such channel!\n"
_ORIGINATE = (
    "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]\n"
)


def originate_command(switch: "Switch", argument: str) -> str:
    """Answers when the leg is usable or never will be; then the leg executes its application or is routed."""
    given = words(argument)
    if not 2 <= len(given) <= 7:
        return _ORIGINATE
    timeout_s = int(given[6]) if len(given) > 6 and given[6].isdecimal() else DEFAULT_TIMEOUT_S
    outcome = originate(switch, given[0], timeout_s=timeout_s)
    session = outcome.session
    if session is None:
        return f"-ERR {outcome.cause}\n"
    target = given[1]
    if target.startswith("&") and len(target) > 1:
        name, _, inner = target[1:].partition("(")
        action = (name, inner.partition(")")[0])
        session.channel.profile.flip_caller_id()
        session.channel.dialplan_hit = True
        session.divert(lambda: session.carry_out([action]))
    else:
        dialplan, context = (given[2:4] + ["XML", "default"][len(given[2:4]) :])[:2]
        session.transfer(target, dialplan=dialplan, context=context)
    return f"+OK {session.channel.uuid}\n"


def exists(switch: "Switch", argument: str) -> str:
    return "true" if argument.strip() in switch.sessions else "false"


def kill(switch: "Switch", argument: str) -> str:
    uuid, _, cause = argument.strip().partition(" ")
    if not uuid:
        return "-USAGE: <uuid> [cause]\n"
    session = switch.session(uuid)
    if session is None:
        return NO_CHANNEL
    session.hang_up(causes.of_text(cause))
    return "+OK\n"


def bridge(switch: "Switch", argument: str) -> str:
    uuids = argument.split()
    if len(uuids) < 2:
        return "-USAGE: <uuid> <other_uuid>\n"
    a = switch.session(uuids[0])
    for other in uuids[1:3]:
        b = switch.session(other)
        if a is not None and b is not None and join_by_command(a, b):
            return f"+OK {other}\n"
    return "-ERR Invalid uuid\n"


def transfer(switch: "Switch", argument: str) -> str:
    given = argument.split()
    if not 2 <= len(given) <= 5:
        return "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
    session = switch.session(given[0])
    if session is None:
        return NO_CHANNEL
    which = given.pop(1) if given[1].startswith("-") else ""
    destination, dialplan, context = (given[1:] + ["", "", ""])[:3]
    moved = [session]
    if session.partner is not None and which in ("-bleg", "-both"):
        moved = [session.partner] if which == "-bleg" else [session.partner, session]
    for one in moved:
        one.transfer(destination, dialplan=dialplan, context=context)
    return "+OK\n"


def park(switch: "Switch", argument: str) -> str:
    session = switch.session(argument.strip())
    if session is None:
        return NO_CHANNEL
    session.divert(session.park_alone)
    return "+OK\n"


def answer(switch: "Switch", argument: str) -> str:
    session = switch.session(argument.strip())
    if session is None or session.channel.is_down:
        return "-ERROR\n"
    session.leg.answer()
    return "+OK\n"


def hold(switch: "Switch", argument: str) -> str:
    """A re-INVITE to the leg, and music for its partner."""
    given = argument.split()
    if not given:
        return "-USAGE: [off|toggle] <uuid> [<display>]\n"
    off, uuid = (given[0].lower() == "off", given[-1]) if len(given) > 1 else (False, given[0])
    session = switch.session(uuid)
    if session is None:
        return "+OK Success\n"  # so FreeSWITCH says, even of a channel that nobody knows
    if not session.channel.answered:
        return "-ERR Operation failed\n"
    direction = "sendrecv" if off else "sendonly"
    media = session.leg.media
    session.leg.call.reinvite(sdp.offer(host=media.local_host, port=media.local_port, direction=direction))
    switch.on_hold(session, held=not off)
    return "+OK Success\n"
