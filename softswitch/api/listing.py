"""show channels | calls | registrations, and whether an application is known, as JSON or as text, with FreeSWITCH's column names."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from softswitch.session import Session
    from softswitch.switch import Switch

Row = dict[str, str]
_USAGE = "-USAGE: calls [count]|channels [count]|registrations [count] [as json]\n"
_HALF_TEXT = (
    "uuid direction created created_epoch name state cid_name cid_num ip_addr dest presence_id presence_data "
    "accountcode callstate callee_name callee_num callee_direction call_uuid hostname sent_callee_name sent_callee_num"
)
_HALF = _HALF_TEXT.split()
_B_HALF = [name for name in _HALF if name not in ("call_uuid", "hostname")]


def show(switch: "Switch", argument: str) -> str:
    words = argument.split()
    if words[:1] == ["application"] and len(words) > 1:
        return _text(_applications(words[1]))
    rows = _ROWS.get(words[0].lower()) if words else None
    if rows is None:
        return _USAGE
    found = rows(switch)
    as_json = words[-2:] == ["as", "json"]
    if len(words) > 1 and words[1].lower() == "count":
        return json.dumps({"row_count": len(found)}) if as_json else f"\n{len(found)} total.\n"
    return _json(found) if as_json else _text(found)


def _applications(name: str) -> list[Row]:
    """The one of that name, if it is known here."""
    from softswitch.apps import APPLICATIONS

    return [{"name": name, "description": "", "syntax": "", "ikey": "softswitch"}] if name in APPLICATIONS else []


def _json(rows: list[Row]) -> str:
    if not rows:
        return '{"row_count":0}'
    return json.dumps({"row_count": len(rows), "rows": rows}, ensure_ascii=False, separators=(",", ":"))


def _text(rows: list[Row]) -> str:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)] if rows else []
    return "\n".join([*lines, "", f"{len(rows)} total.\n"])


def _channels(switch: "Switch") -> list[Row]:
    return [_channel(session, switch.bus.hostname) for session in switch.sessions.values()]


def _channel(session: "Session", hostname: str) -> Row:
    channel = session.channel
    caller = channel.profile
    created = caller.times.created // 1_000_000
    codec = (channel.codec, "8000", "64000") if channel.codec else ("", "", "")
    who = {
        "cid_name": caller.caller_id_name,
        "cid_num": caller.caller_id_number,
        "ip_addr": caller.network_addr,
        "dest": caller.destination_number,
    }
    return {
        "uuid": channel.uuid,
        "direction": channel.direction,
        "created": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(created)),
        "created_epoch": str(created),
        "name": channel.name,
        "state": channel.running_state.name,
        **who,
        "application": channel.application,
        "application_data": channel.application_data,
        "dialplan": caller.dialplan,
        "context": caller.context,
        **dict(zip(("read_codec", "read_rate", "read_bit_rate"), codec, strict=True)),
        **dict(zip(("write_codec", "write_rate", "write_bit_rate"), codec, strict=True)),
        "secure": "",
        "hostname": hostname,
        "presence_id": channel.presence_id,
        "presence_data": "",
        "accountcode": "",
        "callstate": channel.call_state,
        "callee_name": caller.callee_id_name,
        "callee_num": caller.callee_id_number,
        "callee_direction": "",
        "call_uuid": channel.call_uuid if session.partner or channel.direction == "outbound" else "",
        "sent_callee_name": "",
        "sent_callee_num": "",
        **{f"initial_{name}": value for name, value in who.items()},
        "initial_dialplan": caller.dialplan,
        "initial_context": caller.context,
    }


def _calls(switch: "Switch") -> list[Row]:
    """A bridged pair is one row, the leader's half first; who is alone is a row with an empty second half."""
    rows = []
    for session in switch.sessions.values():
        partner = session.partner
        if partner is not None and session.channel.other_type == "originator":
            continue
        first = _channel(session, switch.bus.hostname)
        second = _channel(partner, switch.bus.hostname) if partner else {}
        row = {name: first[name] for name in _HALF}
        row |= {f"b_{name}": second.get(name, "") for name in _B_HALF}
        row["call_created_epoch"] = str(session.channel.profile.times.bridged // 1_000_000) if partner else ""
        rows.append(row)
    return rows


def _registrations(switch: "Switch") -> list[Row]:
    return [
        {
            "reg_user": one.user,
            "realm": switch.settings.domain,
            "token": one.call_id,
            "url": f"sofia/agents/{one.contact}",
            "expires": str(int(time.time()) + switch.endpoints.expires_s(one)),
            "network_ip": one.source[0],
            "network_port": str(one.source[1]),
            "network_proto": "udp",
            "hostname": switch.bus.hostname,
            "metadata": "",
        }
        for one in switch.endpoints.agents.registrations()
    ]


_ROWS: dict[str, Callable[["Switch"], list[Row]]] = {
    "channels": _channels,
    "calls": _calls,
    "registrations": _registrations,
}
