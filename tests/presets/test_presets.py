"""The houses to begin with: each is good, its flows do what their tests say, and a call goes through it."""

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from acd.cli.main import main
from acd.core import events as ev
from acd.core.commands import Bridge, Command, Play, Ring
from acd.core.state import State
from acd.core.step import step
from acd.loading import Loaded, library_of, load_all
from acd.presets import PRESETS, InTheWay, write
from acd.rehearsal.load import files_of_tests, load_tests
from acd.rehearsal.run import run
from acd.words import AgentId, AgentState, CallId, LegId, NodeId, Owner, PhoneId, Wish

ROOT = Path(__file__).parents[2]
A_TUESDAY = datetime(2026, 3, 10, 10, 5, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
FIRST = {"small_team": ("100", "team"), "service_desk": ("100", "first_line"), "sales": ("100", "new_customers")}


@pytest.fixture(params=PRESETS)
def preset(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def house(preset: str, tmp_path: Path) -> Path:
    write(preset, tmp_path)
    return tmp_path


def test_given_a_preset_when_read_then_it_is_good_and_explains_itself(house: Path) -> None:
    loaded = load_all(house / "config")
    assert loaded.policy.queues and loaded.policy.agents and loaded.flows
    assert "#" in (house / "config" / "acd.yaml").read_text()


def test_given_a_preset_when_its_flows_are_tested_then_all_is_as_it_says(house: Path) -> None:
    library = library_of(load_all(house / "config"))
    tests = [test for file in files_of_tests(house / "ivr_flows") for test in load_tests(file, library.flows)]
    results = run(tests, library, time.perf_counter)
    assert len(results) > 10 and not [result for result in results if not result.is_true]


class Floor:
    """One agent and one caller in a house as it is loaded."""

    def __init__(self, loaded: Loaded) -> None:
        self.state, self.at = State(loaded.policy, library_of(loaded)), A_TUESDAY
        self.leg = LegId("local/c1")
        self.feed(ev.SnapshotTaken(at=self.at, node=NodeId("local"), asked_at=self.at, channels=()))

    def feed(self, event: ev.Event) -> list[Command]:
        return [command for decision in step(self.state, event) for command in decision.commands]

    def until_in_line(self, dialled: str) -> list[Command]:
        """Presses 1 in every menu, hears the rest."""
        commands = self.feed(ev.CallArrived(at=self.at, leg=self.leg, dialled=dialled))
        for _ in range(20):
            if any(isinstance(command, Ring) for command in commands):
                return commands
            play = next(command.play for command in reversed(commands) if isinstance(command, Play))
            self.at += 1
            commands = self.feed(ev.PlayEnded(at=self.at, leg=self.leg, play=play))
            if not commands:
                commands = self.feed(ev.DigitPressed(at=self.at, leg=self.leg, digit="1"))
        raise AssertionError("nobody is rung")


def test_given_a_preset_when_somebody_calls_by_day_then_a_ready_agent_talks_with_them(preset: str, house: Path) -> None:
    floor = Floor(load_all(house / "config"))
    dialled, queue = FIRST[preset]
    floor.feed(ev.PhoneRegistered(at=floor.at, node=NodeId("local"), phone=PhoneId("1001")))
    floor.feed(ev.AgentAsked(at=floor.at, agent=AgentId("anna"), wish=Wish.READY))
    ring = next(command for command in floor.until_in_line(dialled) if isinstance(command, Ring))
    assert (ring.phone, {entry.queue for entry in floor.state.entries.values()}) == ("1001", {queue})
    floor.feed(ev.LegRinging(at=floor.at, leg=ring.leg))
    floor.feed(ev.LegAnswered(at=floor.at, leg=ring.leg))
    commands = floor.feed(ev.LegParked(at=floor.at, leg=ring.leg, inbound=False))
    if told := [command.play for command in commands if isinstance(command, Play) and command.leg == ring.leg]:
        commands = floor.feed(ev.PlayEnded(at=floor.at, leg=ring.leg, play=told[-1]))  # the whisper
    assert any(isinstance(command, Bridge) for command in commands)
    floor.feed(ev.LegsBridged(at=floor.at, leg=floor.leg, other=ring.leg))
    assert floor.state.agent(AgentId("anna")).state is AgentState.TALKING
    assert floor.state.calls[CallId("c1")].owner is Owner.AGENT


def test_given_the_flows_that_all_share_when_compared_then_they_are_those_of_the_sample() -> None:
    presets = ROOT / "acd" / "presets"
    for file in [*presets.glob("*/ivr_flows/agent_*.yaml"), *presets.glob("*/ivr_flows/on_hold.yaml")]:
        if not file.name.startswith("agent_messages"):
            assert file.read_text() == (ROOT / "ivr_flows" / file.name).read_text(), file


def test_given_another_zone_and_country_when_written_then_they_stand_in_their_places(tmp_path: Path) -> None:
    write("sales", tmp_path, "Europe/Vienna", "AT")
    config = load_all(tmp_path / "config").configuration
    assert (config.zone, config.calendars["selling"].zone, config.calendars["selling"].country) == (
        "Europe/Vienna",
        "Europe/Vienna",
        "AT",
    )
    assert "region: AT" in (tmp_path / "ivr_flows" / "welcome.yaml").read_text()
    assert "Berlin" not in "".join(file.read_text() for file in tmp_path.rglob("*.yaml"))


def test_given_files_in_the_way_when_written_then_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "acd.yaml").write_text("mine: true\n")
    with pytest.raises(InTheWay, match=r"acd\.yaml"):
        write("small_team", tmp_path)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["acd.yaml"]


def test_given_acd_init_when_run_then_it_says_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["init", "--preset", "service_desk", str(tmp_path / "desk")])
    assert said.exit_code == 0 and "queues/first_line.yaml" in said.stdout and "acd flow test" in said.stdout
    assert (tmp_path / "desk" / "config" / "acd.schema.json").is_file()
    again = CliRunner().invoke(main, ["init", str(tmp_path / "desk")])
    assert again.exit_code == 1 and "nothing is written" in again.stderr
    odd = CliRunner().invoke(main, ["init", "--zone", "Mars/Olympus", str(tmp_path / "x")])
    assert odd.exit_code == 1 and "a time zone such as Europe/Berlin is needed" in odd.stderr
