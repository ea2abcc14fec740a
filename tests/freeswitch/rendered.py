"""``acd freeswitch-conf`` run for a house of the tests; what it wrote, as FreeSWITCH reads it: one XML, variables put in."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import yaml
from click.testing import CliRunner, Result

from acd.cli.freeswitch_conf import freeswitch_conf

DOMAIN = "acd.test"
PASSWORD = "the-event-socket-of-the-tests"
_DIRECTIVE = re.compile(r'<X-PRE-PROCESS cmd="(\w+)" data="([^"]*)"/>')
_VARIABLE = re.compile(r"\$\$\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    event_socket: int = 8021
    phones: int = 5060
    callers: int = 5080


def house(directory: Path, *, ports: Ports | None = None, **node: object) -> Path:
    """A folder with an acd.yaml. ``node`` replaces what it says of its switch."""
    ports = ports or Ports()
    config = directory / "config"
    (config / "flows").mkdir(parents=True, exist_ok=True)
    (config / "password").write_text(PASSWORD)
    (config / "flows" / "bye.yaml").write_text("title: Nothing\nstart: bye\nsteps:\n  bye: {step: hang_up}\n")
    switch = {
        "event_socket": f"127.0.0.1:{ports.event_socket}",
        "password_file": "password",
        "phones": f"127.0.0.1:{ports.phones}",
        "callers": f"127.0.0.1:{ports.callers}",
        "callers_from": ["127.0.0.1/32"],
        "domain": DOMAIN,
    }
    text = {
        "nodes": {"local": switch | node},
        "agents": {"anna": {"name": "Anna", "phone": "1001"}},
        "trunks": {"provider": {"address": "127.0.0.1:5999", "prefixes": ["+49"]}},
        "paths": {"flows": "flows", "sounds": "sounds", "music": "music"},
        "speech": {"engine": "none"},
    }
    (config / "acd.yaml").write_text(json.dumps(text))  # JSON is YAML
    return config


def render(directory: Path, config: Path, *more: str) -> Result:
    """Into ``directory/conf``, with a home in ``directory/home``."""
    words = [str(directory / "conf"), "--config", str(config), "--home", str(directory / "home"), *more]
    return CliRunner().invoke(freeswitch_conf, words)


def phone_secret(directory: Path, phone: str = "1001") -> str:
    return str(yaml.safe_load((directory / "home" / "secrets.yaml").read_text())["phones"][phone])


def as_read(tree: Path) -> ElementTree.Element:
    """The document that FreeSWITCH makes of a tree."""
    variables: dict[str, str] = {}
    return ElementTree.fromstring("\n".join(_lines(tree / "freeswitch.xml", tree, variables)))


def _lines(file: Path, folder: Path, variables: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for raw in file.read_text().splitlines():
        line = _VARIABLE.sub(lambda found: variables.get(found[1], ""), raw)
        if "<include>" in line or "</include>" in line or line.startswith("<?xml"):
            continue
        directive = _DIRECTIVE.search(line)
        if directive is None:
            lines.append(line)
        elif directive[1] == "set":
            name, _, value = directive[2].partition("=")
            variables[name] = value
        else:
            assert directive[1] == "include", f"{file}: {directive[1]} runs programs"
            for each in _included(file.parent, directive[2]):
                lines += _lines(each, folder, variables)
    return lines


def _included(folder: Path, pattern: str) -> list[Path]:
    where = (folder / pattern).parent.resolve()
    return sorted(where.glob(Path(pattern).name))


class Configuration:
    """What a rendered tree says, by place."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.root = root

    def settings(self, name: str) -> dict[str, str]:
        """Of ``name.conf``."""
        return _params(self._one(f".//configuration[@name='{name}']/settings"))

    def modules(self) -> dict[str, bool]:
        """Module -> whether FreeSWITCH ends when it does not load."""
        loads = self.root.iterfind(".//configuration[@name='modules.conf']/modules/load")
        return {load.get("module", ""): load.get("critical") == "true" for load in loads}

    def allowed(self) -> set[str]:
        return {each.get("name", "") for each in self.root.iterfind(".//interface-allowlist/allow")}

    def profile(self, name: str) -> dict[str, str]:
        return _params(self._one(f".//profile[@name='{name}']/settings"))

    def profiles(self) -> set[str]:
        return {each.get("name", "") for each in self.root.iterfind(".//configuration[@name='sofia.conf']/profiles/profile")}

    def actions(self, context: str) -> list[tuple[str, str]]:
        """All of a context's, in order."""
        found = self._one(f".//context[@name='{context}']").iter("action")
        return [(action.get("application", ""), action.get("data", "")) for action in found]

    def contexts(self) -> set[str]:
        return {each.get("name", "") for each in self.root.iterfind(".//section[@name='dialplan']/context")}

    def _one(self, path: str) -> ElementTree.Element:
        found = self.root.findall(path)
        assert len(found) == 1, f"{path}: {len(found)} times"
        return found[0]


def _params(settings: ElementTree.Element) -> dict[str, str]:
    names = [param.get("name", "") for param in settings.iterfind("param")]
    assert len(set(names)) == len(names), f"twice: {[name for name in names if names.count(name) > 1]}"
    return {param.get("name", ""): param.get("value", "") for param in settings.iterfind("param")}
