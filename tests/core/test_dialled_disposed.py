"""What an agent says came of a talk with somebody who was dialled, and when they are called again (ACD.md 39)."""


import pytest

from acd.core.outside.dialled_call import KEPT_S, DialledState, DialOutcome
from acd.words import Wish, WrapUpMode
from tests.core.dialled_out import DialledWorld, dialling_rules, talked

D, O = DialledState, DialOutcome


def disposing_world(**rules: object) -> DialledWorld:
    said_ = {"queue_dispositions": {"sold": "1", "later": "2"}, "queue_wrap_up_mode": WrapUpMode.MANDATORY, **rules}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.dials()
    talked(w)
    return w.after(30)  # type: ignore[return-value]


def test_row_39_given_a_talk_with_somebody_dialled_when_the_agent_says_what_came_of_it_then_the_dialled_call_has_it() -> None:
    w = disposing_world()
    assert w.asks("a0", Wish.DISPOSE, "2") == ""
    assert (w.dialled().state, w.dialled().disposition, w.dialled().disposed_by) == (D.TALKING, "later", "a0")
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().disposition, w.dialled().is_told_after) == (O.TALKED, "later", False)


def test_row_39_given_a_call_that_is_over_when_the_agent_says_what_came_of_it_then_the_dialled_call_has_it_and_ends_once() -> None:
    w = disposing_world()
    w.far_ends()
    assert w.dialled().disposition == ""
    w.after(5)
    w.asks("a0", Wish.DISPOSE, "sold")
    assert (w.dialled().disposition, w.dialled().disposed_at, w.dialled().is_told_after) == ("sold", w.at, True)
    w.after(KEPT_S - 1)
    assert w.state.dialled
    w.after(2)
    assert not w.state.dialled


def test_row_39_given_a_wrap_up_that_lasts_for_long_when_the_call_would_be_forgotten_then_not_before_the_word() -> None:
    w = disposing_world(queue_wrap_up_limit_s=3600.0)
    w.far_ends()
    w.after(KEPT_S + 100)
    assert w.asks("a0", Wish.DISPOSE, "later") == "" and w.dialled().disposition == "later"
    w.after(KEPT_S + 1)
    assert not w.state.dialled


def test_row_39_given_a_wrap_up_when_it_ends_without_a_word_then_the_dialled_call_is_forgotten_all_the_same() -> None:
    w = disposing_world(queue_wrap_up_limit_s=700.0)
    w.far_ends()
    w.after(700 + KEPT_S)
    assert not w.state.dialled


# -- and when they are called again ---

TIMED = {"sold": "1", "call_back": "2", "soon": "3", "odd": "2*1"}


def calling_back(*, over: bool = False) -> DialledWorld:
    """``call_back`` needs a time, ``soon`` is in two hours where none is said."""
    said_ = {"queue_dispositions": TIMED, "queue_wrap_up_mode": WrapUpMode.MANDATORY}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.dials(callbacks={"call_back": 0.0, "soon": 7200.0})
    talked(w)
    w.after(30)
    if over:
        w.far_ends()
    return w


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("said", "name", "after_s"),
    [("2*3", "call_back", 10_800.0), ("soon", "soon", 7200.0), ("3*12", "soon", 43_200.0), ("1", "sold", None), ("2*1", "odd", None)],
)
def test_row_39_given_a_disposition_with_a_time_when_said_by_its_digits_then_the_time_is_known(
    said: str, name: str, after_s: float | None, over: bool
) -> None:
    w = calling_back(over=over)
    assert w.asks("a0", Wish.DISPOSE, said) == ""
    assert (w.dialled().disposition, w.dialled().call_at) == (name, None if after_s is None else w.at + after_s)


def test_row_39_given_a_disposition_with_a_time_when_said_by_command_then_at_that_time() -> None:
    w = calling_back()
    assert w.asks("a0", Wish.DISPOSE, "call_back", call_at=w.at + 90_000) == "" and w.dialled().call_at == w.at + 90_000
    assert w.asks("a0", Wish.DISPOSE, "sold") == "" and w.dialled().call_at is None, "another word takes the time along"


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("said", "call_at", "why"),
    [
        ("2", None, "call_back needs a time: by phone its code, * and in how many hours, or by command --at"),
        ("2", -1.0, "that time is over"),
        ("1*2", None, "sold takes no time"),
        ("sold", 600.0, "sold takes no time"),
        ("2*", None, "no disposition is called '2*'"),
        ("2*0", None, "no disposition is called '2*0'"),
        ("*2", None, "no disposition is called '*2'"),
        ("2*1234", None, "no disposition is called '2*1234'"),
    ],
)
def test_row_39_given_a_time_that_nobody_can_know_or_that_means_nothing_when_said_then_refused_and_nothing_is_kept(
    said: str, call_at: float | None, why: str, over: bool
) -> None:
    w = calling_back(over=over)
    refused = w.asks("a0", Wish.DISPOSE, said, call_at=None if call_at is None else w.at + call_at)
    assert refused.startswith(why) and w.dialled().disposition == "" and (over is False or bool(w.state.wrap_ups))


def test_row_39_given_a_caller_whom_nobody_dialled_when_a_time_is_said_then_refused_for_nobody_would_call() -> None:
    said_ = {"queue_dispositions": TIMED, "queue_wrap_up_mode": WrapUpMode.MANDATORY}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.arrives("c1")
    w.picks_up("a0")
    w.is_bridged("a0")
    assert w.asks("a0", Wish.DISPOSE, "2*3") == "call_back takes no time" and w.asks("a0", Wish.DISPOSE, "2") == ""
