"""Imports run one way. This walks the syntax trees and holds the table; it needs nothing installed and runs nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IMPURE = {"gevent", "time", "random", "socket", "threading", "logging", "os", "subprocess", "sqlalchemy", "pathlib", "greenswitch"}
EDGE = {"pydantic", "yaml"}

RULES: dict[str, dict[str, set[str]]] = {
    # under: what it must never import, and the files or folders where that is allowed all the same
    "acd/words.py": {"never": {"acd", "softswitch", "dialer"} | IMPURE | EDGE},
    "acd/core": {
        "never": {"acd.ivr", "acd.live", "acd.switch", "acd.records", "acd.web", "acd.config", "acd.cli", "acd.app", "acd.metrics"}
        | {"softswitch", "dialer", "datetime"}
        | IMPURE
        | EDGE
    },
    "acd/ivr": {
        "never": {"acd.live", "acd.switch", "acd.records", "acd.web", "acd.cli", "acd.app", "softswitch", "dialer"} | IMPURE | EDGE,
        "but": {"load", "verbs"},
    },
    "acd/measures": {
        "never": {f"acd.{name}" for name in ("core", "ivr", "live", "switch", "records", "web", "cli", "app", "config", "metrics")}
        | IMPURE
        | EDGE
    },
    "acd/law": {  # what a dialer and a configuration ask; of the rest it knows a calendar's days
        "never": {f"acd.{name}" for name in ("core", "live", "switch", "records", "web", "cli", "app", "config", "metrics", "campaign")}
        | {"softswitch", "dialer"}
        | IMPURE
        | EDGE
    },
    "acd/campaign.py": {
        "never": {f"acd.{name}" for name in ("core", "ivr", "live", "switch", "records", "web", "cli", "app", "config", "metrics")}
        | {"softswitch", "dialer"}
        | IMPURE
        | EDGE
    },
    "acd/switch": {
        "never": {"acd.live", "acd.records", "acd.web", "acd.cli", "acd.app", "acd.ivr", "softswitch", "dialer"} | EDGE,
    },
    "acd/sim": {  # the same step on a clock of events: with dice that are seeded, and files where a scenario or a log is read
        "never": {"acd.live", "acd.switch", "acd.web", "acd.cli", "acd.app", "softswitch", "dialer"}
        | {"gevent", "time", "random", "socket", "threading", "greenswitch", "sqlalchemy"},
        "but": {"dice.py", "chaos.py"},  # the one that seeds; what is remembered goes through the journal's real codec
    },
    "acd": {"never": {"softswitch", "dialer"}, "but": {"app.py", "embedded.py", "demo.py"}},
    "softswitch": {"never": {"acd", "dialer"}},
    "dialer/core": {  # what is pure of acd may be read: its words, its measures
        "never": {f"acd.{name}" for name in ("ivr", "live", "switch", "records", "web", "config", "cli", "app", "metrics", "sim")}
        | {"dialer.lists", "dialer.live", "dialer.cli", "dialer.sim", "softswitch", "datetime"}
        | IMPURE
        | EDGE
    },
    "dialer/sim": {"never": {"acd.live", "acd.switch", "acd.records", "acd.web", "acd.cli", "acd.app", "softswitch"} | IMPURE | EDGE},
    "dialer": {"never": {"acd.app", "acd.cli", "acd.web", "softswitch"}, "but": {"cli"}},  # its commands look where those of acd look
    "dialer/lists": {  # blocking, for a thread: beside the records, and of the live shell it knows nothing
        "never": {f"acd.{name}" for name in ("core", "ivr", "live", "switch", "web", "config", "cli", "app", "metrics", "sim")}
        | {"dialer.sim", "dialer.cli", "softswitch", "gevent", "time", "random", "socket", "threading"},
    },
}
PURE_FILES = [
    *(f"acd/switch/{name}.py" for name in ("wire", "events_from", "commands_to", "encode", "snapshot")),
    *(f"acd/switch/{name}.py" for name in ("watch", "births", "starts", "ends", "legs", "run")),
    "acd/records/rows.py",
    "dialer/core/retrying.py",
    *(f"dialer/lists/{name}.py" for name in ("chance", "ranking", "numbering", "rows", "claimed")),
]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def breaches(path: Path, never: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}: imports {name}"
        for name, line in imported(path)
        if any(name == banned or name.startswith(banned + ".") for banned in never)
    ]


@pytest.mark.parametrize("under", RULES)
def test_given_a_package_when_its_imports_are_read_then_they_run_one_way(under: str) -> None:
    place, rule = ROOT / under, RULES[under]
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert files, f"nothing under {under}"
    wrong = [b for f in files if not rule.get("but", set()) & {f.name, f.parent.name} for b in breaches(f, rule["never"])]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", PURE_FILES)
def test_given_a_pure_file_when_its_imports_are_read_then_no_clock_socket_or_die(name: str) -> None:
    assert not (wrong := breaches(ROOT / name, IMPURE | EDGE)), "\n".join(wrong)


def test_given_the_sources_when_read_then_no_shell_and_no_switch_is_told_from_another() -> None:
    for path in [*(ROOT / "acd").rglob("*.py"), *(ROOT / "softswitch").rglob("*.py")]:
        text = path.read_text()
        assert "shell=True" not in text and "os.system(" not in text, path
        if path.parts[-2] in ("core", "ivr", "switch", "records"):
            assert "embedded" not in text.lower(), f"{path}: nobody in here may know which switch it talks to"
