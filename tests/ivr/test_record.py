"""`record`: what a caller says is kept; on request they hear it and say it again. Who hangs up keeps what was said."""

import pytest

from acd.core.commands import Play
from acd.core.events import LOST, SILENCE
from acd.core.frame import Message
from acd.core.media import Kept, Tone
from tests.ivr.caller import Caller, flow


def record(keys: str = "") -> Caller:
    start = f"start: {{step: record, into: words, prompt: Speak., max: 1m{keys}, next: after, otherwise: lost}}"
    return Caller(flow(f"{start}\nafter: {{step: say, text: Thanks., next: end}}\nlost: {{step: say, text: Sorry., next: end}}"))


def told(caller: Caller) -> list[object]:
    return [medium for command in caller.walk.commands if isinstance(command, Play) for medium in command.media]


def kept(caller: Caller) -> list[tuple[str, str, str, float]]:
    return [(one.kind, one.mailbox, one.id, one.seconds) for one in caller.messages]


def test_given_a_caller_who_speaks_when_silence_comes_then_it_is_kept_under_its_id_and_in_no_mailbox() -> None:
    caller = record()
    assert caller.heard == ["Speak.", "[beep]"]
    recorded = caller.hears_out().recorded
    assert recorded is not None and (recorded.max_s, recorded.silence_s) == (60, 5)
    caller.hears_out(seconds=7.5)
    assert caller.step == "after" and kept(caller) == [("recording", "", recorded.play, 7.5)]
    assert caller.variables == {"words": recorded.play, "words_seconds": "7.5"}


def test_given_no_beep_and_no_prompt_of_ours_when_entered_then_the_words_alone_are_heard() -> None:
    assert record(", beep: false").heard == ["Speak."]


def test_given_the_hash_when_pressed_then_first_the_words_and_then_the_recording_end() -> None:
    caller = record().presses("#")
    assert told(caller) == [Tone(name="beep")]
    assert caller.hears_out().presses("#").commands == ["StopPlay"]
    assert caller.hears_out(seconds=2).step == "after"


def test_given_another_digit_when_pressed_then_the_recording_goes_on() -> None:
    assert record().hears_out().presses("5").commands == []


def test_given_nothing_said_when_it_ends_then_nothing_is_kept() -> None:
    caller = record().hears_out().hears_out(seconds=0.4)
    assert caller.step == "lost" and not caller.messages and caller.variables["words"] == ""


def test_given_a_recording_whose_end_is_lost_when_its_time_is_over_then_it_is_kept() -> None:
    caller = record().hears_out().waits()
    assert caller.step == "after" and [one.seconds for one in caller.messages] == [60]


def test_given_a_review_when_the_caller_hears_it_then_it_is_theirs_and_they_are_asked_again() -> None:
    caller = record(", review: true").hears_out()
    recorded = caller.recorded
    caller.hears_out(seconds=4)
    assert recorded is not None and not caller.messages
    assert caller.heard == ["To keep your recording, press 1. To hear it, press 2. To record it again, press 3."]
    assert told(caller.presses("2")) == [Kept(name=recorded.play)]
    assert caller.hears_out().heard[0].startswith("To keep")
    assert caller.presses("1").step == "after" and kept(caller) == [("recording", "", recorded.play, 4.0)]


def test_given_a_review_when_it_is_said_again_then_only_the_last_is_kept() -> None:
    caller = record(", review: Well?").hears_out().hears_out(seconds=4).presses("3").hears_out()
    again = caller.recorded
    assert again is not None
    caller.hears_out(seconds=9).presses("1")
    assert kept(caller) == [("recording", "", again.play, 9.0)]


def test_given_the_recording_heard_again_when_a_choice_is_pressed_then_it_counts_at_once() -> None:
    caller = record(", review: Well?").hears_out().hears_out(seconds=4).presses("21")
    assert caller.step == "after" and len(caller.messages) == 1


def test_given_a_review_when_nothing_is_decided_then_it_is_kept() -> None:
    caller = record(", review: Well?, tries: 1").hears_out().hears_out(seconds=4).hears_out().waits()
    assert caller.step == "after" and len(caller.messages) == 1


def gone(caller: Caller, after_s: float = 6.0) -> tuple[Message, ...]:
    return caller.library.left_behind(caller.at + after_s, caller.frame, after_s)


def test_given_a_caller_who_hangs_up_while_speaking_when_gone_then_what_was_said_is_kept() -> None:
    caller = record().hears_out()
    assert caller.recorded is not None
    assert [(one.id, one.seconds) for one in gone(caller)] == [(caller.recorded.play, 6.0)]
    assert gone(record()) == () and gone(record().hears_out(), 0.5) == ()


def test_given_a_caller_who_hangs_up_in_the_review_when_gone_then_what_was_said_is_kept() -> None:
    assert [one.seconds for one in gone(record(", review: Well?").hears_out().hears_out(seconds=4))] == [4.0]


@pytest.mark.parametrize("moment", range(4))
def test_given_a_restart_at_any_moment_when_the_caller_goes_on_then_it_is_kept_once(moment: int) -> None:
    caller = record(", review: Well?")
    for n, goes_on in enumerate(
        [lambda: caller.hears_out(), lambda: caller.hears_out(seconds=4), lambda: caller.presses("2"), lambda: caller.presses("1")]
    ):
        if n == moment:
            caller.restarts()
        goes_on()
    assert caller.step == "after" and len(caller.messages) == 1


def test_given_nothing_but_silence_when_it_ends_the_recording_then_nothing_is_kept() -> None:
    caller = record().hears_out().hears_out(seconds=5.3, result=SILENCE)
    assert caller.step == "lost" and not caller.messages
    assert record().hears_out().hears_out(seconds=7, result=SILENCE).messages


def test_given_a_recording_whose_end_was_lost_when_it_is_found_then_it_is_kept_with_the_time_it_took() -> None:
    caller = record().hears_out().restarts().hears_out(result=LOST)
    assert caller.step == "after" and [one.seconds for one in caller.messages] == [3.0]
