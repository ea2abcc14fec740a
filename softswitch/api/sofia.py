"""sofia status, sofia status profile NAME [reg], sofia xmlstatus profile NAME reg, sofia profile trunk rescan."""

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from softswitch.settings import load
from softswitch.yaml_lines import Bad

if TYPE_CHECKING:
    from softswitch.sip import Registration, UserAgent
    from softswitch.switch import Switch

_LINE = "=" * 93


def sofia(switch: "Switch", argument: str) -> str:
    words = argument.split()
    if words[:1] == ["profile"]:
        return _profile(switch, words[1:])
    xml = words[:1] == ["xmlstatus"]
    if words[:1] not in (["status"], ["xmlstatus"]):
        return "-USAGE: sofia [status|xmlstatus] [profile <name> [reg]] | profile trunk rescan\n"
    if len(words) == 1:
        return _overview(switch)
    profiles = {"agents": switch.endpoints.agents, "trunk": switch.endpoints.trunk}
    agent = profiles.get(words[2]) if words[1] == "profile" and len(words) > 2 else None
    if agent is None:
        return "Invalid Profile!\n"
    wanted = words[3:4] == ["reg"]
    found = list(agent.registrations()) if wanted else []
    return _xml(switch, agent, found) if xml else _text(switch, agent, found, wanted)


def _profile(switch: "Switch", words: list[str]) -> str:
    """The gateways as the file of the settings has them now; calls stay as they are. What is wrong in it leaves those from before."""
    if words[:1] not in (["agents"], ["trunk"]):
        return "Invalid Profile!\n"
    if words[1:] != ["rescan"]:
        return "-USAGE: sofia profile <name> rescan\n"
    if switch.settings.file is not None:
        try:
            switch.endpoints.gateways = load(switch.settings.file).gateways
        except (Bad, OSError) as error:
            return f"-ERR {error}\n"
    return "+OK scan complete\n"


def _overview(switch: "Switch") -> str:
    rows = [
        f"{agent.name:>25s}\t  profile\t{_url(agent):>40s}\tRUNNING ({len(agent.calls())})"
        for agent in (switch.endpoints.agents, switch.endpoints.trunk)
    ]
    rows += [
        f"{name:>25s}\t  gateway\t{f'sip:{place.host}:{place.port}':>40s}\tNOREG" for name, place in switch.endpoints.gateways.items()
    ]
    head = f"{'Name':>25s}\t{'Type':>9s}\t{'Data':>40s}\tState"
    count = len(switch.endpoints.gateways)
    return "\n".join([head, _LINE, *rows, _LINE, f"2 profiles {count} gateway{'' if count == 1 else 's'}\n"])


def _url(agent: "UserAgent") -> str:
    return f"sip:mod_sofia@{agent.host}:{agent.port}"


def _fields(switch: "Switch", one: "Registration") -> list[tuple[str, str]]:
    left = switch.endpoints.expires_s(one)
    return [
        ("Call-ID", one.call_id),
        ("User", f"{one.user}@{switch.settings.domain}"),
        ("Contact", f'"" <{one.contact}>'),
        ("Agent", one.agent),
        ("Status", f"Registered(UDP)(unknown) EXPSECS({left})"),
        ("Ping-Status", "Reachable"),
        ("Ping-Time", "0.00"),
        ("Host", switch.bus.hostname),
        ("IP", one.source[0]),
        ("Port", str(one.source[1])),
        ("Auth-User", one.user),
        ("Auth-Realm", switch.settings.domain),
        ("MWI-Account", f"{one.user}@{switch.settings.domain}"),
    ]


def _text(switch: "Switch", agent: "UserAgent", found: list["Registration"], wanted: bool) -> str:
    if not wanted:
        return f"{_LINE}\nName             \t{agent.name}\nURL              \t{_url(agent)}\n{_LINE}\n"
    parts = ["\nRegistrations:", _LINE]
    for one in found:
        parts += [f"{name + ':':12s}\t{value}" for name, value in _fields(switch, one)] + [""]
    return "\n".join([*parts, f"Total items returned: {len(found)}", _LINE, ""])


def _xml(switch: "Switch", agent: "UserAgent", found: list["Registration"]) -> str:
    rows = []
    for one in found:
        inner = "\n".join(f"        <{name.lower()}>{escape(value)}</{name.lower()}>" for name, value in _fields(switch, one))
        rows.append(f"    <registration>\n{inner}\n    </registration>")
    body = "\n".join(["  <registrations>", *rows, "  </registrations>"])
    info = f"  <profile-info>\n    <name>{agent.name}</name>\n  </profile-info>\n"
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<profile>\n{info}{body}\n</profile>\n'
