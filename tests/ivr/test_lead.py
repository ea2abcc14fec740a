"""`lead`: what an agent asks of campaigns by phone, once, and what they are told (ACD.md 37)."""

import pytest

from acd.config.document import Refused
from acd.core.commands import AskCampaigns
from acd.core.events import ErrandDone
from acd.words import PlayId
from tests.ivr.caller import Caller, flow

FLOW = """
start: {step: set, values: {number: "030 12"}, next: mine}
mine: {step: lead, do: call, number: "{{ number }}", campaign: spring, next: done, exits: {refused: no}}
done: {step: say, text: "Called {{ lead_number }} for {{ lead_campaign }}.", next: end}
no: {step: say, text: "No: {{ lead_why }}", next: end}
"""


def sent(caller: Caller) -> list[AskCampaigns]:
    return [one for one in caller.walk.commands if isinstance(one, AskCampaigns)]


def answers(caller: Caller, why: str = "", **values: str) -> Caller:
    errand = caller.frame.play
    assert errand is not None
    return caller.happens(ErrandDone(at=caller.at + 0.5, leg=caller.call.leg, errand=errand, why=why, values=values))


def said(caller: Caller) -> str:
    return " ".join(caller.heard)


def test_given_an_agents_phone_when_the_step_is_entered_then_asked_once_with_their_name_and_what_they_typed() -> None:
    caller = Caller(flow(FLOW), agent="anna")
    (ask,) = sent(caller)
    assert (ask.agent, ask.what, ask.number, ask.campaign) == ("anna", "call", "030 12", "spring")
    answers(caller, lead_number="+493012", lead_campaign="spring")
    assert said(caller).startswith("Called +493012 for spring")


def test_given_a_refusal_when_it_comes_then_its_words_and_nothing_of_an_earlier_lead() -> None:
    caller = Caller(flow(FLOW.replace('{number: "030 12"}', '{number: "030 12", lead_number: old}')), agent="anna")
    answers(caller, why="it is on a do-not-call list")
    assert said(caller) == "No: it is on a do-not-call list" and caller.frame.variables["lead_number"] == ""


def test_given_no_answer_when_the_time_is_over_then_refused_and_never_asked_again() -> None:
    caller = Caller(flow(FLOW), agent="anna")
    asked = sent(caller)
    caller.waits()
    assert len(asked) == 1 and not sent(caller) and said(caller) == "No: no answer"


def test_given_the_answer_of_something_else_when_it_comes_then_waited_for_on() -> None:
    caller = Caller(flow(FLOW), agent="anna")
    caller.happens(ErrandDone(at=caller.at, leg=caller.call.leg, errand=PlayId("other")))
    assert caller.frame.step == "mine"


def test_given_a_phone_that_is_no_agents_when_it_asks_then_refused_and_nobody_is_asked() -> None:
    caller = Caller(flow(FLOW))
    assert not sent(caller) and said(caller) == "No: this phone belongs to no agent"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("do: call", "a number goes with call, and call needs one"),
        ('do: look, number: "1"', "a number goes with call, and call needs one"),
        ("do: skip, campaign: spring", "a campaign goes with call"),
        ("do: eat", "allowed"),
    ],
)
def test_given_keys_that_do_not_go_together_when_loaded_then_refused_in_words(written: str, why: str) -> None:
    text = f"start: {{step: lead, {written}, next: end, exits: {{refused: end}}}}"
    with pytest.raises(Refused, match=why):
        flow(text)
