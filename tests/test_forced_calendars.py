"""A calendar that a supervisor has opened or closed by hand stays so across a restart, for callers too (ACD.md 43)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gevent import socket

from acd.app import App
from acd.core.events import CalendarForced, CallArrived
from acd.places import Places
from acd.words import LegId

FLOW = """
start: hours
steps:
  hours: {step: hours, calendar: never, exits: {open: here, closed: away}}
  here: {step: pause, for: 1h, next: bye}
  away: {step: pause, for: 1h, next: bye}
  bye: {step: hang_up}
"""
HOUSE = """
nodes: {a: {event_socket: '127.0.0.1:%d'}}
numbers: {'100': main}
calendars: {never: {zone: Europe/Berlin, weekly: {mon-sun: closed}}}
paths: {flows: flows}
speech: {engine: none}
http: {port: %d}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], App]]:
    config = tmp_path / "config"
    (config / "flows").mkdir(parents=True)
    (config / "flows" / "main.yaml").write_text(FLOW)
    (config / "acd.yaml").write_text(HOUSE % (free_port(), free_port()))
    apps: list[App] = []

    def started() -> App:
        app = App(Places(config=config, home=tmp_path / "home"))
        apps.append(app)
        app.start()
        return app

    yield started
    for app in apps:
        app.stop()


def step_of_a_new_caller(app: App, uuid: str) -> str:
    app.controller.ask(CallArrived(at=app.clock(), leg=LegId(f"a/{uuid}"), dialled="100"))
    frame = app.state.calls[app.state.call_of_leg[LegId(f"a/{uuid}")]].frame
    assert frame is not None
    return frame.step


def test_given_a_calendar_opened_by_hand_when_the_house_restarts_then_it_is_open_until_somebody_says_auto(
    start: Callable[[], App],
) -> None:
    app = start()
    assert step_of_a_new_caller(app, "u1") == "away"
    app.floor.ask(CalendarForced(at=app.clock(), calendar="never", state="open", by="ann"))
    assert step_of_a_new_caller(app, "u2") == "here"
    app.stop()
    again = start()
    assert again.state.forced["never"].by == "ann"
    assert step_of_a_new_caller(again, "u3") == "here"
    again.floor.ask(CalendarForced(at=again.clock(), calendar="never", state=""))
    assert step_of_a_new_caller(again, "u4") == "away"
    again.stop()
    assert not start().state.forced


def test_given_a_calendar_opened_until_a_time_when_that_has_come_then_it_goes_by_its_hours(start: Callable[[], App]) -> None:
    app = start()
    app.floor.ask(CalendarForced(at=app.clock(), calendar="never", state="open", until=app.clock() + 3600))
    assert step_of_a_new_caller(app, "u1") == "here"
    app.floor.ask(CalendarForced(at=app.clock(), calendar="never", state="open", until=app.clock()))
    assert step_of_a_new_caller(app, "u2") == "away"


def test_given_hours_that_change_when_reloaded_then_callers_find_the_new_ones_though_no_flow_has_changed(
    start: Callable[[], App],
) -> None:
    app = start()
    file = app.places.config / "acd.yaml"
    file.write_text(file.read_text().replace("closed", "00:00-24:00"))
    app.changes.apply(by="a supervisor")
    assert step_of_a_new_caller(app, "u1") == "here"
    assert app.floor.calendars["never"].state(app.clock()) == "open"
