"""ACD.md 38-42: wrap-up in its five modes, what came of the talk, and who is let go when."""

import pytest

from acd.core.offers.offer import Offer
from acd.core.staff.agent import OVERRUN
from acd.core.staff.wrap_up import WrapUp
from acd.words import AgentState, Wish, WrapUpEnd, WrapUpMode
from tests.core.world import World, policy

A, M, End = AgentState, WrapUpMode, WrapUpEnd
SAID = {"sold": "1", "later": "2"}


def wrapping(mode: WrapUpMode, **rules: object) -> World:
    """The talk of ``a0`` with ``c`` has just ended after 30 s."""
    more = {f"queue_{name}": value for name, value in {"dispositions": SAID, "wrap_up_mode": mode, **rules}.items()}
    world = World(policy(1, **more)).talks("c", "a0").after(30)
    world.hangs_up("c")
    return world


def ended(world: World) -> WrapUp:
    (one,) = world.ended(WrapUp)
    assert isinstance(one, WrapUp)
    return one


def test_row_39_given_no_wrap_up_when_the_talk_ends_then_ready_at_once() -> None:
    world = wrapping(M.NONE)
    assert world.agent("a0").state is A.READY and world.ended(WrapUp) == []


def test_row_39_given_a_timed_wrap_up_when_its_time_is_over_then_ready_without_an_alarm() -> None:
    world = wrapping(M.TIMED, wrap_up_s=20.0).after(19.9)
    assert world.agent("a0").state is A.WRAP_UP
    world.after(0.2)
    assert (world.agent("a0").state, world.agent("a0").alarm) == (A.READY, "")
    assert ended(world).ended_by is End.TIMER


@pytest.mark.parametrize("mode", [M.TIMED, M.OPTIONAL])
def test_row_39_given_a_wrap_up_that_may_be_left_when_ready_is_asked_for_then_it_is_over(mode: WrapUpMode) -> None:
    world = wrapping(mode, wrap_up_s=20.0).after(5)
    assert world.asks("a0", Wish.READY) == "" and world.agent("a0").state is A.READY
    assert ended(world).ended_by is End.READY


@pytest.mark.parametrize("mode", [M.MANDATORY, M.MANDATORY_TIMED])
def test_row_39_given_a_mandatory_wrap_up_when_ready_is_asked_for_then_the_disposition_is_asked_for(mode: WrapUpMode) -> None:
    world = wrapping(mode, wrap_up_s=20.0)
    assert "sold, later" in world.asks("a0", Wish.READY)
    assert world.agent("a0").state is A.WRAP_UP
    assert world.asks("a0", Wish.DISPOSE, "sold") == ""
    assert world.agent("a0").state is A.READY
    assert (ended(world).disposition, ended(world).ended_by) == ("sold", End.DISPOSITION)


def test_row_39_given_a_mandatory_wrap_up_when_a_break_is_asked_for_then_it_comes_after_the_disposition() -> None:
    world = wrapping(M.MANDATORY)
    assert world.asks("a0", Wish.NOT_READY, "lunch") == ""
    assert (world.agent("a0").state, world.agent("a0").pending) == (A.WRAP_UP, Wish.NOT_READY)
    world.asks("a0", Wish.DISPOSE, "2")
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "lunch")
    assert ended(world).disposition == "later"


def test_row_39_given_a_mandatory_wrap_up_when_a_supervisor_forces_then_it_is_over_and_it_is_kept_who_did_it() -> None:
    world = wrapping(M.MANDATORY)
    assert world.asks("a0", Wish.NOT_READY, by="eva", forced=True) == ""
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.by) == (A.NOT_READY, "supervisor_forced", "eva")
    assert ended(world).ended_by is End.LEFT


def test_row_40_given_nobody_at_the_desk_when_a_mandatory_wrap_up_reaches_its_limit_then_closed_with_an_alarm() -> None:
    world = wrapping(M.MANDATORY, wrap_up_limit_s=60.0).after(60)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.alarm) == (A.NOT_READY, "wrapup_overrun", OVERRUN)
    assert ended(world).ended_by is End.OVERRUN
    world.asks("a0", Wish.READY)
    assert world.agent("a0").alarm == ""


def test_row_40_given_a_time_box_without_a_disposition_when_it_is_over_then_ready_with_an_alarm() -> None:
    world = wrapping(M.MANDATORY_TIMED, wrap_up_s=20.0).after(20)
    assert (world.agent("a0").state, world.agent("a0").alarm) == (A.READY, OVERRUN)


def test_row_40_given_log_out_asked_for_when_the_limit_comes_then_logged_out() -> None:
    world = wrapping(M.MANDATORY, wrap_up_limit_s=60.0)
    world.asks("a0", Wish.LOG_OUT)
    assert world.after(60).agent("a0").state is A.LOGGED_OUT


def test_row_41_given_a_talk_under_the_least_when_it_ends_then_no_wrap_up_though_it_is_mandatory() -> None:
    world = wrapping(M.MANDATORY, wrap_up_min_talk_s=31.0)
    assert world.agent("a0").state is A.READY and world.ended(WrapUp) == []


def test_given_a_disposition_said_in_the_talk_when_it_ends_then_kept_and_nothing_is_owed() -> None:
    world = World(policy(1, queue_dispositions=SAID, queue_wrap_up_mode=M.MANDATORY)).talks("c", "a0").after(30)
    assert world.asks("a0", Wish.DISPOSE, "1") == ""
    world.hangs_up("c")
    assert world.agent("a0").state is A.WRAP_UP
    assert world.asks("a0", Wish.READY) == "" and ended(world).disposition == "sold"
    assert [offer.disposition for offer in world.ended(Offer)] == ["sold"]


def test_given_a_disposition_said_in_a_talk_without_wrap_up_when_it_ends_then_kept_all_the_same() -> None:
    world = World(policy(1, queue_dispositions=SAID, queue_wrap_up_mode=M.NONE)).talks("c", "a0").after(30)
    world.asks("a0", Wish.DISPOSE, "later")
    world.hangs_up("c")
    assert (ended(world).disposition, world.agent("a0").state) == ("later", A.READY)


@pytest.mark.parametrize("said", ["", "3", "bought"])
def test_given_a_word_that_is_no_disposition_when_said_then_refused_with_what_there_is(said: str) -> None:
    world = wrapping(M.MANDATORY)
    assert "sold (1), later (2)" in world.asks("a0", Wish.DISPOSE, said)
    assert world.agent("a0").state is A.WRAP_UP


def test_given_no_talk_when_a_disposition_is_said_then_refused() -> None:
    assert "no talk" in World().ready("a0").asks("a0", Wish.DISPOSE, "sold")


def test_row_39_given_leave_to_take_more_time_when_asked_for_then_within_the_bound_only() -> None:
    world = wrapping(M.TIMED, wrap_up_s=20.0, wrap_up_more_s=10.0, wrap_up_more_times=2)
    assert [world.asks("a0", Wish.MORE_TIME) for _ in range(2)] == ["", ""]
    assert "2 times" in world.asks("a0", Wish.MORE_TIME)
    assert world.after(39.9).agent("a0").state is A.WRAP_UP
    assert world.after(0.2).agent("a0").state is A.READY and ended(world).more == 2


def test_row_39_given_no_leave_when_more_time_is_asked_for_then_refused() -> None:
    assert "does not allow" in wrapping(M.TIMED).asks("a0", Wish.MORE_TIME)
    assert World().ready("a0").asks("a0", Wish.MORE_TIME) == "not in wrap-up"


def test_row_42_given_wrap_up_when_somebody_asks_for_this_agent_then_not_rung_until_it_is_over() -> None:
    world = wrapping(M.TIMED, wrap_up_s=20.0)
    world.arrives("d")
    assert world.rung() == ["1000"]
    assert world.after(20.1).rung() == ["1000", "1000"]


def test_given_an_agent_in_wrap_up_when_taken_out_of_the_configuration_then_it_is_closed() -> None:
    from acd.core import events as ev

    world = wrapping(M.MANDATORY)
    world.state.policy = policy(0)
    world.feed(ev.PolicyChanged(at=world.at))
    assert ended(world).ended_by is End.LEFT and world.agent("a0").state is A.LOGGED_OUT
