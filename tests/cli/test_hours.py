"""``acd hours`` against a control socket: the list, and a supervisor's word."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from acd.core.events import CalendarForced
from acd.core.house import Forced
from acd.ivr.calendar import Calendar
from tests.metrics.floor import FakeFloor

Run = Callable[..., Result]
Said = Callable[..., Any]


@pytest.fixture
def house(controller: FakeFloor) -> FakeFloor:
    always = Calendar(zone="UTC", weekly=(((0, 1440),),) * 7)
    controller.calendars = {"main": always, "night": Calendar(zone="Europe/Berlin", weekly=((),) * 7)}
    return controller


def test_given_calendars_when_listed_then_each_says_what_is_and_why_and_what_comes_then(house: FakeFloor, run: Run) -> None:
    until = house.now() + 3600
    house.state.put(Forced(id="night", state="open", since=house.now(), until=until, by="ann"))
    lines = [line.split("  ") for line in run("hours").stdout.splitlines()]
    rows = [[cell.strip() for cell in line if cell] for line in lines]
    assert rows[1] == ["main", "open", "its hours", "-", "-", "UTC"]
    assert rows[2][:3] == ["night", "open", "by hand (ann)"] and rows[2][4:] == ["closed", "Europe/Berlin"]
    assert rows[2][3].split()[0] in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def test_given_a_calendar_when_closed_by_hand_then_the_core_is_told_by_whom(house: FakeFloor, run: Run, said: Said) -> None:
    assert run("hours", "close", "main", "--by", "ann").exit_code == 0
    assert house.asked == [CalendarForced(at=house.now(), calendar="main", state="closed", by="ann")]
    assert said("hours", "auto", "main", "--by", "ann")["calendar"] == "main"


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["open"], 2, "which calendar? acd hours open NAME"),
        (["open", "mian"], 1, "no calendar mian; there are: main, night"),
        (["open", "main", "--until", "late"], 1, "allowed are a time such as 18:00"),
        (["--until", "18:00"], 2, "--until belongs to open and close"),
        (["shut", "main"], 2, "'open', 'close', 'auto'"),
    ],
)
def test_given_a_command_that_makes_no_sense_when_typed_then_it_says_what_is_allowed(
    house: FakeFloor, run: Run, args: list[str], code: int, told: str
) -> None:
    result = run("hours", *args)
    assert result.exit_code == code and told in result.stderr
    assert house.asked == []


def test_given_no_controller_when_asked_then_it_says_so(run: Run) -> None:
    result = run("hours")
    assert result.exit_code == 1 and "no controller is running" in result.stderr
