"""Calls from INVITE to record, faster and faster: how many are served, and what each costs in CPU at whom.

    python -m bench.calls [seconds a step]

Twice: on the embedded switch with virtual callers, and on a FreeSWITCH (``ACD_FREESWITCH``, or on the path) with SIPp as the
callers. Each call is queued at once, offered, rung, answered at once, bridged, hung up by the agent after a second, and recorded.
Nobody speaks, so that a switch has as little to do as it can: the controller's share is the largest that it can be. All of it is
programs of this machine on loopback, which share its CPUs; what is claimed are ratios of one run.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

import click
import gevent
import yaml
from sqlalchemy import Connection, NullPool, create_engine, func, select

from acd.cli import control
from acd.demo import Ports, free_ports
from acd.places import Places
from acd.records.schema import contacts, offers
from softswitch.media import MediaEngine
from softswitch.party import CallerScript, Phone, play
from softswitch.party.script import WaitAnswered, WaitEnded

RATES = {"embedded": (1.0, 2.0, 5.0, 10.0, 20.0), "freeswitch": (1.0, 5.0, 10.0, 20.0, 50.0)}
STEP_S = 8.0
TALK_S = 1.0
IDLE_S = 3.0
PATIENCE_S = 12.0
"""Whoever is not through and recorded so long after the last INVITE has failed."""
SATURATED = 0.95
"""A step that serves less of its callers ends the raising."""
DOMAIN = "acd.bench"
RTP_PORTS = "61000-64998"
FLOW = """
title: Straight into the queue
start: wait
steps:
  wait: {step: queue, queue: all, exits: {timed_out: bye, full: bye, no_agents: bye, failed: bye}}
  bye: {step: hang_up}
"""
CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="one who waits to be hung up">
  <send retrans="500"><![CDATA[
INVITE sip:100@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[who][call_number]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
To: <sip:100@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[who]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


# -- a house ---


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A contact centre that runs with all its agents ready, and the programs it consists of."""

    kind: str
    places: Places
    ports: Ports
    controller: int
    switch: int
    phones: int

    def cpu(self) -> "Cpu":
        return Cpu(controller=cpu_s(self.controller), switch=cpu_s(self.switch), phones=cpu_s(self.phones) + cpu_s(os.getpid()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """Seconds; ``phones`` are the agents' and the callers'."""

    controller: float
    switch: float
    phones: float

    def since(self, before: "Cpu", of: float) -> "Cpu":
        return Cpu(
            controller=(self.controller - before.controller) / of,
            switch=(self.switch - before.switch) / of,
            phones=(self.phones - before.phones) / of,
        )

    @property
    def share(self) -> float:
        """The controller's, of what controller and switch take."""
        return self.controller / max(self.controller + self.switch, 1e-9)


def cpu_s(pid: int) -> float:
    """Of all its threads and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def held(pid: int) -> tuple[float, int]:
    """MB of memory, and open files."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir(f"/proc/{pid}/fd"))


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
    binary, conf, to = freeswitch_binary(), folder / "conf", folder / "freeswitch"
    words = [sys.executable, "-m", "acd", "freeswitch-conf", str(conf), "--config", str(places.config), "--home", str(places.home)]
    limits = ["--rtp-ports", RTP_PORTS, "--sessions-per-second", "1000", "--loglevel", "err"]
    subprocess.run([*words, *limits], check=True, capture_output=True)
    flags = [word for name in ("log", "db", "run") for word in (f"-{name}", str(to / name))]
    for folder_ in ("log", "db", "run"):
        (to / folder_).mkdir(parents=True)
    command = [str(binary), "-nonat", "-nc", "-nf", "-conf", str(conf), *flags]
    with program(command, folder / "freeswitch.log") as pid:
        wait_for("FreeSWITCH", lambda: socket.create_connection(("127.0.0.1", ports.event_socket), 1).close() is None, conf)
        yield pid


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
    wait_for("the phones to register", lambda: sum(a["registered"] for a in state(places)["agents"]) == agents, log)
    for n in range(agents):
        control.post(places.home, "agents", f"a{n}", "ready")


def state(places: Places) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = control.get(places.home, "state")
    return found


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


# -- its callers ---


def virtual_callers(house: House, who: str, rate: float, calls: int) -> None:
    """Dials one after the other; returns when the last is gone."""
    engine = MediaEngine()
    engine.start()
    phone = Phone(user=who, server=("127.0.0.1", house.ports.callers), engine=engine)
    phone.start()
    script = CallerScript(dial="100", steps=(WaitAnswered(timeout_s=PATIENCE_S), WaitEnded(timeout_s=PATIENCE_S)))
    began, talking = time.monotonic(), []
    for n in range(calls):
        gevent.sleep(max(0.0, began + n / rate - time.monotonic()))
        talking.append(gevent.spawn(play, phone, script))
    gevent.joinall(talking, timeout=PATIENCE_S)
    phone.stop()
    engine.stop()


def sipp_callers(house: House, who: str, rate: float, calls: int) -> None:
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as folder:
        scenario = Path(folder) / "caller.xml"
        scenario.write_text(CALLER.replace("[who]", who))
        bounds = ["-r", f"{rate:g}", "-m", str(calls), "-timeout", f"{calls / rate + PATIENCE_S:.0f}s", "-nostdin"]
        words = ["sipp", f"127.0.0.1:{house.ports.callers}", "-sf", str(scenario), "-i", "127.0.0.1", *bounds]
        subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


CALLERS = {"embedded": virtual_callers, "freeswitch": sipp_callers}


# -- what is measured ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    rate: float
    calls: int
    to_bridge_s: list[float]
    cpu: Cpu

    @property
    def keeps_up(self) -> bool:
        return len(self.to_bridge_s) >= SATURATED * self.calls

    def percentile(self, percent: int) -> float:
        return quantiles([*self.to_bridge_s] * 2, n=100)[percent - 1] if self.to_bridge_s else float("nan")


def measure(house: House, number: int, rate: float, step_s: float) -> Step:
    calls, who, before = max(2, round(rate * step_s)), f"49{number:02d}", house.cpu()
    CALLERS[house.kind](house, who, rate, calls)
    engine = create_engine(f"sqlite:///file:{house.places.database}?mode=ro&uri=true", poolclass=NullPool)
    with engine.connect() as database:
        until_recorded(database, who, calls)
        after = house.cpu()
        return Step(rate=rate, calls=calls, to_bridge_s=arrival_to_bridge(database, who), cpu=after.since(before, calls))


def until_recorded(database: Connection, who: str, calls: int) -> None:
    ended = select(func.count()).where(contacts.c.caller_number.startswith(who), contacts.c.ended_at.is_not(None))
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and database.execute(ended).scalar_one() < calls:
        database.rollback()
        gevent.sleep(0.2)


def arrival_to_bridge(database: Connection, who: str) -> list[float]:
    """Of each ended call that was put through, in seconds."""
    took = select(offers.c.bridged_at - contacts.c.arrived_at).join_from(contacts, offers, offers.c.contact == contacts.c.id)
    served = took.where(contacts.c.caller_number.startswith(who), contacts.c.ended_at.is_not(None), offers.c.bridged_at.is_not(None))
    return sorted(database.execute(served).scalars())


def calls_left(house: House) -> float:
    """Live calls that the controller still knows."""
    with urlopen(f"http://127.0.0.1:{house.ports.http}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("acd_calls{"))


# -- what is said ---


def run(kind: str, title: str, step_s: float) -> None:
    agents = round(max(RATES[kind]) * (TALK_S + 1.0))
    print(f"\n== {title}; {agents} agents", flush=True)
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as folder, house(kind, agents, Path(folder)) as one:
        before = one.cpu()
        time.sleep(IDLE_S)
        idle = one.cpu().since(before, IDLE_S)
        print(f"idle, ms of CPU a second: controller {idle.controller * 1e3:.0f}, switch {idle.switch * 1e3:.0f}, phones {idle.phones * 1e3:.0f}")
        first = {name: held(pid) for name, pid in (("controller", one.controller), ("switch", one.switch))}
        print("                               arrival to bridge    ms of CPU a call              controller /")
        print(" calls/s offered answered failed   p50     p95   controller  switch  phones  (controller + switch)")
        steps = [*raised(one, step_s)]
        conclude(kind, steps)
        for name, pid in (("controller", one.controller), ("switch", one.switch)):
            (mb, files), (mb_then, files_then) = held(pid), first[name]
            print(f"{name}: {mb_then:.1f} MB and {files_then} open files before, {mb:.1f} MB and {files} after {sum(s.calls for s in steps)} calls")
        print(f"calls that the controller still holds: {calls_left(one):.0f}")


def raised(house: House, step_s: float) -> Iterator[Step]:
    for number, rate in enumerate(RATES[house.kind]):
        step = measure(house, number, rate, step_s)
        answered = len(step.to_bridge_s)
        costs = "  ".join(f"{each * 1e3:7.1f}" for each in (step.cpu.controller, step.cpu.switch, step.cpu.phones))
        waits = f"{step.percentile(50):6.3f}s {step.percentile(95):6.3f}s"
        print(f"{rate:8g} {step.calls:7} {answered:8} {step.calls - answered:6} {waits}   {costs}  {step.cpu.share:10.0%}", flush=True)
        yield step
        if not step.keeps_up:
            print("          (saturated: not raised further)")
            return


def conclude(kind: str, steps: list[Step]) -> None:
    good = [step for step in steps if step.keeps_up]
    if not good:
        print("no step kept up: nothing is claimed")
        return
    top = good[-1]
    print(f"{kind}: at {top.rate:g} calls/s the controller takes {top.cpu.controller / top.cpu.switch:.2f} of the switch's CPU;", end=" ")
    print(f"p50 of arrival to bridge is {top.percentile(50) / good[0].percentile(50):.1f} times that at {good[0].rate:g} calls/s")


def main() -> None:
    step_s = float(sys.argv[1]) if len(sys.argv) > 1 else STEP_S
    run("embedded", "embedded switch, virtual callers", step_s)
    missing = [what for what, found in (("FreeSWITCH (ACD_FREESWITCH=, or on the path)", freeswitch_binary()), ("SIPp", shutil.which("sipp"))) if not found]
    if missing:
        print(f"\n!! SKIPPED: calls on a FreeSWITCH. Not found: {', '.join(missing)}")
        return
    run("freeswitch", "FreeSWITCH, SIPp as callers", step_s)


if __name__ == "__main__":
    main()
