"""Ends of playbacks that may have been lost: when the switch is asked, and what its answer means (ACD.md 77, FAULTS.md F17)."""

import pytest

from acd.core import commands as c
from acd.core.events import LOST, PlayEnded
from acd.core.media import Music, Recorded
from acd.switch.commands_to import MUSIC_REPEATS, Dialect, lasts
from acd.switch.ends import Ends
from acd.switch.events_from import end_missed
from acd.words import LegId, PlayId

LEG = LegId("fs1/a")
SECONDS = {"long": 10.0, "short": 2.0}


def play(id: str, *names: str) -> c.Play:
    return c.Play(leg=LEG, play=PlayId(id), media=tuple(Recorded(name=name) for name in names))


def ends() -> Ends:
    return Ends(lambda command: SECONDS.get(command.media[0].name))  # type: ignore[union-attr]


def test_given_a_play_when_it_began_then_its_end_is_asked_about_a_little_after_its_length_and_not_before() -> None:
    mine, long = ends(), play("p", "long")
    mine.sent(long, 0)
    mine.begun(LEG, "p", 5)  # a busy switch
    assert mine.overdue(15.6) == []
    assert mine.overdue(15.7) == [long]
    assert mine.overdue(16.1) == [], "asked about once, it is not asked about at once again"
    assert mine.overdue(16.2) == [long], "it may play on: asked again until it does not"


def test_given_a_play_whose_beginning_is_lost_too_when_its_length_has_passed_then_it_is_asked_about() -> None:
    mine = ends()
    mine.sent(play("p", "short"), 0)
    assert mine.overdue(3.1) == []
    assert [each.play for each in mine.overdue(3.2)] == ["p"]


def test_given_a_play_when_its_end_is_told_then_it_is_not_asked_about() -> None:
    mine = ends()
    mine.sent(play("p", "short"), 0)
    mine.ended(LEG, "another")
    assert mine.awaits(mine.overdue(9)[0])
    mine.ended(LEG, "p")
    assert mine.overdue(99) == []


@pytest.mark.parametrize("over", [c.StopPlay(leg=LEG), c.Bridge(leg=LEG, other=LegId("fs1/b")), c.HangUp(leg=LEG), c.Dismiss(leg=LEG)])
def test_given_a_play_when_something_takes_its_place_then_it_is_not_asked_about(over: c.Command) -> None:
    mine = ends()
    mine.sent(play("p", "short"), 0)
    mine.sent(over, 1)
    assert mine.overdue(99) == []


def test_given_a_play_that_was_replaced_when_its_answer_comes_late_then_it_is_no_longer_awaited() -> None:
    mine, first, second = ends(), play("p", "short"), play("q", "long")
    mine.sent(first, 0)
    mine.sent(second, 3)
    assert not mine.awaits(first) and mine.awaits(second)
    mine.over(LEG)
    assert not mine.awaits(second)


def test_given_what_has_no_length_of_its_own_when_it_runs_then_it_is_asked_about_now_and_then() -> None:
    for command in (play("p", "unreadable"), c.Record(leg=LEG, play=PlayId("r"), max_s=60, silence_s=5)):
        mine = ends()
        mine.sent(command, 0)
        mine.begun(LEG, command.play, 0.1)
        assert [bool(mine.overdue(at)) for at in (2.1, 2.2, 3.1, 3.2)] == [False, True, False, True]


def test_given_two_who_talk_when_one_leaves_then_the_dial_is_asked_about_soon() -> None:
    mine = ends()
    mine.sent(c.Dial(leg=LEG, play=PlayId("d"), trunk="main", number="1", timeout_s=30), 0)
    assert mine.overdue(29.5)
    assert mine.overdue(31)
    assert not mine.overdue(40), "two who talk are asked about seldom"
    mine.partner_gone(LEG, 35)
    assert mine.overdue(35.7)


def test_given_several_media_when_their_length_is_asked_then_it_is_their_sum_and_unknown_when_one_is() -> None:
    dialect = Dialect(resolve=lambda medium: "x", lasts=lambda medium: {"a": 1.0, "b": 2.5, "default": 40.0}.get(medium.name))  # type: ignore[union-attr]
    assert lasts(play("p", "a", "b"), dialect) == 3.5
    assert lasts(play("p", "a", "unreadable"), dialect) is None
    music = c.Play(leg=LEG, play=PlayId("m"), media=(Music(),))
    assert lasts(music, dialect) == 40.0 * MUSIC_REPEATS


ENDED = {
    "played": {"current_application": "playback", "current_application_response": "FILE PLAYED"},
    "never begun": {"current_application": "park"},
    "recorded": {"current_application": "record", "record_ms": "2280"},
    "busy": {"current_application": "bridge", "originate_disposition": "USER_BUSY"},
    "talked": {"current_application": "bridge", "originate_disposition": "SUCCESS", "bridge_hangup_cause": "NORMAL_CLEARING"},
}
RUNNING = {
    "plays": {"current_application": "playback"},
    "records": {"current_application": "record", "record_ms": ""},
    "rings": {"current_application": "bridge", "originate_disposition": "failure"},
    "is dialled": {"current_application": "bridge"},
    "talks": {"current_application": "bridge", "originate_disposition": "SUCCESS", "last_bridge_hangup_cause": "USER_BUSY"},
    "something else": {"current_application": "uuid_bridge"},
    "unreadable": {},
}


def told(variables: dict[str, str]) -> PlayEnded | None:
    return end_missed({f"variable_{name}": value for name, value in variables.items()}, LEG, PlayId("p"), 7.0)


@pytest.mark.parametrize("variables", ENDED.values(), ids=ENDED)
def test_given_a_leg_on_which_nothing_runs_when_dumped_then_it_is_the_end_that_was_missed(variables: dict[str, str]) -> None:
    ended = told(variables)
    assert ended is not None and (ended.leg, ended.play, ended.at, ended.result) == (LEG, "p", 7.0, LOST)


@pytest.mark.parametrize("variables", RUNNING.values(), ids=RUNNING)
def test_given_a_leg_on_which_something_runs_when_dumped_then_nothing_has_ended(variables: dict[str, str]) -> None:
    assert told(variables) is None


def test_given_a_missed_end_when_found_then_it_says_what_the_end_would_have_said() -> None:
    recorded, busy, talked = told(ENDED["recorded"]), told(ENDED["busy"]), told(ENDED["talked"])
    assert recorded and busy and talked
    assert recorded.seconds == 2.28
    assert (busy.cause, talked.cause) == ("USER_BUSY", "NORMAL_CLEARING")
