"""Leads that are dialled only with an agent reserved for it: one for one, whoever else is counted on (ACD.md 37, 92)."""

from dataclasses import replace
from typing import Any

import pytest

from acd.campaign import Mode
from acd.words import AgentState
from dialer.core.decisions import Dial
from dialer.core.events import LeadsClaimed

from .floor import O, World, campaign, leased


def comes(world: World, *ids: str) -> None:
    found = tuple(replace(leased(id=id, number=f"+4420794612{n:02}"), needs_agent=True) for n, id in enumerate(ids))
    world.state.campaigns["spring"].claiming = len(ids)
    world.hear(LeadsClaimed(at=world.at, campaign="spring", wanted=len(ids), attempts=found))


def world_of(*agents: str, **rules: Any) -> World:
    world = World(campaign(**rules), leads=0)
    for agent in agents:
        world.agent(agent)
    world.state.campaigns["spring"].claim_at = 0.0
    return world


def dials(world: World) -> dict[str, str]:
    return {each.attempt.id: each.attempt.reserved for each in world.decided if isinstance(each, Dial)}


def test_row_92_given_a_progressive_campaign_when_such_leads_come_then_each_has_an_agent_of_its_own() -> None:
    world = world_of("anna", "ben")
    comes(world, "n1", "n2", "n3")
    assert dials(world) == {"n1": "anna", "n2": "ben"} and world.reserved == {"anna": "n1", "ben": "n2"}
    assert world.finished == {"n3": "returned"}
    world.ends("n1", O.BUSY)
    assert world.reserved == {"ben": "n2"}


@pytest.mark.parametrize("mode", [Mode.RATIO, Mode.PREDICTIVE])
def test_row_92_given_a_campaign_that_reserves_nobody_when_such_a_lead_comes_then_it_goes_back(mode: Mode) -> None:
    world = world_of("anna", mode=mode, ratio=3.0)
    comes(world, "n1")
    assert dials(world) == {} and world.finished == {"n1": "returned"} and world.reserved == {}


def test_row_92_given_a_line_that_counts_on_the_only_agent_when_such_a_lead_comes_then_nobody_is_reserved() -> None:
    world = World(campaign(), leads=1)
    world.agent("anna")
    assert world.dialled == ["t1"]
    comes(world, "n1")
    assert world.dialled == ["t1"] and world.finished == {"n1": "returned"}


def test_row_92_given_a_call_with_its_own_agent_when_others_are_free_then_they_are_dialled_for_as_if_it_were_not_there() -> None:
    world = world_of("anna")
    comes(world, "n1")
    world.leads = 5
    world.agent("ben")
    world.tick(20)
    assert world.dialled == ["n1", "t1"]


def test_row_87_given_a_house_that_does_not_let_the_agent_when_dialled_for_them_then_the_lead_goes_back() -> None:
    world = world_of("anna")
    world.doing["anna"] = AgentState.OFFERED
    comes(world, "n1")
    assert world.finished == {"n1": "returned"} and not world.calls


def test_row_92_given_a_campaign_whose_agents_see_leads_first_when_such_a_lead_comes_then_it_is_shown_and_dialled_for_them() -> None:
    world = world_of("anna", mode=Mode.PREVIEW, preview_s=10.0)
    comes(world, "n1")
    assert dials(world) == {} and world.reserved == {"anna": "n1"}
    world.tick(10)
    assert dials(world) == {"n1": "anna"}


def test_row_37_given_another_campaign_when_an_agent_is_reserved_by_a_call_then_it_does_not_count_on_them_in_the_same_moment() -> None:
    world = World(campaign(), campaign("summer"), leads=0)
    world.agent("anna")
    for each in world.state.campaigns.values():
        each.claim_at = 0.0
    world.leads = 5
    comes(world, "n1")
    assert world.dialled == ["n1"] and world.claims == 0
