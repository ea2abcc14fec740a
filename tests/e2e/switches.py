"""The two switches behind one set of words: what a test may ask of a switch without knowing which it is."""

import json
import os
import shutil
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import audio
from .ports import free_port, media_block
from .processes import Program, Stage
from .waiting import until

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "acd.test"
PASSWORD = "event-socket-of-the-tests"
MUSIC_TONE = 520
PROMPT_TONE = 620
FAILSAFE_TONE = 1240


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    event_socket: int
    phones: int
    callers: int
    rtp: int

    @classmethod
    def free(cls) -> "Ports":
        """The RTP ports are a block of their own, far from what the system hands out."""
        return cls(event_socket=free_port(), phones=free_port(), callers=free_port(), rtp=media_block())


class Switch(ABC):
    """A switch as a program. ``failsafe_s`` is how long it waits for somebody to adopt a caller; ``trunks`` are ports here;
    ``silence_s`` is how long a leg may send no RTP."""

    kind: str

    def __init__(self, stage: Stage, *, failsafe_s: int = 30, trunks: Mapping[str, int] | None = None, silence_s: int = 60) -> None:
        self.ports = Ports.free()
        self.failsafe_s, self.silence_s = failsafe_s, silence_s
        self.trunks = {name: f"127.0.0.1:{port}" for name, port in (trunks or {}).items()}
        self.home = stage.directory / "switch"
        self.home.mkdir(parents=True, exist_ok=True)
        self.directory_file = self.home / "directory" / "acd.xml"
        self.directory_file.parent.mkdir(exist_ok=True)
        self.sounds = stage.directory / "sounds"
        self.music = stage.directory / "music"
        for folder in (self.sounds, self.music):
            folder.mkdir(parents=True, exist_ok=True)
        audio.write_tone(self.music / "default.wav", MUSIC_TONE, seconds=20)
        self.failsafe_wav = audio.write_tone(self.home / "failsafe.wav", FAILSAFE_TONE, seconds=4)
        self._stage = stage
        self.program: Program | None = None

    def start(self) -> None:
        self.program = self._start()
        until(f"{self.kind} listens", self._listens, within_s=20, seen=self.program.tail)

    def kill(self) -> None:
        assert self.program
        self.program.kill()

    @abstractmethod
    def write(self) -> object:
        """Its files, as this is now; whoever wants it to read them asks it."""

    def messages(self) -> list[str]:
        """What callers said to the fail-safe."""
        return [str(path) for path in self.home.glob("messages/**/*.wav")]

    @property
    def phones(self) -> tuple[str, int]:
        return ("127.0.0.1", self.ports.phones)

    @property
    def callers(self) -> tuple[str, int]:
        return ("127.0.0.1", self.ports.callers)

    @abstractmethod
    def _start(self) -> Program: ...

    def _listens(self) -> bool:
        assert self.program
        self.program.must_be_up()
        try:
            with socket.create_connection(("127.0.0.1", self.ports.event_socket), timeout=1) as probe:
                probe.settimeout(1)
                return b"auth/request" in probe.recv(100)
        except OSError:
            return False


class Embedded(Switch):
    kind = "embedded"

    def _start(self) -> Program:
        return self._stage.start("softswitch", [sys.executable, "-m", "softswitch", "--config", self.write()], env=_path())

    def write(self) -> Path:
        config = self.home / "softswitch.yaml"
        config.write_text(json.dumps(self._config()))  # JSON is YAML
        return config

    def _config(self) -> dict[str, object]:
        return {
            "event_socket": {"host": "127.0.0.1", "port": str(self.ports.event_socket), "password": PASSWORD},
            "sip": {
                "agents": f"127.0.0.1:{self.ports.phones}",
                "trunk": f"127.0.0.1:{self.ports.callers}",
                "domain": DOMAIN,
                "trunk_allow": ["127.0.0.1/32"],
            },
            "rtp": {"start": str(self.ports.rtp), "end": str(self.ports.rtp + 400), "timeout_s": str(self.silence_s)},
            "directory": str(self.directory_file),
            "sounds": str(self.sounds),
            "music": str(self.music),
            "failsafe": {
                "after_s": str(self.failsafe_s),
                "announcement": str(self.failsafe_wav),
                "message_dir": str(self.home / "messages"),
            },
            "gateways": self.trunks,
            "heartbeat_s": "5",
        }


class FreeSwitch(Switch):
    """Runs the shipped configuration as ``acd freeswitch-conf`` writes it, with its own ports."""

    kind = "freeswitch"

    def _start(self) -> Program:
        binary = freeswitch_binary()
        assert binary, "no FreeSWITCH"
        conf = self.write()
        words: list[str | Path] = [binary, "-nonat", "-nc", "-nf", "-conf", conf]
        for name in ("log", "db", "run"):
            (self.home / name).mkdir(exist_ok=True)
            words += [f"-{name}", self.home / name]
        return self._stage.start("freeswitch", words)

    def write(self) -> Path:
        """By the command that people use, from an acd.yaml of its own: the switch is there before the contact centre."""
        config, conf = self.home / "config", self.home / "conf"
        (config / "flows").mkdir(parents=True, exist_ok=True)
        (config / "flows" / "bye.yaml").write_text("title: Nothing\nstart: bye\nsteps:\n  bye: {step: hang_up}\n")
        (config / "password").write_text(PASSWORD)
        (config / "acd.yaml").write_text(json.dumps(self._config()))  # JSON is YAML
        words = [sys.executable, "-m", "acd", "freeswitch-conf", conf, "--config", config, "--home", self.home]
        words += ["--failsafe", f"{self.failsafe_s}s", "--announcement", self.failsafe_wav]
        words += ["--rtp-ports", f"{self.ports.rtp}-{self.ports.rtp + 400}"]
        done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"acd freeswitch-conf: {done.stdout}{done.stderr}"
        for profile in (conf / "sip_profiles").glob("*.xml"):
            profile.write_text(self._impatient(profile.read_text()))
        return conf

    def _impatient(self, profile: str) -> str:
        """With this test's ``silence_s``: no test waits for the minute that is shipped."""
        shipped = '<param name="rtp-timeout-sec" value="60"/>'
        assert shipped in profile
        return profile.replace(shipped, f'<param name="rtp-timeout-sec" value="{self.silence_s}"/>')

    def _config(self) -> dict[str, object]:
        return {
            "nodes": {
                "local": {
                    "event_socket": f"127.0.0.1:{self.ports.event_socket}",
                    "password_file": "password",
                    "phones": f"127.0.0.1:{self.ports.phones}",
                    "callers": f"127.0.0.1:{self.ports.callers}",
                    "domain": DOMAIN,
                }
            },
            "trunks": {name: {"address": address} for name, address in self.trunks.items()},
            "paths": {"flows": "flows", "directory": str(self.directory_file)},
        }


def freeswitch_binary() -> Path | None:
    """From ``ACD_FREESWITCH``, or on the path."""
    given = os.environ.get("ACD_FREESWITCH")
    if given:
        assert Path(given).exists(), f"ACD_FREESWITCH={given}: there is no such program"
        return Path(given)
    found = shutil.which("freeswitch")
    return Path(found) if found else None


def _path() -> dict[str, str]:
    """The programs are found in this checkout, wherever they are started."""
    return {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


KINDS: dict[str, type[Switch]] = {"embedded": Embedded, "freeswitch": FreeSwitch}
