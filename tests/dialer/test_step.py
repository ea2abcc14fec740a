"""What campaigns decide, event by event (ACD.md 37, 87, 88, 91-94; FAULTS.md F10). The house beside them is played."""

from dataclasses import replace

import pytest

from acd.campaign import After, Blend, Campaign, Disposition, Mode
from acd.core.illegal import IllegalMove
from acd.words import AgentId, AgentState, FlowId
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Answered, Claim, Decision, Dial, Dispose, Finish, KeepOptOut, RunChanged
from dialer.core.events import (
    CallersSeen,
    CallSeen,
    ClaimFailed,
    DispositionStored,
    EndStored,
    LeadsClaimed,
    NotDialled,
    OptedOut,
    PreviewWished,
    PutBack,
    RulesChanged,
    Unknown,
)
from dialer.core.explaining import binds, preview_view
from dialer.core.held import Held, HeldBy
from dialer.core.launching import LOOK_AGAIN_S
from dialer.core.pacing.pacer import View
from dialer.core.pacing.ratio import Progressive
from dialer.core.run import Run, RunState, RunWish
from dialer.core.showing import of_agent
from dialer.core.state import Dialler
from dialer.core.step import step

from .floor import NOON, QUEUE, D, O, World, campaign, pacer_of


def ratio(n: float, **more: object) -> object:
    return campaign(mode=Mode.RATIO, ratio=n, **more)


# -- one call for each free agent ----------------------------------------------------------------------------------------


def test_given_nobody_free_when_started_then_no_lead_is_asked_for() -> None:
    world = World(campaign())
    assert not world.decided[1:] and isinstance(world.decided[0], RunChanged)


def test_given_two_free_agents_when_started_then_two_are_dialled_and_not_a_third_while_they_ring() -> None:
    world = World(campaign())
    world.agent("anna")
    world.agent("ben")
    world.rings("t1")
    world.tick(10)
    assert world.dialled == ["t1", "t2"] and world.claims == 2


def test_given_a_line_that_nobody_answered_when_it_is_over_then_the_next_lead_is_dialled_and_its_end_is_stored() -> None:
    world = World(campaign())
    world.agent("anna")
    world.ends("t1", O.BUSY, "USER_BUSY")
    assert world.dialled == ["t1", "t2"] and world.finished == {"t1": "busy"}
    assert "t1" not in world.state.attempts


def test_given_a_person_who_talks_to_the_agent_when_it_is_over_then_nothing_is_dialled_before_they_are_free_again() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.talks("t1")
    world.ends("t1", O.TALKED, "NORMAL_CLEARING")
    world.agent("anna", AgentState.WRAP_UP)
    world.tick(20)
    assert world.dialled == ["t1"]
    world.agent("anna")
    assert world.dialled == ["t1", "t2"] and world.finished == {"t1": "talked"}


def test_given_row_37_callers_who_wait_when_agents_are_free_then_nobody_is_dialled_for_those_whom_they_will_get() -> None:
    world = World(campaign(), start=False)
    world.hear(CallersSeen(at=NOON, queue=QUEUE, callers=2))
    world.agent("anna")
    world.agent("ben")
    world.agent("eva")
    world.wish("spring", RunWish.START)
    assert world.dialled == ["t1"]


@pytest.mark.parametrize(
    ("blend", "why"), [(Blend(waiting_over=0), "1 callers wait"), (Blend(available_under=4), "3 agents are available")]
)
def test_given_row_37_a_campaign_that_stands_back_when_callers_come_then_it_dials_nobody_and_says_why(blend: Blend, why: str) -> None:
    world = World(campaign(blend=blend), start=False)
    world.hear(CallersSeen(at=NOON, queue=QUEUE, callers=1))
    for name in ("anna", "ben", "eva"):
        world.agent(name)
    world.wish("spring", RunWish.START)
    held = world.state.campaigns["spring"].held
    assert not world.dialled and held and held.by is HeldBy.BLEND and held.why.startswith(why)


# -- the law's room ------------------------------------------------------------------------------------------------------


def test_given_row_88_a_ratio_when_the_law_leaves_no_room_then_one_call_for_each_free_agent() -> None:
    world = World(ratio(3))
    world.agent("anna")
    assert len(world.dialled) == 1  # nobody has answered yet: one abandon would be more than three in a hundred


def test_given_row_88_a_ratio_when_hundreds_answered_then_as_many_as_it_says_and_one_to_one_before_the_limit_is_passed() -> None:
    world = World(ratio(3))
    world.state.campaigns["spring"].ledger.answered(NOON - 600, 100)
    world.state.campaigns["spring"].ledger.abandoned(NOON - 600, 1)
    world.agent("anna")
    assert world.dialled == ["t1", "t2", "t3"]
    for id in ("t1", "t2", "t3"):
        world.answers(id)
    world.talks("t1")
    world.abandons("t2")  # 103 answered, 2 abandoned: room for one more
    world.abandons("t3")  # and none
    for id in ("t1", "t2", "t3"):
        world.ends(id, O.TALKED if id == "t1" else O.DIALER_ABANDON)
    world.agent("anna", AgentState.WRAP_UP)
    world.agent("anna")
    assert world.dialled == ["t1", "t2", "t3", "t4"]
    (day, month) = world.state.campaigns["spring"].ledger.counts(world.at)
    assert (day.answered, day.abandoned) == (103, 3) == (month.answered, month.abandoned)


def test_given_an_answer_when_it_is_seen_then_it_is_stored_at_once_and_counted_once_however_often_it_is_seen() -> None:
    world = World(campaign())
    world.agent("anna")
    assert [type(each) for each in world.answers("t1")].count(Answered) == 1
    assert not [each for each in world.answers("t1") if isinstance(each, Answered)]
    world.talks("t1")
    assert world.state.campaigns["spring"].ledger.counts(world.at)[0].answered == 1


def test_given_a_version_that_was_missed_when_the_next_one_comes_then_what_it_told_is_made_up_for() -> None:
    world = World(campaign())
    world.agent("anna")
    made = world.see("t1", state=D.ENDED, answered_at=NOON, abandoned_at=NOON + 2, ended_at=NOON + 9, outcome=O.DIALER_ABANDON)
    count = world.state.campaigns["spring"].ledger.counts(world.at)[0]
    assert (count.answered, count.abandoned) == (1, 1) and any(isinstance(each, Answered) for each in made)
    assert world.finished == {"t1": "dialer_abandon"}


# -- when a lead comes, it is looked at again ------------------------------------------------------------------------------


def unanswered(state: Dialler, n: int = 1) -> Claim:
    """A claim that the database takes its time for."""
    (claim,) = [each for each in step(state, RulesChanged(at=NOON, campaigns={"spring": campaign()})) if isinstance(each, Claim)]
    assert claim.n == n
    return claim


def leased(**more: object) -> Attempt:
    attempt = Attempt(
        id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON, zones=("Europe/London",), country="GB"
    )  # fmt: skip
    return replace(attempt, **more)  # type: ignore[arg-type]


def slow() -> World:
    """Anna is free, a lead was asked for, and the database has not answered."""
    world = World(campaign(), leads=0)
    world.agent("anna")
    assert world.decided[-1] == Claim(rules=campaign(), n=1, at=NOON)
    world.state.campaigns["spring"].claiming = 1
    return world


def comes(world: World, attempt: Attempt) -> list[object]:
    return list(world.hear(LeadsClaimed(at=world.at, campaign="spring", wanted=1, attempts=(attempt,))))


def test_row_92_given_a_window_that_closed_meanwhile_when_the_lead_comes_then_it_goes_back_undialled() -> None:
    world = slow()
    comes(world, leased(zones=("Europe/London", "Asia/Tokyo")))
    assert not world.dialled and world.finished == {"t1": "returned"}


def test_given_a_campaign_that_was_paused_meanwhile_when_the_lead_comes_then_it_goes_back() -> None:
    world = slow()
    world.wish("spring", RunWish.PAUSE)
    comes(world, leased())
    assert not world.dialled and world.finished == {"t1": "returned"}


def test_row_87_given_an_agent_who_left_meanwhile_when_the_lead_comes_then_it_goes_back() -> None:
    world = slow()
    world.agent("anna", AgentState.NOT_READY)
    comes(world, leased())
    assert not world.dialled and world.finished == {"t1": "returned"}


def test_given_no_lead_when_asked_then_it_is_not_asked_again_at_once_but_after_a_while() -> None:
    world = World(campaign(), leads=0)
    world.agent("anna")
    world.tick(1)
    assert sum(isinstance(each, Claim) for each in world.decided) == 1
    world.leads = 1
    world.tick(10)
    assert world.dialled == ["t1"]


def test_given_a_database_that_does_not_answer_when_asked_then_later_and_later_and_it_says_so() -> None:
    world = slow()
    asked = len(world.decided)
    world.hear(ClaimFailed(at=world.at, campaign="spring", wanted=1, why="locked"))
    assert world.state.campaigns["spring"].held == Held(by=HeldBy.DATABASE, why="the database of leads does not answer: locked")
    assert len(world.decided) == asked
    world.leads = 1
    world.tick(1)
    assert world.dialled == ["t1"]


def test_given_a_house_without_a_switch_when_it_does_not_dial_then_the_lead_goes_back_and_it_is_tried_again_later() -> None:
    world = World(campaign())
    world.agent("anna")
    world.hear(NotDialled(at=world.at, attempt="t1", why="no switch is reachable"))
    assert world.finished == {"t1": "returned"} and world.dialled == ["t1"]
    world.tick(2)
    assert world.dialled == ["t1", "t2"]


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


# -- several campaigns, lines, calls per second ------------------------------------------------------------------------------


def test_given_two_campaigns_for_the_same_agents_when_one_is_free_then_the_higher_priority_has_them() -> None:
    world = World(campaign("low"), campaign("high", priority=5))
    world.agent("anna")
    assert [each.rules.id for each in world.decided if isinstance(each, Dial)] == ["high"]


def test_given_two_equal_campaigns_with_weights_when_many_are_dialled_then_each_has_its_share() -> None:
    world = World(campaign("one", weight=1), campaign("two", weight=3))
    world.agent("anna")
    for n in range(1, 41):
        world.ends(f"t{n}")
    had = [each.rules.id for each in world.decided if isinstance(each, Dial)]
    assert had.count("one") == pytest.approx(10, abs=1) and len(had) == 41


def test_given_a_limit_of_lines_when_more_agents_are_free_then_no_more_lines_than_that() -> None:
    world = World(campaign(lines=2))
    for n in range(5):
        world.agent(f"a{n}")
    assert len(world.dialled) == 2 and world.state.campaigns["spring"].why.binds == "trunks"  # type: ignore[union-attr]


def test_given_calls_per_second_when_many_agents_are_free_then_so_many_in_each_second() -> None:
    world = World(campaign(per_second=2))
    for n in range(9):
        world.agent(f"a{n}")
    begun = [len(world.dialled)]
    for _ in range(3):
        world.tick(1)
        begun.append(len(world.dialled))
    assert begun == [1, 3, 5, 7] or begun == [2, 4, 6, 8]


# -- what agents say came of it ------------------------------------------------------------------------------------------------


def said(decisions: object) -> list[str]:
    return [each.said.disposition for each in decisions if isinstance(each, Dispose)]  # type: ignore[attr-defined]


def talked(world: World) -> World:
    world.agent("anna")
    world.answers("t1")
    world.talks("t1")
    return world


def test_row_39_given_a_word_in_the_talk_when_it_is_over_then_kept_after_the_end_and_not_before() -> None:
    world = talked(World(campaign()))
    assert not said(world.see("t1", disposition="later", disposed_by=AgentId("anna"), disposed_at=world.at))
    made = world.ends("t1", O.TALKED)
    assert [type(each) for each in made if isinstance(each, Finish | Dispose)] == [Finish, Dispose] and said(made) == ["later"]


def test_row_39_given_an_end_that_is_stored_when_the_agent_says_what_came_of_it_then_kept_and_told_again_until_it_is() -> None:
    world = talked(World(campaign()))
    world.ends("t1", O.TALKED)
    assert "t1" not in world.state.attempts
    assert said(world.see("t1", disposition="later", disposed_at=world.at)) == ["later"]
    assert not said(world.see("t1", is_told_after=True)), "it is being stored"
    assert not said(world.tick(5)) and said(world.tick(15)) == ["later"]
    (what,) = world.state.said.values()
    world.hear(DispositionStored(at=world.at, said=what))
    assert not said(world.tick(20)) and not world.state.said


def test_row_39_given_another_word_while_the_first_is_stored_when_the_first_is_then_the_second_is_still_to_be() -> None:
    world = talked(World(campaign()))
    world.ends("t1", O.TALKED)
    world.see("t1", disposition="later", disposed_at=world.at)
    first = world.state.said["t1"]
    world.see("t1", disposition="sold", disposed_at=world.at + 1)
    world.hear(DispositionStored(at=world.at, said=first))
    assert said(world.tick(20)) == ["sold"]


# -- leads that agents see first -------------------------------------------------------------------------------------------------


def preview(**more: object) -> Campaign:
    return campaign(**({"mode": Mode.PREVIEW, "message": None, "preview_s": 30.0} | more))


def wants(world: World, agent: str, *, accepts: bool) -> list[Decision]:
    return world.hear(PreviewWished(at=world.at, agent=agent, accepts=accepts))


def sees(world: World, agent: str = "anna") -> str:
    found = of_agent(world.state, agent)
    return found.id if found is not None else ""


def test_given_free_agents_when_started_then_each_sees_a_lead_and_nothing_is_dialled_before_the_time_is_over() -> None:
    world = World(preview())
    world.agent("anna")
    world.agent("ben")
    world.tick(29)
    assert (sees(world), sees(world, "ben"), world.dialled, world.claims) == ("t1", "t2", [], 2)
    (dial, *_) = [each for each in world.tick(1) if isinstance(each, Dial)]
    assert (dial.attempt.id, dial.attempt.shown_to) == ("t1", "anna") and world.dialled == ["t1", "t2"]
    world.tick(10)
    assert sees(world) == "", "who waits for an answer sees no other lead"


def test_given_a_lead_that_is_shown_when_the_agent_accepts_then_dialled_at_once_and_the_next_is_seen_after_the_talk() -> None:
    world = World(preview(preview_s=None))
    world.agent("anna")
    world.tick(500)
    assert world.dialled == []
    wants(world, "anna", accepts=True)
    assert world.dialled == ["t1"]
    world.answers("t1")
    world.talks("t1")
    world.ends("t1", O.TALKED)
    world.agent("anna")
    assert sees(world) == "t2"
    with pytest.raises(IllegalMove, match="no lead is shown to ben"):
        wants(world, "ben", accepts=True)


def test_given_a_lead_that_is_shown_when_passed_on_then_it_goes_back_and_another_is_seen_where_the_campaign_allows_it() -> None:
    world = World(preview())
    world.agent("anna")
    (end,) = [each for each in wants(world, "anna", accepts=False) if isinstance(each, Finish)]
    assert end.attempt.is_passed_on and world.finished == {"t1": "returned"} and sees(world) == "t2"
    strict = World(preview(may_skip=False))
    strict.agent("anna")
    with pytest.raises(IllegalMove, match="lets nobody pass a lead on"):
        wants(strict, "anna", accepts=False)
    assert sees(strict) == "t1"


def test_row_37_given_a_lead_that_is_shown_when_a_caller_gets_the_agent_then_it_goes_back_undialled() -> None:
    world = World(preview())
    world.agent("anna")
    world.agent("anna", AgentState.OFFERED)
    assert world.finished == {"t1": "returned"} and sees(world) == "" and world.tick(60) == []


def test_row_37_given_callers_who_wait_when_agents_are_free_then_as_many_agents_see_no_lead() -> None:
    world = World(preview(), start=False)
    world.hear(CallersSeen(at=NOON, queue=QUEUE, callers=1))
    world.agent("anna")
    world.agent("ben")
    world.wish("spring", RunWish.START)
    assert world.claims == 1


@pytest.mark.parametrize("wish", [RunWish.PAUSE, RunWish.STOP])
def test_given_a_lead_that_is_shown_when_the_campaign_dials_no_more_then_it_goes_back(wish: RunWish) -> None:
    world = World(preview())
    world.agent("anna")
    world.wish("spring", wish)
    assert world.finished == {"t1": "returned"} and not world.dialled


def test_row_94_given_a_lead_that_is_shown_when_its_number_opts_out_then_it_goes_back() -> None:
    world = World(preview(), leads=1)
    world.agent("anna")
    world.hear(OptedOut(at=world.at, number=world.state.attempts["t1"].number))
    assert world.finished == {"t1": "returned"}


def test_given_row_93_the_law_closes_while_a_lead_is_shown_when_it_would_be_dialled_then_it_goes_back() -> None:
    world = World(preview(preview_s=None))
    world.agent("anna")
    world.at += 14 * 3600  # midnight in London
    wants(world, "anna", accepts=True)
    assert world.finished["t1"] == "returned" and not world.dialled


def test_given_a_lead_that_is_shown_when_asked_then_all_that_the_agent_should_see() -> None:
    world = World(preview(guide="Be short."))
    world.agent("anna")
    found = preview_view(world.state, "anna")
    assert (found["attempt"], found["dialled_at"], found["guide"], found["may_skip"]) == ("t1", NOON + 30, "Be short.", True)
    with pytest.raises(KeyError, match="no lead is shown to ben"):
        preview_view(world.state, "ben")


# -- without agents ------------------------------------------------------------------------------------------------------------


def message(**more: object) -> Campaign:
    return campaign(mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), **more)


def test_given_a_campaign_without_agents_when_started_then_as_many_as_there_are_lines_and_the_next_when_one_is_over() -> None:
    world = World(message(lines=2))
    assert world.dialled == ["t1", "t2"]
    assert binds(world.state, world.state.campaigns["spring"])[0] == "trunks"
    world.answers("t1")
    world.see("t1", state=D.TOLD)
    assert world.dialled == ["t1", "t2"] and world.state.attempts["t1"].state is AttemptState.TOLD
    world.ends("t1", O.DONE, "NORMAL_CLEARING")
    assert world.dialled == ["t1", "t2", "t3"] and world.finished == {"t1": "done"}


def test_given_a_campaign_without_agents_when_a_flow_led_one_to_an_agent_then_talked() -> None:
    world = World(message(lines=1))
    world.answers("t1")
    world.see("t1", state=D.TOLD)
    world.see("t1", state=D.TALKING, bridged_at=NOON, agent=AgentId("anna"))
    assert (world.state.attempts["t1"].state, world.state.attempts["t1"].agent) == (AttemptState.TALKING, "anna")


def test_given_a_campaign_without_agents_when_calls_per_second_bind_then_so_many_in_each_second_and_it_says_so() -> None:
    world = World(message(per_second=1))
    assert world.dialled == ["t1"]
    world.tick(1)
    assert world.dialled == ["t1", "t2"]
    assert binds(world.state, world.state.campaigns["spring"])[0] == "calls_per_second"


# -- after a kill -9 (FAULTS.md F10) -------------------------------------------------------------------------------------------


def after_a_restart(attempt: Attempt, *events: object) -> tuple[World, list[object]]:
    world = World.__new__(World)
    World.__init__(world, start=False)
    world.state = Dialler(pacer_of)
    world.decided = []
    run = Run(campaign="spring", state=RunState.RUNNING, since=NOON)
    world.hear(PutBack(at=NOON, runs=(run,), open=(attempt,)))
    world.rules(campaign())
    made = [decision for event in events for decision in world.hear(event)]  # type: ignore[arg-type]
    return world, list(made)


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
