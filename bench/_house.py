"""For the benches: a contact centre of programs on free ports; its agents are virtual phones that answer at once."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from acd.cli import control
from acd.demo import Ports, free_ports
from acd.places import Places

TALK_S = 1.0
DOMAIN = "acd.bench"
RTP_PORTS = "61000-64998"
FLOW = """
title: Straight into the queue
start: wait
steps:
  wait: {step: queue, queue: all, exits: {timed_out: bye, full: bye, no_agents: bye, failed: bye}}
  bye: {step: hang_up}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A contact centre that runs with all its agents ready, and the programs it consists of."""

    kind: str
    places: Places
    ports: Ports
    controller: int
    switch: int
    phones: int


@contextmanager
def house(kind: str, agents: int, folder: Path) -> Iterator[House]:
    places = Places(config=folder / "config", home=folder / "var")
    ports = free_ports()
    write_configuration(places, ports, agents)
    acd = [sys.executable, "-m", "acd", "run", "--config", str(places.config), "--home", str(places.home)]
    with ExitStack() as stack:
        switch = stack.enter_context(freeswitch(places, ports, folder)) if kind == "freeswitch" else 0
        more = ["--log-level", "WARNING", *([] if switch else ["--embedded"])]
        controller = stack.enter_context(program([*acd, *more], folder / "acd.log"))
        wait_for("the switch to be reached", lambda: any(n["reachable"] for n in state(places)["nodes"]), folder / "acd.log")
        switch = switch or int((places.switch / "local.pid").read_text())
        phones = stack.enter_context(program(phones_command(places, ports, folder), folder / "phones.log"))
        everybody_ready(places, agents, folder / "phones.log")
        yield House(kind=kind, places=places, ports=ports, controller=controller, switch=switch, phones=phones)


def write_configuration(places: Places, ports: Ports, agents: int) -> None:
    flows = places.config / "flows"
    flows.mkdir(parents=True)
    (flows / "straight.yaml").write_text(FLOW)
    node = {
        "event_socket": f"127.0.0.1:{ports.event_socket}",
        "phones": f"127.0.0.1:{ports.phones}",
        "callers": f"127.0.0.1:{ports.callers}",
        "callers_from": ["127.0.0.1/32"],
        "domain": DOMAIN,
    }
    text = {
        "nodes": {"local": node},
        "queues": {"all": {"ring": "10s", "wrap_up": "0s", "max_wait": "1m"}},
        "agents": {f"a{n}": {"name": f"Agent {n}", "phone": str(2000 + n), "queues": ["all"]} for n in range(agents)},
        "numbers": {"100": "straight"},
        "paths": {"flows": "flows"},
        "speech": {"engine": "none"},
        "http": {"port": str(ports.http)},
    }
    (places.config / "acd.yaml").write_text(json.dumps(text))  # JSON is YAML


@contextmanager
def program(words: Sequence[str], log: Path) -> Iterator[int]:
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)  # the embedded switch goes with the controller, the phones say goodbye
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def freeswitch(places: Places, ports: Ports, folder: Path) -> Iterator[int]:
    with freeswitch_program(rendered(places, folder), ports, folder) as pid:
        yield pid


def rendered(places: Places, folder: Path) -> Path:
    """The folder with the configuration of a FreeSWITCH for this house."""
    conf = folder / "conf"
    where = ["--config", str(places.config), "--home", str(places.home)]
    limits = ["--rtp-ports", RTP_PORTS, "--sessions-per-second", "1000", "--loglevel", "err"]
    subprocess.run([sys.executable, "-m", "acd", "freeswitch-conf", str(conf), *where, *limits], check=True, capture_output=True)
    return conf


@contextmanager
def freeswitch_program(conf: Path, ports: Ports, folder: Path) -> Iterator[int]:
    to = folder / "freeswitch"
    flags = [word for name in ("log", "db", "run") for word in (f"-{name}", str(to / name))]
    for name in ("log", "db", "run"):
        (to / name).mkdir(parents=True)
    command = [str(freeswitch_binary()), "-nonat", "-nc", "-nf", "-conf", str(conf), *flags]
    with program(command, folder / "freeswitch.log") as pid:
        wait_for("FreeSWITCH", lambda: answers(ports.event_socket), folder / "freeswitch.log")
        yield pid


def answers(port: int) -> bool:
    socket.create_connection(("127.0.0.1", port), timeout=1).close()
    return True


def freeswitch_binary() -> str | None:
    return os.environ.get("ACD_FREESWITCH") or shutil.which("freeswitch")


def phones_command(places: Places, ports: Ports, folder: Path) -> list[str]:
    """Answer at once, hang up after a second, say nothing."""
    passwords = yaml.safe_load(places.secrets.read_text())["phones"]
    people = [{"user": user, "password": secret, "answer_after": 0, "talk": TALK_S} for user, secret in passwords.items()]
    script = folder / "phones.yaml"
    script.touch(mode=0o600)
    script.write_text(yaml.safe_dump({"agents": people}))
    server = ["--server", f"127.0.0.1:{ports.phones}", "--domain", DOMAIN]
    return [sys.executable, "-m", "softswitch.party", "run", *server, str(script)]


def everybody_ready(places: Places, agents: int, log: Path) -> None:
    wait_for("the phones to register", lambda: sum(bool(a["registered"]) for a in state(places)["agents"]) == agents, log)
    for n in range(agents):
        control.post(places.home, "agents", f"a{n}", "ready")


def state(places: Places) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = control.get(places.home, "state")
    return found


def agents_by_state(places: Places) -> dict[str, int]:
    return dict(Counter(f"{agent['state']} {agent['reason'] or ''}".strip() for agent in state(places)["agents"]))


def wait_for(what: str, true: Callable[[], bool], log: Path, within_s: float = 30.0) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except (click.ClickException, OSError):
            pass
        time.sleep(0.1)
    raise SystemExit(f"waited {within_s:.0f} s in vain for {what}:\n" + (log.read_text()[-2000:] if log.is_file() else ""))
