"""The repository's own flows and configuration as a house of the tests: the same files, with places of this test's own."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from .centre import Plan
from .far_server import FarServer
from .processes import Stage
from .switches import ROOT

CORE = "https://core.bank.example"
SHARED = ("queues", "agents", "numbers", "calendars", "phone_numbers", "reasons", "speech")
BETWEEN_S = 4
"""So long is the music between two announcements here; nobody wants a test that waits for forty seconds."""


def sample_plan(stage: Stage, core: FarServer, **more: Any) -> Plan:
    """``core`` is the bank's own system. A trunk takes German numbers, so that callers can be called back."""
    settings = yaml.load((ROOT / "config" / "acd.yaml").read_text(), yaml.BaseLoader)  # all as text, as the house reads it
    mine = {name: settings[name] for name in SHARED}
    mine["reasons"] = {name: rules or {} for name, rules in mine["reasons"].items()}  # what is empty there is '' for this loader
    mine["requests"] = {"allow": [f"127.0.0.1:{core.port}"]}
    agents = {name: str(agent["phone"]) for name, agent in settings["agents"].items()}
    return Plan(folder=_folder(stage, core), settings=mine, agents=agents, trunks={"provider": {"prefixes": ["+49"]}}, **more)


def _folder(stage: Stage, core: FarServer) -> Path:
    folder = stage.directory / "ivr_flows"
    shutil.copytree(ROOT / "ivr_flows", folder)
    _change(folder / "bank.yaml", CORE, core.url)
    _change(folder / "on_hold.yaml", "for: 40s", f"for: {BETWEEN_S}s")
    return folder


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file.name} does not say {old!r} any more"
    file.write_text(text.replace(old, new))
