"""sched_del, sched_transfer, sched_hangup: the dead man's switch from outside."""

from typing import TYPE_CHECKING

from softswitch import causes
from softswitch.api.channels import NO_CHANNEL

if TYPE_CHECKING:
    from softswitch.switch import Switch


def sched_del(switch: "Switch", argument: str) -> str:
    """A task number, or a group: a channel's uuid."""
    text = argument.strip()
    if not text:
        return "-ERR Invalid syntax\n"
    deleted = switch.scheduler.delete(int(text)) if text.isdecimal() else switch.scheduler.delete_group(text)
    return f"+OK Deleted: {deleted}\n"


def sched_transfer(switch: "Switch", argument: str) -> str:
    words = argument.split()
    usage = "-USAGE: [+]<time> <uuid> <extension> [<dialplan>] [<context>]\n"
    if not 3 <= len(words) <= 5:
        return usage
    if switch.session(words[1]) is None:
        return NO_CHANNEL
    try:
        switch.transfer_later(words[1], words[0], words[2:])
    except ValueError:
        return usage
    return "+OK\n"


def sched_hangup(switch: "Switch", argument: str) -> str:
    words = argument.split()
    usage = "-USAGE: [+]<time> <uuid> [<cause>]\n"
    if not 2 <= len(words) <= 3:
        return usage
    session = switch.session(words[1])
    if session is None:
        return NO_CHANNEL
    cause = causes.of_text(words[2]) if len(words) > 2 else "ALLOTTED_TIMEOUT"
    try:
        if words[0] == "+0":
            session.hang_up(cause)
        else:
            switch.hang_up_later(words[1], words[0], cause)
    except ValueError:
        return usage
    return "+OK\n"
