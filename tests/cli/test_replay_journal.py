"""``acd replay`` on a journal: the day that was, the rules that were in force, and changed ones beside each other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from acd.config.load import load
from tests.replay.played import Played, callers

HOUSE = {
    "nodes": {"local": {}},
    "queues": {"sales": {"wrap_up": "20s", "short_abandon": "0s"}, "support": {"wrap_up": "20s"}},
    "agents": {f"a{n}": {"name": f"A {n}", "phone": str(1000 + n), "queues": ["sales", "support"]} for n in range(4)},
    "reasons": ["lunch"],
    "paths": {"flows": "."},
    "speech": {"engine": "none"},
}
WHEN = ("--since", "1970-01-01T00:00+00:00", "--until", "1970-01-01T08:00+00:00")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "acd.yaml").write_text(json.dumps(HOUSE))
    return folder


@pytest.fixture
def played(config: Path, home: Path) -> Played:
    return Played(home / "journal", load(config).policy, callers(60, "cli", 45.0), "cli")


@pytest.mark.usefixtures("played")
def test_given_a_journal_when_replayed_then_honest_and_the_difference_is_that_of_the_rules(
    run: Callable[..., Result], config: Path
) -> None:
    told = run(
        "replay", "--config", str(config), *WHEN, "--replications", "2", "--set", "queues.sales.wrap_up=1s", "--contacts", "--json"
    )
    found = json.loads(told.stdout)
    assert found["source"] == "the journal" and found["honest"]["near"] == found["honest"]["visits"] > 50
    rows = {(row["queue"], row["measure"]): row for row in found["measures"]}
    speed = rows["", "average_speed_of_answer/acd-1"]
    assert (
        speed["in force"]["mean"] == pytest.approx(speed["really"], abs=0.01) and speed["changed"]["mean"] < speed["in force"]["mean"]
    )
    assert found["contacts"] and {"contact", "in force", "changed"} <= set(found["contacts"][0])
    occupied = [of["occupancy"] for of in found["agents"].values()]
    assert [each["in force"] for each in occupied] == pytest.approx([each["real"] for each in occupied], abs=0.001)
    assert sum(each["changed"] for each in occupied) < sum(each["in force"] for each in occupied), "less to write, over all of them"


@pytest.mark.usefixtures("played")
def test_given_a_journal_when_replayed_as_text_then_tables_honesty_and_contacts(run: Callable[..., Result], config: Path) -> None:
    text = run("replay", "--config", str(config), *WHEN, "--replications", "2", "--set", "queues.sales.wrap_up=1s", "--contacts").stdout
    assert "really" in text and "in force against really" in text.lower() and "in another order" in text and "joined" in text


def test_given_no_journal_or_a_later_one_when_asked_then_said_how_far_it_goes_back(
    run: Callable[..., Result], config: Path, home: Path
) -> None:
    told = run("replay", "--config", str(config), *WHEN)
    assert told.exit_code == 1 and "--from-records" in told.output
    played = Played(home / "journal", load(config).policy, callers(30, "cli", 45.0), "cli", snapshot_at=600.0)
    (played.folder / "journal-000000000000001.jsonl").unlink()
    told = run("replay", "--config", str(config), *WHEN)
    assert told.exit_code == 1 and "goes back to" in told.output and "journal: keep" in told.output
