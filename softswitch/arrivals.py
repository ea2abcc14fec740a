"""What a channel is told about itself when it is made: its profile and the variables that FreeSWITCH would set. PURE but for
the time, which is an argument."""

import uuid as uuids

from softswitch.channel import Channel
from softswitch.dialstring import DialString
from softswitch.profile import CallerProfile, Times
from softswitch.sip import Call
from softswitch.sip.message import Garbage, party


def _host(header: str) -> str:
    try:
        return party(header).host
    except Garbage:
        return ""


def incoming(call: Call, *, profile: str, context: str, at_us: int) -> Channel:
    uuid = str(uuids.uuid4())
    from_host = _host(call.header("From")) or call.source[0]
    to_host = _host(call.header("To")) or from_host
    name = f"sofia/{profile}/{call.caller_user}@{from_host}"
    caller = CallerProfile(
        uuid=uuid,
        direction="inbound",
        channel_name=name,
        destination_number=call.called_user,
        context=context,
        username=call.caller_user,
        caller_id_name=call.caller_name or call.caller_user,
        caller_id_number=call.caller_user,
        network_addr=call.source[0],
        ani=call.caller_user,
        times=Times(profile_created=at_us, created=at_us),
    )
    channel = Channel(uuid=uuid, name=name, direction="inbound", profile=caller, call_uuid=uuid)
    if call.auth_user:
        channel.presence_id = f"{call.auth_user}@{from_host}"
    for variable, value in _incoming_variables(call, uuid, name, profile, from_host, to_host):
        channel.set(variable, value)
    return channel


def _incoming_variables(call: Call, uuid: str, name: str, profile: str, from_host: str, to_host: str) -> list[tuple[str, str]]:
    found = [
        ("direction", "inbound"),
        ("uuid", uuid),
        ("call_uuid", uuid),
        ("channel_name", name),
        ("sip_from_user", call.caller_user),
        ("sip_from_uri", f"{call.caller_user}@{from_host}"),
        ("sip_from_host", from_host),
        ("sip_from_display", call.caller_name),
        ("sip_full_from", call.header("From")),
        ("sip_to_user", call.called_user),
        ("sip_to_uri", f"{call.called_user}@{to_host}"),
        ("sip_to_host", to_host),
        ("sip_req_user", call.called_user),
        ("sip_req_uri", f"{call.called_user}@{to_host}"),
        ("sip_req_host", to_host),
        ("sip_call_id", call.call_id),
        ("sip_via_protocol", "udp"),
        ("sip_network_ip", call.source[0]),
        ("sip_network_port", str(call.source[1])),
        ("sip_received_ip", call.source[0]),
        ("sip_received_port", str(call.source[1])),
        ("sip_user_agent", call.header("User-Agent")),
        ("sofia_profile_name", profile),
        ("recovery_profile_name", profile),
        ("endpoint_disposition", "RECEIVED"),
    ]
    if call.auth_user:
        found += [
            ("sip_authorized", "true"),
            ("sip_auth_username", call.auth_user),
            ("sip_auth_realm", from_host),
            ("user_name", call.auth_user),
            ("domain_name", from_host),
            ("presence_id", f"{call.auth_user}@{from_host}"),
        ]
    return found


def outgoing(dial: DialString, *, uuid: str, profile: str, caller_name: str, caller_number: str, remote: str, at_us: int) -> Channel:
    name = f"sofia/{profile}/{dial.target}"
    destination = f"{dial.target}%{dial.domain}" if dial.domain else dial.target
    caller = CallerProfile(
        uuid=uuid,
        direction="outbound",
        channel_name=name,
        destination_number=destination,
        context="default",
        caller_id_name=caller_name,
        caller_id_number=caller_number,
        callee_id_name="Outbound Call",
        callee_id_number=destination,
        dialplan="",
        network_addr=remote,
        ani=caller_number,
        source="src/switch_ivr_originate.c",
        times=Times(profile_created=at_us, created=at_us),
    )
    channel = Channel(uuid=uuid, name=name, direction="outbound", profile=caller, call_uuid=uuid)
    for variable, value in (
        ("direction", "outbound"),
        ("is_outbound", "true"),
        ("uuid", uuid),
        ("call_uuid", uuid),
        ("channel_name", name),
        ("sofia_profile_name", profile),
        ("recovery_profile_name", profile),
        ("originate_endpoint", "sofia"),
        *dial.variables.items(),
    ):
        channel.set(variable, value)
    return channel
