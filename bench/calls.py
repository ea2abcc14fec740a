"""Calls from INVITE to record, faster and faster: how many are served, and what each costs in CPU at whom.

    python -m bench.calls [seconds a step]

Twice: on the embedded switch with virtual callers, and on a FreeSWITCH (``ACD_FREESWITCH``, or on the path) with SIPp as the
callers. Each call is queued at once, offered, rung, answered at once, bridged, hung up by the agent after a second, and recorded.
Nobody speaks, so that a switch has as little to do as it can: the controller's share is the largest that it can be. All of it is
programs of this machine on loopback, which share its CPUs; what is claimed are ratios of one run.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

import gevent
from sqlalchemy import Connection, NullPool, create_engine, func, select

from acd.records.schema import contacts, offers
from bench._callers import CALLERS, PATIENCE_S
from bench._house import TALK_S, House, agents_by_state, freeswitch_binary, house

RATES = {"embedded": (1.0, 2.0, 5.0, 10.0, 20.0), "freeswitch": (1.0, 5.0, 10.0, 20.0, 50.0)}
STEP_S = 6.0
IDLE_S = 3.0
LEAST_SERVED, MOST_SLOWER = 0.95, 3.0
"""A step that serves less of its callers, or whose median caller waits so many times longer than the first step's, does not
keep up: it ends the raising, and nothing is claimed of it."""
TITLE = """
                                arrival to bridge    ms of CPU a call              controller /
 calls/s offered answered failed     p50     p95   controller  switch  phones  (controller + switch)
""".strip("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """Seconds; ``phones`` are the agents' and the callers'."""

    controller: float
    switch: float
    phones: float

    @classmethod
    def now(cls, house: House) -> "Cpu":
        phones = cpu_s(house.phones) + cpu_s(os.getpid())
        return cls(controller=cpu_s(house.controller), switch=cpu_s(house.switch), phones=phones)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    rate: float
    calls: int
    to_bridge_s: list[float]
    cpu: Cpu

    def keeps_up(self, first: "Step") -> bool:
        served = len(self.to_bridge_s) >= LEAST_SERVED * self.calls
        return served and self.percentile(50) <= MOST_SLOWER * first.percentile(50)

    def percentile(self, percent: int) -> float:
        return quantiles([*self.to_bridge_s] * 2, n=100)[percent - 1] if self.to_bridge_s else float("nan")


def measure(house: House, number: int, rate: float, step_s: float) -> Step:
    calls, who, before = max(2, round(rate * step_s)), f"49{number:02d}", Cpu.now(house)
    CALLERS[house.kind](house, who, rate, calls)
    engine = create_engine(f"sqlite:///file:{house.places.database}?mode=ro&uri=true", poolclass=NullPool)
    with engine.connect() as database:
        until_recorded(database, who, calls)
        after = Cpu.now(house)
        return Step(rate=rate, calls=calls, to_bridge_s=arrival_to_bridge(database, who), cpu=after.since(before, calls))


def until_recorded(database: Connection, who: str, calls: int) -> None:
    ended = select(func.count()).where(contacts.c.caller_number.startswith(who), contacts.c.ended_at.is_not(None))
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and database.execute(ended).scalar_one() < calls:
        database.rollback()
        gevent.sleep(0.2)


def arrival_to_bridge(database: Connection, who: str) -> list[float]:
    """Of each ended call that was put through, in seconds."""
    took = select(func.min(offers.c.bridged_at) - contacts.c.arrived_at).group_by(contacts.c.id)
    through = took.join_from(contacts, offers, offers.c.contact == contacts.c.id).where(offers.c.bridged_at.is_not(None))
    theirs = through.where(contacts.c.ended_at.is_not(None), contacts.c.caller_number.startswith(who))
    return sorted(database.execute(theirs).scalars())


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
        programs = {"controller": one.controller, "switch": one.switch}
        say_idle(one)
        before = {name: held(pid) for name, pid in programs.items()}
        print(TITLE)
        steps = [*raised(one, step_s)]
        conclude(kind, steps)
        calls = sum(step.calls for step in steps)
        for name, pid in programs.items():
            (mb, files), (mb_then, files_then) = held(pid), before[name]
            print(f"{name}: {mb_then:.1f} -> {mb:.1f} MB, {files_then} -> {files} open files over {calls} calls")
        print(f"left over: {calls_left(one):.0f} calls in the controller, agents {agents_by_state(one.places)}")


def say_idle(house: House) -> None:
    before = Cpu.now(house)
    time.sleep(IDLE_S)
    idle = Cpu.now(house).since(before, IDLE_S)
    print("idle, ms of CPU a second:", end=" ")
    print(f"controller {idle.controller * 1e3:.0f}, switch {idle.switch * 1e3:.0f}, phones {idle.phones * 1e3:.0f}")


def raised(house: House, step_s: float) -> Iterator[Step]:
    first = None
    for number, rate in enumerate(RATES[house.kind]):
        step = measure(house, number, rate, step_s)
        first = first or step
        answered = len(step.to_bridge_s)
        counts = f"{rate:8g} {step.calls:7} {answered:8} {step.calls - answered:6}"
        waits = f"{step.percentile(50):6.3f}s {step.percentile(95):6.3f}s"
        costs = "  ".join(f"{each * 1e3:7.1f}" for each in (step.cpu.controller, step.cpu.switch, step.cpu.phones))
        print(f"{counts} {waits}   {costs}  {step.cpu.share:10.0%}", flush=True)
        yield step
        if not step.keeps_up(first):
            print("          (does not keep up: not raised further)")
            return


def conclude(kind: str, steps: list[Step]) -> None:
    good = [step for step in steps if step.keeps_up(steps[0])]
    if not good:
        print("no step kept up: nothing is claimed")
        return
    first, top = good[0], good[-1]
    times = top.percentile(50) / first.percentile(50)
    print(f"{kind}: at {top.rate:g} calls/s controller : switch = 1 : {top.cpu.switch / top.cpu.controller:.1f} of CPU;", end=" ")
    print(f"arrival to bridge (p50) is {times:.1f} times that at {first.rate:g} calls/s")


def main() -> None:
    step_s = float(sys.argv[1]) if len(sys.argv) > 1 else STEP_S
    run("embedded", "embedded switch, virtual callers", step_s)
    needed = {"FreeSWITCH (ACD_FREESWITCH=, or on the path)": freeswitch_binary(), "SIPp": shutil.which("sipp")}
    missing = [what for what, found in needed.items() if not found]
    if missing:
        print(f"\n!! SKIPPED: calls on a FreeSWITCH. Not found: {', '.join(missing)}")
        return
    run("freeswitch", "FreeSWITCH, SIPp as callers", step_s)


if __name__ == "__main__":
    main()
