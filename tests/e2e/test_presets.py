"""Each house that `acd init` writes, as a newcomer meets it: into an empty folder, on the switch it brings along, and called."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from acd.presets import PRESETS

from .asked import Asked
from .house import CALLER_TONE, TONES
from .phones import Phone
from .ports import free_port
from .processes import Stage
from .sipp import Caller
from .switches import ROOT
from .waiting import until

DOMAIN = "acd.local"  # as the presets say
WAYS = {
    "small_team": ("100", "", "team", "office"),
    "service_desk": ("100", "1", "first_line", "desk"),
    "sales": ("100", "1", "new_customers", "selling"),
}
"""The number, the key in its menu, the line behind it, and the hours that are opened by hand: a test runs at night, too."""


@dataclass(kw_only=True)
class Newcomer(Asked):
    """Somebody with an empty folder and the command line."""

    stage: Stage
    folder: Path
    home: Path
    phones: tuple[str, int]
    callers: tuple[str, int]

    @classmethod
    def with_preset(cls, stage: Stage, preset: str) -> "Newcomer":
        ports = {str(shipped): free_port() for shipped in (5060, 5080, 8021)}
        folder = stage.directory / "mine"
        here = cls(
            stage=stage,
            folder=folder,
            home=folder / "var",
            phones=("127.0.0.1", ports["5060"]),
            callers=("127.0.0.1", ports["5080"]),
        )
        here.acd("init", "--preset", preset, here.folder)
        file = here.folder / "config" / "acd.yaml"
        text = file.read_text()
        for shipped, port in ports.items():
            assert text.count(f"127.0.0.1:{shipped}") == 1
            text = text.replace(f"127.0.0.1:{shipped}", f"127.0.0.1:{port}")
        file.write_text(f"{text}\nhttp: {{port: {free_port()}}}\n")  # all that is changed: several tests run at once
        return here

    def acd(self, *words: str | Path) -> str:
        argv = [sys.executable, "-m", "acd", *map(str, words)]
        where = self.folder if self.folder.exists() else self.stage.directory
        done = subprocess.run(argv, cwd=where, env=_env(), capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, f"acd {' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        argv = [sys.executable, "-m", "acd", "run", "--embedded"]
        program = self.stage.start("acd", argv, home=self.folder, env=_env())
        until("it says where to dial", lambda: "Dial in" in program.log, within_s=120, seen=program.tail)

    def phone_of_anna(self) -> Phone:
        phone = Phone(
            self.stage, user="1001", secret=self.secret("1001"), domain=DOMAIN, registrar=self.phones, tone=TONES["anna"]
        ).must_be_registered()
        phone.dial("*82")
        until("she is ready", lambda: self.agent_state("anna") == "ready", within_s=20)
        phone.must_be_released(within_s=20)
        return phone

    def caller(self, dialled: str) -> Caller:
        caller = Caller(self.stage, to=self.callers, dialled=dialled, number="+4930123456")
        caller.ear.hum(CALLER_TONE)
        return caller.must_be_answered(within_s=20)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@pytest.mark.timeout(300)  # a house is written, and all its texts are spoken
@pytest.mark.parametrize("preset", PRESETS)
def test_given_an_empty_folder_when_a_house_is_written_and_called_then_an_agent_and_the_caller_hear_each_other(
    stage: Stage, preset: str
) -> None:
    dialled, key, queue, hours = WAYS[preset]
    here = Newcomer.with_preset(stage, preset)
    assert "ok" in here.acd("check")
    here.start()
    here.acd("plan")  # refused with another code where anything would change
    here.ask("POST", f"/v1/calendars/{hours}/open", {"by": "test"})
    anna = here.phone_of_anna()
    caller = here.caller(dialled)
    caller.press(key)  # while they are greeted
    anna.must_ring(within_s=40)
    anna.accept()
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(anna.tone, since=since), within_s=25)
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1), within_s=10)
    caller.hang_up()
    anna.must_be_released(count=2)
    story = here.story(caller.number, within_s=30)
    assert [(visit["queue"], visit["outcome"]) for visit in story["visits"]] == [(queue, "answered")]
