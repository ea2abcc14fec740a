"""Starts the small switch that comes along, where no other answers on a node's event socket: for the launcher alone. And what it reads.

The switch is a process of its own and outlives the controller: calls stay up while it restarts.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from gevent import sleep, socket

from acd.config.configuration import Configuration, NodePlace
from acd.config.secrets import Secrets, write_private
from acd.places import Places

START_S = 15.0
STOP_S = 5.0


class SwitchNotStarted(Exception):
    pass


def answers(address: tuple[str, int]) -> bool:
    """Whether anybody listens there."""
    try:
        socket.create_connection(address, timeout=1.0).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """One small switch: its settings file, its log, and its process by a file that names it."""

    node: NodePlace
    settings: Path
    log: Path
    pid_file: Path

    def start(self) -> bool:
        """False when a switch answers there already. Returns when it listens. Raises SwitchNotStarted."""
        if answers(self.node.event_socket):
            return False
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "softswitch", "--config", str(self.settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for the controller, which decides what becomes of it
            )
        self.pid_file.write_text(f"{child.pid}\n")
        deadline = time.monotonic() + START_S
        while not answers(self.node.event_socket):
            if child.poll() is not None or time.monotonic() > deadline:
                last = self.log.read_text(errors="replace").strip().splitlines()[-5:]
                raise SwitchNotStarted(f"the embedded switch did not start (see {self.log}):\n" + "\n".join(last))
            sleep(0.05)
        return True

    def stop(self) -> None:
        """Ends it, if it is ours and runs: the file may be old and the number another program's by now."""
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while self._pid() is not None:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                break
            sleep(0.05)
        self.pid_file.unlink(missing_ok=True)

    def _pid(self) -> int | None:
        try:
            pid = int(self.pid_file.read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.settings).encode() in words else None


def embedded_switches(
    configuration: Configuration, secrets: Secrets, places: Places, announcement: Path | None = None
) -> list[Embedded]:
    """One for each node, with its settings written. ``announcement``: what callers hear whom nobody adopts."""
    switches = []
    for node in configuration.nodes.values():
        settings = (places.switch / f"{node.id}.yaml").absolute()
        _write(settings, _settings(node, configuration, secrets, places, announcement))
        log, pid = settings.with_suffix(".log"), settings.with_suffix(".pid")
        switches.append(Embedded(node=node, settings=settings, log=log, pid_file=pid))
    return switches


def _settings(
    node: NodePlace, configuration: Configuration, secrets: Secrets, places: Places, announcement: Path | None
) -> dict[str, object]:
    host, port = node.event_socket
    found: dict[str, object] = {
        "event_socket": {"host": host, "port": str(port), "password": secrets.event_socket[node.id]},
        "sip": {
            "agents": _written(node.phones),
            "trunk": _written(node.callers),
            "domain": node.domain,
            "trunk_allow": list(node.callers_from),
        },
        "directory": str(configuration.directory or places.directory.absolute()),
        "failsafe": {"message_dir": str(places.messages.absolute())},
    }
    if announcement is not None:
        found["failsafe"] = {"announcement": str(announcement), "message_dir": str(places.messages.absolute())}
    for key, folder in (("sounds", configuration.sounds), ("music", configuration.music)):
        if folder.is_dir():
            found[key] = str(folder)
    return {**found, "gateways": trunks_of(configuration)}


def trunks_of(configuration: Configuration) -> dict[str, str]:
    """By name, where they are."""
    return {trunk.id: _written(trunk.address) for trunk in configuration.trunks.values()}


def rewrite_trunks(configuration: Configuration, places: Places) -> None:
    """In the settings of the small switches that we started; they read them when they are asked to. The rest of a file stays."""
    for id in configuration.nodes:
        settings = (places.switch / f"{id}.yaml").absolute()
        if settings.is_file():
            found = yaml.safe_load(settings.read_text(encoding="utf-8"))
            _write(settings, {**found, "gateways": trunks_of(configuration)})


def _write(settings: Path, found: dict[str, object]) -> None:
    text = yaml.safe_dump(found, sort_keys=False)
    write_private(settings, "# Written by acd at every start; change config/acd.yaml instead.\n" + text)


def _written(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
