"""What agents say came of their talks, until the database has it (ACD.md 39, 93)."""

from dataclasses import replace

import pytest

from acd.campaign import After, Disposition
from acd.core.outside.dialled_call import DialledCall
from acd.words import AgentId
from dialer.core.decisions import Dispose, Drop, Finish
from dialer.core.events import CallSeen, DispositionSaid, DispositionStored
from dialer.core.said import Said

from .floor import NOON, D, O, World, after_a_restart, campaign, leased, talked

# -- what agents say came of it ------------------------------------------------------------------------------------------------


def said(decisions: object) -> list[str]:
    return [each.said.disposition for each in decisions if isinstance(each, Dispose)]  # type: ignore[attr-defined]


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


# -- of a campaign that is gone ---

NEVER = {"never": Disposition(then=After.DO_NOT_CALL)}


def test_row_39_given_a_campaign_that_is_gone_after_a_start_when_its_word_is_heard_then_kept_all_the_same() -> None:
    world, _ = after_a_restart(leased())
    world.rules(campaign("summer"))
    world.state.campaigns.pop("spring")
    call = DialledCall(id="t1", number="+442079460001", at=NOON, campaign="spring", no_more=("never",), state=D.ENDED, outcome=O.TALKED)
    made = world.hear(CallSeen(at=world.at, call=replace(call, ended_at=NOON, disposition="never", disposed_at=NOON)))
    (kept,) = [each for each in made if isinstance(each, Dispose)]
    assert (kept.said.disposition, kept.said.no_more, kept.rules.id) == ("never", True, "spring")
    assert said(world.tick(20)) == ["never"], "and told again"


def test_row_94_given_a_word_that_meant_no_more_calls_when_the_file_has_changed_then_it_does_and_what_rings_is_dropped() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rings("t1")
    other = DialledCall(id="t0", number="+442079460001", at=NOON, campaign="gone", no_more=("never",), state=D.ENDED, outcome=O.TALKED)
    made = world.hear(CallSeen(at=world.at, call=replace(other, ended_at=NOON, disposition="never", disposed_at=NOON)))
    assert [each.attempt for each in made if isinstance(each, Drop)] == ["t1"]


@pytest.mark.parametrize(("known", "means"), [(NEVER, True), ({}, False)])
def test_row_94_given_a_campaign_that_is_gone_when_a_word_is_said_by_command_then_it_means_what_it_means_elsewhere(
    known: dict[str, Disposition], means: bool
) -> None:
    world = World(campaign("summer", dispositions=known))
    what = Said(attempt="t9", campaign="gone", disposition="never", at=NOON, by="sue")
    (kept,) = [each for each in world.hear(DispositionSaid(at=NOON, said=what)) if isinstance(each, Dispose)]
    assert kept.said.no_more is means
