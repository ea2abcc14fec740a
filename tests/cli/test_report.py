"""``acd report``: each number with its definition, by the clock of the house, for people and for programs."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.measures.glossary import every
from acd.measures.visits import SERVICE_LEVEL

Run = Callable[..., Result]
Said = Callable[..., Any]

ALWAYS = ("--since", "2025-10-09", "--until", "2025-10-10", "--zone", "Europe/Berlin")
"""The recorded calls: 2025-10-09, 10:53 in Berlin."""


def test_given_recorded_calls_when_queues_are_reported_then_each_number_stands_under_its_definition(recorded: str, said: Said) -> None:
    found = said("report", "queues", *ALWAYS)
    rows = {row["queue"]: row for row in found["rows"]}
    assert rows["sales"]["answered/acd-1"] == 1 and rows["sales"]["average_speed_of_answer/acd-1"] == 10.0
    assert rows["sales"]["average_handling_time/acd-1"] == 46.0 + 10.0
    assert (rows["help"]["abandoned/acd-1"], rows["help"]["abandon_rate/acd-1"], rows["help"]["wait_p50/acd-1"]) == (1, 1.0, None)
    assert (rows["all"]["offered/acd-1"], rows["all"]["wait_p95/acd-1"], rows["all"]["service_level/acd-1"]) == (2, 10.0, 0.5)
    numbers = rows["all"].keys() - {"queue"}
    assert numbers <= {definition.id for definition in every()} and numbers <= found["definitions"].keys()
    assert found["definitions"]["service_level/acd-1"]["formula"] == "A≤T ÷ (A + Ab>s + Ot)"


def test_given_a_zone_when_reported_by_interval_then_the_intervals_begin_by_its_clock(recorded: str, said: Said) -> None:
    assert [row["begin"] for row in said("report", "queues", "--by", "30m", *ALWAYS)["rows"]] == ["2025-10-09T10:30:00+02:00"] * 2
    days = said("report", "queues", "--by", "day", *ALWAYS[:4], "--zone", "Asia/Kathmandu")["rows"]
    assert {row["begin"] for row in days} == {"2025-10-09T00:00:00+05:45"}


def test_given_a_house_with_a_zone_when_reported_then_its_clock_cuts_the_days(recorded: str, said: Said, tmp_path: Path) -> None:
    (tmp_path / "acd.yaml").write_text("nodes: {main: {}}\nzone: Pacific/Auckland\n")
    days = said("report", "queues", "--by", "day", "--since", "2025-10-09", "--until", "2025-10-11", "--config", str(tmp_path))["rows"]
    assert {row["begin"] for row in days} == {"2025-10-09T00:00:00+13:00"}


def test_given_queues_with_hours_in_two_zones_when_reported_then_each_by_its_own_clock(
    recorded: str, said: Said, tmp_path: Path
) -> None:
    weekly = "weekly: {mon-sun: 00:00-24:00}"
    (tmp_path / "acd.yaml").write_text(
        "nodes: {main: {}}\nqueues: {sales: {hours: lima}, help: {hours: pune}}\n"
        f"calendars:\n  lima: {{zone: America/Lima, {weekly}}}\n  pune: {{zone: Asia/Kolkata, {weekly}}}\n"
    )
    days = said("report", "queues", "--by", "1h", "--since", "2025-10-09", "--until", "2025-10-11", "--config", str(tmp_path))["rows"]
    assert {row["queue"]: row["begin"] for row in days} == {"sales": "2025-10-09T03:00:00-05:00", "help": "2025-10-09T14:00:00+05:30"}


def test_given_a_formula_is_asked_for_when_reported_then_id_formula_and_parameters_stand_below(recorded: str, run: Run) -> None:
    shown = run("report", "queues", "--formula", *ALWAYS).stdout
    assert "service level [service_level/acd-1] = A≤T ÷ (A + Ab>s + Ot)" in shown
    assert "T: the queue's service_level when the visit ended" in shown
    assert "[service_level/acd-1]" not in run("report", "queues", *ALWAYS).stdout


def test_given_all_definitions_when_levels_are_reported_then_they_stand_side_by_side(recorded: str, said: Said) -> None:
    rows = {row["queue"]: row for row in said("report", "levels", *ALWAYS)["rows"]}
    assert rows["all"].keys() - {"queue"} == {f"service_level/{short}" for short in SERVICE_LEVEL}
    assert (rows["all"]["service_level/asterisk"], rows["all"]["service_level/industry"]) == (1.0, 0.5)


def test_given_recorded_calls_when_agents_are_reported_then_time_and_offers_stand_together(recorded: str, said: Said) -> None:
    rows = {row["agent"]: row for row in said("report", "agents", *ALWAYS)["rows"]}
    assert (rows["ann"]["handled/acd-1"], rows["ann"]["wrap_up_time/acd-1"]) == (1, 10.0)
    assert (rows["bob"]["offers/acd-1"], rows["bob"]["rna_rate/acd-1"], rows["bob"]["logged_in_time/acd-1"]) == (1, 0.0, 0.0)


def test_given_an_agent_when_reported_then_only_theirs_is_there(recorded: str, said: Said) -> None:
    assert [row["agent"] for row in said("report", "agents", "--agent", "bob", *ALWAYS)["rows"]] == ["bob"]
    assert [row["agent"] for row in said("report", "offers", "--agent", "bob", *ALWAYS)["rows"]] == ["bob"]


def test_given_a_caller_who_gave_up_when_listed_then_number_wait_and_what_became_of_it_are_there(recorded: str, said: Said) -> None:
    (row,) = said("report", "abandoned", *ALWAYS)["rows"]
    assert (row["caller_number"], row["waited_s"], row["again_at"], row["contact"]) == ("+4940999", 7.0, None, "c2")
    assert row["left_at"] == "2025-10-09T10:55:11+02:00"


@pytest.mark.parametrize(
    ("kind", "key", "expected"),
    [
        ("outcomes", "outcome", ["abandoned", "answered"]),
        ("offers", "outcome", ["answered", "busy"]),
        ("states", "state", ["wrap_up", "ready"]),
        ("fairness", "agent", ["ann", "bob"]),
        ("repeats", "queue", ["sales"]),
        ("promises", "queue", []),
    ],
)
def test_given_recorded_calls_when_reported_then_each_kind_has_its_rows(
    recorded: str, said: Said, kind: str, key: str, expected: list[str]
) -> None:
    assert sorted(row[key] for row in said("report", kind, *ALWAYS)["rows"]) == sorted(expected)


def test_given_two_offers_between_two_when_fairness_is_asked_for_then_both_had_their_share(recorded: str, said: Said) -> None:
    found = said("report", "fairness", *ALWAYS)
    assert [(row["received/acd-1"], row["expected/acd-1"]) for row in found["rows"]] == [(1, 1.0), (1, 1.0)]
    assert found["all"] == {"gini/acd-1": 0.0}


def test_given_csv_when_reported_then_the_headings_are_ids_and_the_cells_plain_numbers(recorded: str, run: Run) -> None:
    rows = [*csv.DictReader(io.StringIO(run("report", "queues", "--csv", *ALWAYS).stdout))]
    assert rows[0]["queue"] == "help" and rows[0]["service_level/acd-1"] == "0.0" and rows[1]["wait_p80/acd-1"] == "10.0"


def test_given_a_name_that_a_spreadsheet_would_run_when_written_as_csv_then_it_stays_a_text(recorded: str, run: Run) -> None:
    from acd.reports.table import Report, as_csv, text

    made = as_csv(Report(columns=[text("caller"), text("name")], rows=[["+4930123", '=HYPERLINK("x")'], ["-1", "@x"], ["Ann", None]]))
    assert made.splitlines()[1:] == ['+4930123,"\'=HYPERLINK(""x"")"', "'-1,'@x", "Ann,"]


def test_given_a_time_in_which_nothing_was_when_reported_then_that_is_said(recorded: str, run: Run) -> None:
    for kind in ("queues", "levels", "outcomes", "abandoned", "agents", "states", "offers", "fairness", "repeats", "promises"):
        result = run("report", kind, "--since", "2020-01-01", "--until", "2020-01-02")
        assert result.exit_code == 0 and "nothing is recorded of that time" in result.stdout, (kind, result.output)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--zone", "Berlin"), "--zone: found 'Berlin'"),
        (("--since", "tomorrowish"), "allowed are 30m, 2h"),
        (("--since", "2025-10-10", "--until", "2025-10-09"), "--until 2025-10-09 is not after --since 2025-10-10"),
        (("--by", "20m"), "'20m' is not one of"),
    ],
)
def test_given_an_option_that_makes_no_sense_when_reported_then_it_says_what_is_allowed(
    recorded: str, run: Run, options: tuple[str, ...], why: str
) -> None:
    result = run("report", "queues", *options)
    assert result.exit_code != 0 and why in result.stderr


def test_given_no_records_when_reported_then_that_is_said_in_one_line(run: Run) -> None:
    result = run("report", "queues")
    assert result.exit_code == 1 and "no records yet" in result.stderr


def test_given_the_definitions_when_listed_then_every_one_is_there(run: Run) -> None:
    listed = json.loads(run("report", "definitions", "--json").stdout)
    assert {one["id"] for one in listed} == {definition.id for definition in every()}
    assert "service_level/asterisk-2" in run("report", "definitions").stdout
