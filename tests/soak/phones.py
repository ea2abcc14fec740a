"""Telephones of the soak, in a program of their own that can be killed: agents, supervisors, callers, and whoever is outside.

    python -m tests.soak.phones --server 127.0.0.1:5060 --domain acd.test --control 20001 people.yaml

``people.yaml`` is that of ``python -m softswitch.party run``, with ``moody: true`` for who is not always alike, and ``outside``:
who answers there, whatever number is called. What people do is told on the control port (UDP): ``{"user": "2001", "do": "press",
"value": "*2"}``; also ``hang_up``, ``dial``, ``hold`` and ``resume``. A phone that is in no call does nothing.
"""

import argparse
import json
import random
from typing import Any

import gevent
import yaml
from gevent.server import DatagramServer

from softswitch.media import MediaEngine
from softswitch.media.spawn import spawn
from softswitch.party.__main__ import address, say
from softswitch.party.caller import play
from softswitch.party.line import Line
from softswitch.party.phone import Phone
from softswitch.party.script import Manner, read_caller, read_manner

MOOD_S = 7.0
REGISTERED_S = 40
"""A switch that came up anew knows of no phone before it registers again."""
SPEAKS = "%(200,1800,350);loops=-1"
MOODS: tuple[tuple[int, Manner], ...] = (
    (14, Manner(answer_after_s=0.4, talk_s=(4.0, 40.0), says=SPEAKS)),
    (8, Manner(answer_after_s=2.5, talk_s=(2.0, 20.0), says=SPEAKS)),
    (1, Manner(answer_after_s=0.5, talk_s=(0.0, 0.2), says="")),
    (1, Manner(answer_after_s=0.5, decline=486)),
    (1, Manner(answer_after_s=0.2, decline=603)),
    (1, Manner(answer_after_s=None)),
)
"""How somebody is when the phone rings, and how often; it lasts some seconds."""


class Telephones:
    def __init__(self, server: str, domain: str, seed: int, given: dict[str, Any]) -> None:
        self.server, self.domain, self.dice = address(server), domain, random.Random(seed)
        self.engine = MediaEngine(host="127.0.0.1")
        self.engine.start()
        self.moody: list[Phone] = []
        self.phones: dict[str, Phone] = {}
        self.playing = []
        for one in given.get("agents") or []:
            phone = self.phone(str(one["user"]), str(one["password"]))
            if one.get("moody"):
                self.moody.append(phone)
            else:
                phone.manner = read_manner({key: one[key] for key in one if key not in ("user", "password")}, where=phone.user)
        for one in given.get("callers") or []:
            script = read_caller({"dial": one["dial"], "steps": one["steps"]}, where=str(one["user"]))
            phone = self.phone(str(one["user"]))
            self.playing.append(spawn(f"caller {phone.user}", self._calls, phone, script, float(one["after"])))
        if outside := given.get("outside"):
            self.moody.append(self.phone("outside", port=int(outside["port"])))

    def phone(self, user: str, password: str = "", port: int = 0) -> Phone:
        rng = random.Random(self.dice.random())
        made = Phone(
            user=user, password=password, server=self.server, domain=self.domain, engine=self.engine, port=port, rng=rng, tell=say,
            expires_s=REGISTERED_S,
        )  # fmt: skip
        self.phones[user] = made
        made.start()
        return made

    def _calls(self, phone: Phone, script: Any, after_s: float) -> None:
        gevent.sleep(after_s)
        say(phone.user, "dials")
        told = play(phone, script)
        say(phone.user, f"over: {'answered' if told.answered else 'not answered'} {told.status}")
        gevent.sleep(0.5)
        phone.stop()

    def change_moods(self) -> None:
        while True:
            for phone in self.moody:
                phone.manner = self.dice.choices([manner for _, manner in MOODS], [often for often, _ in MOODS])[0]
            gevent.sleep(MOOD_S)

    def told(self, text: bytes, sender: Any) -> None:
        asked = json.loads(text)
        phone, do, value = self.phones[asked["user"]], asked["do"], str(asked.get("value", ""))
        lines = [line for line in phone.lines if line.answered.is_set() and not line.ended.is_set()]
        say(phone.user, f"does {do} {value} on {len(lines)} lines")
        if do == "dial":
            spawn(f"dials {phone.user}", self._dials, phone, value)
        elif do == "hang_up":  # also what only rings, and what is only dialled
            for line in [line for line in phone.lines if not line.ended.is_set()][-1:]:
                line.hang_up()
        for line in lines[-1:]:
            self._on(line, do, value)

    def _on(self, line: Line, do: str, value: str) -> None:
        if do == "press":
            line.press(value)
        elif do == "hold":
            line.call.hold()
        elif do == "resume":
            line.call.resume()

    def _dials(self, phone: Phone, number: str) -> None:
        line = phone.dial(number)
        if not line.wait_ended(timeout_s=12):
            line.hang_up()

    def register(self) -> None:
        for phone in self.phones.values():
            if phone.user != "outside" and not self.playing:
                phone.register()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("file", type=argparse.FileType())
    given = parser.parse_args()
    there = Telephones(given.server, given.domain, given.seed, yaml.safe_load(given.file))
    DatagramServer(("127.0.0.1", given.control), handle=there.told).start()
    there.register()
    if there.playing:
        gevent.joinall(there.playing)
    else:
        there.change_moods()


if __name__ == "__main__":
    main()
