"""``acd freeswitch-conf DIR``: the configuration of a FreeSWITCH that works for this house, written whole into a folder.

Starts nothing. Outside DIR it writes what belongs in the home directory anyway: passwords that are not made yet, the
directory of phones, the announcement.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

import click

from acd.cli.files import config_option, problems_shown
from acd.cli.place import home_option
from acd.config.configuration import Configuration, NodePlace
from acd.config.document import Problem, Refused
from acd.config.kinds import seconds
from acd.config.secrets import Secrets, write_private
from acd.loading import Loaded, load_all, secrets_of
from acd.places import Places
from acd.sounds import failsafe_announcement, prompts_of
from acd.switch import freeswitch_conf as conf
from acd.switch.directory import directory_xml, write_directory
from acd.words import NodeId

TREE = Path(__file__).resolve().parents[2] / "freeswitch_conf"
FOLDERS = ("autoload_configs", "dialplan", "gateways", "sip_profiles")
STATE = ("log", "db", "run", "certs")
"""What FreeSWITCH writes itself; the log's folder also gets a copy of the whole configuration, passwords and all."""
LOGLEVELS = ("debug", "info", "notice", "warning", "err")


class PortRange(click.ParamType[tuple[int, int]]):
    """``16384-32767``"""

    name = "first-last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"([0-9]{4,5})-([0-9]{4,5})", str(value), re.ASCII)
        if not found or not 1024 <= int(found[1]) < int(found[2]) <= 65535:
            self.fail(f"{value!r}: two ports from 1024 to 65535 such as 16384-32767 are needed", param, ctx)
        return int(found[1]), int(found[2])


class Seconds(click.ParamType[int]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return round(seconds(str(value), 1, 3600))
        except ValueError as why:
            self.fail(str(why), param, ctx)


class Listen(click.ParamType[str]):
    name = "ip"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value != "auto" and _ip(str(value)) is None:
            self.fail(f"{value!r}: an IP address or auto is needed", param, ctx)
        return str(value)


FILE = click.Path(path_type=Path, resolve_path=True)


@click.command("freeswitch-conf")
@click.argument("directory", metavar="DIR", type=FILE)
@config_option
@home_option
@click.option("--node", help="Which switch of acd.yaml; needed where there are several.")
@click.option("--listen", type=Listen(), help="Where SIP listens when acd.yaml has the address before a NAT: an IP, or auto.")
@click.option("--rtp-ports", type=PortRange(), default="16384-32767", show_default=True, help="UDP ports of the audio.")
@click.option("--failsafe", type=Seconds(), default="20s", show_default=True, help="Callers whom nobody adopts wait so long.")
@click.option("--announcement", type=FILE, help="What they hear then.  [default: made from the configured voice]")
@click.option("--max-sessions", type=click.IntRange(2, 100_000), default=1000, show_default=True, help="Legs at once.")
@click.option("--sessions-per-second", type=click.IntRange(1, 10_000), default=100, show_default=True, help="New legs a second.")
@click.option("--loglevel", type=click.Choice(LOGLEVELS), default="notice", show_default=True)
def freeswitch_conf(directory: Path, config: Path, home: Path, node: str | None, **options: Any) -> None:
    """Write into DIR the configuration with which a FreeSWITCH works for this contact centre."""
    places = Places(config=config, home=home.absolute())
    try:
        with problems_shown():
            loaded = load_all(config)
            place = _place(loaded.configuration, node)
            secrets = secrets_of(loaded, places)
        announcement = options["announcement"] or _announcement(loaded, places)
        own = _own(loaded.configuration, place, secrets, places, options | {"announcement": announcement})
        _write(directory, _shipped() | own)
        _write_phones(loaded, place, secrets, places)
        places.messages.mkdir(parents=True, exist_ok=True, mode=0o700)
        places.talks.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (conf.Unwritable, OSError, UnicodeDecodeError) as why:
        raise click.ClickException(str(why)) from None
    _say(directory, places.messages)


def _place(configuration: Configuration, node: str | None) -> NodePlace:
    """Raises Refused where acd.yaml says of this switch what cannot be said of one that we configure."""
    nodes = configuration.nodes
    known = ", ".join(sorted(nodes))
    if node is None and len(nodes) != 1:
        raise click.ClickException(f"acd.yaml has several switches; choose with --node: {known}")
    place = next(iter(nodes.values())) if node is None else nodes.get(NodeId(node))
    if place is None:
        raise click.ClickException(f"there is no switch {node!r} in acd.yaml; there is: {known}")
    problems = [*_problems(configuration, place)]
    if problems:
        raise Refused(problems)
    return place


def _problems(configuration: Configuration, place: NodePlace) -> Iterator[Problem]:
    def problem(key: str, what: str) -> Problem:
        return configuration.document.problem(("nodes", place.id, key), what)

    for key, (host, _) in (("phones", place.phones), ("callers", place.callers), ("event_socket", place.event_socket)):
        ip = _ip(host)
        if ip is None:
            yield problem(key, f"found the host {host!r}; FreeSWITCH needs an IP address here")
        elif key == "event_socket" and not ip_address(ip).is_loopback:
            yield problem(key, f"found {host}; the event socket is not encrypted and must be on 127.0.0.1 (use a tunnel)")
    if place.profile == "trunk":
        yield problem("profile", "'trunk' is the profile for callers; the phones' needs another name")
    if place.phones == place.callers:
        yield problem("callers", "phones and callers need a port each; this one is the phones'")


def _ip(host: str) -> str | None:
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return None


def _own(
    configuration: Configuration, place: NodePlace, secrets: Secrets, places: Places, options: Mapping[str, Any]
) -> dict[str, str]:
    site = conf.Site(
        domain=place.domain,
        profile=place.profile,
        agents=_listener(place.phones, options["listen"]),
        trunk=_listener(place.callers, options["listen"]),
        event_socket=(place.event_socket[0].strip("[]"), place.event_socket[1]),
        event_socket_password=secrets.event_socket[place.id],
        rtp_ports=options["rtp_ports"],
        failsafe_s=options["failsafe"],
        announcement=str(options["announcement"]),
        message_dir=str(places.messages),
        directory_file=str(configuration.directory or places.directory),
        max_sessions=options["max_sessions"],
        sessions_per_second=options["sessions_per_second"],
        loglevel=options["loglevel"],
    )
    gateways = {trunk.id: trunk.address for trunk in configuration.trunks.values()}
    return conf.files(site, callers_from=place.callers_from, gateways=gateways)


def _listener(address: tuple[str, int], listen: str | None) -> conf.Listener:
    host = str(_ip(address[0]))
    if listen == "auto":
        listen = conf.OWN_V6 if isinstance(ip_address(host), IPv6Address) else conf.OWN_V4
    return conf.Listener(ip=listen or host, port=address[1], external=host)


def _announcement(loaded: Loaded, places: Places) -> Path:
    return failsafe_announcement(prompts_of(loaded.configuration, places), loaded, places.failsafe)


def _shipped() -> dict[str, str]:
    """The tree that is the same everywhere."""
    found = {str(file.relative_to(TREE)): file.read_text(encoding="utf-8") for file in sorted(TREE.rglob("*.xml"))}
    if "freeswitch.xml" not in found:
        raise click.ClickException(f"there is no {TREE}/freeswitch.xml: acd is installed without its FreeSWITCH configuration")
    return found


def _write(directory: Path, texts: Mapping[str, str]) -> None:
    there = (file for folder in FOLDERS for file in sorted((directory / folder).glob("*.xml")))
    foreign = next((file for file in there if str(file.relative_to(directory)) not in texts), None)
    if foreign:
        raise click.ClickException(f"{foreign} is not ours, and FreeSWITCH would read it; remove it, or choose an empty folder")
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in texts.items():
        write_private(directory / name, text)
        if name not in conf.SECRET:
            (directory / name).chmod(0o644)


def _write_phones(loaded: Loaded, place: NodePlace, secrets: Secrets, places: Places) -> None:
    text = directory_xml(place.domain, loaded.policy.agent_of_phone, secrets.phones)
    write_directory(loaded.configuration.directory or places.directory, text)


def _say(directory: Path, messages: Path) -> None:
    state = directory.with_name(directory.name + "-state")
    flags = " ".join(f"-{flag} {state}/{flag}" for flag in STATE)
    click.echo(f"Written to {directory}; messages go to {messages}. Start FreeSWITCH as the same user:")
    click.echo(f"  umask 077; mkdir -p {' '.join(f'{state}/{flag}' for flag in STATE)}")
    click.echo(f"  freeswitch -nonat -nc -nf -conf {directory} {flags}")
