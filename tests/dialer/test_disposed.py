"""What agents say came of their talks, until the database has it (ACD.md 39, 93)."""



from acd.words import AgentId
from dialer.core.decisions import Dispose, Finish
from dialer.core.events import (
    DispositionStored,
)

from .floor import O, World, campaign, talked

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
