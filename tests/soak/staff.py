"""Agents and supervisors of the soaked house: they do whatever people may do there, at random by the seed, by key or by the socket.

Refused is fine, that is half of what they try. What was granted is noted, with the name under which it was asked: it must be in the
journal (W8). An answer that is neither granted nor refused is a failure.
"""

import json
import socket
import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.soak.outside import Outside

KEYS = {
    "hold": "*2",
    "consult": "*4",
    "toggle": "*5",
    "complete": "*6",
    "cancel": "*0",
    "conference": "*7",
    "leave": "*8",
    "transfer": "*3",
}
MODES = ("listen", "whisper", "barge", "take-over", "stop")
PAUSE_S = 1.2
OUTSIDE = "+4930777"
NOT_THEIR_FAULT = (200, 404, 409, 503)
"""Granted; it is over already; refused by the house; the controller is dead or held up."""


class Staff:
    def __init__(self, house: "Outside") -> None:
        self.house, self.dice = house, Random(f"soak staff/{house.seed}")
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.granted: list[str] = []
        self.wrong: list[str] = []
        self._n = 0
        self._stop = threading.Event()
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._live, name="staff", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(15)

    def _live(self) -> None:
        while not self._stop.wait(self.dice.expovariate(1 / PAUSE_S)):
            with suppress(OSError, HTTPException, AssertionError, ValueError, KeyError):
                self._act()

    def _act(self) -> None:
        agents = self.house.state()["agents"]
        talking = [agent for agent in agents if agent["state"] == "talking"]
        fate = self.dice.random()
        if talking and fate < 0.55:
            self._in_talk(self.dice.choice(talking), agents)
        elif talking and fate < 0.75:
            self._supervise(self.dice.choice(talking))
        elif talking and fate < 0.85:
            self._tape(self.dice.choice(talking))
        elif fate < 0.88:
            self._callback()
        elif fate < 0.9:
            self._hang_up()
        else:
            self._wish(self.dice.choice(agents))

    # -- what they do ----------------------------------------------------------------------------------------------------

    def _in_talk(self, agent: dict[str, Any], agents: list[dict[str, Any]]) -> None:
        now = self._talk_of(agent)
        if now in ("consulting", "toggled"):
            what = self.dice.choice(("toggle", "complete", "cancel", "conference", "conference", "leave"))
        elif now == "conference":
            what = self.dice.choice(("leave", "leave", "cancel", "complete"))
        elif now == "held":
            what = self.dice.choice(("resume", "resume", "consult", "transfer"))
        else:
            what = self.dice.choices(("hold", "consult", "transfer", "phone_hold"), (4, 6, 3, 2))[0]
        user = agent["phone"]
        if what == "phone_hold":
            self.house.tell(user, "hold")
            self.done["the phone's own hold"] += 1
            threading.Timer(self.dice.uniform(0.5, 4), lambda: self.house.tell(user, "resume")).start()
            return
        target = self._target(agents) if what in ("consult", "transfer") else ""
        if self.dice.random() < 0.5 and what in KEYS:
            self.house.tell(user, "press", KEYS[what] + (f"{self._typed(target, agents)}#" if target else ""))
            self.done[f"{what} by key"] += 1
            return
        self._ask(what, f"/v1/agents/{agent['agent']}/talk/{what}", {"target": target} if target else {})

    def _talk_of(self, agent: dict[str, Any]) -> str:
        calls = [call for call in self.house.state()["calls"] if call["id"] == agent["call"]]
        return str(calls[0]["talk"]) if calls else ""

    def _target(self, agents: list[dict[str, Any]]) -> str:
        colleague, number = self.dice.choice(agents)["agent"], f"{OUTSIDE}{self.dice.randrange(100, 999)}"
        return self.dice.choices((f"agent:{colleague}", "queue:sales", f"number:{number}"), (6, 3, 1))[0]

    def _typed(self, target: str, agents: list[dict[str, Any]]) -> str:
        kind, _, id = target.partition(":")
        if kind == "agent":
            return str(next(agent["phone"] for agent in agents if agent["agent"] == id))
        return "71" if kind == "queue" else id.lstrip("+")

    def _supervise(self, agent: dict[str, Any]) -> None:
        who = self.dice.choice(sorted(self.house.supervisors))
        if self.dice.random() < 0.3:
            self.house.tell(self.house.supervisors[who], "press", self.dice.choice("1234"))
            self.done["a supervisor's key"] += 1
            return
        if self.dice.random() < 0.1:
            self.house.tell(self.house.supervisors[who], "hang_up")
            return
        mode = self.dice.choices(MODES, (6, 3, 3, 1, 1))[0]
        body = {"agent": agent["agent"], "follow": self.dice.choice(("agent", "contact"))} if mode != "stop" else {}
        self._ask(f"supervisor: {mode}", f"/v1/supervisors/{who}/{mode}", body)

    def _tape(self, agent: dict[str, Any]) -> None:
        wish = self.dice.choice(("pause", "resume", "pause", "stop", "start"))
        self._ask(f"tape: {wish}", f"/v1/calls/{agent['agent']}/recording/{wish}")

    def _callback(self) -> None:
        if self.dice.random() < 0.6:
            number = f"{OUTSIDE}{self.dice.randrange(100, 999)}"
            self._ask("callback", "/v1/callbacks", {"queue": "sales", "number": number})
            return
        pending = list(self.house.memory.state.callbacks)
        if pending:
            wish = self.dice.choice(("now", "now", "cancel"))
            self._ask(f"callback: {wish}", f"/v1/callbacks/{self.dice.choice(pending)}/{wish}")

    def _hang_up(self) -> None:
        calls = self.house.state()["calls"]
        if calls:
            self._ask("hang up", f"/v1/calls/{self.dice.choice(calls)['id']}/hangup")

    def _wish(self, agent: dict[str, Any]) -> None:
        away = agent["state"] in ("not_ready", "logged_out")
        wish = "ready" if away else self.dice.choices(("not-ready", "log-out", "ready"), (6, 2, 3))[0]
        if self.dice.random() < 0.3 and agent["state"] in ("ready", "not_ready", "logged_out"):
            self.house.tell(agent["phone"], "dial", {"ready": "*82", "not-ready": "*83", "log-out": "*84"}[wish])
            self.done[f"{wish} by phone"] += 1
            return
        body = {"reason": self.dice.choice(("lunch", "break"))} if wish == "not-ready" else {}
        if wish == "log-out" and self.dice.random() < 0.3:
            body = {"forced": "yes"}
        self._ask(wish, f"/v1/agents/{agent['agent']}/{wish}", body)

    # -- asking ----------------------------------------------------------------------------------------------------------

    def _ask(self, what: str, path: str, body: dict[str, str] | None = None) -> None:
        self._n += 1
        by = f"soak-{self._n}"
        status, text = self.house.centre.answer("POST", path, {**(body or {}), "by": by})
        if status == 200:
            self.done[what] += 1
            self.granted.append(by)
        else:
            self.refused[what] += 1
        if status not in NOT_THEIR_FAULT:
            self.wrong.append(f"POST {path} {json.dumps(body)}: {status} {text[:300]}")

    def report(self) -> str:
        return ", ".join(f"{what} {n}" for what, n in sorted(self.done.items())) + f"; refused: {sum(self.refused.values())}"


def steer(port: int, user: str, do: str, value: str = "") -> None:
    """One telephone is told what its owner does. A program that was killed hears nothing, as its owner would not be there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire, suppress(OSError):
        wire.sendto(json.dumps({"user": user, "do": do, "value": value}).encode(), ("127.0.0.1", port))
