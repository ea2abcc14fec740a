"""After a kill -9, and when campaigns come, go and take the place of others: nobody twice, every end stored (FAULTS.md F10)."""

from dataclasses import replace

import pytest

from acd.campaign import Campaign, Mode
from acd.words import AgentId, AgentState
from dialer.core.attempt import AttemptState
from dialer.core.decisions import Answered, Finish, RunChanged
from dialer.core.events import (
    CallSeen,
    EndStored,
    PreviewWished,
    PutBack,
    Unknown,
)
from dialer.core.launching import LOOK_AGAIN_S
from dialer.core.pacing.pacer import View
from dialer.core.pacing.ratio import Progressive
from dialer.core.run import Run, RunState, RunWish
from dialer.core.state import Dialler

from .floor import NOON, D, O, World, after_a_restart, campaign, comes, leased, pacer_of, slow

# -- after a kill -9 (FAULTS.md F10) -------------------------------------------------------------------------------------------


def test_f10_given_a_lead_claimed_and_never_dialled_when_restarted_then_it_goes_back_as_if_nothing_had_been() -> None:
    world, _ = after_a_restart(leased(), Unknown(at=NOON, attempt="t1", may_have_rung=False))
    assert world.finished == {"t1": "returned"} and not world.dialled


def test_f10_given_a_lead_claimed_when_nobody_knows_whether_it_rang_then_it_is_lost_and_counts_as_dialled() -> None:
    world, _ = after_a_restart(leased(), Unknown(at=NOON, attempt="t1", may_have_rung=True))
    assert world.finished == {"t1": "lost"} and not world.dialled


def test_f10_given_a_line_that_rings_when_restarted_then_it_is_followed_and_never_dialled_again() -> None:
    ringing = World(campaign())
    ringing.agent("anna")
    ringing.rings("t1")
    world, _ = after_a_restart(leased(), CallSeen(at=NOON, call=ringing.calls["t1"]))
    world.agent("anna")
    assert not world.dialled and world.state.attempts["t1"].state is AttemptState.RINGING


def test_f10_given_an_answer_that_was_stored_when_restarted_then_it_is_not_counted_twice() -> None:
    before = leased(state=AttemptState.ANSWERED, asked_at=NOON, answered_at=NOON)
    answered = World(campaign())
    answered.agent("anna")
    answered.answers("t1")
    answered.abandons("t1")
    world, made = after_a_restart(before, CallSeen(at=NOON + 2, call=answered.calls["t1"]))
    count = world.state.campaigns["spring"].ledger.counts(world.at)[0]
    assert (count.answered, count.abandoned) == (0, 1) and not any(isinstance(each, Answered) for each in made)


def test_given_an_end_that_the_database_has_not_confirmed_when_time_passes_then_it_is_told_again_and_kept_until_then() -> None:
    world = World(campaign())
    world.stores = False
    world.agent("anna")
    world.ends("t1")
    assert not [each for each in world.tick(5) if getattr(each, "attempt", None) == world.state.attempts["t1"]]
    told = [each for each in world.tick(15) if getattr(each, "attempt", None) == world.state.attempts["t1"]]
    assert len(told) == 1
    world.hear(EndStored(at=world.at, attempt="t1"))
    assert "t1" not in world.state.attempts


def test_given_a_campaign_that_replaces_another_when_begun_then_what_was_counted_counts_for_it() -> None:
    old = World(campaign())
    for ledger in old.state.counts_in("spring"):
        ledger.answered(NOON, 100)
    world = World(start=False)
    world.hear(PutBack(at=NOON, ledgers={"spring": old.state.campaigns["spring"].ledger.kept()}))
    world.rules(campaign("summer", replaces=("spring",)))
    assert world.state.campaigns["summer"].ledger.room(NOON) == 3


def test_row_86_given_a_campaign_that_another_replaces_while_it_runs_when_it_had_counted_then_all_of_it_counts_and_once() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    after = campaign("summer", replaces=("spring",))
    world.rules(after)
    world.agent("anna", AgentState.NOT_READY)
    world.abandons("t1")
    counts = [world.state.campaigns["summer"].ledger.counts(NOON)[0]]
    for rules in (campaign("summer"), after):  # it says so no more, and says so again
        world.rules(rules)
        counts.append(world.state.campaigns["summer"].ledger.counts(NOON)[0])
    assert [(each.answered, each.abandoned) for each in counts] == [(1, 1)] * 3


def test_given_a_campaign_that_was_taken_out_when_it_is_put_back_then_it_is_stopped_and_dials_nobody_until_it_is_started() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rules()
    world.ends("t1")
    assert world.state.campaigns["spring"].run.state is RunState.STOPPED
    world.rules(campaign())
    world.tick(5)
    assert world.dialled == ["t1"]
    world.wish("spring", RunWish.START)
    assert world.dialled == ["t1", "t2"]


def test_given_a_run_of_a_campaign_that_was_taken_out_while_we_were_away_when_it_is_put_back_then_it_is_stopped() -> None:
    world = World(start=False)
    world.state, world.decided = Dialler(pacer_of), []
    world.hear(PutBack(at=NOON, runs=(Run(campaign="spring", state=RunState.RUNNING, since=NOON),)))
    (told,) = world.rules()
    assert isinstance(told, RunChanged) and told.run.state is RunState.STOPPED and told.run.why
    world.rules(campaign())
    world.agent("anna")
    assert not world.dialled


@pytest.mark.parametrize("rules", [(), (campaign("summer", replaces=("spring",)),)])
def test_f10_given_a_call_of_a_campaign_that_was_taken_out_while_we_were_away_when_it_is_abandoned_then_its_end_is_stored_and_counts(
    rules: tuple[Campaign, ...],
) -> None:
    before = World(campaign())
    before.agent("anna")
    before.answers("t1")
    before.abandons("t1")
    before.ends("t1", O.DIALER_ABANDON)
    world = World(start=False)
    world.stores = False
    world.hear(PutBack(at=NOON, open=(leased(),)))
    world.rules(*rules)
    world.hear(CallSeen(at=NOON, call=before.calls["t1"]))
    assert world.finished == {"t1": "dialer_abandon"}
    assert [each.ledger.counts(NOON)[0].abandoned for each in world.state.campaigns.values()] == [1 for _ in rules]
    told = world.tick(20)
    assert [type(each) for each in told] == [Finish], "and again, until it is stored"


def test_f10_given_a_talk_that_ended_while_nobody_looked_when_it_is_seen_then_its_agent_is_not_taken_for_busy() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.see("t1", state=D.ENDED, bridged_at=NOON, agent="anna", ended_at=NOON + 9, outcome=O.TALKED)
    assert world.dialled == ["t1", "t2"] and world.finished == {"t1": "talked"}


def test_given_events_that_tell_a_pacer_nothing_when_heard_then_it_is_not_asked_and_after_the_others_it_is() -> None:
    asked: list[float] = []

    class Asked(Progressive):
        def lines(self, now: float, view: View) -> int:
            asked.append(now)
            return super().lines(now, view)

    world = World(campaign(), leads=1, start=False)
    world.state.pacer_of = lambda mode, ratio, kept: Asked()
    world.wish("spring", RunWish.START)
    world.stores = False
    world.agent("anna")
    asked.clear()
    world.rings("t1")
    assert not asked
    world.ends("t1")
    world.at += LOOK_AGAIN_S
    asked.clear()
    world.hear(EndStored(at=world.at, attempt="t1"))
    assert not asked and not world.state.attempts
    world.agent("ben")
    assert asked


def test_row_87_given_an_agent_who_leaves_while_leads_come_when_free_again_then_as_many_are_asked_for_as_are_wanted() -> None:
    world = slow()
    world.agent("anna", AgentState.NOT_READY)  # fewer calls are wanted now than leads were asked for
    assert world.state.campaigns["spring"].claiming == 1
    comes(world, leased())
    world.leads = 1
    world.tick(12)
    world.agent("anna")
    assert world.dialled == ["t1"] and world.state.campaigns["spring"].claiming == 0


def test_f10_given_a_line_that_rings_for_a_reserved_agent_when_restarted_then_still_theirs_and_no_line_of_the_others() -> None:
    ringing = World(campaign(mode=Mode.PREVIEW))
    ringing.agent("anna")
    ringing.hear(PreviewWished(at=NOON, agent="anna", accepts=True))
    call = replace(ringing.calls["t1"], state=D.RINGING, ringing_at=NOON, reserved=AgentId("anna"))
    world, _ = after_a_restart(leased(), CallSeen(at=NOON, call=call))
    attempt = world.state.attempts["t1"]
    assert (attempt.state, attempt.reserved) == (AttemptState.RINGING, "anna")
    world.agent("ben")
    assert world.claims == 1, "who is free is dialled for, as if nothing else rang"
