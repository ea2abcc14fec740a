"""Programs under test: started with a home of their own, ended by their process id.

Their output is kept for the day a test fails.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .waiting import until

_TAIL_BYTES = 6000


_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _as_started_by_hand() -> None:
    """Ctrl-C reaches it, though the tests may run in the background, where a shell lets it be ignored.

    And a test run that is killed ends nothing by itself: the kernel does it for us (Linux).
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Died(AssertionError):
    """A program ended that should be up."""


class Program:
    """One operating-system process and its log."""

    def __init__(self, name: str, argv: Sequence[str | Path], *, home: Path, env: Mapping[str, str] | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log_path = home / f"{name}.log"
        self.log_from = len(self.log)  # what one of this name had said before it
        self._log = self.log_path.open("ab")
        self._process = subprocess.Popen(
            [str(word) for word in argv],
            cwd=home,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_as_started_by_hand,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_up(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def must_be_up(self) -> None:
        if not self.is_up:
            raise Died(f"{self.name} ended with {self.exit_code}:\n{self.tail()}")

    def tail(self) -> str:
        return self.log[-_TAIL_BYTES:]

    def kill(self) -> None:
        """kill -9: what a crash or the kernel's memory killer does."""
        self._end(signal.SIGKILL, within_s=5)

    def terminate(self, *, within_s: float = 10.0) -> int:
        """SIGTERM, and the exit code; raises when the program does not obey."""
        self._end(signal.SIGTERM, within_s=within_s)
        code = self.exit_code
        assert code is not None
        return code

    def interrupt(self, *, within_s: float = 10.0) -> int:
        """Ctrl-C, and the exit code; raises when the program does not obey."""
        self._end(signal.SIGINT, within_s=within_s)
        code = self.exit_code
        assert code is not None
        return code

    def close(self) -> None:
        """End it whatever it does, with all that it started."""
        if self.is_up:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait(5)
        self._log.close()

    def _end(self, number: signal.Signals, *, within_s: float) -> None:
        if self.is_up:
            self._process.send_signal(number)
            until(f"{self.name} ends after {number.name}", lambda: not self.is_up, within_s=within_s, seen=self.tail)


class Stage:
    """Where the programs of one test stand: its directory, and the list of what must be ended after it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.programs: list[Program] = []
        self._closers: list[object] = []

    def start(
        self, name: str, argv: Sequence[str | Path], *, home: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Program:
        program = Program(name, argv, home=home or self.directory / name, env=env)
        self.programs.append(program)
        return program

    def keep(self, closable: object) -> None:
        """Something with ``close()`` that must not outlive the test."""
        self._closers.append(closable)

    def logs(self) -> list[tuple[str, str]]:
        return [(f"{program.name} (exit {program.exit_code})", program.tail()) for program in self.programs]

    def close(self) -> None:
        for closable in reversed(self._closers):
            closable.close()  # type: ignore[attr-defined]
        for program in reversed(self.programs):
            program.close()
