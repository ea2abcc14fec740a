"""The whole house built, started and stopped, with no switch there: what a restart must keep and must not claim."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gevent
import pytest
import yaml
from click.testing import CliRunner
from gevent import socket

from acd.app import App
from acd.cli.main import main
from acd.config.configuration import Trunk
from acd.config.document import Refused
from acd.core.decision import Decision
from acd.core.events import CallArrived, SnapshotTaken
from acd.core.house import Node
from acd.embedded import embedded_switches
from acd.live.disk import AlreadyRunning
from acd.live.journal import Journal
from acd.logs import one_line
from acd.places import Places
from acd.words import LegId, NodeId

FLOW = "start: hello\nsteps:\n  hello: {step: play, prompt: %s, next: bye}\n  bye: {step: hang_up}\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def places(tmp_path: Path) -> Places:
    config = tmp_path / "config"
    (config / "flows").mkdir(parents=True)
    (config / "flows" / "main.yaml").write_text(FLOW % "Hello.")
    (config / "acd.yaml").write_text(
        f"nodes: {{a: {{event_socket: '127.0.0.1:{free_port()}'}}}}\n"
        "queues: {sales: {}}\nagents: {anna: {name: Anna, phone: '1001', queues: [sales]}}\n"
        f"numbers: {{'100': main}}\npaths: {{flows: flows}}\nspeech: {{engine: none}}\nhttp: {{port: {free_port()}}}\n"
    )
    return Places(config=config, home=tmp_path / "home")


@pytest.fixture
def start(places: Places) -> Iterator[object]:
    apps: list[App] = []

    def started() -> App:
        app = App(places)
        apps.append(app)
        app.start()
        return app

    yield started
    for app in apps:
        app.stop()


def arrives(app: App, uuid: str) -> None:
    app.controller.ask(CallArrived(at=app.clock(), leg=LegId(f"a/{uuid}"), dialled="100"))


def version_of(app: App, uuid: str) -> str:
    frame = app.state.calls[app.state.call_of_leg[LegId(f"a/{uuid}")]].frame
    assert frame is not None
    return frame.version


def change_flow(places: Places, text: str) -> None:
    (places.config / "flows" / "main.yaml").write_text(FLOW % text)


def test_given_a_journal_that_knows_a_switch_when_started_then_nobody_sees_it_as_reachable(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    before = Journal(places.journal)
    seen = SnapshotTaken(at=5.0, node=NodeId("a"), asked_at=5.0, channels=())
    before.write([Decision(event=seen, changes=(Node(id=NodeId("a"), reachable=True, since=5.0),))])
    before.close()
    app = App(places)
    shown: list[bool] = []
    app._serve = lambda: shown.append(app.state.reachable(NodeId("a")))  # type: ignore[method-assign]
    try:
        app.start()
    finally:
        app.stop()
    assert shown == [False]


def test_given_a_running_house_when_a_second_starts_in_its_home_then_it_is_refused(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    start()
    with pytest.raises(AlreadyRunning, match="another controller"):
        App(places)


def test_given_a_caller_in_a_flow_when_it_changes_and_all_restarts_then_they_stay_in_the_version_they_began(
    places: Places, start
) -> None:  # type: ignore[no-untyped-def]
    """FAULTS.md F36."""
    app = start()
    arrives(app, "u1")
    old = version_of(app, "u1")
    change_flow(places, "Good day.")
    app.changes.apply(by="ann")
    arrives(app, "u2")
    assert version_of(app, "u1") == old != version_of(app, "u2")
    app.stop()
    again = start()
    assert version_of(again, "u1") == old and ("main", old) in again.state.flows.older


def test_given_a_flow_without_callers_when_it_changes_then_its_old_version_is_not_kept(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    app = start()
    for text in ("Good day.", "Good evening."):
        change_flow(places, text)
        app.changes.apply(by="ann")
    assert [file.read_text() for file in places.flows.glob("*/*.yaml")] == [FLOW % "Good evening."]


def test_given_a_bad_flow_when_applied_then_all_of_the_old_stays_in_force(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    """ACD.md 84, FAULTS.md F36."""
    app = start()
    before = app.state.policy, app.state.flows
    text = (places.config / "acd.yaml").read_text()
    (places.config / "acd.yaml").write_text(text.replace("sales: {}", "sales: {}, support: {}"))
    change_flow(places, "Hello., nxt: bye")
    with pytest.raises(Refused, match=r"main.yaml:3:"):
        app.changes.apply(by="ann")
    assert (app.state.policy, app.state.flows) == before
    change_flow(places, "Hello.")
    app.changes.apply(by="ann")
    assert "support" in app.state.policy.queues


def test_given_a_house_when_stopped_then_the_journal_is_whole_and_nothing_listens(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    """FAULTS.md F47."""
    app = start()
    arrives(app, "u1")
    with gevent.Timeout(10):
        app.stop()
    assert not places.socket.exists()
    journal = Journal(places.journal)
    assert any(isinstance(line.event, CallArrived) for line in journal.recovered()) and journal.cut_bytes == 0
    journal.close()


def test_given_a_part_that_dies_when_waited_for_then_the_house_ends_with_a_failure(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    app = start()
    app._died("controller", RuntimeError("a fault"))
    with gevent.Timeout(5):
        assert app.wait() == 1


def test_given_a_good_configuration_when_checked_then_it_is_counted_and_a_bad_one_is_refused(places: Places) -> None:
    run = CliRunner()
    good = run.invoke(main, ["check", "--config", str(places.config)])
    assert (good.exit_code, good.output) == (0, "ok: 1 queue, 1 agent, 1 flow\n")
    text = (places.config / "acd.yaml").read_text()
    (places.config / "acd.yaml").write_text(text.replace("[sales]", "[sails]").replace("'100': main", "'100': mian"))
    bad = run.invoke(main, ["check", "--config", str(places.config)])
    assert bad.exit_code == 1 and "acd.yaml:3:" in bad.output and "no queue 'sails'" in bad.output and "1 problem" in bad.output
    assert not places.home.exists()


def test_given_phones_when_asked_for_then_user_and_password_are_those_of_the_directory(places: Places, start) -> None:  # type: ignore[no-untyped-def]
    start()
    said = CliRunner().invoke(main, ["phones", "--json", "--config", str(places.config), "--home", str(places.home)])
    (phone,) = json.loads(said.output.partition("\nIn the phone")[0])
    assert phone["user"] == "1001" and len(phone["password"]) >= 20
    from acd.switch.directory import ha1

    assert ha1("1001", "acd.local", phone["password"]) in places.directory.read_text()


def test_given_a_configuration_when_the_embedded_switch_is_to_start_then_its_settings_are_private_and_it_takes_them(
    places: Places,
) -> None:
    app = App(places)
    (switch,) = embedded_switches(app.loaded.configuration, app.secrets, places)
    assert switch.settings.stat().st_mode & 0o777 == 0o600
    from softswitch.settings import load as as_the_switch_does

    settings = as_the_switch_does(switch.settings)
    assert settings.password == app.secrets.event_socket[NodeId("a")] and settings.domain == "acd.local"
    app.journal.close()


def test_given_trunks_that_have_changed_when_the_house_changes_then_the_embedded_switch_finds_them_and_nothing_else_is_touched(
    places: Places,
) -> None:
    app = App(places)
    (switch,) = embedded_switches(app.loaded.configuration, app.secrets, places, Path("/sounds/sorry.wav"))
    before = yaml.safe_load(switch.settings.read_text())
    found = app.loaded.configuration
    trunk = Trunk(id="second", address=("192.0.2.1", 5060), prefixes=())
    app.nodes.change(app.loaded, app.secrets)
    app.nodes.change(replace(app.loaded, configuration=replace(found, trunks={"second": trunk})), app.secrets)
    assert yaml.safe_load(switch.settings.read_text()) == {**before, "gateways": {"second": "192.0.2.1:5060"}}
    assert switch.settings.stat().st_mode & 0o777 == 0o600
    app.nodes.stop()
    app.journal.close()


def test_given_an_old_pid_file_when_the_switch_is_stopped_then_a_stranger_is_not_ended(places: Places) -> None:
    app = App(places)
    (switch,) = embedded_switches(app.loaded.configuration, app.secrets, places)
    stranger = replace(switch, pid_file=places.home / "old.pid")
    stranger.pid_file.write_text("1\n")
    stranger.stop()
    assert stranger.pid_file.exists()
    app.journal.close()


@pytest.mark.parametrize("odd", ["a\nINFO forged", "\x1b[31mred", "a\u2028b", "\u202egnp.exe", "\ud800"])
def test_given_text_that_a_terminal_would_obey_when_logged_then_it_is_one_plain_line(odd: str) -> None:
    """FAULTS.md S15."""
    said = one_line(f"caller {odd}")
    assert said.isprintable() and said.isascii() and said.startswith("caller ")
