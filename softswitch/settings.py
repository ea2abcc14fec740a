"""The configuration file of the switch: small, strict, and every refusal names file and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from pathlib import Path

import yaml

from softswitch.patience import HELD_S, TALKING_S, Patience
from softswitch.yaml_lines import Bad, Table, read_table

LEAST_PASSWORD = 16
_FORBIDDEN = ("", "ClueCon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    event_socket: Address
    password: str
    agents: Address
    trunk: Address
    domain: str
    trunk_allow: tuple[str, ...]
    rtp_host: str
    rtp_ports: range
    directory: Path | None
    sounds: Path | None
    music: Path | None
    gateways: Mapping[str, Address] = field(default_factory=dict)
    failsafe_after_s: int = 60
    failsafe_announcement: Path | None = None
    failsafe_messages: Path = Path("messages")
    heartbeat_s: float = 20.0
    most_channels: int = 200
    patience: Patience = Patience()
    file: Path | None = None  # where they were read from


def load(path: Path) -> Settings:
    """Raises Bad (``file:line: what, and what was allowed``) or OSError."""
    text = path.read_text(encoding="utf-8")
    try:
        top = read_table(text, path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Bad(path, mark.line + 1 if mark else 1, f"no YAML: {getattr(error, 'problem', error)}") from error
    return replace(_settings(top, path.parent), file=path)


def _settings(top: Table, base: Path) -> Settings:
    def place(text: str) -> Path:
        return base / text

    socket = top.table("event_socket")
    sip = top.table("sip")
    rtp = top.table("rtp", {})
    failsafe = top.table("failsafe", {})
    gateways = top.table("gateways", {})
    agents = sip.value("agents", _address)
    found = Settings(
        event_socket=Address(host=socket.value("host", str, "127.0.0.1"), port=socket.value("port", _port)),
        password=socket.value("password", _password),
        agents=agents,
        trunk=sip.value("trunk", _address),
        domain=sip.value("domain", str),
        trunk_allow=sip.value("trunk_allow", _networks),
        rtp_host=rtp.value("host", str, agents.host),
        rtp_ports=range(rtp.value("start", _port, 16384), rtp.value("end", _port, 16784)),
        patience=Patience(
            talking_s=rtp.value("timeout_s", _seconds_or_never, TALKING_S),
            held_s=rtp.value("hold_timeout_s", _seconds_or_never, HELD_S),
        ),
        directory=top.value("directory", place, None),
        sounds=top.value("sounds", place, None),
        music=top.value("music", place, None),
        gateways={name: gateways.value(name, _address) for name in gateways.names()},
        failsafe_after_s=failsafe.value("after_s", _seconds, 60),
        failsafe_announcement=failsafe.value("announcement", place, None),
        failsafe_messages=failsafe.value("message_dir", place, base / "messages"),
        heartbeat_s=top.value("heartbeat_s", float, 20.0),
        most_channels=top.value("most_channels", int, 200),
    )
    for table in (top, socket, sip, rtp, failsafe):
        table.refuse_unknown()
    return found


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError("a port from 0 to 65535 is needed")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("whole seconds from 1 on are needed")
    return int(text)


def _seconds_or_never(text: str) -> float:
    if not text.isdecimal():
        raise ValueError("whole seconds are needed, 0 for never")
    return float(text)


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not host:
        raise ValueError("HOST:PORT is needed")
    return Address(host=host, port=_port(port))


def _password(text: str) -> str:
    if text in _FORBIDDEN or len(text) < LEAST_PASSWORD:
        raise ValueError(f"a password of at least {LEAST_PASSWORD} characters is needed, and not the default one")
    return text


def _networks(items: object) -> tuple[str, ...]:
    if not isinstance(items, list):
        raise ValueError("a list of networks like 127.0.0.1/32 is needed")
    return tuple(str(ip_network(str(item))) for item in items)
