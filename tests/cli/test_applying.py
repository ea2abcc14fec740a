"""``acd plan``, ``apply``, ``rollback``, ``versions`` beside a controller of fakes, and without any."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.changes import NotNow
from acd.config.document import Problem, Refused
from acd.plan.change import Change, Plan
from acd.taking import take
from acd.versions import Version, Versions
from tests.metrics.floor import FakeFloor
from tests.plan.houses import FILES, write

Run = Callable[..., Result]

CHANGES = (
    Change(sign="~", kind="queue", name="sales", inner=(Change(sign="~", kind="key", name="ring", what="15s -> 20s"),)),
    Change(sign="+", kind="flow", name="bank\x1b[2J", what="3 steps"),
)
PLAN = Plan(
    before="p1", after="p2", token="t1", source="/srv/config", running="what runs (version 6, p1)", changes=CHANGES,
    people=("2 callers are in the flow main (menu 2); they finish on their versions",), warnings=("think twice",),
)  # fmt: skip
PROBLEMS = [Problem(file="flows/main.yaml", line=7, column=3, what="no"), Problem(file="acd.yaml", line=2, column=1, what="nor this")]
BAD = Refused(PROBLEMS)


@pytest.fixture
def planned(controller: FakeFloor) -> FakeFloor:
    controller.changes.found = PLAN
    return controller


def test_given_changes_when_planned_then_they_are_shown_for_whom_and_the_exit_code_is_2(planned: FakeFloor, run: Run) -> None:
    result = run("plan")
    assert result.exit_code == 2 and planned.changes.done == []
    assert result.stdout.splitlines() == [
        "/srv/config against what runs (version 6, p1):",
        "",
        "~ queue sales",
        "    ~ ring: 15s -> 20s",
        "+ flow bank\N{REPLACEMENT CHARACTER}[2J: 3 steps",
        "",
        "For whom:",
        "    2 callers are in the flow main (menu 2); they finish on their versions",
        "",
        "! think twice",
        "",
        "1 to add, 1 to change, 0 to remove.",
    ]


def test_given_no_change_when_planned_or_applied_then_it_is_said_and_the_exit_code_is_0(controller: FakeFloor, run: Run) -> None:
    for command in ("plan", "apply"):
        result = run(command)
        assert result.exit_code == 0 and "No change." in result.stdout
    assert controller.changes.done == []


def test_given_a_pin_when_applied_without_a_change_then_it_is_applied_to_take_the_pin_away(controller: FakeFloor, run: Run) -> None:
    controller.changes.found = Plan(token="t1", standing=("version 3 is pinned",))
    result = run("apply", "--yes")
    assert "! version 3 is pinned" in result.stdout and len(controller.changes.done) == 1


def test_given_a_secret_that_changed_when_applied_again_then_it_is_done_without_a_change(controller: FakeFloor, run: Run) -> None:
    assert run("apply", "--again", "--yes").exit_code == 0 and len(controller.changes.done) == 1


def test_given_changes_when_planned_as_json_then_programs_can_read_every_value(planned: FakeFloor, run: Run) -> None:
    result = run("plan", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 2 and found["token"] == "t1"
    assert found["changes"][0]["inner"][0] == {
        "sign": "~", "kind": "key", "name": "ring", "what": "15s -> 20s", "old": None, "new": None, "inner": [],
    }  # fmt: skip


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
def test_given_a_bad_folder_when_asked_then_every_problem_is_a_line_that_begins_with_its_place(
    controller: FakeFloor, run: Run, command: list[str]
) -> None:
    controller.changes.found = BAD
    result = run(*command)
    assert result.exit_code == 1 and result.stderr.splitlines() == [
        "acd.yaml:2:1: nor this",
        "flows/main.yaml:7:3: no",
        "2 problems; what runs is not changed",
    ]


def test_given_a_bad_folder_beside_a_pin_when_planned_then_both_are_said(controller: FakeFloor, run: Run) -> None:
    why = Refused(PROBLEMS)
    why.add_note("version 3 is pinned")
    controller.changes.found = why
    assert run("plan").stderr.splitlines()[2:] == ["! version 3 is pinned", "2 problems; what runs is not changed"]


def test_given_a_bad_folder_when_planned_as_json_then_the_problems_are(controller: FakeFloor, run: Run) -> None:
    controller.changes.found = BAD
    result = run("plan", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0] == {"file": "acd.yaml", "line": 2, "column": 1, "what": "nor this"}


def test_given_another_folder_than_the_controllers_when_named_then_it_is_refused(planned: FakeFloor, run: Run) -> None:
    result = run("plan", "--config", "/srv/other")
    assert result.exit_code == 1 and "the controller reads /srv/config" in result.stderr
    assert run("plan", "--config", "/srv/config").exit_code == 2


def test_given_nobody_to_ask_when_applied_without_yes_then_nothing_is_done(planned: FakeFloor, run: Run) -> None:
    for command in ("apply", "rollback"):
        result = run(command)
        assert result.exit_code == 1 and "~ queue sales" in result.stdout and "say --yes" in result.stderr
    assert planned.changes.done == []


@pytest.mark.parametrize(("answer", "code", "done"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_given_a_terminal_when_applied_then_somebody_is_asked_first(
    planned: FakeFloor, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, done: int
) -> None:
    monkeypatch.setattr("acd.cli.planned._is_terminal", lambda: True)
    result = run("apply", input=answer)
    assert (result.exit_code, len(planned.changes.done)) == (code, done)


def test_given_yes_when_applied_then_what_was_shown_is_asked_for_by_name(planned: FakeFloor, run: Run) -> None:
    result = run("apply", "--yes")
    ((by, how, expect, n),) = planned.changes.done
    assert result.exit_code == 0 and (how, expect, n) == ("apply", "t1", None) and by
    assert result.stdout.splitlines()[-1] == "in force: version 7 (p2)"


def test_given_files_that_changed_meanwhile_when_applied_then_it_is_refused(planned: FakeFloor, run: Run) -> None:
    planned.changes.fails = NotNow("files have changed meanwhile")
    result = run("apply", "--yes")
    assert (result.exit_code, result.stderr) == (1, "Error: files have changed meanwhile\n")


@pytest.mark.parametrize(("words", "n"), [(["rollback"], 0), (["rollback", "3"], 3)])
def test_given_versions_when_gone_back_then_its_plan_is_shown_and_the_pin_said(
    planned: FakeFloor, run: Run, words: list[str], n: int
) -> None:
    result = run(*words, "--yes")
    assert planned.changes.looked == [n] and planned.changes.done[0][1:] == ("rollback", "t1", n)
    assert result.exit_code == 0 and "it is pinned" in result.stdout


@pytest.mark.parametrize("command", [["apply"], ["rollback"]])
def test_given_no_controller_when_asked_then_it_says_so(command: list[str], run: Run) -> None:
    result = run(*command)
    assert result.exit_code == 1 and "no controller is running" in result.stderr


# -- without a controller ---


def kept(home: Path, config: Path, **fields: Any) -> Version:
    taken = take(config)
    given = {"n": 0, "version": taken.house.version, "token": taken.token, "applied_at": 1.8e9, "by": "ann", "how": "apply"}
    return Versions(home / "versions").keep(Version(**given | fields), taken.texts)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write(tmp_path / "config", FILES)  # type: ignore[arg-type]
    return tmp_path / "config"


def test_given_no_controller_when_planned_then_it_is_compared_with_what_was_in_force_last(config: Path, home: Path, run: Run) -> None:
    first = run("plan", "--config", str(config))
    assert first.exit_code == 2 and "+ flow main: " in first.stdout and "against nothing" in first.stdout
    version = kept(home, config)
    assert run("plan", "--config", str(config)).exit_code == 0
    write(config, {"acd.yaml": FILES["acd.yaml"].replace("15s", "20s")})
    result = run("plan", "--config", str(config))
    assert result.exit_code == 2 and "    ~ ring: 15s -> 20s" in result.stdout
    assert f"what was in force last (version 1, {version.version}; no controller runs)" in result.stdout


def test_given_no_controller_and_a_bad_folder_when_planned_then_its_problems_are_said(config: Path, run: Run) -> None:
    write(config, {"flows/ready.yaml": "start: go\n"})
    result = run("plan", "--config", str(config))
    assert result.exit_code == 1 and "ready.yaml:1:1: 'steps' is missing" in result.stderr


def test_given_versions_when_listed_then_the_newest_is_first_and_what_it_changed_is_said(config: Path, home: Path, run: Run) -> None:
    assert run("versions").stdout == "nothing was in force here yet\n"
    kept(home, config, what="the first", how="start", by="")
    kept(home, config, what="queue ~sales")
    kept(home, config, what="queue ~sales", copy_of=1, how="rollback", pinned=True)
    lines = run("versions").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["n", "3", "2", "1"]
    assert "rollback to 1" in lines[1] and "pinned" in lines[1] and lines[2].endswith("queue ~sales") and "the first" in lines[3]
    assert [version["n"] for version in json.loads(run("versions", "--json").stdout)] == [3, 2, 1]


def test_given_a_pin_when_planned_without_a_controller_then_it_is_said(config: Path, home: Path, run: Run) -> None:
    kept(home, config, pinned=True)
    assert "! version 1 is pinned: acd run starts it" in run("plan", "--config", str(config)).stdout


def test_given_the_old_word_when_asked_then_there_is_no_such_command(run: Run) -> None:
    assert "No such command 'reload'" in run("reload").stderr
