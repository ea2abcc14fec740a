"""Campaigns without agents: who answers is in a flow."""

from acd.campaign import Campaign, Mode
from acd.words import AgentId, FlowId
from dialer.core.attempt import AttemptState
from dialer.core.explaining import binds

from .floor import NOON, D, O, World, campaign

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
