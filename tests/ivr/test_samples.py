"""The flows that a new installation begins with, walked by callers and agents."""

from pathlib import Path

import pytest

from acd.core.interpreter import AgentWish
from acd.ivr.load import load_file
from acd.words import Wish
from tests.ivr.caller import Caller

SAMPLES = Path(__file__).parent.parent.parent / "ivr_flows"


def caller(flow: str) -> Caller:
    return Caller(load_file(SAMPLES / f"{flow}.yaml"))


@pytest.mark.parametrize(
    ("digits", "queue", "priority"), [("1", "sales", None), ("2123456", "support", None), ("2912345", "support", 10)]
)
def test_given_the_main_number_when_a_choice_is_made_then_the_caller_waits_where_it_leads(
    digits: str, queue: str, priority: int | None
) -> None:
    reached = caller("main").hears_out().presses(digits)
    if reached.step == "read_back":
        assert reached.heard == ["Your number is", *digits[1:], ". Thank you."]
        reached.hears_out()
    assert reached.queued and (reached.queued.queue, reached.queued.priority) == (queue, priority)


def test_given_the_main_number_when_nothing_is_pressed_then_a_person_is_reached_all_the_same() -> None:
    silent = caller("main").hears_out()
    for _ in range(3):
        silent.hears_out().waits()
    assert silent.queued and silent.queued.queue == "sales"


@pytest.mark.parametrize("exit", ["timed_out", "full", "no_agents", "failed", "#"])
def test_given_a_caller_whom_nobody_serves_when_they_come_back_then_they_can_leave_a_message(exit: str) -> None:
    back = caller("main").hears_out().presses("1").comes_back(exit).hears_out().hears_out().hears_out(seconds=7.0)
    assert [message.mailbox for message in back.messages] == ["main"]
    assert back.hears_out().hears_out().ended


def test_given_a_served_caller_when_the_talk_is_over_then_the_call_ends() -> None:
    assert caller("main").hears_out().presses("1").comes_back("served").ended


@pytest.mark.parametrize(
    ("flow", "wish"), [("agent_log_in", Wish.LOG_IN), ("agent_ready", Wish.READY), ("agent_log_out", Wish.LOG_OUT)]
)
def test_given_a_feature_code_when_dialled_then_the_wish_is_asked_and_its_answer_announced(flow: str, wish: Wish) -> None:
    agent = caller(flow)
    assert agent.walk.ask == AgentWish(wish=wish)
    assert agent.is_told("ready").heard and agent.hears_out().ended
    assert "not registered" in caller(flow).is_told("logged_out", "not registered").heard


@pytest.mark.parametrize(("digit", "reason"), [("1", "break"), ("2", "lunch"), ("3", "meeting")])
def test_given_the_code_for_not_ready_when_a_reason_is_pressed_then_it_is_asked_with_it(digit: str, reason: str) -> None:
    agent = caller("agent_not_ready").presses(digit)
    assert agent.walk.ask == AgentWish(wish=Wish.NOT_READY, reason=reason)
    assert agent.is_told("not_ready").heard
