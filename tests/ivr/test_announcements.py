"""`play`, `say`, `hang_up`, `set`: what is heard, and what keeps a caller from hearing nothing for ever."""

from dataclasses import replace

import pytest

from acd.core.commands import Play
from acd.core.events import PlayEnded
from acd.core.interpreter import EndCall
from acd.core.media import Recorded, Speech
from acd.ivr.check import Known
from tests.ivr.caller import Caller, flow

SAY = """
start: {step: say, text: "Hello.", next: after}
after: {step: say, text: "Goodbye.", next: end}
"""


def test_given_a_call_when_it_begins_then_it_is_answered_before_anything_is_heard() -> None:
    caller = Caller(flow(SAY))
    assert caller.commands == ["Answer", "Play"]
    assert caller.heard == ["Hello."]


def test_given_an_answered_call_when_the_next_step_plays_then_it_is_not_answered_again() -> None:
    caller = Caller(flow(SAY))
    caller.call = replace(caller.call, answered_at=caller.at)
    assert caller.hears_out().commands == ["Play"]


def test_given_each_playback_when_it_begins_then_its_id_is_the_calls_with_a_count() -> None:
    caller = Caller(flow(SAY))
    assert caller.frame.play == "c1.1"
    assert caller.hears_out().frame.play == "c1.2"


def test_given_the_last_words_when_they_have_ended_then_the_call_ends_and_the_trail_tells_the_way() -> None:
    caller = Caller(flow(SAY)).hears_out().hears_out()
    assert caller.ended
    assert caller.exits == [("start", "done"), ("after", "done")]
    assert caller.passed[0].left_at - caller.passed[0].entered_at == 3


def test_given_a_playback_whose_end_is_lost_when_its_deadline_comes_then_the_caller_goes_on() -> None:
    caller = Caller(flow(SAY)).waits(1)
    assert caller.step == "start" and caller.commands == []
    assert caller.waits().step == "after"


def test_given_an_older_playbacks_end_when_it_comes_late_then_nothing_moves() -> None:
    caller = Caller(flow(SAY))
    late = caller.frame.play
    caller.hears_out()
    before = caller.frame
    caller.happens(PlayEnded(at=caller.at, leg=caller.call.leg, play=late))  # type: ignore[arg-type]
    assert caller.frame == before and caller.walk.commands == ()


def test_given_an_interruptible_text_when_a_digit_is_pressed_then_it_goes_on_and_keeps_the_digit() -> None:
    steps = "start: {step: say, text: Long., interruptible: 'true', next: after}\nafter: {step: say, text: Next., next: end}"
    caller = Caller(flow(steps)).presses("4")
    assert caller.step == "after" and caller.frame.digits == "4"
    assert caller.commands == ["Answer", "Play"]  # the new playback takes the old one's place


def test_given_a_text_that_must_be_heard_when_a_digit_is_pressed_then_it_plays_on() -> None:
    caller = Caller(flow(SAY)).presses("4")
    assert caller.step == "start" and caller.commands == [] and caller.frame.digits == "4"


def test_given_a_flood_of_digits_when_they_are_kept_then_their_number_is_bounded() -> None:
    assert len(Caller(flow(SAY)).presses("1" * 500).frame.digits) == 64


@pytest.mark.parametrize(
    ("recordings", "heard"),
    [(frozenset({"hi"}), Recorded(name="hi", language="en")), (frozenset(), Speech(text="Hi.", language="en"))],
)
def test_given_a_prompt_with_both_when_the_recording_is_there_then_it_wins(recordings: frozenset[str], heard: object) -> None:
    steps = "start: {step: play, prompt: [{file: hi, say: Hi.}], next: end}"
    play = Caller(flow(steps, known=Known(recordings=recordings))).walk.commands[1]
    assert isinstance(play, Play) and play.media == (heard,)


def test_given_a_text_with_digits_of_a_variable_when_spoken_then_they_come_one_by_one_between_the_fixed_parts() -> None:
    steps = """
    start: {step: set, values: {n: "407"}, next: say}
    say: {step: say, text: "You typed {{ digits(n) }}. Thank you.", next: end}
    """
    assert Caller(flow(steps)).heard == ["You typed", "4", "0", "7", ". Thank you."]


def test_given_a_callers_name_with_braces_when_spoken_then_it_is_data_and_no_template() -> None:
    steps = "start: {step: say, text: 'Hello {{ call.caller_name }}', next: end}"
    caller = Caller(flow(steps), caller_name="{{ call.dialled }}")
    assert caller.heard == ["Hello", "{{ call.dialled }}"]


def test_given_a_text_that_comes_out_empty_when_spoken_then_the_caller_goes_on_at_once() -> None:
    caller = Caller(flow("start: {step: say, text: '{{ nothing_here }}', next: end}"))
    assert caller.frame.deadline == caller.at and caller.walk.commands == ()
    assert caller.waits(0).ended


def test_given_values_when_set_then_they_come_in_the_files_order_and_the_call_cannot_be_overwritten() -> None:
    steps = """
    start: {step: set, values: {a: "x", b: "{{ a }}y", c: "{{ call.dialled }}", d: ""}, next: wait}
    wait: {step: say, text: Hello., next: end}
    """
    assert Caller(flow(steps)).variables == {"a": "x", "b": "xy", "c": "100", "d": ""}


def test_given_hang_up_with_a_cause_when_reached_then_the_call_ends_with_it() -> None:
    caller = Caller(flow("start: {step: hang_up, cause: busy}"))
    assert caller.walk.ask == EndCall(cause="USER_BUSY")
    assert caller.waits(5).walk.ask is None


def test_given_hang_up_with_last_words_when_they_have_ended_then_the_call_ends() -> None:
    caller = Caller(flow("start: {step: hang_up, prompt: Bye.}"))
    assert not caller.ended
    assert caller.hears_out().ended
