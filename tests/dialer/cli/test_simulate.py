"""``dialer simulate``: what it prints of pacers in a described world, and what it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dialer.cli.main import main
from dialer.cli.world import read_world
from dialer.sim.world import Inbound

SAMPLE = Path("scenarios/campaigns/a_day.yaml")
SMALL = ("--agents", "4", "--hit", "40%", "--hours", "0.5", "--seeds", "2")


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["simulate", *arguments])


def refused(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "s.yaml"
    file.write_text(text)
    result = ran("--scenario", str(file))
    assert result.exit_code == 1 and not result.stdout
    return [line.removeprefix(f"{file}:") for line in result.stderr.splitlines()]


def test_given_two_pacers_when_simulated_then_a_row_for_each_with_intervals_and_the_limit() -> None:
    result = ran(*SMALL)
    assert result.exit_code == 0
    heading, predictive, progressive, *_ = result.stdout.splitlines()
    assert heading.split() == ["pacer", "utilisation", "abandoned", "worst", "shift", "above", "3.0%", "answers", "lines"]
    assert predictive.startswith("predictive") and progressive.startswith("progressive") and "±" in predictive
    assert "0.0 ±0.0 %" in progressive and "0 of 2" in progressive


def test_given_every_shift_and_quarter_when_asked_then_they_are_told_and_add_up() -> None:
    result = ran(*SMALL, "--pacer", "2.5", "--each", "--quarters")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("2.5")][1:] == ["0", "1"]
    at = next(n for n, line in enumerate(lines) if line.startswith("from"))
    assert lines[at].split() == ["from", "pacer", "utilisation", "abandoned", "answers"]
    assert [line.split()[:2] for line in lines[at + 1 : at + 3]] == [["0:00", "2.5"], ["0:15", "2.5"]]
    assert all(line.count("±") == 2 for line in lines[at + 1 : at + 3])


def test_given_json_when_asked_then_the_shifts_and_their_means() -> None:
    told = json.loads(ran(*SMALL, "--pacer", "progressive", "--json").stdout)["progressive"]
    assert [shift["seed"] for shift in told["shifts"]] == [0, 1]
    assert told["utilisation"]["mean"] == pytest.approx(sum(shift["utilisation"] for shift in told["shifts"]) / 2)
    assert sum(quarter["answers"] for quarter in told["quarters"]) * 2 == sum(shift["answers"] for shift in told["shifts"])
    busy = [quarter["utilisation"]["mean"] for quarter in told["quarters"]]
    assert len(busy) == 2 and sum(busy) / 2 == pytest.approx(told["utilisation"]["mean"])
    assert all(quarter["utilisation"]["half"] > 0 for quarter in told["quarters"])


def test_given_one_shift_when_simulated_then_there_is_no_interval() -> None:
    result = ran(*SMALL[:-1], "1", "--quarters", "--json", "--pacer", "3")
    assert json.loads(result.stdout)["3"]["quarters"][0]["abandon_rate"]["half"] is None
    assert "±" not in ran(*SMALL[:-1], "1", "--quarters", "--pacer", "3").stdout.split("\n\n±")[0]


def test_given_the_same_seed_when_simulated_again_then_the_same() -> None:
    assert ran(*SMALL, "--json").stdout == ran(*SMALL, "--json").stdout != ran(*SMALL, "--json", "--first", "5").stdout


def test_given_the_sample_when_read_then_the_world_is_the_one_it_describes() -> None:
    world = read_world(SAMPLE)
    assert (world.agents, world.hit_ratio_at(0), world.hit_ratio_at(5 * 3600)) == (20, 0.12, 0.20)
    assert (world.talk.mean_s, world.wrap_up.mean_s, world.limit) == (120.0, 30.0, 0.03)
    assert [(each.after_s, each.agents, each.for_s) for each in world.leaves] == [(10_800, 10, 1_800), (12_600, 10, 1_800)]
    assert isinstance(world.inbound, Inbound) and world.inbound.per_hour == 12


def test_given_a_scenario_and_a_team_when_simulated_then_the_team_is_the_one_that_was_said() -> None:
    result = ran("--scenario", str(SAMPLE), "--agents", "3", "--hours", "0.2", "--seeds", "1", "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["predictive"]["shifts"][0]["answers"] < 60


def test_given_a_wrong_scenario_when_read_then_everything_is_refused_with_its_line(tmp_path: Path) -> None:
    found = refused(tmp_path, "agents: 0\nhit_ratio: 20\ntalk: {lognormal: 2m}\nfoo: 1\n")
    assert [line.split(": ")[0] for line in found[:3]] == ["1:9", "2:12", "4:1"] and found[3] == "3 problems"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("talk: {lognormal: 2m}", 3, "cv"),
        ("talk: {fixed: 2m, exponential: 1m}", 3, "one of fixed"),
        ("talk: never", 3, "one of fixed"),
        ("talk: 2m\naway:\n  - {after: 1h, agents: 3}\n  - {after: 2h, agents: 3}", 6, "6 agents would be away at once; there are 5"),
        ("talk: 2m\nanswer: 40s", 4, "before the line has rung"),
    ],
)
def test_given_a_scenario_that_cannot_be_when_read_then_the_line_and_why(tmp_path: Path, text: str, line: int, says: str) -> None:
    found = refused(tmp_path, f"agents: 5\nhit_ratio: 20%\n{text}\n")
    assert found[0].startswith(f"{line}:") and says in found[0] and found[-1] == "1 problem"


@pytest.mark.parametrize("hit", ["{1h: 10%}", "0%", "{0s: 10%, 1h: 0%}"])
def test_given_a_hit_ratio_that_cannot_be_when_read_then_it_is_refused(tmp_path: Path, hit: str) -> None:
    assert "a hit ratio above 0% is needed" in refused(tmp_path, f"agents: 5\nhit_ratio: {hit}\ntalk: 2m\n")[0]


@pytest.mark.parametrize(
    "arguments",
    [("--pacer", "0.5"), ("--pacer", "nan"), ("--pacer", "fast"), ("--hit", "0%"), ("--hit", "10"), ("--handling", "long")],
)
def test_given_a_wrong_option_when_simulated_then_a_sentence(arguments: tuple[str, str]) -> None:
    result = ran(*arguments)
    assert result.exit_code == 2 and arguments[0] in result.stderr


def test_given_handling_beside_a_scenario_when_simulated_then_it_is_refused() -> None:
    assert ran("--scenario", str(SAMPLE), "--handling", "60s").exit_code == 2


def test_given_days_that_follow_each_other_when_simulated_then_a_row_for_each_and_the_first_is_the_slowest() -> None:
    team = ("--agents", "4", "--hit", "10%", "--hours", "1.5", "--seeds", "3")
    told = json.loads(ran(*team, "--days", "2", "--pacer", "predictive", "--json").stdout)
    assert list(told) == ["predictive, day 1", "predictive, day 2"]
    first, second = (told[name]["utilisation"]["mean"] for name in told)
    assert first + 0.05 < second


def test_given_lines_for_each_agent_when_days_follow_each_other_then_each_day_has_as_many() -> None:
    told = json.loads(ran(*SMALL, "--days", "2", "--pacer", "3", "--pacer", "progressive", "--json").stdout)
    lines = {name: sum(shift["lines"] for shift in told[name]["shifts"]) for name in told}
    assert lines["3, day 2"] > lines["progressive, day 2"]
