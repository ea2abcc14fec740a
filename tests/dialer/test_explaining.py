"""What a campaign says of itself: one word of a closed set, to count by, and one sentence (ACD.md 37)."""

from collections.abc import Callable

import pytest

from acd.campaign import Blend, Mode
from acd.words import AgentState
from dialer.core.events import CallersSeen, ClaimFailed, LeadsClaimed, NotDialled, RulesChanged
from dialer.core.explaining import WORDS, binds
from dialer.core.held import Held, HeldBy
from dialer.core.run import RunWish

from .floor import QUEUE, Closed, O, World, campaign


def stopped() -> World:
    return World(campaign(), start=False)


def paused() -> World:
    world = World(campaign())
    world.wish("spring", RunWish.PAUSE)
    return world


def gone() -> World:
    world = World(campaign())
    world.rules()
    return world


def agents_dial() -> World:
    return World(campaign(mode=Mode.MANUAL))


def nobody_free() -> World:
    return World(campaign())


def few_lines() -> World:
    world = World(campaign(lines=1))
    world.agent("anna")
    world.agent("ben")
    return world


def few_a_second() -> World:
    world = World(campaign(per_second=1))
    world.agent("anna")
    world.agent("ben")
    return world


def near_the_limit() -> World:
    """Of two who answered one was abandoned: the next line has an agent of its own, or there is none."""
    world = World(campaign(mode=Mode.RATIO, ratio=2.0))
    world.agent("anna")
    world.answers("t1")
    world.agent("anna", AgentState.NOT_READY)
    world.abandons("t1")
    world.ends("t1", O.DIALER_ABANDON)
    world.agent("anna")
    return world


def callers() -> World:
    world = World(campaign())
    world.hear(CallersSeen(at=world.at, queue=QUEUE, callers=1))
    world.agent("anna")
    return world


def blended() -> World:
    world = World(campaign(blend=Blend(available_under=2)))
    world.agent("anna")
    return world


def lower() -> World:
    world = World(campaign(), campaign("high", priority=5))
    world.agent("anna")
    return world


def closed() -> World:
    world = World(campaign(hours="calling"))
    world.hear(RulesChanged(at=world.at, campaigns={"spring": campaign(hours="calling")}, calendars={"calling": Closed()}))
    world.agent("anna")
    return world


def no_leads() -> World:
    world = World(campaign(), leads=0)
    world.agent("anna")
    return world


def asleep() -> World:
    """It is five in the morning where they live, and the database gave one all the same."""
    world = World(campaign())
    world.zones = ("America/New_York",)
    world.agent("anna")
    return world


def old_list() -> World:
    world = World(campaign(), leads=0)
    world.agent("anna")
    world.at += 20
    held = Held(by=HeldBy.DO_NOT_CALL, why="the do-not-call list uk is 40 days old, 31 are allowed")
    world.hear(LeadsClaimed(at=world.at, campaign="spring", wanted=1, attempts=(), held=held))
    return world


def database_away() -> World:
    world = World(campaign(), leads=0)
    world.agent("anna")
    world.hear(ClaimFailed(at=world.at, campaign="spring", wanted=1, why="locked"))
    return world


def not_dialled() -> World:
    world = World(campaign())
    world.agent("anna")
    world.leads = 0
    world.hear(NotDialled(at=world.at, attempt="t1", why="no switch is reachable"))
    return world


SITUATIONS: list[tuple[Callable[[], World], str, str]] = [
    (stopped, "stopped", "it is stopped"),
    (paused, "paused", "it is paused"),
    (gone, "gone", "it is in the configuration no more"),
    (agents_dial, "manual", "agents dial themselves"),
    (nobody_free, "agents", "agents: nobody is free"),
    (few_lines, "trunks", "lines: as many"),
    (few_a_second, "calls_per_second", "calls per second"),
    (near_the_limit, "abandon_budget", "the law"),
    (callers, "callers", "agents are kept for inbound: 1 caller waits in sales, for whom"),
    (blended, "blend", "agents are kept for inbound: 1 agent is available in sales, and it stands back under 2"),
    (lower, "priority", "agents go to campaign high of higher priority (5, this one has 0): 1 line out for it, 0 talk"),
    (closed, "hours", "it is outside its hours: calling is closed, and opens Mon 2026-11-30 09:00"),
    (no_leads, "leads", "no lead may be dialled now"),
    (asleep, "local_hours", ""),
    (old_list, "do_not_call", "the do-not-call list uk is 40 days old"),
    (database_away, "database", "the database of leads does not answer"),
    (not_dialled, "house", "no switch is reachable"),
]


@pytest.mark.parametrize(("situation", "word", "sentence"), SITUATIONS, ids=[word for _, word, _ in SITUATIONS])
def test_row_37_given_each_thing_that_binds_a_campaign_when_asked_then_its_word_and_a_sentence(
    situation: Callable[[], World], word: str, sentence: str
) -> None:
    world = situation()
    found, said = binds(world.state, world.state.campaigns["spring"])
    assert found == word and said.startswith(sentence) and said


def test_given_all_that_may_bind_when_the_words_are_looked_at_then_each_is_of_the_closed_set() -> None:
    assert {word for _, word, _ in SITUATIONS} | {each.value for each in HeldBy} <= WORDS and "running" not in WORDS
