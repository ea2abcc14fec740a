"""A real FreeSWITCH that runs what ``acd freeswitch-conf`` wrote, and one connection to its event socket."""

import os
import re
import socket
import subprocess
from pathlib import Path

from acd.cli.freeswitch_conf import STATE
from tests.e2e import audio
from tests.e2e.ports import free_port
from tests.e2e.waiting import until

from .rendered import PASSWORD, Ports, house, render

FAILSAFE_S = 2
FAILSAFE_TONE = 1240
_BLOCK = 200


class Running:
    def __init__(self, binary: str, directory: Path) -> None:
        self.binary, self.directory = binary, directory
        self.ports = Ports(event_socket=free_port(), phones=free_port(), callers=free_port())
        rtp = 10000 + os.getpid() % 100 * _BLOCK
        audio.write_tone(directory / "announcement.wav", FAILSAFE_TONE, seconds=2)
        more = ["--announcement", str(directory / "announcement.wav"), "--failsafe", f"{FAILSAFE_S}s"]
        done = render(directory, house(directory, ports=self.ports), *more, "--rtp-ports", f"{rtp}-{rtp + _BLOCK - 1}")
        assert done.exit_code == 0, done.output
        self.messages = directory / "home" / "messages"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = spawn(self.binary, self.directory / "conf", self.directory / "state")
        until("FreeSWITCH listens", self._listens, within_s=30, seen=self.log)

    def _listens(self) -> bool:
        assert self._process and self._process.poll() is None, f"FreeSWITCH ended:\n{self.log()[-3000:]}"
        try:
            with socket.create_connection(("127.0.0.1", self.ports.event_socket), timeout=1):
                return True
        except OSError:
            return False

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def stop(self) -> None:
        """kill -9: what it kept is thrown away, and its own end takes seconds."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def log(self) -> str:
        file = self.directory / "state" / "log" / "freeswitch.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def socket(self) -> "EventSocket":
        found = EventSocket(self.ports.event_socket)
        assert found.ask(f"auth {PASSWORD}") == "+OK accepted"
        return found

    def version(self) -> tuple[int, ...]:
        with self.socket() as asked:
            found = re.search(r"Version (\d+)\.(\d+)\.(\d+)", asked.ask("api version"))
        assert found
        return tuple(int(part) for part in found.groups())


def spawn(binary: str, conf: Path, state: Path) -> "subprocess.Popen[bytes]":
    """As docs/FREESWITCH.md says."""
    words = [binary, "-nonat", "-nc", "-nf", "-conf", str(conf)]
    for name in STATE:
        (state / name).mkdir(parents=True, exist_ok=True)
        words += [f"-{name}", str(state / name)]
    with (state / "output").open("ab") as out:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, umask=0o077, start_new_session=True)


class EventSocket:
    """Asks one thing after the other."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port), timeout=5)
        self._file = self._socket.makefile("rb")
        assert self._frame()[0].get("Content-Type") == "auth/request"

    def __enter__(self) -> "EventSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, command: str) -> str:
        """The answer's text; '' when the other side hung up."""
        self._socket.sendall(command.encode() + b"\n\n")
        while True:
            headers, body = self._frame()
            if not headers or headers.get("Content-Type") in ("command/reply", "api/response"):
                return (headers.get("Reply-Text") or body).strip()

    def _frame(self) -> tuple[dict[str, str], str]:
        headers: dict[str, str] = {}
        while line := self._file.readline().decode(errors="replace").strip():
            name, _, value = line.partition(": ")
            headers[name] = value
        return headers, self._file.read(int(headers.get("Content-Length", 0))).decode(errors="replace")
