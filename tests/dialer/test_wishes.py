"""Campaigns that are started, paused, drained and stopped, and who is called no more (ACD.md 94)."""

from dataclasses import replace

import pytest

from acd.campaign import After, Disposition
from acd.core.illegal import IllegalMove
from dialer.core.attempt import AttemptState
from dialer.core.decisions import Answered, Finish, KeepOptOut
from dialer.core.events import (
    CallSeen,
    OptedOut,
)
from dialer.core.run import RunState, RunWish

from .floor import NOON, D, O, World, after_a_restart, campaign, leased, talked

# -- wishes --------------------------------------------------------------------------------------------------------------


def test_given_lines_that_ring_when_stopped_then_they_are_dropped_and_a_person_who_is_there_is_not() -> None:
    world = World(campaign())
    world.agent("anna")
    world.agent("ben")
    world.rings("t1")
    world.answers("t2")
    world.wish("spring", RunWish.STOP)
    assert world.dropped == ["t1"] and world.state.campaigns["spring"].run.state is RunState.STOPPED


def test_given_a_draining_campaign_when_the_last_call_is_over_then_it_is_stopped() -> None:
    world = World(campaign())
    world.agent("anna")
    world.wish("spring", RunWish.DRAIN)
    world.tick()
    assert world.state.campaigns["spring"].run.state is RunState.DRAINING
    world.ends("t1")
    assert world.state.campaigns["spring"].run.state is RunState.STOPPED and world.dialled == ["t1"]


def test_given_a_stopped_campaign_when_asked_to_pause_then_refused_with_what_is_allowed() -> None:
    world = World(campaign(), start=False)
    with pytest.raises(IllegalMove, match="campaign spring is stopped; allowed are: start"):
        world.wish("spring", RunWish.PAUSE)


def test_row_94_given_a_number_that_rings_when_it_opts_out_then_it_is_dropped() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rings("t1")
    world.hear(OptedOut(at=world.at, number=world.state.attempts["t1"].number))
    assert world.dropped == ["t1"]


def test_row_94_given_a_number_that_one_campaign_must_not_call_when_listed_then_only_its_own_call_is_dropped() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rings("t1")
    number = world.state.attempts["t1"].number
    world.hear(OptedOut(at=world.at, number=number, campaign="winter"))
    assert world.dropped == []
    world.hear(OptedOut(at=world.at, number=number, campaign="spring"))
    assert world.dropped == ["t1"]


def test_row_94_given_an_agent_who_says_that_they_want_no_more_calls_when_another_call_rings_there_then_it_is_dropped() -> None:
    world = talked(World(campaign(dispositions={"never": Disposition(then=After.DO_NOT_CALL)})))
    world.ends("t1", O.TALKED)
    world.agent("anna")
    world.rings("t2")
    world.state.attempts["t2"] = replace(world.state.attempts["t2"], number=world.calls["t1"].number)
    world.see("t1", disposition="never", disposed_at=world.at)
    world.see("t1", is_told_after=True)
    assert world.dropped == ["t2"]


def test_row_94_given_the_message_when_they_opt_out_then_stored_at_once_and_with_the_end_and_what_rings_there_is_dropped() -> None:
    world = World(campaign())
    world.agent("anna")
    world.agent("ben")
    world.rings("t2")
    world.state.attempts["t2"] = replace(world.state.attempts["t2"], number=world.state.attempts["t1"].number)
    world.answers("t1")
    world.abandons("t1")
    made = world.see("t1", opted_out_at=world.at) + world.see("t1")
    assert [each.attempt.id for each in made if isinstance(each, KeepOptOut)] == ["t1"]
    assert world.dropped == ["t2"] and world.finished == {}
    (end,) = [each for each in world.ends("t1", O.DIALER_ABANDON) if isinstance(each, Finish)]
    assert end.attempt.opted_out_at == world.at


def test_row_94_given_an_opt_out_and_an_end_that_were_missed_when_seen_together_then_both_are_stored() -> None:
    world = World(campaign())
    world.agent("anna")
    made = world.see("t1", state=D.ENDED, answered_at=NOON, opted_out_at=NOON + 3, ended_at=NOON + 4, outcome=O.DIALER_ABANDON)
    assert [type(each) for each in made if isinstance(each, KeepOptOut | Finish)] == [KeepOptOut, Finish]
    assert world.finished == {"t1": "dialer_abandon"}


def test_f10_given_an_opt_out_before_a_restart_when_seen_again_then_stored_and_the_call_is_followed() -> None:
    before = World(campaign())
    before.agent("anna")
    before.answers("t1")
    before.abandons("t1")
    before.see("t1", opted_out_at=NOON)
    world, made = after_a_restart(leased(), CallSeen(at=NOON + 2, call=before.calls["t1"]))
    assert [type(each) for each in made] == [KeepOptOut, Answered]
    assert world.state.attempts["t1"].state is AttemptState.ABANDONED and not world.finished


def test_given_a_campaign_taken_out_of_the_configuration_when_a_line_ends_then_nothing_new_and_its_end_is_stored() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rules()
    world.ends("t1")
    assert world.dialled == ["t1"] and world.finished == {"t1": "no_answer"}
