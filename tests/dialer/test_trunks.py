"""Lines that campaigns share with each other and the house: no more is dialled than a trunk takes, and nobody pays for a full one."""

from dataclasses import replace

import pytest

from acd.campaign import Mode
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.words import FlowId
from dialer.core.attempt import Outcome
from dialer.core.decisions import Dial, Finish
from dialer.core.events import NotDialled, TrunksSeen
from dialer.core.held import HeldBy
from dialer.core.pacing.pacer import Binds
from dialer.core.run import RunWish
from dialer.live.seen import events_of, everybody
from tests.core.dialled_out import DialledWorld, dialling_rules
from tests.dialer.floor import World, campaign


def seen(world: World, **room: int | None) -> None:
    world.hear(TrunksSeen(at=world.at, room=room))


def floor(*campaigns: object, agents: int = 5, **room: int | None) -> World:
    world = World(*campaigns, start=False)  # type: ignore[arg-type]
    seen(world, **room)
    for n in range(agents):
        world.agent(f"a{n}")
    return world


def start(world: World, *names: str) -> None:
    for name in names:
        world.wish(name, RunWish.START)


def test_given_a_trunk_that_takes_two_more_when_five_agents_are_free_then_two_are_dialled_and_lines_are_what_binds() -> None:
    world = floor(campaign(), carrier=2)
    start(world, "spring")
    why = world.state.campaigns["spring"].why
    assert len(world.dialled) == 2 and why is not None and why.binds is Binds.TRUNKS


def test_given_a_full_trunk_when_somebody_hangs_up_there_then_one_more_is_dialled_at_once() -> None:
    world = floor(campaign(), carrier=0)
    start(world, "spring")
    assert world.dialled == []
    seen(world, carrier=1)
    assert len(world.dialled) == 1


def test_given_two_campaigns_on_one_trunk_when_both_would_dial_then_together_no_more_than_it_takes_and_the_higher_one_first() -> None:
    low = campaign("low", mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), lines=4)
    high = campaign("high", mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), lines=3, priority=5)
    world = floor(low, high, agents=0, carrier=5)
    world.without = {"low", "high"}
    start(world, "low", "high")
    assert world.dialled == []
    world.without = set()
    world.tick(11)
    assert sorted(world.dialled_for) == ["high", "high", "high", "low", "low"]


def test_given_leads_on_their_way_when_another_campaign_has_the_same_trunk_then_it_asks_for_none_that_could_not_be_dialled() -> None:
    world = floor(campaign(), agents=3, carrier=2)
    world.state.campaigns["spring"].claiming = 2
    other = campaign("autumn", mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), lines=4)
    world.rules(campaign(), other)
    start(world, "autumn")
    assert world.claims == 0 and world.state.campaigns["autumn"].bound == "trunks"
    elsewhere = replace(other, id="winter", trunks=("other",))
    seen(world, carrier=2, other=3)
    world.rules(campaign(trunks=("carrier",)), replace(other, trunks=("carrier",)), elsewhere)
    start(world, "winter")
    assert world.dialled_for == ["winter"] * 3


def test_given_leads_on_their_way_when_the_same_campaign_asks_for_more_then_they_are_counted_once() -> None:
    world = floor(campaign(), agents=5, carrier=4)
    world.state.campaigns["spring"].claiming = 2
    start(world, "spring")
    assert world.claims == 2


def test_given_campaigns_on_different_trunks_when_one_is_full_then_the_other_dials() -> None:
    one = campaign("one", mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), lines=4, trunks=("a",))
    two = campaign("two", mode=Mode.MESSAGE, queue=None, message=None, script=FlowId("hello"), lines=4, trunks=("b",))
    world = floor(one, two, agents=0, a=0, b=3)
    start(world, "one", "two")
    assert world.dialled_for == ["two"] * 3


@pytest.mark.parametrize(("trunks", "dialled"), [(("a", "b"), 3), (("b", "free"), 5), ((), 5), (("gone",), 5)])
def test_given_trunks_in_turn_when_dialled_then_their_room_is_summed_up_and_one_without_limit_has_it_always(
    trunks: tuple[str, ...], dialled: int
) -> None:
    world = floor(campaign(trunks=trunks), a=1, b=2, free=None)
    start(world, "spring")
    assert len(world.dialled) == dialled


def test_given_calls_of_which_the_house_knows_when_it_counts_them_then_they_are_not_counted_twice() -> None:
    world = floor(campaign(), agents=4, carrier=2)
    start(world, "spring")
    seen(world, carrier=2 - 2)
    for id in world.dialled:
        world.see(id, state=DialledState.DIALLING)
    seen(world, carrier=1)  # a transfer outside is over
    assert len(world.dialled) == 3


def test_given_a_call_that_the_house_did_not_dial_when_it_goes_back_then_its_line_is_free_again() -> None:
    world = floor(campaign(), agents=1, carrier=1)
    start(world, "spring")
    world.hear(NotDialled(at=world.at, attempt="t1", why="no switch is reachable"))
    world.tick(2)
    assert world.dialled == ["t1", "t2"] and world.state.asked == {"t2"}


@pytest.mark.parametrize("rule", ["trunk_busy", "trunk_rate"])
def test_given_a_trunk_that_was_full_after_all_when_a_lead_is_refused_then_it_is_as_if_it_had_never_been_dialled(rule: str) -> None:
    world = floor(campaign(), agents=1)
    start(world, "spring")
    (id,) = world.dialled
    call = replace(world.calls[id], refused=rule)
    world.calls[id] = call
    world.ends(id, DialOutcome.REFUSED, "")
    (over,) = (each for each in world.decided if isinstance(each, Finish))
    running = world.state.campaigns["spring"]
    assert over.attempt.outcome is Outcome.RETURNED and "trunks" in over.attempt.why
    assert running.held is not None and running.held.by is HeldBy.HOUSE and len(world.dialled) == 1
    world.tick(1.5)
    assert len(world.dialled) == 2


def test_given_a_number_that_the_house_does_not_let_out_when_refused_then_that_is_what_became_of_it() -> None:
    world = floor(campaign(), agents=1)
    start(world, "spring")
    world.calls["t1"] = replace(world.calls["t1"], refused="kind")
    world.ends("t1", DialOutcome.REFUSED, "")
    (over,) = (each for each in world.decided if isinstance(each, Finish))
    assert over.attempt.outcome is Outcome.REFUSED and any(isinstance(each, Dial) for each in world.decided[-3:])


def limited(at_once: int | None) -> DialledWorld:
    rules = dialling_rules(2)
    ways = tuple(replace(way, at_once=at_once) for way in rules.outbound.ways)
    return DialledWorld(replace(rules, outbound=replace(rules.outbound, ways=ways)))


def room(found: object) -> list[dict[str, int | None]]:
    return [dict(each.room) for each in found if isinstance(each, TrunksSeen)]  # type: ignore[attr-defined]


def test_given_a_house_when_asked_for_everybody_then_its_trunks_with_what_they_take() -> None:
    (three,), (any_,) = (room(everybody(world.state, frozenset(), world.at)) for world in (limited(3), limited(None)))
    assert set(three.values()) == {3} and set(any_.values()) == {None}


def test_given_a_call_that_leaves_and_ends_when_decided_then_the_trunk_takes_one_less_and_one_more_again() -> None:
    world = limited(3)
    told = []
    for happens in (world.dials, world.answers, world.far_ends):
        had = len(world.decisions)
        happens()
        told += room(events_of(world.decisions[had:], world.state, frozenset(), world.at))
    assert told[0] != told[-1] and min(min(each.values()) for each in told) == 2 and set(told[-1].values()) == {3}
