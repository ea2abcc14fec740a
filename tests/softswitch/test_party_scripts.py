"""Scripts as data: what is allowed, and that a bad one is refused with its place. And the command line around them."""

from typing import Any

import click
import pytest
from click.testing import CliRunner

from softswitch.party import BadScript, Manner, read_caller, read_manner
from softswitch.party.__main__ import address, main, users
from softswitch.party.script import HangUp, Press, Speak, Wait, WaitAnswered, WaitEnded, WaitHears


def test_given_a_whole_script_when_read_then_every_step_is_there() -> None:
    steps: list[Any] = [
        {"wait": 1},
        "wait_answered",
        {"wait_hears": 3},
        {"press": "12"},
        {"speak": {"wav": "a.wav", "wait": False}},
        {"wait_ended": 9},
        {"hang_up": 2},
    ]
    script = read_caller({"dial": 88, "steps": steps}, where="callers[0]")
    assert script.dial == "88"
    assert script.steps == (
        Wait(s=1),
        WaitAnswered(timeout_s=30),
        WaitHears(timeout_s=3),
        Press(digits="12"),
        Speak(wav="a.wav", wait=False),
        WaitEnded(timeout_s=9),
        HangUp(after_s=2),
    )


def test_given_manners_when_read_then_they_are_what_was_written() -> None:
    assert read_manner({}, where="a") == Manner()
    assert read_manner({"let_ring": True}, where="a") == Manner(answer_after_s=None)
    assert read_manner({"decline": 486, "talk": [5, 9]}, where="a") == Manner(decline=486, talk_s=(5, 9))


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ([{"jump": 1}], r"steps\[0\].*allowed are"),
        (["wait_answered", {"wait": -1}], r"steps\[1\]\.wait.*allowed"),
        ([{"wait": "soon"}], r"steps\[0\]\.wait"),
        ([{"press": "12x"}], r"steps\[0\]\.press.*allowed"),
        ([{"press": {"digits": "1", "by": "voice"}}], "rfc4733 and info"),
        ([{"speak": {}}], "either tone or wav"),
        ([{"wait": 1, "press": 2}], "one step"),
        ("wait", "a list is allowed"),
    ],
)
def test_given_a_bad_step_when_read_then_the_error_names_the_place(steps: Any, place: str) -> None:
    with pytest.raises(BadScript, match=place):
        read_caller({"dial": "88", "steps": steps}, where="callers[3]")


@pytest.mark.parametrize("given", [{"decline": 200}, {"talk": [9, 5]}, {"talk": [1, 2, 3]}, {"mood": "bad"}])
def test_given_a_bad_manner_when_read_then_it_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadScript, match=r"agents\[0\]"):
        read_manner(given, where="agents[0]")


def test_given_ranges_of_users_when_read_then_each_is_there() -> None:
    assert list(users("1001,0007-0009,x")) == ["1001", "0007", "0008", "0009", "x"]
    with pytest.raises(click.BadParameter):
        list(users("1-100000"))


@pytest.mark.parametrize("text", ["host", "host:0", "host:x", ":5060", "host:99999"])
def test_given_a_bad_address_when_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        address(text)


def test_given_nobody_there_when_a_caller_calls_then_the_program_says_what_happened(tmp_path: Any) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("callers:\n- {user: '5551', dial: '88', steps: [{wait_answered: 0.1}]}\n")
    told = CliRunner().invoke(main, ["run", "--server", "127.0.0.1:9", str(file)])
    assert told.exit_code == 0
    assert "not answered" in told.output


def test_given_a_bad_file_when_run_then_the_program_says_where(tmp_path: Any) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("callers:\n- {dial: '88', steps: [{fly: 1}]}\n")
    told = CliRunner().invoke(main, ["run", "--server", "127.0.0.1:9", str(file)])
    assert told.exit_code == 1
    assert "callers[0].steps[0]" in told.output
