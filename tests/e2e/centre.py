"""The contact centre as a program: started, killed and asked as an operator would; its configuration written for the tests.

Prompts are tones of known frequencies, so that a test can say which of them it hears.
"""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import audio
from .asked import Asked
from .ports import free_port
from .processes import Program, Stage
from .switches import DOMAIN, PASSWORD, PROMPT_TONE, ROOT, Switch
from .waiting import until

READY_CODE, NOT_READY_CODE, LOG_IN_CODE, LOG_OUT_CODE = "*82", "*83", "*81", "*84"
TIMED_OUT_TONE = 1480
RIGHT_TONE = 1900
DONE_TONE = 1760

MAIN = """
title: The main number of the tests
start: welcome
steps:
  welcome: {step: play, prompt: {file: welcome}, interruptible: true, next: choose}
  choose:
    step: menu
    prompt: {file: choose}
    first_digit: 20s
    options: {"1": sales}
    exits: {timeout: bye, invalid: bye}
  sales:
    step: queue
    queue: sales
    exits: {timed_out: sorry, full: sorry, no_agents: sorry, failed: sorry}
  sorry: {step: hang_up, prompt: {file: sorry}}
  bye: {step: hang_up}
"""
CODE = """
title: Four digits
start: code
steps:
  code:
    step: gather
    prompt: {file: choose}
    into: code
    min: 4
    max: 4
    first_digit: 30s
    between_digits: 30s
    next: right
    exits: {timeout: bye, invalid: bye}
  right: {step: hang_up, prompt: {file: right}}
  bye: {step: hang_up}
"""
STRAIGHT = """
title: Straight into the queue
start: sales
steps:
  sales:
    step: queue
    queue: sales
    exits: {timed_out: sorry, full: sorry, no_agents: sorry, failed: sorry}
  sorry: {step: hang_up, prompt: {file: sorry}}
"""
WISH = """
title: An agent asks for a state
start: ask
steps:
  ask: {{step: agent, do: {wish}{more}, next: done, exits: {{refused: bye}}}}
  done: {{step: hang_up, prompt: {{file: done}}}}
  bye: {{step: hang_up}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a test may choose; durations as they are written in files."""

    agents: dict[str, str] = field(default_factory=lambda: {"anna": "1001", "ben": "1002"})
    ring: str = "10s"
    wrap_up: str = "1s"
    max_wait: str = "10m"
    retry: str = "3s"
    failsafe: str = "10m"
    max_missed: int = 1
    prompt_s: int = 3
    flows: dict[str, str] = field(default_factory=dict)  # beside those that are always there
    numbers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # dialled from phones
    tones: dict[str, int] = field(default_factory=dict)  # further prompts, a second of a tone each
    trunks: dict[str, dict[str, Any]] = field(default_factory=dict)  # without their addresses, which the house knows
    folder: Path | None = None  # flows as they lie there, with all that is beside them, in place of those that are always there
    settings: dict[str, Any] = field(default_factory=dict)  # parts of acd.yaml, in place of ours


class Centre(Asked):
    """``python -m acd run`` and what is asked of it."""

    def __init__(
        self,
        stage: Stage,
        switch: Switch,
        plan: Plan,
        *,
        event_socket: int | None = None,
        name: str = "acd",
        home: Path | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        """``name``, ``home``, ``options``: of a second controller beside the first."""
        self._stage, self._switch, self.plan = stage, switch, plan
        self.name, self.options = name, options
        self.config, self.home = (
            stage.directory / ("config" if name == "acd" else f"config-{name}"),
            home or stage.directory / ("home" if name == "acd" else f"home-{name}"),
        )
        self.home.mkdir(exist_ok=True)
        self._event_socket = event_socket or switch.ports.event_socket
        self._write()
        self.program: Program | None = None
        self.starts = 0

    # -- its life ---

    def start(self, *, within_s: float = 60.0) -> "Centre":
        program = self.launch()
        until("the contact centre reaches its switch", self.is_working, within_s=within_s, seen=program.tail)
        return self

    def launch(self) -> Program:
        """Without waiting for anything."""
        self.starts += 1
        argv = [sys.executable, "-m", "acd", "run", "--home", self.home, "--config", self.config, *self.options]
        env = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.program = self._stage.start(f"{self.name}-{self.starts}", argv, home=self.home, env=env)
        return self.program

    def is_working(self) -> bool:
        assert self.program
        self.program.must_be_up()
        state = self._state_or_none()
        return bool(state and state["nodes"] and all(node["reachable"] for node in state["nodes"]))

    def kill(self) -> None:
        assert self.program
        self.program.kill()

    def stop(self) -> int:
        assert self.program
        return self.program.terminate()

    def _write(self) -> None:
        flows = self.config / "flows"
        self.config.mkdir()
        (self.config / "acd.yaml").write_text(json.dumps(self._yaml(), indent=1))  # JSON is YAML
        (self.config / "event_socket.password").write_text(PASSWORD)
        if self.plan.folder is None:
            flows.mkdir()
            self._write_flows(flows)
        else:
            shutil.copytree(self.plan.folder, flows)
        for name, text in self.plan.flows.items():
            (flows / f"{name}.yaml").write_text(text)
        tones = {
            "welcome": PROMPT_TONE,
            "choose": PROMPT_TONE,
            "sorry": TIMED_OUT_TONE,
            "right": RIGHT_TONE,
            "done": DONE_TONE,
            **self.plan.tones,
        }
        for name, tone in tones.items():
            seconds = self.plan.prompt_s if name == "welcome" else 1
            audio.write_tone(self._switch.sounds / f"{name}.wav", tone, seconds=seconds)

    def _write_flows(self, flows: Path) -> None:
        (flows / "main.yaml").write_text(MAIN)
        (flows / "straight.yaml").write_text(STRAIGHT)
        (flows / "code.yaml").write_text(CODE)
        for name in ("ready", "log_in", "log_out"):
            (flows / f"agent_{name}.yaml").write_text(WISH.format(wish=name, more=""))
        (flows / "agent_not_ready.yaml").write_text(WISH.format(wish="not_ready", more=", reason: lunch"))

    def _yaml(self) -> dict[str, Any]:
        plan = self.plan
        ours: dict[str, Any] = {
            "nodes": {
                "local": {
                    "event_socket": f"127.0.0.1:{self._event_socket}",
                    "password_file": "event_socket.password",
                    "phones": f"127.0.0.1:{self._switch.ports.phones}",
                    "callers": f"127.0.0.1:{self._switch.ports.callers}",
                    "domain": DOMAIN,
                }
            },
            "queues": {
                "sales": {
                    "ring": plan.ring,
                    "wrap_up": plan.wrap_up,
                    "max_wait": plan.max_wait,
                    "retry": plan.retry,
                    "short_abandon": "0s",
                },
            },
            "agents": {id: {"name": id.title(), "phone": phone, "queues": ["sales"]} for id, phone in plan.agents.items()},
            "numbers": {"100": "main", "200": "straight", "300": "code", **plan.numbers},
            "trunks": {name: {"address": self._switch.trunks[name], **trunk} for name, trunk in plan.trunks.items()},
            "phone_numbers": {
                READY_CODE: "agent_ready",
                NOT_READY_CODE: "agent_not_ready",
                LOG_IN_CODE: "agent_log_in",
                LOG_OUT_CODE: "agent_log_out",
                **plan.codes,
            },
            "reasons": ["lunch", "break"],
            "paths": {
                "flows": "flows",
                "sounds": str(self._switch.sounds),
                "music": str(self._switch.music),
                "directory": str(self._switch.directory_file),
            },
            "http": {"port": str(free_port())},
            "limits": {"max_missed": str(plan.max_missed), "failsafe": plan.failsafe},
        }
        return ours | plan.settings
