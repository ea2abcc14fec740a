"""How many are dialled, and whether a lead that comes is dialled after all (ACD.md 37, 87, 88, 92). The house beside is played."""

import pytest

from acd.campaign import After, Blend, Disposition, Mode
from acd.words import AgentState
from dialer.core.decisions import Answered, Claim, Dial, RunChanged
from dialer.core.events import (
    CallersSeen,
    ClaimFailed,
    LeadsClaimed,
    NotDialled,
    RulesChanged,
    Ticked,
)
from dialer.core.held import Held, HeldBy
from dialer.core.run import RunWish

from .floor import NOON, QUEUE, Closed, D, O, World, campaign, comes, leased, slow


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
    ("blend", "why"),
    [(Blend(waiting_over=0), "1 caller waits in sales"), (Blend(available_under=4), "3 agents are available in sales")],
)
def test_given_row_37_a_campaign_that_stands_back_when_callers_come_then_it_dials_nobody_and_says_why(blend: Blend, why: str) -> None:
    world = World(campaign(blend=blend), start=False)
    world.hear(CallersSeen(at=NOON, queue=QUEUE, callers=1))
    for name in ("anna", "ben", "eva"):
        world.agent(name)
    world.wish("spring", RunWish.START)
    held = world.state.campaigns["spring"].held
    assert not world.dialled and held and held.by is HeldBy.BLEND and f"kept for inbound: {why}, and it stands back" in held.why


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


def test_row_92_given_a_window_that_closed_meanwhile_when_the_lead_comes_then_it_goes_back_undialled() -> None:
    world = slow()
    comes(world, leased(zones=("Europe/London", "America/New_York")))
    held = world.state.campaigns["spring"].held
    assert not world.dialled and world.finished == {"t1": "returned"} and held is not None and held.by is HeldBy.LOCAL_HOURS


def test_given_a_lead_that_comes_when_nothing_has_changed_meanwhile_then_it_is_dialled() -> None:
    world = slow()
    comes(world, leased())
    assert world.dialled == ["t1"]


def test_given_a_campaign_that_was_paused_meanwhile_when_the_lead_comes_then_it_goes_back() -> None:
    world = slow()
    world.wish("spring", RunWish.PAUSE)
    comes(world, leased())
    assert not world.dialled and world.finished == {"t1": "returned"}


def test_given_a_calendar_that_closed_meanwhile_when_the_lead_comes_then_it_goes_back() -> None:
    world = slow()
    rules = {"spring": campaign(hours="office")}
    world.hear(RulesChanged(at=world.at, campaigns=rules, calendars={"office": Closed()}))
    comes(world, leased())
    held = world.state.campaigns["spring"].held
    assert world.finished == {"t1": "returned"} and held is not None and held.by is HeldBy.HOURS


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


def test_given_fewer_leads_than_are_wanted_when_they_come_then_each_of_them_is_dialled() -> None:
    world = World(campaign(), leads=3, start=False)
    for n in range(5):
        world.agent(f"a{n}")
    world.wish("spring", RunWish.START)
    running = world.state.campaigns["spring"]
    assert len(world.dialled) == 3 and running.held is not None and running.claim_at > world.at


@pytest.mark.parametrize("personal", [False, True])
def test_row_93_given_agents_who_may_promise_a_call_when_leads_are_asked_for_then_what_the_free_ones_promised_goes_first(
    personal: bool,
) -> None:
    said = {"mine": Disposition(then=After.CALLBACK, personal=personal)}
    world = World(campaign(dispositions=said), leads=0)
    world.agent("ben", AgentState.TALKING)
    world.agent("anna")
    claim = world.decided[-1]
    assert isinstance(claim, Claim) and claim.agents == (("anna",) if personal else ())


def test_given_a_time_for_the_next_lead_that_is_over_when_there_was_none_then_the_database_is_not_asked_in_a_circle() -> None:
    world = slow()
    asked = len(world.decided)
    world.hear(LeadsClaimed(at=world.at, campaign="spring", wanted=1, attempts=(), again_at=world.at - 60))
    world.hear(Ticked(at=world.at))
    assert len(world.decided) == asked
    world.tick(1)
    assert isinstance(world.decided[asked], Claim)
