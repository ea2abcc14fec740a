"""`survey`: questions answered by digits; each answer is kept at once."""

import pytest

from acd.config.document import Refused
from acd.core.frame import Answered
from tests.ivr.caller import Caller, flow

SURVEY = """
start:
  step: survey
  survey: after_call
  consent: May we ask?
  questions:
    - {id: satisfied, kind: csat, prompt: One to five?}
    - {id: recommend, kind: nps, prompt: None to ten?}
    - {id: again, kind: choice, prompt: Again?, options: {1: yes_please, 2: no_thanks}}
  timeout_prompt: Nothing.
  invalid_prompt: Wrong.
  tries: 2
  between_digits: 2s
  next: all
  exits: {partial: some, declined: none}
all: {step: say, text: All., next: end}
some: {step: say, text: Some., next: end}
none: {step: say, text: None., next: end}
"""


def answers(caller: Caller) -> list[tuple[str, str, str, float | None]]:
    return [(one.question, one.kind, one.answer, one.score) for one in caller.answers]


def test_given_a_caller_who_answers_all_when_done_then_each_answer_was_kept_at_once() -> None:
    caller = Caller(flow(SURVEY))
    assert caller.heard == ["May we ask?"]
    assert caller.presses("1").heard == ["One to five?"]
    caller.presses("4")
    assert caller.answers == [Answered(survey="after_call", question="satisfied", kind="csat", answer="4", at=caller.at, score=4.0)]
    caller.presses("10")
    assert answers(caller)[1:] == [("recommend", "nps", "10", 10.0)] and caller.heard == ["Again?"]
    caller.presses("2")
    assert answers(caller)[2:] == [("again", "choice", "no_thanks", None)]
    assert caller.step == "all" and caller.variables == {"satisfied": "4", "recommend": "10", "again": "no_thanks"}


@pytest.mark.parametrize("digit", ["1", "0", "9"])
def test_given_a_score_of_ten_that_may_come_when_one_digit_is_pressed_then_only_one_waits_for_more(digit: str) -> None:
    caller = Caller(flow(SURVEY)).presses("14" + digit)
    if digit == "1":
        assert len(caller.answers) == 1 and caller.frame.deadline == caller.at + 2
        caller.waits()
    assert answers(caller)[1:] == [("recommend", "nps", digit, float(digit))]


def test_given_a_score_off_the_scale_when_pressed_then_it_is_asked_again_and_the_given_answers_stay() -> None:
    caller = Caller(flow(SURVEY)).presses("16")
    assert caller.heard == ["Wrong.", "One to five?"] and not caller.answers
    assert caller.presses("0").step == "some"
    assert Caller(flow(SURVEY)).presses("1312").hears_out().waits().step == "some"


def test_given_a_caller_who_falls_silent_when_the_tries_are_used_up_then_it_is_partial_and_the_given_answers_stay() -> None:
    caller = Caller(flow(SURVEY)).presses("15").hears_out().waits()
    assert caller.heard == ["Nothing.", "None to ten?"]
    caller.hears_out().waits()
    assert caller.step == "some" and answers(caller) == [("satisfied", "csat", "5", 5.0)]


@pytest.mark.parametrize("says", ["2", ""])
def test_given_a_caller_who_does_not_take_part_when_asked_then_no_question_comes(says: str) -> None:
    caller = Caller(flow(SURVEY)).presses(says)
    if not says:
        caller.hears_out().waits().hears_out().waits()
    assert caller.step == "none" and not caller.answers


def test_given_answers_typed_ahead_when_the_survey_begins_then_they_count() -> None:
    caller = Caller(flow("start: {step: say, text: Well., next: ask}\n" + SURVEY.replace("start:", "ask:"))).presses("15102")
    assert caller.hears_out().step == "all" and [one.answer for one in caller.answers] == ["5", "10", "no_thanks"]


@pytest.mark.parametrize("pressed", ["", "1", "15", "151", "1510"])
def test_given_a_restart_at_any_question_when_the_caller_goes_on_then_every_answer_is_kept_once(pressed: str) -> None:
    caller = Caller(flow(SURVEY)).presses(pressed).restarts().presses("15102"[len(pressed) :])
    assert caller.step == "all" and [one.answer for one in caller.answers] == ["5", "10", "no_thanks"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("{id: a, kind: csat, prompt: P., options: {1: b}}", "csat is answered by 1 to 5; leave out 'options'"),
        ("{id: a, kind: choice, prompt: P.}", "a choice needs 'options', such as {1: yes_please, 2: no_thanks}"),
        ("{id: a, kind: stars, prompt: P.}", "allowed: csat, nps, choice"),
        ("{id: a, kind: nps, prompt: P.}, {id: a, kind: csat, prompt: P.}", "two questions are called 'a'"),
    ],
)
def test_given_questions_that_make_no_sense_when_loaded_then_they_are_refused(question: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        flow(f"start: {{step: survey, questions: [{question}], next: end, otherwise: end}}")
    assert said in str(refused.value)
