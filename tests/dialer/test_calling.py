"""Numbers that agents dial themselves for a campaign: their agent first, then the lists, then the call (ACD.md 37, 91, 93)."""

from dataclasses import replace
from typing import Any

import pytest

from acd.campaign import Campaign, Mode
from acd.core.illegal import IllegalMove
from acd.words import AgentState
from dialer.core.attempt import AttemptState
from dialer.core.decisions import ClaimNumber, Decision, Dial, LetGo, Reserve
from dialer.core.events import CallWished, NumberClaimed, NumberRefused, RulesChanged
from dialer.core.run import RunWish

from .floor import NOON, Closed, O, World, campaign

NUMBER = "+442079460123"


def manual(**more: object) -> Campaign:
    return campaign(**({"mode": Mode.MANUAL, "lists": ("spring",)} | more))


def wishes(world: World, agent: str = "anna", id: str = "w1", **more: Any) -> list[Decision]:
    told = {"campaign": "spring", "number": NUMBER, "zones": ("Europe/London",), "country": "GB"} | more
    return world.hear(CallWished(at=world.at, id=id, agent=agent, **told))


def world_of(*more: Campaign, **rules: object) -> World:
    world = World(manual(**rules), *more)
    world.agent("anna")
    return world


class Slow(World):
    """The database takes its time."""

    def _do(self, decision: Decision) -> None:
        if not isinstance(decision, ClaimNumber):
            super()._do(decision)


def slow() -> Slow:
    world = Slow(manual())
    world.agent("anna")
    wishes(world)
    return world


def test_row_37_given_a_free_agent_when_they_wish_then_reserved_first_then_leased_then_dialled_for_them_alone() -> None:
    world = world_of()
    wishes(world)
    kinds = [type(each) for each in world.decided if isinstance(each, Reserve | ClaimNumber | Dial)]
    assert kinds == [Reserve, ClaimNumber, Dial] and world.claims == 0, "and no lead is taken by itself"
    (dial,) = [each for each in world.decided if isinstance(each, Dial)]
    assert (dial.attempt.id, dial.attempt.number, dial.attempt.lead, dial.attempt.reserved) == ("w1", NUMBER, 77, "anna")
    assert world.reserved == {"anna": "w1"}
    world.answers("w1")
    world.talks("w1")
    world.ends("w1", O.TALKED)
    assert world.finished == {"w1": "talked"}


@pytest.mark.parametrize(("wish", "taken"), [(True, 0), (False, 1)])
def test_row_37_given_an_agent_who_dials_when_other_campaigns_begin_then_they_count_neither_on_them_nor_on_their_call(
    wish: bool, taken: int
) -> None:
    world = World(manual(), campaign("summer"), campaign("autumn", mode=Mode.PREVIEW), start=False)
    world.wish("spring", RunWish.START)
    world.agent("anna")
    if wish:
        wishes(world)
    for each in ("summer", "autumn"):
        world.wish(each, RunWish.START)
    world.tick(3)
    assert world.claims == taken
    world.agent("ben")
    assert world.claims == taken + 1


@pytest.mark.parametrize("why", ["it is on a do-not-call list", "it is being dialled"])
def test_row_94_given_a_number_that_is_held_when_wished_then_not_dialled_and_the_agent_is_let_go(why: str) -> None:
    world = world_of()
    world.held[NUMBER] = why
    wishes(world)
    assert not world.dialled and world.reserved == {} and world.finished == {"w1": "returned"}
    assert world.state.campaigns["spring"].ended, "and it is over"


def test_given_an_agent_whom_the_house_does_not_keep_when_they_wish_then_no_number_is_leased() -> None:
    world = World(manual())
    world.agent("anna", AgentState.TALKING)
    wishes(world)
    assert not [each for each in world.decided if isinstance(each, ClaimNumber | Dial)] and world.finished == {"w1": "returned"}


@pytest.mark.parametrize(
    ("rules", "wish", "why"),
    [
        ({"mode": Mode.PREVIEW}, {}, "the mode of campaign spring is preview"),
        ({}, {"campaign": "winter"}, "no campaign winter; there are: spring"),
        ({}, {"zones": ("America/New_York",), "country": "US"}, "it is 05:00 in America/New_York"),
        ({}, {"zones": ()}, "nobody knows the time zone"),
        ({"lines": 0}, {}, "as many calls are out as may be"),
    ],
)
def test_row_93_given_what_is_known_at_once_when_wished_then_refused_in_words_and_nothing_changes(
    rules: dict[str, object], wish: dict[str, Any], why: str
) -> None:
    world = world_of(**({"preview_s": None} | rules))
    before = dict(world.state.attempts)
    with pytest.raises(IllegalMove, match=why):
        wishes(world, **wish)
    assert world.state.attempts == before


def test_given_a_campaign_that_was_not_started_or_an_agent_with_a_lead_when_wished_then_refused() -> None:
    world = world_of()
    world.wish("spring", RunWish.PAUSE)
    with pytest.raises(IllegalMove, match="the campaign is paused"):
        wishes(world)
    world.wish("spring", RunWish.START)
    wishes(world)
    with pytest.raises(IllegalMove, match="anna has a lead already"):
        wishes(world, id="w2")


def test_given_the_campaigns_own_hours_when_closed_then_refused_with_the_calendar() -> None:
    world = world_of()
    rules = {"spring": manual(hours="office")}
    world.hear(RulesChanged(at=world.at, campaigns=rules, calendars={"office": Closed()}))
    with pytest.raises(IllegalMove, match="outside its hours: office is closed"):
        wishes(world)


@pytest.mark.parametrize("leaves", ["agent", "campaign"])
def test_given_an_agent_or_a_campaign_that_goes_when_the_database_is_asked_then_given_back_once_and_never_dialled(leaves: str) -> None:
    world = slow()
    leased = replace(world.state.attempts["w1"], state=AttemptState.CLAIMED, lead=77)
    if leaves == "agent":
        world.agent("anna", AgentState.NOT_READY)
    else:
        world.wish("spring", RunWish.STOP)
    assert world.finished == {"w1": "returned"} and LetGo(attempt="w1", agent="anna") in world.decided  # type: ignore[arg-type]
    world.hear(NumberClaimed(at=world.at, attempt=leased))
    assert not world.dialled and "w1" not in world.state.attempts


def test_given_hours_that_end_when_the_database_has_leased_it_then_given_back() -> None:
    world = slow()
    leased = replace(world.state.attempts["w1"], state=AttemptState.CLAIMED, lead=77, zones=("Europe/London", "America/New_York"))
    world.hear(NumberClaimed(at=world.at, attempt=leased))
    assert not world.dialled and world.finished == {"w1": "returned"}, "the lead's own row knows another zone"


def test_given_a_database_that_is_slow_when_time_passes_then_the_agent_is_kept_and_asked_for_once() -> None:
    world = slow()
    asked = [each for _ in range(6) for each in world.tick(10)]
    assert sum(isinstance(each, Reserve) for each in asked) == 3 and not any(isinstance(each, ClaimNumber) for each in asked)
    world.hear(NumberRefused(at=world.at, attempt="w1", why="late"))
    assert world.reserved == {} and world.at > NOON
