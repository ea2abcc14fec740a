"""ACD.md 24: ``acd desk``, the small desk in the terminal, against a control socket."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import gevent
import pytest
from rich.console import Console

from acd.cli import control
from acd.cli.desk import Desk
from acd.cli.desk_drawn import in_words, panel
from acd.core.events import AgentAsked, DeskClosed, DeskSeen, TalkAsked
from acd.core.policy import DeskPolicy
from acd.core.staff import desk as core
from acd.words import AgentId, Wish
from tests.metrics.floor import FakeFloor

ANN = AgentId("ann")
LEASE_S = DeskPolicy().lease_s


class Time:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def desk(home: Path, controller: FakeFloor, time: Time) -> Desk:
    """Ann's; the house keeps it open."""
    controller.state.put(core.Desk(id=ANN, since=0.0, until=1e12))
    return Desk(home, "ann", time)


def beside(work: Callable[[], Any]) -> Any:
    """In a thread, as a blocking program beside the controller."""
    return gevent.get_hub().threadpool.spawn(work).get(timeout=20)


def kept(controller: FakeFloor) -> int:
    return sum(isinstance(event, DeskSeen) for event in controller.asked)


def test_given_a_desk_that_runs_when_looked_at_often_then_it_keeps_its_lease_three_times_in_each(
    desk: Desk, controller: FakeFloor, time: Time
) -> None:
    for _ in range(60):
        beside(desk.look)
        time.at += LEASE_S / 20
    assert kept(controller) == 9


def test_given_a_lease_that_was_lost_meanwhile_when_looked_at_then_the_desk_says_at_once_that_it_is_there(
    desk: Desk, controller: FakeFloor
) -> None:
    beside(desk.look)
    controller.state.put(core.Desk(id=ANN, since=0.0, state=core.DeskState.LOST))
    beside(desk.look)
    assert kept(controller) == 2


def test_given_nobody_of_that_name_when_looked_at_then_told_and_left(home: Path, controller: FakeFloor) -> None:
    with pytest.raises(click.ClickException, match="no agent zoe; there are: ann, bob, cy"):
        beside(Desk(home, "zoe").look)


def test_given_no_controller_when_the_desk_is_started_then_told_and_left(home: Path) -> None:
    with pytest.raises(control.NotRunning):
        beside(Desk(home, "ann").look)


def test_given_a_controller_that_goes_away_when_it_is_back_then_the_desk_says_at_once_that_it_is_there(
    desk: Desk, controller: FakeFloor, home: Path
) -> None:
    beside(desk.look)
    there = desk.home
    desk.home = home / "nowhere"
    assert beside(desk.look)["agent"] == "ann" and "no word from the controller" in desk.said
    desk.home = there
    beside(desk.look)
    assert kept(controller) == 2 and desk.said == ""


@pytest.mark.parametrize(
    ("keys", "wish", "reason"), [("r", Wish.READY, ""), ("n1", Wish.NOT_READY, "lunch"), ("n2", Wish.NOT_READY, "meeting")]
)
def test_given_keys_when_pressed_then_the_house_is_asked(desk: Desk, controller: FakeFloor, keys: str, wish: Wish, reason: str) -> None:
    beside(desk.look)
    assert all(beside(lambda key=key: desk.press(key)) for key in keys)
    (asked,) = [event for event in controller.asked if isinstance(event, AgentAsked)]
    assert (asked.agent, asked.wish, asked.reason) == ("ann", wish, reason) and asked.by


def test_given_a_choice_when_another_key_is_pressed_then_nothing_is_chosen(desk: Desk, controller: FakeFloor) -> None:
    beside(desk.look)
    for key in "n9n":
        assert beside(lambda key=key: desk.press(key))
    assert "1 lunch  2 meeting" in desk.asks and not [e for e in controller.asked if isinstance(e, AgentAsked)]


def test_given_what_may_come_of_a_talk_when_chosen_by_its_digit_then_it_is_said(desk: Desk, controller: FakeFloor) -> None:
    beside(desk.look)
    desk.found["dispositions"] = {"sold": "1", "far": "12"}
    for key in "d1":
        beside(lambda key=key: desk.press(key))
    (asked,) = [event for event in controller.asked if isinstance(event, AgentAsked)]
    assert (asked.wish, asked.reason) == (Wish.DISPOSE, "sold")


@pytest.mark.parametrize(("holds", "what"), [(False, "hold"), (True, "resume")])
def test_given_a_talk_when_h_is_pressed_then_the_customer_holds_or_no_more(
    desk: Desk, controller: FakeFloor, holds: bool, what: str
) -> None:
    beside(desk.look)
    desk.found["talk"]["holds"] = holds
    beside(lambda: desk.press("h"))
    assert [event.what for event in controller.asked if isinstance(event, TalkAsked)] == [what]


def test_given_a_house_that_refuses_when_a_key_is_pressed_then_its_words_are_shown(desk: Desk, controller: FakeFloor) -> None:
    beside(desk.look)
    desk.found["reasons"] = ["nap"]
    for key in "n1":
        beside(lambda key=key: desk.press(key))
    assert "unknown reason nap" in desk.said


def test_given_q_when_pressed_then_the_desk_is_left_and_says_goodbye_but_that_is_no_log_out(desk: Desk, controller: FakeFloor) -> None:
    beside(desk.look)
    assert not desk.press("q")
    said = beside(desk.leave)
    assert controller.asked[-1] == DeskClosed(at=controller.now(), agent=ANN)
    assert "ann is still logged in (offered" in said and "acd agent log-out ann" in said
    assert not [event for event in controller.asked if isinstance(event, AgentAsked)]


def test_given_an_agent_who_is_logged_out_when_the_desk_is_left_then_that_is_said(home: Path, controller: FakeFloor) -> None:
    assert beside(Desk(home, "cy").leave) == "goodbye; cy is logged out"


def test_given_a_caller_who_would_command_the_terminal_when_drawn_then_only_text(desk: Desk, controller: FakeFloor) -> None:
    found = beside(desk.look)
    found["customer"] |= {"name": "Eve\x1b[2J[red]", "number": "+4930", "tags": {"x": "\x1b]0;pwned\x07"}}
    console = Console(record=True, width=120, file=open("/dev/null", "w"), force_terminal=False)  # noqa: SIM115
    console.print(panel(found, "1 lunch"))
    drawn = console.export_text()
    assert "\x1b" not in drawn and "\x07" not in drawn and "[red]" in drawn
    assert "OFFERED" in drawn and "RINGS" in drawn and "waited 0:05" in drawn and "waiting: sales 2" in drawn and "1 lunch" in drawn


def test_given_an_agent_who_is_to_be_not_ready_when_told_in_words_then_why(desk: Desk) -> None:
    found = beside(desk.look)
    found |= {"state": "talking", "pending": "not_ready", "pending_reason": "desk_lost"}
    assert in_words(found).startswith("talking: ") and in_words(found).endswith("; next not_ready (desk_lost)")
