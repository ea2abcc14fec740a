"""Leads that an agent sees before they are dialled."""

import pytest

from acd.campaign import Campaign, Mode
from acd.core.illegal import IllegalMove
from acd.words import AgentId, AgentState
from dialer.core.decisions import Decision, Dial, Finish, LetGo, Reserve
from dialer.core.events import AgentSeen, CallersSeen, NotDialled, OptedOut, PreviewWished
from dialer.core.explaining import campaign_view, preview_view
from dialer.core.run import RunWish
from dialer.core.showing import of_agent

from .floor import NOON, QUEUE, O, World, campaign, comes, leased

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
    assert (dial.attempt.id, dial.attempt.reserved) == ("t1", "anna") and world.dialled == ["t1", "t2"]
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


@pytest.mark.parametrize("doing", [AgentState.NOT_READY, AgentState.LOGGED_OUT, AgentState.OFFERED])
def test_row_37_given_a_lead_that_is_shown_when_its_agent_is_reserved_no_more_then_it_goes_back_undialled(doing: AgentState) -> None:
    world = World(preview())
    world.agent("anna")
    world.agent("anna", doing)
    assert world.finished == {"t1": "returned"} and sees(world) == "" and world.tick(60) == []


def test_row_37_given_a_lead_that_is_shown_when_another_campaign_would_dial_then_its_agent_is_not_counted_on() -> None:
    world = World(preview(preview_s=None), campaign("summer"))
    world.agent("anna")
    assert sees(world) == "t1" and (world.claims, world.dialled) == (1, [])
    world.agent("ben")
    world.tick()
    wants(world, "anna", accepts=True)
    world.tick()
    assert sees(world, "ben") == "t2" and world.dialled == ["t1"]
    world.wish("spring", RunWish.PAUSE)
    world.tick()
    assert world.dialled == ["t1", "t3"], "ben is free for the other, and anna's own call is no call that counts on him"


def test_row_37_given_an_agent_whom_the_house_does_not_keep_when_asked_then_the_lead_goes_back_and_no_other_at_once() -> None:
    world = World(preview())
    world.doing["anna"] = AgentState.OFFERED  # a caller was faster, and we have not seen it
    world.hear(AgentSeen(at=NOON, queues=(QUEUE,), agent=AgentId("anna"), doing=AgentState.READY, is_free=True, stays=True))
    assert world.finished == {"t1": "returned"} and world.claims == 1
    binds = campaign_view(world.state, world.state.campaigns["spring"])["binds"]
    assert binds == "anna is not free: offered"
    world.agent("anna")
    world.tick(2)
    assert sees(world) == "t2"


def test_given_a_lead_that_is_shown_for_long_when_time_passes_then_the_agent_is_asked_for_again_until_it_rings() -> None:
    world = World(preview(preview_s=None))
    world.agent("anna")
    asked = [sum(isinstance(each, Reserve) for each in world.tick(10)) for _ in range(8)]
    assert asked == [0, 1] * 4
    wants(world, "anna", accepts=True)
    world.rings("t1")
    assert not [each for each in world.tick(50) if isinstance(each, Reserve)], "what rings keeps its agent"


@pytest.mark.parametrize("wish", [RunWish.PAUSE, RunWish.STOP, RunWish.DRAIN])
def test_given_a_lead_that_is_shown_when_the_campaign_dials_no_more_then_the_agent_is_let_go(wish: RunWish) -> None:
    world = World(preview())
    world.agent("anna")
    assert world.reserved == {"anna": "t1"}
    world.wish("spring", wish)
    assert world.reserved == {} and LetGo(attempt="t1", agent=AgentId("anna")) in world.decided


def test_given_a_lead_that_was_accepted_when_the_database_says_no_then_the_agent_is_let_go() -> None:
    world = World(preview(preview_s=None))
    world.agent("anna")
    wants(world, "anna", accepts=True)
    world.hear(NotDialled(at=world.at, attempt="t1", why="listed"))
    assert world.finished["t1"] == "returned" and LetGo(attempt="t1", agent=AgentId("anna")) in world.decided


def test_row_90_given_a_phone_that_rings_when_its_agent_goes_then_it_is_wanted_no_more_and_said_once() -> None:
    world = World(preview())
    world.agent("anna")
    wants(world, "anna", accepts=True)
    world.rings("t1")
    world.agent("anna", AgentState.NOT_READY)
    world.agent("anna")
    world.agent("anna", AgentState.LOGGED_OUT)
    assert world.dropped == ["t1"]


def test_row_87_given_a_person_who_answered_when_their_agent_is_rung_then_nothing_is_dropped() -> None:
    world = World(preview())
    world.agent("anna")
    wants(world, "anna", accepts=True)
    world.answers("t1")
    world.agent("anna", AgentState.OFFERED)
    world.talks("t1")
    assert world.dropped == [] and world.state.attempts["t1"].agent == "anna"


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


def test_given_fewer_lines_than_agents_when_leads_are_shown_then_no_more_than_may_be_dialled() -> None:
    world = World(preview(lines=1))
    world.agent("anna")
    world.agent("ben")
    assert (sees(world), sees(world, "ben"), world.claims) == ("t1", "", 1)
    assert campaign_view(world.state, world.state.campaigns["spring"])["binds"].startswith("lines:")


def test_given_a_lead_that_is_shown_when_asked_then_all_that_the_agent_should_see() -> None:
    world = World(preview(guide="Be short."))
    world.agent("anna")
    found = preview_view(world.state, "anna")
    assert (found["attempt"], found["dialled_at"], found["guide"], found["may_skip"]) == ("t1", NOON + 30, "Be short.", True)
    with pytest.raises(KeyError, match="no lead is shown to ben"):
        preview_view(world.state, "ben")


def test_row_93_given_a_lead_whom_an_agent_promised_a_call_when_it_comes_then_they_see_it_though_another_was_free_first() -> None:
    world = World(preview(), leads=0)
    world.agent("ben")
    world.tick()
    world.agent("anna")
    world.state.campaigns["spring"].claiming, world.state.campaigns["spring"].claim_at = 1, 0.0
    comes(world, leased(promised_by="anna"))
    assert (sees(world), sees(world, "ben")) == ("t1", "")
