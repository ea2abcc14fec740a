"""A house to look at: virtual agents and callers, made up from a seed. Only makes the files; runs nothing."""

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

QUEUES = {"sales": "1", "support": "2"}
"""Each queue and the digits of the sample menu that lead to it (support asks for a customer number first; # passes it by)."""
FIRST_PHONE = 2001
OWN = frozenset({"nodes", "agents", "supervisors", "numbers", "http", "database", "paths", "apply"})
"""What of the sample's house is the demo's own; all else its flows may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be seen: so many agents, callers a minute, seconds a talk, for so long."""

    agents: int
    callers_per_minute: float
    talk_s: float
    patience_s: float
    for_s: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    event_socket: int
    phones: int
    callers: int
    http: int


def free_ports() -> Ports:
    """Ports that nobody uses at this moment."""
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_DGRAM, socket.SOCK_STREAM)
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        event_socket, phones, callers, http = (one.getsockname()[1] for one in sockets)
        return Ports(event_socket=event_socket, phones=phones, callers=callers, http=http)
    finally:
        for one in sockets:
            one.close()


def agents_of(plan: Plan) -> list[str]:
    return [f"agent{n + 1}" for n in range(plan.agents)]


def sample(config: Path) -> dict[str, Any]:
    """What the flows beside this folder's ``acd.yaml`` stand on: queues, calendars, reasons and the like."""
    written = yaml.load((config / "acd.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)  # all of it as text, as the house reads it
    return {key: _or_nothing(value) for key, value in written.items() if key not in OWN}


def _or_nothing(value: Any) -> Any:
    """For this loader what is empty is ''; for the house it is a mapping in which nothing is said."""
    if isinstance(value, dict):
        return {key: _or_nothing(one) for key, one in value.items()}
    return {} if value == "" else value


def configuration(plan: Plan, ports: Ports, flows: Path, like: Mapping[str, Any]) -> str:
    """The text of the house's ``acd.yaml``; ``like``: what ``sample`` found."""
    agents = {
        name: {"name": f"Agent {n + 1}", "phone": str(FIRST_PHONE + n), "queues": list(QUEUES)[: 1 + n % 2]}
        for n, name in enumerate(agents_of(plan))
    }
    local = {
        "event_socket": f"127.0.0.1:{ports.event_socket}",
        "phones": f"127.0.0.1:{ports.phones}",
        "callers": f"127.0.0.1:{ports.callers}",
        "callers_from": ["127.0.0.1/32"],
        "domain": "acd.local",
    }
    house = {
        **like,
        "nodes": {"local": local},
        "queues": {**like["queues"], **{name: {**like["queues"][name], "wrap_up": "2s", "max_wait": "2m"} for name in QUEUES}},
        "agents": agents,
        "numbers": {"100": "main"},
        "paths": {"flows": str(flows)},
        "http": {"port": str(ports.http)},
    }
    return yaml.safe_dump(house, sort_keys=False)


def phones(plan: Plan, passwords: Mapping[str, str]) -> str:
    """What the agents' phones do, as a script for ``python -m softswitch.party run``."""
    rng = random.Random(plan.seed)
    people = [
        {
            "user": user,
            "password": password,
            "answer_after": round(rng.uniform(1.0, 4.0), 1),
            "talk": [round(plan.talk_s * 0.5, 1), round(plan.talk_s * 1.5, 1)],
            "says": "%(200,1800,350);loops=-1",
        }
        for user, password in passwords.items()
    ]
    return yaml.safe_dump({"agents": people})


def callers(plan: Plan) -> str:
    """Who calls when and does what, likewise. The same seed tells the same story."""
    rng = random.Random(plan.seed)
    people: list[dict[str, object]] = []
    at = 2.0
    while (at := at + rng.expovariate(plan.callers_per_minute / 60.0)) < plan.for_s - 5.0:
        people.append(_caller(rng, len(people), at, plan))
    return yaml.safe_dump({"callers": people}, sort_keys=False)


def _caller(rng: random.Random, n: int, at: float, plan: Plan) -> dict[str, object]:
    queue = rng.choice(list(QUEUES))
    press: list[dict[str, object]] = [{"wait": round(rng.uniform(1, 4), 1)}, {"press": QUEUES[queue]}]
    if queue == "support":
        press += [{"wait": 1.0}, {"press": "#"}]
    patience = round(max(3.0, rng.expovariate(1 / plan.patience_s)) + plan.talk_s * 1.5, 1)
    steps = [{"wait_answered": 30}, *press, {"hang_up": patience}]
    return {"user": f"49301{n:06d}", "dial": "100", "after": round(at, 1), "steps": steps}
