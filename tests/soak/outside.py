"""The soak with everything real but the people: ``acd run`` and a switch as programs, virtual phones over SIP, a proxy between the two.

What is injected comes from a seed; what the programs make of it takes its own time, so a seed gives the same faults and not the same
milliseconds.
"""

import json
import socket
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import yaml

from acd.config.load import load
from tests.e2e.centre import Centre
from tests.e2e.ports import free_port
from tests.e2e.processes import Program, Stage
from tests.e2e.switches import DOMAIN, KINDS, PASSWORD, ROOT, Switch
from tests.e2e.tcp_proxy import EventSocketProxy
from tests.e2e.waiting import NeverHappened, until
from tests.soak.callers import Caller, account, hear, invite
from tests.soak.memory import Memory
from tests.soak.plan import AGENTS, SUPERVISORS, TRUNK, plan
from tests.soak.records import Records
from tests.soak.staff import Staff, steer

PHONES_EACH = 2
"""So many phones die together, when one of their programs is killed."""
CHUNK_S = 60.0
SETTLES_S = 30.0
"""So long after a fault the house and the switch must agree again."""


class Broken(AssertionError):
    """An invariant did not hold."""


class Outside:
    """One house, its people and its troubles."""

    def __init__(self, stage: Stage, kind: str, seed: int, *, callers_per_minute: float = 12.0) -> None:
        self.stage, self.seed, self.dice = stage, seed, Random(f"soak outside/{seed}")
        self.calling = Random(f"soak callers/{seed}")
        self.rate = callers_per_minute
        self.trunk = free_port()
        self.switch: Switch = KINDS[kind](stage, silence_s=12, trunks={TRUNK: self.trunk})
        self.proxy = EventSocketProxy(self.switch.ports.event_socket)
        stage.keep(self.proxy)
        self.centre = Centre(stage, self.switch, plan(), event_socket=self.proxy.port)
        self.supervisors = SUPERVISORS
        self.phones: dict[int, Program] = {}
        self.controls: dict[str, int] = {}  # where a telephone is told what to do
        self.calls = list[tuple[Program, list[Caller]]]()
        self.injected: Counter[str] = Counter()
        self.healed: Counter[str] = Counter()
        self._healed_in_life: Counter[str] = Counter()
        self.troubled = list[tuple[float, float]]()
        self.began_at = time.monotonic()
        self.rss: list[tuple[float, int]] = []
        self.fds: list[int] = []

    def open(self) -> None:
        self.switch.start()
        self.centre.start()
        self.memory = Memory(self.centre.home / "journal", load(self.centre.config).policy)
        self.records = Records(self.centre.home / "acd.db")
        self.before_life: Counter[tuple[str, ...]] = Counter()
        for n in range(0, len(AGENTS), PHONES_EACH):
            self.start_phones(n)
        self._telephones("supervisors", {"agents": [self._owner(phone, answer_after=0.3) for phone in SUPERVISORS.values()]})
        self._telephones("outside", {"outside": {"port": self.trunk}})
        until("the phones register", lambda: sum(a["registered"] for a in self.state()["agents"]) == len(AGENTS), within_s=40)
        self.everybody_ready()
        self.staff = Staff(self)
        self.staff.start()

    @property
    def now(self) -> float:
        return time.monotonic() - self.began_at

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """What happens within may cost a caller who nobody knows of yet; and so for a while after it."""
        since = self.now
        self.troubled.append((since, float("inf")))
        yield
        self.troubled[-1] = (since, self.now + 10)

    # -- people --------------------------------------------------------------------------------------------------------

    def start_phones(self, first: int) -> None:
        users = list(AGENTS.values())[first : first + PHONES_EACH]
        self.phones[first] = self._telephones(f"phones-{first}", {"agents": [self._owner(user, moody=True) for user in users]})

    def _owner(self, user: str, **manner: Any) -> dict[str, Any]:
        return {"user": user, "password": self.centre.secret(user), **manner}

    def next_callers(self) -> None:
        """Those of the next minute; each does what the seed says."""
        known = sum(len(callers) for _, callers in self.calls)
        people = list(invite(self.calling, known + 1, self.rate, CHUNK_S))
        program = self._telephones(f"callers-{len(self.calls)}", {"callers": people})
        callers = [Caller(number=each["user"], dials_at=self.now + 1.5 + each["after"]) for each in people]
        self.calls.append((program, callers))

    def _telephones(self, name: str, people: Mapping[str, Any]) -> Program:
        home, control = self.stage.directory / "people", free_port()
        home.mkdir(exist_ok=True)
        script = home / f"{name}.yaml"
        script.write_text(yaml.safe_dump(dict(people)))
        port = self.switch.ports.phones if "agents" in people else self.switch.ports.callers
        self.controls |= {each["user"]: control for group in ("agents", "callers") for each in people.get(group, ())}
        words = [sys.executable, "-m", "tests.soak.phones", "--server", f"127.0.0.1:{port}", "--domain", DOMAIN]
        words += ["--control", str(control), "--seed", str(self.dice.randrange(2**30)), str(script)]
        return self.stage.start(name, words, home=home, env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})

    def tell(self, user: str, do: str, value: str = "") -> None:
        """The owner of that telephone does something with it."""
        if user in self.controls:
            steer(self.controls[user], user, do, value)

    def everybody_ready(self) -> None:
        """Whoever was made not ready by a fault, or by a phone that did not answer, comes back; breaks are left to who takes them."""
        for agent in self.state()["agents"]:
            if agent["registered"] and agent["state"] in ("not_ready", "logged_out") and agent["reason"] not in ("lunch", "break"):
                with suppress(AssertionError, OSError):
                    self.centre.wish(agent["agent"], "ready")

    # -- looking -------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return self.centre.state()

    def ask_switch(self, question: str) -> str:
        return ask_switch(self.switch.ports.event_socket, question)

    def channels(self) -> set[str]:
        """What stands on the switch, asked of it directly."""
        return {row["uuid"] for row in json.loads(self.ask_switch("show channels as json")).get("rows", ())}

    def known_legs(self) -> set[str]:
        """All legs that the house has a reason for: callers, agents who are rung or talk, supervisors, lines that stay."""
        state = self.memory.state
        legs = {*state.call_of_leg, *state.offer_of_leg, *state.monitor_of_leg, *state.nailed}
        legs |= {each.leg for each in state.outgoing.values() if each.leg}
        legs |= {each.own_leg for each in state.agents.values() if each.own_leg}
        return {leg.rpartition("/")[2] for leg in legs}

    def agree(self) -> str:
        """'' when the house and the switch know of the same legs, and nobody is stuck (W1, W2, W3); else what is wrong."""
        channels, state = self.channels(), self.state()
        if not all(node["reachable"] for node in state["nodes"]):
            return "the switch is not reached"
        if wrong := self.memory.check():
            return wrong
        known, house = self.known_legs(), self.memory.state
        there = {leg for leg, id in house.call_of_leg.items() if house.calls[id].ended_at is None}  # their agents may still confer
        callers = {leg.rpartition("/")[2] for leg in there}
        if gone := callers - channels:
            return f"W3: calls without a channel: {gone}"
        dialled_on = sum(each.leg in house.call_of_leg for each in house.outgoing.values())  # its leg is the switch's own
        if len(unknown := channels - known) > dialled_on:
            return f"W3: channels of nobody: {unknown}"
        late = [a["agent"] for a in state["agents"] if a["state"] == "offered" and (a["for_s"] or 0) > 20]
        return f"W2: rung for too long: {late}" if late else ""

    def must_agree(self, after: str) -> None:
        """Raises Broken. What is remembered wrongly is wrong at once."""
        last = [""]

        def agreed() -> bool:
            with suppress(OSError, ValueError, AssertionError):
                last[0] = self.agree()
                return not last[0]
            return False

        try:
            until("the house and the switch agree", agreed, within_s=SETTLES_S)
        except NeverHappened:
            raise Broken(f"after {after}: {last[0] or 'no answer'}") from None
        if wrong := [*self.memory.wrong, *self.staff.wrong]:
            raise Broken(f"after {after}: {'; '.join(wrong)}")

    def metrics(self) -> dict[str, float]:
        port = int(json.loads((self.centre.config / "acd.yaml").read_text())["http"]["port"])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def note_healed(self) -> Counter[str]:
        """What was healed since the last time; counters begin anew with every life of the controller."""
        now: Counter[str] = Counter()
        for name, value in self.metrics().items():
            if name.startswith("acd_healed_differences_total"):
                now[name.partition('event="')[2].partition('"')[0]] += int(value)
        fresh = now - self._healed_in_life
        self._healed_in_life = now
        self.healed += fresh
        return fresh

    def note_size(self) -> None:
        """W6: what the controller holds."""
        assert self.centre.program
        proc = Path(f"/proc/{self.centre.program.pid}")
        status = (proc / "status").read_text()
        rss = int(status.partition("VmRSS:")[2].split()[0])
        self.rss.append((self.now, rss))
        self.fds.append(len(list((proc / "fd").iterdir())))

    def must_be_quiet(self, for_s: float) -> None:
        """Nobody injects anything: then nothing is healed, and all counts are the same wherever one looks. Raises Broken."""
        self.note_healed()
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            time.sleep(1.0)
            self.memory.read()
            if fresh := self.note_healed():
                raise Broken(f"healed, though nothing was injected: {dict(fresh)}")
        self.must_agree("a quiet time")
        self.must_count_the_same()

    def must_count_the_same(self) -> None:
        """W7, W8. Raises Broken."""
        last = [""]

        def same() -> bool:
            metrics = self.metrics()
            self.memory.read()
            behind = sum(value for name, value in metrics.items() if name.startswith("acd_records_behind"))
            last[0] = f"{behind:g} lines are not written" if behind else self._differences(metrics)
            return not last[0]

        try:
            until("all is counted alike", same, within_s=60)
        except NeverHappened:
            raise Broken(f"W7: {last[0]}") from None
        missing = [by for by in self.staff.granted.copy() if by not in self.memory.asked]
        if missing:
            raise Broken(f"W8: granted, and not in the journal: {missing}")

    def _differences(self, metrics: Mapping[str, float]) -> str:
        """/metrics count since the controller's start, the records since ever; what was before is known from the journal."""
        ends = self.memory.ends
        wrong = self.records.differ_from(ends)
        counted = counters(metrics)
        alive = ends - self.before_life
        wrong += [
            f"/metrics has {counted[key]} {' '.join(key)}, the journal {alive[key]}"
            for key in sorted(counted.keys() | alive.keys())
            if counted[key] != alive[key]
        ]
        return "; ".join(wrong)

    # -- the controller's deaths ---------------------------------------------------------------------------------------

    def restart(self, *, away: tuple[float, float] = (0.0, 4.0), in_vain: int = 0) -> None:
        """Killed, and started again; before that ``in_vain`` times started and killed while it starts."""
        with suppress(OSError, AssertionError):
            self.note_healed()
        self.centre.kill()
        for _ in range(in_vain):
            self.centre.launch()
            time.sleep(self.dice.uniform(0.1, 2.5))
            self.centre.kill()
        time.sleep(self.dice.uniform(*away))
        self.memory.read()
        self.before_life = self.memory.ends.copy()
        self._healed_in_life = Counter()
        self.centre.start(within_s=60)

    # -- the end -------------------------------------------------------------------------------------------------------

    def drained(self) -> None:
        """Nobody calls any more; whoever is there finishes. Raises Broken."""
        self.staff.stop()
        for supervisor in self.supervisors:  # who follows an agent waits minutes for the next talk
            self.centre.answer("POST", f"/v1/supervisors/{supervisor}/stop")
        try:
            until("everybody has gone home", self._is_empty, within_s=240, seen=lambda: self.state()["calls"])
            until("the switch is empty", lambda: not self.channels(), within_s=30, seen=self.channels)
        except NeverHappened as why:
            raise Broken(str(why)) from None
        self.must_count_the_same()

    def _is_empty(self) -> bool:
        """Callbacks that come back into the line meanwhile are cancelled too."""
        self.memory.read()
        for id in list(self.memory.state.callbacks):
            self.centre.answer("POST", f"/v1/callbacks/{id}/cancel")
        time.sleep(0.5)
        return bool(self.state()["calls_in_all"] == 0)

    def everybody_has_called(self) -> None:
        for program, _ in self.calls:
            until("the callers' telephones are switched off", lambda program=program: not program.is_up, within_s=200)  # type: ignore[misc]

    def account(self) -> Counter[str]:
        """Every caller by what their telephone saw and what the records have. Raises Broken."""
        callers = [caller for _, some in self.calls for caller in some]
        died = [program for program, _ in self.calls if program.exit_code]
        if died:
            raise Broken(f"telephones of callers died: {died[0].name}, {died[0].exit_code}: {died[0].tail()}")
        hear(callers, (program.log for program, _ in self.calls))
        figures, wrong = account(callers, self.records.calls_by_number(), len(self.switch.messages()), self.troubled)
        if wrong:
            raise Broken("; ".join(wrong[:20]))
        return figures


COUNTERS = {
    "acd_calls_ended_total": ("calls", "ended_by"),
    "acd_queue_visits_ended_total": ("visits", "queue", "outcome"),
    "acd_offers_ended_total": ("offers", "queue", "outcome"),
    "acd_recordings_ended_total": ("recordings", "outcome"),
    "acd_callbacks_ended_total": ("callbacks", "queue", "outcome"),
    "acd_dialled_calls_ended_total": ("dialled_calls", "queue", "outcome"),
    "acd_wrap_ups_ended_total": ("wrap_ups", "queue", "ended_by"),
}


def counters(metrics: Mapping[str, float]) -> Counter[tuple[str, ...]]:
    """What /metrics says of the ends of things, by table and labels."""
    found: Counter[tuple[str, ...]] = Counter()
    for name, value in metrics.items():
        title, _, rest = name.partition("{")
        if title in COUNTERS and value:
            table, *labels = COUNTERS[title]
            said = dict(pair.split("=", 1) for pair in rest.rstrip("}").split(","))
            found[(table, *(said[label].strip('"') for label in labels))] += int(value)
    return found


def ask_switch(port: int, question: str) -> str:
    """One ``api`` of a switch by its event socket."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.settimeout(5)
        file = line.makefile("rwb")
        _frame(file)
        file.write(f"auth {PASSWORD}\n\n".encode())
        file.flush()
        _frame(file)
        file.write(f"api {question}\n\n".encode())
        file.flush()
        return _frame(file).decode()


def _frame(file: Any) -> bytes:
    length = 0
    while (line := file.readline()) not in (b"\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return bytes(file.read(length)) if length else b""
