"""What ``api`` and ``bgapi`` can ask, by FreeSWITCH's names; answers in FreeSWITCH's words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from softswitch.api import channels, control, listing, machines, media, schedule, sofia, variables

if TYPE_CHECKING:
    from softswitch.switch import Switch

Command = Callable[["Switch", str], str]

COMMANDS: dict[str, Command] = {
    "status": control.status,
    "version": control.version,
    "uptime": control.uptime,
    "echo": control.echo,
    "msleep": control.msleep,
    "strftime": control.strftime,
    "create_uuid": control.create_uuid,
    "global_getvar": control.global_getvar,
    "global_setvar": control.global_setvar,
    "fsctl": control.fsctl,
    "reloadxml": control.reloadxml,
    "hupall": control.hupall,
    "originate": channels.originate_command,
    "uuid_exists": channels.exists,
    "uuid_kill": channels.kill,
    "uuid_bridge": channels.bridge,
    "uuid_transfer": channels.transfer,
    "uuid_park": channels.park,
    "uuid_answer": channels.answer,
    "uuid_hold": channels.hold,
    "uuid_break": media.break_off,
    "uuid_broadcast": media.broadcast,
    "uuid_send_dtmf": media.send_dtmf,
    "uuid_record": media.record,
    "avmd": machines.avmd,
    "uuid_setvar": variables.setvar,
    "uuid_setvar_multi": variables.setvar_multi,
    "uuid_getvar": variables.getvar,
    "uuid_dump": variables.dump,
    "sched_del": schedule.sched_del,
    "sched_transfer": schedule.sched_transfer,
    "sched_hangup": schedule.sched_hangup,
    "show": listing.show,
    "sofia": sofia.sofia,
}
