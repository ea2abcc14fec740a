"""The soak with everything real but the people: ``acd run`` and a switch as programs, virtual phones over SIP, a proxy between the two.

What is injected comes from a seed; what the programs make of it takes its own time, so a seed gives the same faults and not the same
milliseconds.
"""

import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.e2e.centre import Centre, Plan
from tests.e2e.processes import Program, Stage
from tests.e2e.switches import DOMAIN, KINDS, PASSWORD, ROOT, Switch
from tests.e2e.tcp_proxy import EventSocketProxy, is_event
from tests.e2e.waiting import NeverHappened, until

AGENTS = {f"agent{n}": str(2000 + n) for n in range(8)}
PHONES_EACH = 2
"""So many phones die together, when one of their programs is killed."""
CHUNK_S = 60.0
SETTLES_S = 25.0
"""So long after a fault the house and the switch must agree again."""
NAMES = ("CHANNEL_PARK", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_EXECUTE_COMPLETE", "PLAYBACK_STOP")


class Broken(AssertionError):
    """An invariant did not hold."""


class Outside:
    """One house, its people and its troubles."""

    def __init__(self, stage: Stage, kind: str, seed: int, *, callers_per_minute: float = 12.0) -> None:
        self.stage, self.seed, self.dice = stage, seed, Random(f"soak outside/{seed}")
        self.rate = callers_per_minute
        self.switch: Switch = KINDS[kind](stage, silence_s=12)
        self.proxy = EventSocketProxy(self.switch.ports.event_socket)
        stage.keep(self.proxy)
        plan = Plan(agents=AGENTS, ring="8s", wrap_up="2s", max_wait="90s", max_missed=3)
        self.centre = Centre(stage, self.switch, plan, event_socket=self.proxy.port)
        self.phones: dict[int, Program] = {}
        self.chunks = self.rung_off = 0
        self.injected: Counter[str] = Counter()
        self.healed: Counter[str] = Counter()
        self._healed_in_life: Counter[str] = Counter()
        self.began_at = time.monotonic()
        self.rss: list[tuple[float, int]] = []
        self.fds: list[int] = []

    def open(self) -> None:
        self.switch.start()
        self.centre.start()
        for n in range(0, len(AGENTS), PHONES_EACH):
            self.start_phones(n)
        until("the phones register", lambda: sum(a["registered"] for a in self.state()["agents"]) == len(AGENTS), within_s=30)
        self.everybody_ready()

    # -- people --------------------------------------------------------------------------------------------------------

    def start_phones(self, first: int) -> None:
        users = list(AGENTS.values())[first : first + PHONES_EACH]
        manners: list[dict[str, Any]] = [
            {"answer_after": round(self.dice.uniform(0.3, 3), 1), "talk": [2.0, 20.0], "says": "%(200,1800,350);loops=-1"}
            for _ in users
        ]
        if first == 0:
            manners[0] = {"decline": 486}
        people = [{"user": user, "password": self.centre.secret(user), **manner} for user, manner in zip(users, manners, strict=True)]
        self.phones[first] = self._party(f"phones-{first}", {"agents": people})

    def next_callers(self) -> None:
        """Those of the next minute; each does what the seed says."""
        self.chunks += 1
        people, at = list[dict[str, Any]](), 0.0
        while (at := at + self.dice.expovariate(self.rate / 60)) < CHUNK_S:
            self.rung_off += 1
            stays = min(80.0, self.dice.expovariate(1 / 25))
            press: list[dict[str, Any]] = [{"wait": round(self.dice.uniform(0.2, 4), 1)}, {"press": "1"}]
            steps = [{"wait_answered": 30}, *(press if self.dice.random() < 0.4 else []), {"hang_up": round(stays, 1)}]
            people.append(
                {"user": f"4930{self.rung_off:06d}", "dial": "100" if len(steps) > 2 else "200", "after": round(at, 1), "steps": steps}
            )
        self._party(f"callers-{self.chunks}", {"callers": people})

    def _party(self, name: str, people: Mapping[str, Any]) -> Program:
        home = self.stage.directory / "people"
        home.mkdir(exist_ok=True)
        script = home / f"{name}.yaml"
        script.write_text(yaml.safe_dump(dict(people)))
        port = self.switch.ports.callers if "callers" in people else self.switch.ports.phones
        words = [sys.executable, "-m", "softswitch.party", "run", "--server", f"127.0.0.1:{port}", "--domain", DOMAIN, script]
        return self.stage.start(name, words, home=home, env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})

    def everybody_ready(self) -> None:
        """Whoever was made not ready by a fault, or by a phone that did not answer, comes back."""
        for agent in self.state()["agents"]:
            if agent["registered"] and agent["state"] in ("not_ready", "logged_out"):
                with suppress(AssertionError, OSError):
                    self.centre.wish(agent["agent"], "ready")

    # -- looking -------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return self.centre.state()

    def channels(self) -> set[str]:
        """What stands on the switch, asked of it directly."""
        text = ask_switch(self.switch.ports.event_socket, "show channels as json")
        return {row["uuid"] for row in json.loads(text).get("rows", ())}

    def agree(self) -> str:
        """'' when the house and the switch know of the same callers and nobody is stuck (W1, W2, W3); else what is wrong."""
        state, channels = self.state(), self.channels()
        if not all(node["reachable"] for node in state["nodes"]):
            return "the switch is not reached"
        callers = {call["id"] for call in state["calls"]}
        agents = [agent for agent in state["agents"] if agent["call"]]
        served = Counter(agent["call"] for agent in agents)
        if twice := [call for call, n in served.items() if n > 1]:
            return f"W1: served twice: {twice}"
        if gone := callers - channels:
            return f"W3: calls without a channel: {gone}"
        late = [a["agent"] for a in agents if a["state"] == "offered" and (a["for_s"] or 0) > 20]
        if late:
            return f"W2: rung for too long: {late}"
        if len(channels) - len(callers) > len(agents):
            return f"I5: {len(channels)} channels for {len(callers)} callers and {len(agents)} agents who are rung or talk"
        unknown = [agent["call"] for agent in agents if agent["call"] not in callers]
        return f"W2: busy with nobody: {unknown}" if unknown else ""

    def must_agree(self, after: str) -> None:
        """Raises Broken."""
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

    def metrics(self) -> dict[str, float]:
        port = self.centre_port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def centre_port(self) -> int:
        return int(json.loads((self.centre.config / "acd.yaml").read_text())["http"]["port"])

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
        self.rss.append((time.monotonic() - self.began_at, rss))
        self.fds.append(len(list((proc / "fd").iterdir())))

    def must_be_quiet(self, for_s: float) -> None:
        """Nobody injects anything: then nothing is healed. Raises Broken."""
        self.note_healed()
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            time.sleep(1.0)
            if fresh := self.note_healed():
                raise Broken(f"healed, though nothing was injected: {dict(fresh)}")
        self.must_agree("a quiet time")

    # -- the controller's deaths ---------------------------------------------------------------------------------------

    def restart(self) -> None:
        with suppress(OSError, AssertionError):
            self.note_healed()
        self.centre.kill()
        time.sleep(self.dice.uniform(0.0, 4.0))
        self.centre.start(within_s=60)
        self._healed_in_life = Counter()

    # -- the end -------------------------------------------------------------------------------------------------------

    def drained(self) -> None:
        """Nobody calls any more; whoever is there finishes. Raises Broken."""
        try:
            until(
                "everybody has gone home", lambda: self.state()["calls_in_all"] == 0, within_s=150, seen=lambda: self.state()["calls"]
            )
            until("the switch is empty", lambda: not self.channels(), within_s=30, seen=self.channels)
        except NeverHappened as why:
            raise Broken(str(why)) from None
        until("all is written", lambda: not self._behind(), within_s=60, seen=self._behind)

    def _behind(self) -> float:
        return sum(value for name, value in self.metrics().items() if name.startswith("acd_records_behind"))

    def records(self) -> str:
        """W4, and that the counts fit each other; '' when they do."""
        with closing(sqlite3.connect(f"file:{self.centre.home / 'acd.db'}?mode=ro", uri=True)) as database:

            def one(query: str) -> int:
                return int(database.execute(query).fetchone()[0])

            wrong = {
                "contacts without an end": one("select count(*) from contacts where ended_at is null or cause = ''"),
                "negative durations": one("select count(*) from contacts where duration_s < 0 or ended_at < arrived_at"),
                "visits without an end": one("select count(*) from queue_visits where outcome is null or ended_at is null"),
                "offers without an end": one("select count(*) from offers where outcome is null or ended_at is null"),
                "visits served twice": one(
                    "select count(*) from (select visit from offers where outcome='answered' group by visit having count(*) > 1)"
                ),
                "answered without an offer": one(
                    "select count(*) from queue_visits v where outcome='answered' and not exists"
                    " (select 1 from offers o where o.visit=v.id and o.outcome='answered')"
                ),
                "visits of nobody": one(
                    "select count(*) from queue_visits v where not exists (select 1 from contacts c where c.id=v.contact)"
                ),
                "rejected rows": one("select count(*) from rejected_rows"),
            }
            self.outcomes = dict(database.execute("select outcome, count(*) from queue_visits group by outcome order by 1").fetchall())
            self.contacts = one("select count(*) from contacts")
        return "; ".join(f"{n} {what}" for what, n in wrong.items() if n)


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


# -- what goes wrong -----------------------------------------------------------------------------------------------------

Trouble = Callable[[Outside], None]


def f01_controller_killed(house: Outside) -> None:
    house.restart()


def f13_socket_cut(house: Outside) -> None:
    house.proxy.cut(reset=house.dice.random() < 0.5)


def f13_socket_cut_in_a_frame(house: Outside) -> None:
    house.proxy.cut_inside(is_event(*NAMES))
    time.sleep(3)


def f13_socket_away(house: Outside) -> None:
    house.proxy.refuse()
    house.proxy.cut()
    time.sleep(house.dice.uniform(0.5, 8))
    house.proxy.refuse(False)


def f14_socket_frozen(house: Outside) -> None:
    house.proxy.freeze()
    time.sleep(house.dice.uniform(1, 12))
    house.proxy.thaw()


def f15_controller_stopped(house: Outside) -> None:
    assert house.centre.program
    _stopped(house.centre.program, house.dice.uniform(1, 10))


def f17_events_lost(house: Outside) -> None:
    dice = Random(house.dice.random())
    wanted = is_event(*NAMES)
    house.proxy.drop(lambda frame: wanted(frame) and dice.random() < 0.3)
    time.sleep(house.dice.uniform(1, 5))
    house.proxy.drop(None)


def f18_events_doubled(house: Outside) -> None:
    dice = Random(house.dice.random())
    wanted = is_event(*NAMES)
    house.proxy.duplicate(lambda frame: wanted(frame) and dice.random() < 0.5)
    time.sleep(house.dice.uniform(1, 5))
    house.proxy.duplicate(None)


def f20_commands_lost(house: Outside) -> None:
    dice = Random(house.dice.random())
    house.proxy.keep_back(lambda piece: piece.startswith((b"bgapi", b"api uuid_", b"sendmsg")) and dice.random() < 0.3)
    time.sleep(house.dice.uniform(1, 4))
    house.proxy.keep_back(None)
    house.proxy.cut()


def f21_switch_killed(house: Outside) -> None:
    house.switch.kill()
    time.sleep(house.dice.uniform(0.2, 2))
    house.switch.start()


def f23_switch_stopped(house: Outside) -> None:
    assert house.switch.program
    _stopped(house.switch.program, house.dice.uniform(1, 8))


def f27_database_locked(house: Outside) -> None:
    database = sqlite3.connect(house.centre.home / "acd.db", timeout=10, isolation_level=None)
    with closing(database), suppress(sqlite3.OperationalError):
        database.execute("begin exclusive")
        time.sleep(house.dice.uniform(2, 15))
        database.execute("rollback")


def f31_phones_killed(house: Outside) -> None:
    first = house.dice.choice(sorted(house.phones))
    house.phones[first].kill()
    time.sleep(house.dice.uniform(0, 5))
    house.start_phones(first)


def _stopped(program: Program, for_s: float) -> None:
    os.kill(program.pid, signal.SIGSTOP)
    time.sleep(for_s)
    os.kill(program.pid, signal.SIGCONT)


TROUBLES: tuple[Trouble, ...] = tuple(each for name, each in sorted(globals().items()) if name[:1] == "f" and name[1:3].isdigit())
RARE = frozenset({"f21_switch_killed", "f23_switch_stopped"})


def soak(house: Outside, minutes: float, every_s: float, tell: Callable[[str], None], only: Iterable[str] = ()) -> None:
    """Raises Broken, with what was wrong and after what."""
    chosen = [each for each in TROUBLES if not only or each.__name__ in set(only)]
    stop, end = threading.Event(), time.monotonic() + minutes * 60
    calling = threading.Thread(target=_call_on, args=(house, stop), daemon=True)
    calling.start()
    try:
        quiet_at = time.monotonic() + 300
        while time.monotonic() < end:
            time.sleep(house.dice.expovariate(1 / every_s))
            trouble = house.dice.choice(chosen)
            if trouble.__name__ in RARE and house.dice.random() < 0.7 and len(chosen) > 1:
                continue
            house.injected[trouble.__name__] += 1
            at = time.monotonic() - house.began_at
            trouble(house)
            house.must_agree(trouble.__name__)
            house.everybody_ready()
            house.note_size()
            fresh = house.note_healed()
            tell(f"{at:7.1f} s  {trouble.__name__}: agreed; healed {dict(fresh) or 'nothing'}; {house.state()['calls_in_all']} calls")
            if time.monotonic() > quiet_at:
                time.sleep(12)  # what was injected has been felt by then
                house.must_be_quiet(30)
                tell(f"{time.monotonic() - house.began_at:7.1f} s  quiet: nothing healed")
                quiet_at = time.monotonic() + 300
    finally:
        stop.set()
    calling.join(CHUNK_S + 10)
    house.drained()
    if wrong := house.records():
        raise Broken(f"W4: {wrong}")


def _call_on(house: Outside, stop: threading.Event) -> None:
    while not stop.is_set():
        house.next_callers()
        stop.wait(CHUNK_S)
