"""``acd simulate``: what it prints of callers who ask to be called back, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

HOUSE = {
    "nodes": {"local": {}},
    "queues": {"sales": {"wrap_up": "20s", "callback": {"mode": "customer_first", "retries": ["5m"]}}},
    "agents": {"anna": {"name": "Anna", "phone": "1001", "queues": ["sales"]}},
    "trunks": {"out": {"address": "192.0.2.1:5060", "prefixes": ["+49"]}},
    "paths": {"flows": "."},
    "speech": {"engine": "none"},
}
SCENARIO = """
from: 09:00
until: 11:00
queues:
  sales:
    arrivals: {per_hour: 25}
    talk: {exponential: 3m}
    patience: {exponential: 10m}
    callback: {share: 60%, after: 1m, answer: 5s, missed: 10%}
phones: {answer: 0s}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "acd.yaml").write_text(json.dumps(HOUSE))
    (tmp_path / "s.yaml").write_text(SCENARIO)
    return ("--config", str(folder), "--scenario", str(tmp_path / "s.yaml"), "--replications", "3")


def test_given_callers_who_ask_for_it_when_simulated_then_the_callbacks_stand_in_a_table_of_their_own(
    run: Callable[..., Result], files: tuple[str, ...]
) -> None:
    told = run("simulate", *files)
    assert told.exit_code == 0, told.output
    heading, *rows = (line for line in told.stdout.splitlines()[4:] if line.startswith(("queue", "sales", "all")))
    for each in ("asked to be called back", "called back", "kept", "P50", "P80", "expired", "called in"):
        assert each in heading
    assert [row.split()[0] for row in rows] == ["sales", "all"]
    found = {(row["queue"], row["measure"]): row["mean"] for row in json.loads(run("simulate", *files, "--json").stdout)[files[1]]}
    asked, served = (found["sales", f"callbacks_{what}/acd-1"] for what in ("asked", "served"))
    assert asked >= served > 3 and 0.5 < found["", "callbacks_kept/acd-1"] <= 1.0
    assert 0 < found["", "callback_wait_p50/acd-1"] <= found["", "callback_wait_p80/acd-1"]


def test_given_a_house_without_callbacks_when_compared_then_the_offer_is_what_makes_the_difference(
    run: Callable[..., Result], files: tuple[str, ...], tmp_path: Path
) -> None:
    without = {**HOUSE, "queues": {"sales": {"wrap_up": "20s"}}}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "acd.yaml").write_text(json.dumps(without))
    told = run("simulate", *files, "--compare", str(tmp_path / "other"), "--json")
    difference = {(row["queue"], row["measure"]): row["mean"] for row in json.loads(told.stdout)["difference"]}
    assert difference["", "offered/acd-1"] == 0.0 and difference["", "answered/acd-1"] > 3.0, "who is not called back waits on"
    alone = run("simulate", "--config", str(tmp_path / "other"), *files[2:])
    assert alone.exit_code == 1 and "s.yaml:9:5: the queue sales calls nobody back (acd.yaml: queues: sales: callback)" in alone.output


def test_given_two_configurations_when_drawn_then_both_are_in_the_picture_with_their_measures(
    run: Callable[..., Result], files: tuple[str, ...], tmp_path: Path
) -> None:
    picture = tmp_path / "day.svg"
    told = run("simulate", *files, "--set", "queues.sales.wrap_up=90s", "--plot", str(picture))
    assert told.exit_code == 0, told.output
    said = {line.strip()[5:-4] for line in picture.read_text().splitlines() if line.strip().startswith("<!-- ")}
    assert {"calls offered", "service level, %", "occupancy of the agents, %", "09:00"} <= said
    assert {files[1], f"{files[1]} queues.sales.wrap_up=90s", "P95"} <= said


def test_given_a_folder_that_is_not_there_when_a_picture_is_asked_for_then_nothing_is_simulated(
    run: Callable[..., Result], files: tuple[str, ...], tmp_path: Path
) -> None:
    told = run("simulate", *files, "--plot", str(tmp_path / "nowhere" / "day.svg"))
    assert told.exit_code == 2 and "no such folder" in told.stderr and not told.stdout
