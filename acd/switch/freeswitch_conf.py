"""What of a FreeSWITCH's configuration is this house's own, as text: PURE.

The tree ``freeswitch_conf/`` is the same everywhere and holds no address and no password; these are the files that it lacks.
FreeSWITCH puts the values of ``vars.xml`` into its XML as text, before it is parsed, and splits arguments at spaces. So a
value is allowed by what it may contain; nothing is escaped and hoped for.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

_PLAIN = re.compile(r"[A-Za-z0-9_./:@+,=~^*-]+")
_ALLOWED = "letters, digits and _ . / : @ + , = ~ ^ * - are allowed"

OWN_V4, OWN_V6 = "$${local_ip_v4}", "$${local_ip_v6}"
"""The address that FreeSWITCH finds on its machine."""


class Unwritable(ValueError):
    """A value that would be something else than a value there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One SIP address. ``external`` is what is said to the other side where a translation of addresses stands between."""

    ip: str
    port: int
    external: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One switch. Paths are as the switch sees them."""

    domain: str
    profile: str
    agents: Listener
    trunk: Listener
    event_socket: tuple[str, int]
    event_socket_password: str
    rtp_ports: tuple[int, int]
    failsafe_s: int
    announcement: str
    message_dir: str
    directory_file: str
    max_sessions: int
    sessions_per_second: int
    loglevel: str


def files(site: Site, *, callers_from: Iterable[str], gateways: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """Path in the tree -> text. Raises Unwritable."""
    return {
        "vars.xml": vars_xml(site),
        "autoload_configs/acl.conf.xml": acl_xml(callers_from),
        "gateways/acd.xml": gateways_xml(gateways),
    }


SECRET = frozenset({"vars.xml"})
"""Those of ``files`` that only FreeSWITCH may read."""


def vars_xml(site: Site) -> str:
    lines = [f'  <X-PRE-PROCESS cmd="set" data="{name}={_plain(name, value)}"/>' for name, value in _values(site).items()]
    return "\n".join(["<include>", "  <!-- Written by `acd freeswitch-conf`. Keep it private. -->", *lines, "</include>", ""])


def _values(site: Site) -> dict[str, str]:
    return {
        "event_socket_module": "mod_event_socket",
        "event_socket_ip": site.event_socket[0],
        "event_socket_port": str(site.event_socket[1]),
        "event_socket_password": site.event_socket_password,
        "domain": site.domain,
        "agents_profile": site.profile,
        **_listener("agents", site.agents),
        **_listener("trunk", site.trunk),
        "rtp_start": str(site.rtp_ports[0]),
        "rtp_end": str(site.rtp_ports[1]),
        "failsafe_s": str(site.failsafe_s),
        "announcement": site.announcement,
        "message_dir": site.message_dir,
        "directory_file": site.directory_file,
        "max_sessions": str(site.max_sessions),
        "sessions_per_second": str(site.sessions_per_second),
        "loglevel": site.loglevel,
    }


def _listener(name: str, listener: Listener) -> dict[str, str]:
    return {f"{name}_ip": listener.ip, f"{name}_port": str(listener.port), f"{name}_external_ip": listener.external}


def _plain(name: str, value: str) -> str:
    if value not in (OWN_V4, OWN_V6) and not _PLAIN.fullmatch(value):
        shown = "its value" if "password" in name else f"{value[:80]!a}"
        raise Unwritable(f"{name.replace('_', ' ')}: {shown} cannot stand in FreeSWITCH's configuration; {_ALLOWED}")
    return value


def acl_xml(callers_from: Iterable[str]) -> str:
    """The networks whose calls the trunk profile takes; all others are refused."""
    nodes = [f'        <node type="allow" cidr={quoteattr(_plain("callers_from", each))}/>' for each in callers_from]
    lines = ["    <network-lists>", '      <list name="trunks" default="deny">', *nodes, "      </list>", "    </network-lists>"]
    return "\n".join(["<include>", '  <configuration name="acl.conf">', *lines, "  </configuration>", "</include>", ""])


def gateways_xml(gateways: Mapping[str, tuple[str, int]]) -> str:
    """Name of a trunk -> where calls are sent. They are known by their address, as we are to them: no registration."""
    lines = [line for name in sorted(gateways) for line in _gateway(name, *gateways[name])]
    return "\n".join(["<include>", *lines, "</include>", ""])


def _gateway(name: str, host: str, port: int) -> list[str]:
    proxy = f"{_plain('trunk', host)}:{port:d}"
    settings = {
        "proxy": proxy,
        "realm": host,
        "register": "false",
        "username": "acd",
        "password": "none",
        "caller-id-in-from": "true",
        "context": "public",
    }
    return [f"  <gateway name={quoteattr(_plain('trunk', name))}>", *_params(settings, 4), "  </gateway>"]


def _params(settings: Mapping[str, str], indent: int) -> list[str]:
    return [f'{" " * indent}<param name="{name}" value={quoteattr(value)}/>' for name, value in settings.items()]
