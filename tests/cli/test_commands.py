import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.cli.main import COMMANDS
from acd.core.decision import Decision
from acd.core.events import AgentAsked, TalkAsked
from acd.records.upgrade import newest_revision
from tests.metrics.floor import FakeFloor

Run = Callable[..., Result]
Said = Callable[..., Any]


def test_given_recorded_calls_when_listed_then_the_newest_is_first_with_its_last_queue(recorded: str, said: Said) -> None:
    found = said("calls")
    assert [(c["id"], c["queue"], c["outcome"]) for c in found] == [
        ("c3", None, None),
        ("c2", "help", "abandoned"),
        ("c1", "sales", "answered"),
    ]
    assert (found[2]["waited_s"], found[2]["talk_s"], found[2]["served_by"]) == (10.0, 46.0, "ann")


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--queue", "sales"], ["c1"]),
        (["--outcome", "abandoned"], ["c2"]),
        (["--caller", "999"], ["c2"]),
        (["--caller", "%"], []),
        (["--limit", "1"], ["c3"]),
        (["--since", "2025-10-09T08:54:00+00:00"], ["c3", "c2"]),
        (["--since", "2031-01-01"], []),
    ],
)
def test_given_filters_when_calls_are_listed_then_only_those_that_match_are_there(
    recorded: str, said: Said, options: list[str], ids: list[str]
) -> None:
    assert [c["id"] for c in said("calls", *options)] == ids


def test_given_calls_in_a_pipe_when_listed_then_columns_are_plain_and_nothing_commands_the_terminal(recorded: str, run: Run) -> None:
    lines = run("calls").stdout.splitlines()
    assert lines[0].split()[:4] == ["arrived", "caller", "name", "dialled"] and len(lines) == 4
    assert "\x1b" not in "".join(lines) and "[red]" in lines[3]


def test_given_a_wrong_since_when_asked_then_what_is_allowed_is_said(recorded: str, run: Run) -> None:
    result = run("calls", "--since", "yesterdayish")
    assert result.exit_code == 2 and "allowed are 30m, 2h, 7d, now, today" in result.stderr


def test_given_a_call_that_ended_when_told_then_its_whole_story_is_there_in_order_with_the_reasons(recorded: str, run: Run) -> None:
    result = run("call", "c1")
    text = result.stdout
    told = [
        "+4930123 (Ada\N{REPLACEMENT CHARACTER}[2J[red]) called 100 on main",
        "main: menu -> 1 (3.0 s)",
        "joined queue sales",
        "offered to bob",
        "bob: phone was busy [USER_BUSY 486]",
        "offered to ann",
        "why: by longest idle (who has been free for the longest goes first): the caller had waited 5.0 s, 2 were in line",
        "1. ann: free for 5 min <- chosen",
        "2. bob: free for 29 s",
        "passed over: cy was not ready (lunch)",
        "ann picked up after 4.5 s",
        "ann and the caller talk (0.50 s after the pick-up)",
        "talk with ann over after 46.0 s, ended by the customer",
        "ann in wrap-up",
        "the call ended by the customer after 60.0 s",
        "ann done with wrap-up after 10.0 s",
    ]
    places = [text.rfind(line) for line in told]
    assert -1 not in places, [line for line, place in zip(told, places, strict=True) if place < 0]
    assert sorted(places[:6]) == places[:6] and sorted(places[9:]) == places[9:]
    assert "\x1b" not in text


def test_given_the_beginning_of_an_id_when_told_then_it_is_enough_only_where_it_is_unique(recorded: str, run: Run) -> None:
    assert run("call", "c").exit_code == 1
    assert "no call 'c' is running or recorded" in run("call", "c").stderr


def test_given_a_running_call_when_told_then_the_controller_tells_it(controller: FakeFloor, run: Run) -> None:
    text = run("call", "c1").stdout
    assert "offered to ann" in text and text.endswith("it is still running\n")


def test_given_waiting_callers_when_queues_are_shown_then_now_and_the_day_stand_side_by_side(
    controller: FakeFloor, recorded: str, said: Said
) -> None:
    queues = {q["queue"]: q for q in said("queues", "--since", "2025-01-01")["queues"]}
    sales = queues["sales"]
    assert (sales["waiting"], sales["longest_wait_s"]) == (2, 16)
    assert (sales["online"], sales["staffed"], sales["available"]) == (2, 1, 0)
    assert (sales["offered"], sales["answered"], sales["service_level"]) == (1, 1, 1.0)
    assert (queues["help"]["abandoned"], queues["help"]["abandon_rate"]) == (1, 1.0)


def test_given_waiting_callers_when_listed_then_each_has_a_place(controller: FakeFloor, run: Run) -> None:
    text = run("queues", "--callers").stdout
    assert [line.split()[:3] for line in text.splitlines()[-2:]] == [["sales", "1", "+4930123"], ["sales", "2", "+4940999"]]


def test_given_no_controller_when_queues_are_shown_then_the_day_is_there_and_it_is_said(recorded: str, run: Run) -> None:
    result = run("queues", "--since", "2025-01-01")
    assert result.exit_code == 0 and "sales" in result.stdout and "no controller is running" in result.stderr


def test_given_agents_when_shown_then_state_reason_and_phone_are_there(controller: FakeFloor, said: Said, run: Run) -> None:
    found = {a["agent"]: a for a in said("agents")}
    assert (found["bob"]["state"], found["bob"]["reason"], found["ann"]["for_s"]) == ("not_ready", "lunch", 11)
    assert [a["agent"] for a in said("agents", "--queue", "help")] == ["ann", "cy"]
    assert "logged_out" in run("agents").stdout


def test_given_an_agent_when_asked_not_ready_then_the_core_is_asked_and_the_state_is_said(controller: FakeFloor, run: Run) -> None:
    result = run("agent", "not-ready", "bob", "--reason", "lunch")
    assert result.stdout == "bob is not ready (lunch)\n"
    assert [(e.agent, e.wish, e.reason) for e in controller.asked if isinstance(e, AgentAsked)] == [("bob", "not_ready", "lunch")]


def test_given_an_agent_who_talks_when_a_wish_is_typed_then_the_core_is_asked(controller: FakeFloor, run: Run) -> None:
    assert run("talk", "consult", "ann", "queue:sales", "--by", "eve").stdout == "ann: no talk\n"
    asked = [(e.agent, e.what, e.target, e.by) for e in controller.asked if isinstance(e, TalkAsked)]
    assert asked == [("ann", "consult", "queue:sales", "eve")]
    assert "TARGET belongs to" in run("talk", "hold", "ann", "sales").stderr + run("talk", "transfer", "ann").stderr
    assert len(controller.asked) == 1


def test_given_a_wish_that_is_refused_when_asked_then_the_words_of_the_house_are_the_error(controller: FakeFloor, run: Run) -> None:
    controller.answer = lambda event: (Decision(event=event, refused="the phone is not registered"),)
    result = run("agent", "ready", "bob")
    assert (result.exit_code, result.stderr) == (1, "Error: the phone is not registered\n")


def test_given_an_agent_id_with_a_slash_when_asked_then_it_stays_an_id(controller: FakeFloor, run: Run) -> None:
    result = run("agent", "ready", "bob/not-ready?x=")
    assert result.exit_code == 1 and controller.asked == []


@pytest.mark.parametrize("command", [["agents"], ["agent", "ready", "bob"]])
def test_given_no_controller_when_asked_then_it_says_so_and_how_to_start_one(command: list[str], run: Run) -> None:
    result = run(*command)
    assert result.exit_code == 1 and "no controller is running" in result.stderr and "acd run" in result.stderr


@pytest.mark.parametrize("command", [["calls"], ["call", "c1"], ["voicemail"]])
def test_given_no_records_when_asked_then_it_says_so(command: list[str], run: Run) -> None:
    result = run(*command)
    assert result.exit_code == 1 and "no records yet" in result.stderr


def test_given_an_old_database_when_upgraded_then_the_schema_is_said_and_a_newer_one_is_refused(home: Path, run: Run) -> None:
    assert f"schema {newest_revision()}" in run("db", "upgrade").stdout
    with sqlite3.connect(home / "acd.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num='9999'")
    connection.close()
    result = run("db", "upgrade")
    assert result.exit_code == 1 and "does not know" in result.stderr


def test_given_the_command_line_when_help_is_asked_for_then_it_imports_no_web_and_no_database() -> None:
    program = """if True:
        import sys
        from acd.cli.main import main
        try:
            main(["--help"])
        except SystemExit:
            print([name for name in ("flask", "sqlalchemy", "gevent") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip().endswith("[]"), done.stdout


def test_given_every_command_when_its_help_is_asked_for_then_it_is_there(run: Run) -> None:
    for name in ("agent", "agents", "call", "calls", "db", "queues", "voicemail"):
        assert name in COMMANDS
        assert run(name, "--help").exit_code == 0, name


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, ""), (0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (3600, "1:00:00"), (-5, "0:00")]
)
def test_given_seconds_when_shown_then_they_read_as_a_clock(seconds: float | None, shown: str) -> None:
    from acd.cli.show import span

    assert span(seconds) == shown


def test_given_the_last_two_hours_when_parsed_then_it_is_that_long_ago() -> None:
    from acd.cli.place import Since

    assert 7195 < time.time() - Since().convert("2h", None, None) < 7300
