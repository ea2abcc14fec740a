"""A running contact centre as it is asked: over its control socket, and by the command line as a program of its own."""

import http.client
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from .switches import ROOT
from .waiting import NeverHappened, until


class Asked:
    """``home`` is the controller's directory."""

    home: Path

    def state(self) -> dict[str, Any]:
        found = self.ask("GET", "/v1/state")
        assert isinstance(found, dict)
        return found

    def agent(self, id: str) -> dict[str, Any]:
        return next(agent for agent in self.state()["agents"] if agent["agent"] == id)

    def agent_state(self, id: str) -> str:
        """``not_ready rna`` and the like: the state, and the reason where there is one."""
        agent = self.agent(id)
        return f"{agent['state']} {agent['reason'] or ''}".strip()

    def must_become(self, id: str, state: str, *, within_s: float = 10.0) -> None:
        until(f"{id} is {state}", lambda: self.agent_state(id) == state, within_s=within_s, seen=lambda: self.agent_state(id))

    def callers(self, queue: str = "sales") -> list[dict[str, Any]]:
        """Who waits or is being offered, in order."""
        found = next(one for one in self.state()["queues"] if one["queue"] == queue)
        return list(found["callers"])

    def wish(self, id: str, wish: str, reason: str = "") -> None:
        self.ask("POST", f"/v1/agents/{id}/{wish}", {"reason": reason} if reason else {})

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        status, text = self._http(method, path, body)
        assert status < 400, f"{method} {path}: {status} {text}"
        return json.loads(text)

    def answer(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text, whatever they are."""
        return self._http(method, path, body)

    def cli(self, *words: str) -> Any:
        """``acd WORDS --json``, as a program of its own."""
        argv = [sys.executable, "-m", "acd", *words, "--home", str(self.home), "--json"]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, f"acd {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def story(self, number: str, *, within_s: float = 15.0) -> dict[str, Any]:
        """The record of the ended call from this number, by the command line."""

        def ended() -> Any:
            found = subprocess_json(self, "calls", "--caller", number)
            return [call for call in found if call["ended_at"] is not None]

        call = until(f"the call from {number} is recorded", ended, within_s=within_s)[0]
        found = self.cli("call", call["id"])
        assert isinstance(found, dict)
        return found

    def story_so_far(self, call: str) -> dict[str, Any]:
        """What a running call's record would be."""
        found = self.ask("GET", f"/v1/calls/{call}")
        assert isinstance(found, dict)
        return found

    def journal_holds(self, text: str) -> bool:
        """Whether something has been remembered, whatever becomes of the process now."""
        return any(text.encode() in file.read_bytes() for file in (self.home / "journal").glob("*.jsonl"))

    def secret(self, phone: str) -> str:
        kept = yaml.safe_load((self.home / "secrets.yaml").read_text())
        return str(kept["phones"][phone])

    # -- plumbing ---

    def _state_or_none(self) -> dict[str, Any] | None:
        try:
            return self.state()
        except (OSError, http.client.HTTPException, AssertionError, ValueError):
            return None

    def _http(self, method: str, path: str, body: dict[str, str] | None) -> tuple[int, str]:
        connection = _Unix(self.home / "run" / "acd.sock")
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, body=text, headers={"Content-Type": "application/json"} if text else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def subprocess_json(centre: Asked, *words: str) -> Any:
    """Like ``cli``, but a refusal (no database yet) is an empty answer."""
    try:
        return centre.cli(*words)
    except (AssertionError, NeverHappened):
        return []


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("acd", timeout=5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(5)
        self.sock.connect(str(self._path))
